"""What the papers of placements read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from circo.access import Permission
from circo.models import Person, SchoolYear
from circo.registries import CalendarEvent
from networks.models.sites import schools_headed_by
from networks.visits.queries.slots import ends_at, starts_at
from partnerships.cohorts.rules import KIND_LABELS, DayKind
from partnerships.models import Cohort, DaySignature, PeerObservation, Placement, PlacementDay, TutorVisit
from partnerships.observations.rules import ObservationState
from partnerships.papers.rules import SIGNED_WITHIN, Balance, may_sign
from partnerships.placements import rules as placement_rules
from partnerships.placements.queries import openings, pages


def of_cohort(cohort: Cohort) -> QuerySet[Placement]:
    """The placements of a cohort that class and school know, by class."""
    told = openings.placements().filter(cohort=cohort, state__in=sorted(placement_rules.TOLD))
    return told.order_by("offer__school__commune", "offer__school__name", "pk")


def days_of(placements: Sequence[Placement]) -> dict[int, list[PlacementDay]]:
    """The half-days that stand of each placement, in order, one a student; whom they hang on is read along."""
    rows = PlacementDay.objects.standing().filter(placement__in=[one.pk for one in placements])
    rows = rows.select_related("person", "adult", "student", "signature")
    found: dict[int, list[PlacementDay]] = defaultdict(list)
    for row in rows.order_by("day", "half", "pk"):
        found[row.placement_id].append(row)
    return found


# --- Calendars --------------------------------------------------------------------------------------------------------
def own_calendar(person: Person) -> list[tuple[str, list[Placement]]]:
    """What one reads of placements, part by part: one's own, those in one's class, those of one's school."""
    rows = openings.placements().order_by("pk")
    gone, coming = Placement.objects.gone_by(person), Placement.objects.coming_to(person)
    own = list(rows.filter(pk__in=gone.order_by().values("pk"), state__in=sorted(placement_rules.KNOWN)))
    received = list(rows.filter(pk__in=coming.order_by().values("pk"), state__in=sorted(placement_rules.TOLD)))
    headed = rows.filter(offer__school_id__in=schools_headed_by(person), state__in=sorted(placement_rules.TOLD))
    others = [one for one in headed if one.offer.person_id != person.pk]
    parts = [("Mes stages", own), ("Dans ma classe", received), ("Dans mon école", others)]
    return [(title, found) for title, found in parts if found]


def events(placements: Sequence[Placement]) -> list[CalendarEvent]:
    """Each half-day of these placements, once for all who come."""
    days, found = days_of(placements), []
    for one in placements:
        for half_day, rows in pages.by_half_day(days[one.pk]).items():
            names = " et ".join(str(row.person) for row in rows)
            found.append(
                CalendarEvent(
                    uid=f"placement-{one.pk}-{half_day.code}@partages",
                    sequence=one.sequence,
                    starts_at=starts_at(half_day),
                    ends_at=ends_at(half_day),
                    title=f"{names}\u00a0: {KIND_LABELS[DayKind(rows[0].kind)]} chez {one.offer.person}",
                    place=str(one.offer.school),
                    url=reverse("partnerships:placement_page", args=[one.pk]),
                    cancelled=False,
                    updated_at=one.updated_at,
                )
            )
    return found


# --- Signatures -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ToSign:
    """One half-day of one student, and who signed for it."""

    row: PlacementDay
    may_student: bool
    may_host: bool

    @property
    def is_signed(self) -> bool:
        """Whether the side of who reads has signed."""
        found = self.signature
        return bool(found and (found.student_at if self.may_student else found.host_at))

    @property
    def signature(self) -> DaySignature | None:
        return getattr(self.row, "signature", None)


def to_sign(placement: Placement, person: Person, today: date) -> list[ToSign]:
    """The half-days of a placement until today, the last first, and what this person may sign of them."""
    rows = [row for row in days_of([placement])[placement.pk] if row.day <= today]
    is_host, is_known = pages.receives(placement, person), placement.state in placement_rules.KNOWN
    found = []
    for row in reversed(rows):
        is_open, is_own = is_known and may_sign(row.half_day, today), row.person_id == person.pk
        may_host = is_open and not is_own and (is_host or row.adult_id == person.pk)
        found.append(ToSign(row, may_student=is_open and is_own, may_host=may_host))
    return found


def unsigned(person: Person, today: date) -> list[tuple[Placement, int]]:
    """The placements of which one may still sign half-days (student, teacher, named adult), and how many of each."""
    mine = Q(person=person, signature__student_at=None)
    received = (Q(offer__person=person) | Q(adult=person)) & Q(signature__host_at=None)
    rows = PlacementDay.objects.standing().filter(
        mine | received,
        placement__state__in=sorted(placement_rules.KNOWN),
        day__range=(today - SIGNED_WITHIN, today),
    )
    counts = dict(rows.order_by().values_list("placement_id").annotate(count=Count("pk")))
    found = openings.placements().filter(pk__in=counts).order_by("pk") if counts else ()
    return [(one, counts[one.pk]) for one in found]


# --- The balance of a year --------------------------------------------------------------------------------------------
COHORT, DISTRICT = "placement__cohort", "offer__school__district"  # by what half-days are added up


def balances(person: Person, year: SchoolYear) -> list[Balance]:
    """What the placements of a year came to: cohort by cohort for who coordinates, district by district for a team.

    Five queries for who coordinates, six for a team, whatever the size.
    """
    reach = person.reach()
    kept = Q(placement__cohort__institution_id__in=reach.institution_ids_for(Permission.MANAGE_STUDENTS))
    seen = Q(offer__school__district_id__in=reach.district_ids_for(Permission.VIEW_TEAM))
    # Of what was called off, those that stand took place before.
    days = PlacementDay.objects.standing().filter(offer__school_year=year, placement__published_at__isnull=False)
    return [
        *_balances(days.filter(kept), COHORT, year),
        *_balances(days.filter(seen), DISTRICT, year),
    ]


def _balances(days: QuerySet[PlacementDay], group: str, year: SchoolYear) -> list[Balance]:
    by_kind: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    for pk, label, kind, count in (
        days.order_by().values_list(group, f"{group}__name", "kind").annotate(count=Count("pk"))
    ):
        by_kind[pk, label][kind] = count
    if not by_kind:
        return []
    who = (
        days.order_by()
        .values_list(group)
        .annotate(
            students=Count("person_id", distinct=True),
            classes=Count("offer_id", distinct=True),
            schools=Count("offer__school_id", distinct=True),
        )
    )
    people = {pk: found for pk, *found in who}
    freed = _freed(days, group)
    observed = _observed(freed, year, group)
    visits = TutorVisit.objects.filter(cancelled_at=None, placement__days__in=days.order_by().values("pk")).order_by()
    path = f"placement__{group.removeprefix('placement__')}"
    tutored = dict(visits.values_list(path).annotate(count=Count("pk", distinct=True)))
    found = []
    for (pk, label), kinds in sorted(by_kind.items(), key=lambda item: (item[0][1], item[0][0])):
        students, classes, schools = people[pk]
        half_days = tuple(kinds.get(kind, 0) for kind in DayKind)
        counts = students, classes, schools, len(freed[pk]), observed[pk], tutored.get(pk, 0)
        found.append(Balance(label, half_days, *counts))
    return found


def _freed(days: QuerySet[PlacementDay], group: str) -> dict[int, set[tuple[int, date, str]]]:
    """Who was freed when, in each group: a teacher who stays to answer for the students is not."""
    held = days.filter(kind=DayKind.RESPONSIBILITY).exclude(adult_id=F("offer__person_id"))
    found: dict[int, set[tuple[int, date, str]]] = defaultdict(set)
    for pk, *when in held.order_by().values_list(group, "offer__person_id", "day", "half").distinct():
        found[pk].add(tuple(when))
    return found


def _observed(freed: Mapping[int, set[tuple[int, date, str]]], year: SchoolYear, group: str) -> Mapping[int, int]:
    """The visits to colleagues that were made, in each group: by those whom its students freed; in a district, those
    between its observation sites too. What is proposed, accepted for later, declined or called off is none."""
    made = PeerObservation.objects.between(year.first_day, year.last_day).filter(state=ObservationState.DONE)
    found: dict[int, int] = defaultdict(int)
    for when in made.between_sites(False).order_by().values_list("observer_id", "day", "half"):
        for pk, each in freed.items():
            found[pk] += when in each
    if group == DISTRICT:
        there = made.between_sites().order_by().values_list("school__district")
        for pk, count in there.annotate(count=Count("pk")):
            found[pk] += count
    return found
