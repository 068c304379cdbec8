"""What becomes of every member of a district when the new school year opens, read by few queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.db.models import QuerySet

from circo import rules as ground_rules
from circo.models import Posting, SchoolYear
from networks.cycle.rules import CASE_LABELS, Facts, Outcome, outcome
from networks.groups.rules import COUNTED, NOWHERE, STAGE_LABELS, Stage, Standing, in_words
from networks.models import Membership, WishCampaign


@dataclass(frozen=True)
class Line:
    """One membership, what becomes of it, and what one may wish to know before."""

    membership: Membership
    outcome: Outcome
    changes_school: bool
    receiving_district_id: int | None

    @property
    def words(self) -> str:
        """What becomes of it, as the preview says it."""
        label, target = CASE_LABELS[self.outcome.case], self.outcome.target
        if target == NOWHERE:
            return label
        is_plain = target.standing == Standing.ACTIVE  # to be a member goes without saying
        return f"{label}\u00a0: {STAGE_LABELS[Stage(target.stage)] if is_plain else in_words(target)}"


def next_year_bounds(year: SchoolYear) -> tuple[date, date]:
    """The first and last day of the school year that follows."""
    return ground_rules.school_year_bounds(year.last_day + timedelta(days=1))


def next_year(year: SchoolYear) -> SchoolYear | None:
    """The school year that follows, if it is written already."""
    return SchoolYear.objects.filter(first_day__gt=year.last_day).order_by("first_day").first()


def asked(campaign: WishCampaign) -> QuerySet[Membership]:
    """The memberships that a campaign asks for a wish: members, those who pause, those on long leave."""
    return Membership.objects.filter(
        group__network__district=campaign.district_id, school_year=campaign.school_year_id, standing__in=COUNTED
    )


def carried(campaign: WishCampaign) -> QuerySet[Membership]:
    """The memberships that the new year asks about, with what was wished and decided."""
    return (
        asked(campaign)
        .select_related("person", "group", "wish", "decision")
        .order_by("group__name", "group_id", "person__last_name", "person__first_name", "pk")
        .fetch_mode(models.FETCH_RAISE)
    )


def lines(campaign: WishCampaign, rows: Iterable[Membership]) -> list[Line]:
    """What becomes of these memberships of a campaign's district and year (four queries at the most)."""
    rows = list(rows)
    people = {row.person_id for row in rows}
    first_day = next_year_bounds(campaign.school_year)[0]
    before = _places(people, campaign.school_year.last_day)
    after = _places(people, first_day)
    known = set()
    if year := next_year(campaign.school_year):
        known = set(
            Membership.objects.filter(school_year=year, group__network__district=campaign.district_id)
            .order_by()
            .values_list("person_id", "group_id")
        )
    return [_line(row, campaign.district_id, before, after, known) for row in rows]


_Places = dict[int, dict[int | None, set[int | None]]]


def _places(people: set[int], on: date) -> _Places:
    """Where each person works on a day: districts, and the schools in each."""
    found: _Places = {}
    rows = (
        Posting.objects.in_force(on)
        .order_by()
        .values_list("person_id", "school__district_id", "district_id", "school_id")
    )
    if len(people) <= 500:  # beyond, reading all the postings of a day costs less than naming each person
        rows = rows.filter(person_id__in=people)
    for person_id, of_school, own, school_id in rows:
        if (of_school or own) and person_id in people:
            found.setdefault(person_id, {}).setdefault(of_school or own, set()).add(school_id)
    return found


def _line(row: Membership, district_id: int, before: _Places, after: _Places, known: set[tuple[int, int]]) -> Line:
    # Postings are entered year by year: until those of the new year are known, the last ones speak.
    old = before.get(row.person_id, {})
    new = after.get(row.person_id) or old
    wish, decision = getattr(row, "wish", None), getattr(row, "decision", None)
    facts = Facts(
        state=row.state,
        answer=wish.answer if wish else "",
        decided=decision.verb if decision else "",
        districts=[one for one in new if one is not None],
        district_id=district_id,
        already=(row.person_id, row.group_id) in known,
    )
    elsewhere = sorted(set(facts.districts) - {district_id})
    return Line(
        membership=row,
        outcome=outcome(facts),
        changes_school=district_id in new and old.get(district_id, set()) != new.get(district_id, set()),
        receiving_district_id=elsewhere[0] if elsewhere and district_id not in new else None,
    )
