"""Reads of the yearly cycle's pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from circo.access import Permission
from circo.models import District, Person, SchoolYear
from networks import registries
from networks.cycle.queries import plan
from networks.cycle.rules import CASE_LABELS, SHORT_ANSWERS, Answer, Case, is_open, proposed, verbs_from
from networks.groups.rules import ACTS, COUNTED, Verb
from networks.models import Decision, Membership, RelayCommitment, Wish, WishCampaign, YearOpening


def campaign_of(membership: Membership) -> WishCampaign | None:
    """The wishes that are or were asked of a membership."""
    district_id = membership.group.network.district_id
    return WishCampaign.objects.filter(district=district_id, school_year=membership.school_year_id).first()


def takes_wishes(campaign: WishCampaign, membership: Membership) -> bool:
    """Tell whether somebody may still answer, or change the answer."""
    return membership.standing in COUNTED and is_open(campaign.closes_on, timezone.localdate())


def wish_of(membership: Membership) -> Wish | None:
    return Wish.objects.filter(membership=membership).first()


def commitment_of(membership: Membership) -> RelayCommitment | None:
    return RelayCommitment.objects.filter(membership=membership).prefetch_related("schools").first()


def wishes_waiting_for(person: Person) -> QuerySet[Any]:
    """One's own memberships whose wish is asked and not given, each with the day when it closes (`closes_on`)."""
    today = timezone.localdate()
    open_now = WishCampaign.objects.filter(
        district=models.OuterRef("group__network__district_id"),
        school_year=models.OuterRef("school_year_id"),
        closes_on__gte=today,
    )
    rows = Membership.objects.of(person).filter(standing__in=COUNTED, wish__isnull=True)
    rows = rows.annotate(closes_on=models.Subquery(open_now.values("closes_on")[:1])).filter(closes_on__isnull=False)
    return rows.select_related("group").order_by("closes_on", "pk").fetch_mode(models.FETCH_RAISE)


def campaigns(person: Person) -> QuerySet[WishCampaign]:
    """The campaigns of the person's districts, the last year first."""
    return WishCampaign.objects.visible_to(person).select_related("district", "school_year", "opened_by")


def districts_to_ask(person: Person) -> list[District]:
    """The districts where one may open the wishes of this year."""
    year = current_year()
    if year is None:
        return []
    asked = WishCampaign.objects.filter(school_year=year).order_by().values("district_id")
    ids = person.reach().district_ids_for(Permission.DECIDE_GROUPS)
    return list(District.objects.filter(pk__in=ids).exclude(pk__in=asked).order_by("name", "pk"))


def current_year() -> SchoolYear | None:
    return SchoolYear.objects.holding(timezone.localdate()).first()


@dataclass(frozen=True)
class Tally:
    """How many were asked, answered what, and were decided of."""

    asked: int
    answered: int
    decided: int
    by_answer: list[tuple[str, int]]

    @property
    def missing(self) -> int:
        return self.asked - self.answered


def tally(campaign: WishCampaign) -> Tally:
    """The state of the wishes of a campaign, in one query."""
    counts = plan.asked(campaign).aggregate(
        asked=Count("pk"),
        decided=Count("decision"),
        **{answer.value: Count("pk", filter=Q(wish__answer=answer.value)) for answer in Answer},
    )
    by_answer = [(SHORT_ANSWERS[answer], counts[answer.value]) for answer in Answer]
    return Tally(counts["asked"], sum(count for _, count in by_answer), counts["decided"], by_answer)


def without_answer(campaign: WishCampaign) -> QuerySet[Membership]:
    """Who has not answered, by group."""
    rows = plan.asked(campaign).filter(wish__isnull=True).select_related("person", "group__adviser")
    return rows.order_by("group__name", "group_id", "person__last_name", "pk").fetch_mode(models.FETCH_RAISE)


FILTERS = {
    "": "Toutes",
    "a-decider": "À décider",
    "decidees": "Décidées",
    "sans-reponse": "Sans réponse",
    "pause": "Pauses demandées",
    "depart": "Départs demandés",
}


def decision_rows(campaign: WishCampaign, which: str) -> QuerySet[Membership]:
    """The memberships to decide of, narrowed by one of FILTERS."""
    rows = plan.asked(campaign).select_related(
        "person", "group", "wish", "decision__decided_by", "decision__accompanied_by"
    )
    narrowing = {
        "a-decider": Q(decision__isnull=True),
        "decidees": Q(decision__isnull=False),
        "sans-reponse": Q(wish__isnull=True),
        "pause": Q(wish__answer=Answer.PAUSE),
        "depart": Q(wish__answer=Answer.LEAVE),
    }
    if which in narrowing:
        rows = rows.filter(narrowing[which])
    return rows.order_by("group__name", "group_id", "stage", "person__last_name", "pk").fetch_mode(models.FETCH_RAISE)


@dataclass(frozen=True)
class DecisionLine:
    """One row of the decisions: what one reads before deciding."""

    membership: Membership
    wish: Wish | None
    decision: Decision | None
    proposed: str  # the label of the decision that the wish leads to; empty if none
    attended: int


def decision_lines(campaign: WishCampaign, rows: Sequence[Membership]) -> list[DecisionLine]:
    """The rows of one page, with the meetings attended, asked once for them all."""
    groups = sorted({row.group_id for row in rows})
    year = campaign.school_year
    attended = registries.attendance(groups, year.first_day, min(year.last_day, timezone.localdate()))
    return [_decision_line(row, attended) for row in rows]


def _decision_line(row: Membership, attended: dict[tuple[int, int], int]) -> DecisionLine:
    wish, decision = getattr(row, "wish", None), getattr(row, "decision", None)
    verb = proposed(row.state, wish.answer if wish else "")
    return DecisionLine(
        membership=row,
        wish=wish,
        decision=decision,
        proposed=ACTS[verb].label if verb else "",
        attended=attended.get((row.person_id, row.group_id), 0),
    )


def proposed_for(campaign: WishCampaign, ids: Sequence[int]) -> dict[Verb, list[int]]:
    """The memberships chosen, by the decision that each one's wish leads to; those without a wish are left out."""
    found: dict[Verb, list[int]] = {}
    rows = plan.asked(campaign).filter(pk__in=ids).select_related("wish").order_by("pk")
    for row in rows:
        wish = getattr(row, "wish", None)
        verb = proposed(row.state, wish.answer if wish else "")
        if verb is not None and verb in verbs_from(row.state):
            found.setdefault(verb, []).append(row.pk)
    return found


@dataclass(frozen=True)
class Preview:
    """What opening the new year would do: the lines of one case, and how many there are of each."""

    lines: list[plan.Line]
    counts: list[tuple[Case, str, int]]
    movers: int
    total: int


def preview(campaign: WishCampaign, case: str) -> Preview:
    """Who moves where, in the same number of queries whatever the number of members."""
    lines = plan.lines(campaign, plan.carried(campaign))
    found = Counter(line.outcome.case for line in lines)
    counts = [(one, label, found[one]) for one, label in CASE_LABELS.items() if found[one]]
    return Preview(
        lines=[line for line in lines if not case or line.outcome.case == case],
        counts=counts,
        movers=sum(line.changes_school for line in lines),
        total=len(lines),
    )


def opening_of(campaign: WishCampaign) -> YearOpening | None:
    """The opening of the year that follows, unless it was taken back."""
    rows = YearOpening.objects.standing().select_related("district", "from_year", "to_year", "opened_by")
    return rows.filter(district=campaign.district_id, from_year=campaign.school_year_id).first()


def can_take_back(opening: YearOpening) -> bool:
    """Tell whether nothing of the new year would be lost."""
    return opening.undone_at is None and not registries.has_new_year_event(opening.district, opening.to_year)


def next_label(campaign: WishCampaign) -> str:
    first, last = plan.next_year_bounds(campaign.school_year)
    return f"{first.year}-{last.year}"
