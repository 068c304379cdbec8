"""What the grid reads: whom one places, which classes, and what each half-day of each is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay
from circo.dates import planned_in_words
from circo.models import Person
from partnerships.cohorts import queries as cohorts
from partnerships.cohorts.rules import KIND_LABELS, DayKind
from partnerships.grid import rules
from partnerships.grid.rules import Facts, Look, Verdict
from partnerships.models import ClassPlace, Cohort, HostOffer, PlacementDay, SchoolPlace, Student
from partnerships.offers import queries as offers
from partnerships.offers.rules import refusal_of_half_day
from partnerships.placements.queries import openings
from partnerships.placements.rules import PlacementState, half_day_of


# --- Whom one places --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Party:
    """A student alone, or a pair: `code` as an address holds it."""

    code: str
    students: Sequence[Student]
    done: int  # half-days that stand

    @property
    def names(self) -> str:
        return " et ".join(str(one.person) for one in self.students)

    @property
    def words(self) -> str:
        return f"{self.names} ({self.done}\u00a0demi-journée{'s' if self.done > 1 else ''})"


def cohorts_of(person: Person) -> list[Cohort]:
    """The cohorts that one places this year or the next, in one query."""
    kept = Cohort.objects.editable_by(person).filter(school_year__in=offers.years())
    return list(kept.select_related("programme", "school_year", "institution").order_by("school_year", "name", "pk"))


def parties(cohort: Cohort) -> list[Party]:
    """The students of a cohort as they go, those who have the least first. Two queries."""
    rows = Student.objects.standing().filter(cohort=cohort).select_related("person", "cohort__programme")
    together: dict[str, list[Student]] = defaultdict(list)
    for one in rows.order_by("person__last_name", "person__first_name", "pk"):
        together[one.party_code].append(one)
    days = PlacementDay.objects.standing().filter(student__cohort=cohort).order_by().values_list("student_id")
    done = dict(days.annotate(count=Count("pk")))
    found = [Party(code, students, max(done.get(one.pk, 0) for one in students)) for code, students in together.items()]
    return sorted(found, key=lambda party: party.done)


# --- Which classes ----------------------------------------------------------------------------------------------------
def classes(cohort: Cohort, first: date, last: date) -> QuerySet[HostOffer]:
    """The classes open to a cohort, and those that closed since but where its students are."""
    opened = offers.open_to(cohort.institution_id, cohort.school_year_id)
    there = PlacementDay.objects.standing().filter(placement__cohort=cohort, day__range=(first, last))
    pks = Q(pk__in=opened.order_by().values("pk")) | Q(pk__in=there.order_by().values("offer_id"))
    return offers.offers().filter(pks)


# --- What each half-day is --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class There:
    """Who is in a class on a half-day: `names` are told of one's own students alone."""

    placement_id: int
    names: str
    kind: str
    state: str
    is_mine: bool

    @property
    def mark(self) -> str:
        return "".join(rules.initials(name) for name in self.names.split(" et ")) if self.is_mine else "●"

    @property
    def is_held(self) -> bool:
        return self.state == PlacementState.HELD


@dataclass(frozen=True)
class Slot:
    """One half-day of one class."""

    offer: HostOffer
    half_day: HalfDay
    verdict: Verdict
    there: Sequence[There]
    is_offered: bool = True

    @property
    def code(self) -> str:
        return self.half_day.code

    @property
    def when(self) -> str:
        return planned_in_words(self.half_day, self.half_day.day).capitalize()

    @property
    def look(self) -> str:
        """The class of a cell: none where a number, or nothing, says it all. A grid has thousands of cells."""
        if self.there:
            return "o"
        return "" if self.verdict.look in (Look.FREE, Look.NOT_OFFERED) else self.verdict.look.value

    @property
    def attribute(self) -> SafeString:
        return format_html(" class={}", self.look) if self.look else SafeString("")

    @property
    def is_over(self) -> bool:
        return openings.has_begun(self.half_day)

    @property
    def mark(self) -> str:
        """What a cell has room for: who is there, or how many seats are left."""
        if self.there:
            return "".join(one.mark for one in self.there)
        return str(self.verdict.free) if self.verdict.is_bookable else ""

    @property
    def says_nothing(self) -> bool:
        return not self.there and not self.is_offered


@dataclass(frozen=True)
class Board:
    """What is known of some classes on some half-days, for those whom one places there."""

    half_days: Sequence[HalfDay]
    kind: DayKind
    count: int
    facts: Mapping[tuple[int, HalfDay], Facts]
    there: Mapping[tuple[int, HalfDay], Sequence[There]] = field(default_factory=dict)

    def slots(self, offer: HostOffer) -> list[Slot]:
        return [self.slot(offer, one) for one in self.half_days]

    def slot(self, offer: HostOffer, half_day: HalfDay) -> Slot:
        key = offer.pk, half_day
        facts = self.facts[key]
        verdict = rules.verdict(facts, self.kind, self.count)
        return Slot(offer, half_day, verdict, self.there.get(key, ()), facts.is_offered)


def board(
    rows: Sequence[HostOffer],
    half_days: Sequence[HalfDay],
    *,
    cohort: Cohort,
    students: Sequence[Student] = (),
    kind: DayKind = DayKind.OBSERVATION,
    moved: HalfDay | None = None,
) -> Board:
    """Read all that the grid says of these classes. `moved`: the half-day that these students would leave.

    Bound: a constant number of queries, whatever the number of classes and half-days.
    """
    first, last = openings.among(half_days)
    pks = [row.pk for row in rows]
    offered = {pk: set(given) for pk, given in offers.given_half_days(rows, first, last).items()}
    closed = calendar.closure_reasons({row.school_id: set(half_days) for row in rows})
    taken = openings.taken_seats(pks, first, last)
    busy = offers.taken_by({row.person_id for row in rows} | {one.person_id for one in students}, first, last)
    districts = offers.limits({row.school.district_id for row in rows})
    limited = Limits.read(rows, {one.person_id for one in students})
    elsewhere = {
        one: f"À l’université\u00a0: {words}" for one, words in openings.kept_by_university(cohort, half_days).items()
    }
    for student in students:
        for one in half_days:
            if one != moved and (reasons := busy[student.person_id, one]):
                elsewhere.setdefault(one, f"{student.person} est déjà pris·e\u00a0: {min(reasons)}")
    facts = {}
    for row in rows:
        said = districts[row.school.district_id]
        for one in half_days:
            facts[row.pk, one] = Facts(
                is_over=openings.has_begun(one),
                is_offered=one in offered[row.pk],
                closure=closed[row.school_id][one],
                away=refusal_of_half_day("", busy[row.person_id, one]) if one in offered[row.pk] else "",
                taken=taken.get((row.pk, one), ()),
                seats=min(row.seats, said.seats_most),
                limit=limited.reason(row, one, said.class_year_most, said.school_period_most),
                elsewhere=elsewhere.get(one, ""),
            )
    return Board(half_days, kind, max(1, len(students)), facts, _there(pks, first, last, cohort))


@dataclass(frozen=True)
class Limits:
    """Who counts already towards the limits of classes and schools."""

    in_class: Mapping[int, set[int]]
    in_school: Mapping[tuple[int, int, int], set[int]]  # school, year, period
    people: set[int]

    @classmethod
    def read(cls, rows: Sequence[HostOffer], people: set[int]) -> Limits:
        """Two queries."""
        in_class: dict[int, set[int]] = defaultdict(set)
        places = ClassPlace.objects.filter(offer__in=[row.pk for row in rows]).order_by()
        for offer_id, person_id in places.values_list("offer_id", "person_id"):
            in_class[offer_id].add(person_id)
        in_school: dict[tuple[int, int, int], set[int]] = defaultdict(set)
        of_school = SchoolPlace.objects.filter(school__in={row.school_id for row in rows}).order_by()
        for school_id, year_id, period, person_id in of_school.values_list(
            "school_id", "school_year_id", "period", "person_id"
        ):
            in_school[school_id, year_id, period].add(person_id)
        return cls(in_class, in_school, people)

    def reason(self, row: HostOffer, half_day: HalfDay, class_most: int, school_most: int) -> str:
        if self._is_beyond(self.in_class.get(row.pk, set()), class_most):
            return f"La classe a déjà ses {class_most}\u00a0étudiants de l’année"
        periods = enumerate(offers.year_periods(row.school, row.school_year), 1)
        rank = next((rank for rank, period in periods if period.holds(half_day.day)), 0)
        there = self.in_school.get((row.school_id, row.school_year_id, rank), set())
        if self._is_beyond(there, school_most):
            return f"L’école a déjà ses {school_most}\u00a0étudiants de la période"
        return ""

    def _is_beyond(self, there: set[int], most: int) -> bool:
        coming = len(self.people - there) if self.people else 1
        return coming > 0 and len(there) + coming > most


def _there(
    offer_ids: Iterable[int], first: date, last: date, cohort: Cohort
) -> Mapping[tuple[int, HalfDay], Sequence[There]]:
    """Who is in these classes between two days, by class and half-day. One query."""
    rows = PlacementDay.objects.standing().filter(offer_id__in=offer_ids, day__range=(first, last))
    rows = rows.select_related("person", "placement__cohort").order_by("day", "half", "placement_id", "student_id")
    together: dict[tuple[int, HalfDay, int], list[PlacementDay]] = defaultdict(list)
    for row in rows:
        together[row.offer_id, half_day_of(row.day, row.half), row.placement_id].append(row)
    found: dict[tuple[int, HalfDay], list[There]] = defaultdict(list)
    for (offer_id, half_day, placement_id), days in together.items():
        is_mine = days[0].placement.cohort.institution_id == cohort.institution_id
        names = " et ".join(str(row.person) for row in days) if is_mine else "un autre institut"
        kind, state = KIND_LABELS[DayKind(days[0].kind)], days[0].placement.state
        found[offer_id, half_day].append(There(placement_id, names, kind, state, is_mine))
    return found


def months(cohort: Cohort, first: date) -> tuple[date | None, date | None]:
    """The Mondays four weeks before and after, as far as the school year goes."""
    step = timedelta(weeks=rules.WEEKS)
    before, after = first - step, first + step
    year = cohort.school_year
    return (
        before if before + step > year.first_day else None,
        after if after <= year.last_day else None,
    )


def current_cohort(rows: Sequence[Cohort], asked: int | None) -> Cohort | None:
    """The cohort that is asked for, or that of the year in course."""
    if asked is not None:
        return next((one for one in rows if one.pk == asked), None)
    year = cohorts.current_year()
    return next((one for one in rows if one.school_year == year), next(iter(rows), None))
