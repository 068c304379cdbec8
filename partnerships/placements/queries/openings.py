"""What is free and what is not: seats, half-days of a class, half-days of students, and the nearest other choices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay
from circo.dates import planned_in_words
from circo.models import Derogation, Person, Posting, School
from circo.rules import Role
from networks.visits.queries import starts_at
from partnerships.cohorts.rules import DayKind
from partnerships.models import (
    ClassSeat,
    Cohort,
    HostOffer,
    Placement,
    PlacementDay,
    Programme,
    Student,
    UniversityPeriod,
)
from partnerships.models.placements import PlacementQuerySet
from partnerships.offers import queries as offers
from partnerships.offers import rules as offer_rules
from partnerships.placements import rules
from partnerships.placements.rules import Course, Permit, Planned


def placements() -> PlacementQuerySet:
    """Placements with all that their checks and their words hang on."""
    related = ("offer__person", "offer__school__district__departement", "offer__school_year")
    of_cohort = ("cohort__programme", "cohort__school_year", "cohort__institution", "tutor")
    return Placement.objects.select_related(*related, *of_cohort).prefetch_related("students__student__person")


def in_words(half_day: HalfDay) -> str:
    return planned_in_words(half_day, timezone.localdate())


def has_begun(half_day: HalfDay, now: datetime | None = None) -> bool:
    return starts_at(half_day) <= (now or timezone.now())


def among(half_days: Collection[HalfDay]) -> tuple[date, date]:
    """The first and the last day of some half-days."""
    days = [one.day for one in half_days]
    return min(days), max(days)


# --- Seats ------------------------------------------------------------------------------------------------------------
def taken_seats(offer_ids: Collection[int], first: date, last: date) -> dict[tuple[int, HalfDay], set[int]]:
    """The seats taken in these classes, by class and half-day. One query."""
    rows = ClassSeat.objects.filter(offer_id__in=offer_ids, day__range=(first, last)).order_by()
    found: dict[tuple[int, HalfDay], set[int]] = defaultdict(set)
    for offer_id, day, half, number in rows.values_list("offer_id", "day", "half", "number"):
        found[offer_id, rules.half_day_of(day, half)].add(number)
    return found


# --- Half-days of a class -----------------------------------------------------------------------------------------
def closed(offer: HostOffer, half_days: Collection[HalfDay], kind: DayKind) -> dict[HalfDay, str]:
    """Why a class is not to be had on each of these half-days; empty if it is. Seats are not looked at.

    What takes the teacher does not matter to students who hold the class: that is what they come for.
    """
    if not half_days:
        return {}
    first, last = among(half_days)
    given = set(offers.given_half_days([offer], first, last)[offer.pk])
    reasons = calendar.closure_reasons({offer.school_id: set(half_days)})[offer.school_id]
    is_held = kind is DayKind.RESPONSIBILITY
    taken = defaultdict(set) if is_held else offers.taken_by([offer.person_id], first, last)
    return {
        one: reasons[one]
        or ("" if one in given else "cette classe n’est pas proposée à ce moment")
        or offer_rules.refusal_of_half_day("", taken[offer.person_id, one])
        for one in half_days
    }


# --- Half-days of students ----------------------------------------------------------------------------------------
def kept_by_university(cohort: Cohort, half_days: Collection[HalfDay]) -> dict[HalfDay, str]:
    """What the university has on each of these half-days, where it keeps the cohort."""
    if not half_days:
        return {}
    first, last = among(half_days)
    rows = UniversityPeriod.objects.standing().filter(cohort=cohort, starts_on__lte=last, ends_on__gte=first)
    periods = list(rows.values_list("starts_on", "ends_on", "label"))
    return {one: label for one in half_days for start, end, label in periods if start <= one.day <= end}


def planned(students: Collection[Student]) -> dict[int, list[Planned]]:
    """The half-days of each of these students that stand, in all classes of their cohort. One query."""
    rows = PlacementDay.objects.standing().filter(student_id__in=[one.pk for one in students]).order_by("day", "half")
    found: dict[int, list[Planned]] = {one.pk: [] for one in students}
    for student_id, day, half, kind, offer_id, replaces in rows.values_list(
        "student_id", "day", "half", "kind", "offer_id", "replaces_id"
    ):
        found[student_id].append(Planned(rules.half_day_of(day, half), DayKind(kind), offer_id, replaces is not None))
    return found


def students_of(placement: Placement) -> QuerySet[Student]:
    """Who goes."""
    return Student.objects.filter(placed__placement=placement).select_related("person").order_by("placed__rank")


def course_of(programme: Programme) -> Course:
    before = {
        DayKind.ACCOMPANIED: programme.before_accompanied,
        DayKind.RESPONSIBILITY: programme.before_responsibility,
    }
    return Course(frozenset(programme.kinds), before)


# --- Who holds a class ------------------------------------------------------------------------------------------------
def permits(school: School, first: date, last: date) -> list[Permit]:
    """The derogations of a district that let students hold a class between two days."""
    rows = Derogation.objects.filter(
        district_id=school.district_id, allows_students_alone=True, starts_on__lte=last, ends_on__gte=first
    )
    return [
        Permit(row.pk, f"Dérogation {row.reference}, {row.authority}", row.starts_on, row.ends_on)
        for row in rows.order_by("pk")
    ]


def adults_of(school_id: int, on: date) -> QuerySet[Person]:
    """Who works in a school on a day, and may answer for who holds a class there."""
    return _working(Posting.objects.in_force(on).filter(school_id=school_id))


def tutors_of(institution_id: int) -> QuerySet[Person]:
    """Who may follow the students of an institution: those who work there today."""
    return _working(Posting.objects.in_force(timezone.localdate()).filter(institution_id=institution_id))


def _working(postings: QuerySet[Posting]) -> QuerySet[Person]:
    """Who has one of these postings otherwise than as a student, by name."""
    held = postings.exclude(role=Role.STUDENT).order_by().values("person_id")
    return Person.objects.filter(pk__in=held, is_active=True).order_by("last_name", "first_name", "pk")


# --- The nearest other choices ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Alternative:
    """Another class or half-day that would do."""

    offer: HostOffer
    half_day: HalfDay

    @property
    def words(self) -> str:
        return f"{in_words(self.half_day)}, chez {self.offer}"

    @property
    def code(self) -> str:
        """As a form holds it."""
        return f"{self.offer.pk}:{self.half_day.code}"


def alternatives(
    offer: HostOffer,
    half_day: HalfDay,
    kind: DayKind,
    students: Sequence[Student],
    *,
    most: int = rules.ALTERNATIVES,
    leaving: bool = False,
) -> list[Alternative]:
    """The nearest half-days in the same class, then the other classes on the same half-day, the same school first.
    `leaving`: the students are in the class on that half-day, and it is what moves.

    Order of kinds is not looked at: who books is told of it then. Bound: a constant number of queries.
    """
    around = timedelta(days=rules.LOOKED_AROUND_DAYS)
    first, last = max(half_day.day - around, timezone.localdate()), half_day.day + around
    if first > last:
        return []
    cohort = students[0].cohort
    rows = list(offers.open_to(cohort.institution_id, cohort.school_year_id))
    free = _free(rows, first, last, kind, len(students))
    away = _away(cohort, students, first, last, {one for days in free.values() for one in days})
    here = [one for one in free.get(offer.pk, ()) if one not in away]
    found = [Alternative(offer, one) for one in rules.nearest(half_day, here, most)]
    if leaving or half_day not in away:
        near = sorted(rows, key=lambda row: (row.school_id != offer.school_id, not _alike(row, offer), row.pk))
        others = (row for row in near if row.pk != offer.pk and half_day in free.get(row.pk, ()))
        found += [Alternative(row, half_day) for row, _ in zip(others, range(most), strict=False)]
    return found


def _alike(one: HostOffer, other: HostOffer) -> bool:
    return bool(set(one.levels) & set(other.levels))


def _free(rows: Sequence[HostOffer], first: date, last: date, kind: DayKind, count: int) -> dict[int, list[HalfDay]]:
    now, taken = timezone.now(), taken_seats([row.pk for row in rows], first, last)
    days = offers.open_half_days(rows, first, last)
    return {
        row.pk: [
            one
            for one in days[row.pk]
            if not has_begun(one, now) and rules.seats_for(kind, count, taken.get((row.pk, one), ()), row.seats)
        ]
        for row in rows
    }


def _away(
    cohort: Cohort, students: Iterable[Student], first: date, last: date, half_days: Collection[HalfDay]
) -> set[HalfDay]:
    """When these students cannot come."""
    busy = calendar.busy({one.person_id for one in students}, first, last)
    taken = {one.half_day for rows in busy.values() for one in rows}
    return taken | set(kept_by_university(cohort, half_days))
