"""From rows to the problem that a proposal solves, and back. It builds the choices: no page imports it."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count
from django.utils import timezone

from circo import french
from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.maps.rules import Point
from circo.models import Derogation
from partnerships import places, travel
from partnerships.cohorts.rules import DayKind
from partnerships.models import (
    ClassPlace,
    Cohort,
    HostOffer,
    PlacementDay,
    PlacementProposal,
    ProposalLine,
    SchoolPlace,
    Student,
    UniversityPeriod,
)
from partnerships.offers import queries as offers
from partnerships.placements.queries import openings
from partnerships.placements.rules import Planned
from partnerships.placing.choosing import build
from partnerships.placing.obeying import ImpossibleLock
from partnerships.placing.problem import KINDS, Decisions, Host, Line, Party, Problem, Programme, Rules
from partnerships.placing.problem import Student as Traveller
from partnerships.proposals import queries, rules
from partnerships.students.rules import Transport


@dataclass(frozen=True)
class Situation:
    """A problem with what people call its parts, who is left out of it and why, and the mark of it all."""

    problem: Problem
    parties: Mapping[str, Sequence[Student]]
    offers: Mapping[str, HostOffer]
    left_out: Sequence[tuple[Sequence[Student], str]]
    already: int  # students who have a placement in these days
    inputs_hash: str


def situation_of(proposal: PlacementProposal) -> Situation:
    """Read all that a proposal depends on. The same number of queries whatever its size.

    Raises: Refusal where nobody is to be placed, no class is open, or a line that one keeps became impossible.
    """
    gathering = _Gathering(proposal)
    hosts = gathering.hosts()
    if not hosts:
        raise Refusal("Aucune classe n’est ouverte à votre institut pour cette année.")
    parties = gathering.parties()
    if not parties and not gathering.left_out:
        raise Refusal("Chacun a déjà un stage à ces dates\u00a0: il n’y a personne à placer.")
    decisions, limits = gathering.decisions(parties), gathering.limits()
    try:
        problem = build(parties, hosts, rules=limits, decisions=decisions)
    except ImpossibleLock as refusal:
        who = " et ".join(str(one.person) for one in gathering.named[refusal.line.party])
        where = gathering.offers[refusal.line.host]
        said = f"Vous gardiez {who} chez {where}, mais {refusal.broken}. Ne gardez plus cette ligne, puis recalculez."
        raise Refusal(said) from refusal
    return Situation(
        problem,
        gathering.named,
        gathering.offers,
        gathering.left_out,
        gathering.already,
        _hash([*parties, *hosts, limits, decisions]),
    )


def _hash(things: Iterable[object]) -> str:
    return hashlib.sha256("\n".join(map(_written, things)).encode()).hexdigest()


def _written(thing: object) -> str:
    """The same text for the same thing: sets and tables have no order of their own."""
    if isinstance(thing, HalfDay):
        return thing.code
    if isinstance(thing, Mapping):
        return "{" + ",".join(sorted(f"{_written(key)}:{_written(one)}" for key, one in thing.items())) + "}"
    if isinstance(thing, (set, frozenset)):
        return "{" + ",".join(sorted(map(_written, thing))) + "}"
    if isinstance(thing, tuple):
        return "(" + ",".join(map(_written, thing)) + ")"
    fields = getattr(thing, "__dataclass_fields__", None)
    if fields is None:
        return repr(thing)
    return f"{type(thing).__name__}({','.join(_written(getattr(thing, name)) for name in fields)})"


def key_of(students: Sequence[Student]) -> str:
    return str(min(one.pk for one in students))


@dataclass
class _Gathering:
    proposal: PlacementProposal
    named: dict[str, list[Student]] = field(default_factory=dict)
    left_out: list[tuple[list[Student], str]] = field(default_factory=list)
    already: int = 0

    def __post_init__(self) -> None:
        self.cohorts = list(self.proposal.cohorts.select_related("programme", "school_year").order_by("pk"))
        if not self.cohorts:
            raise Refusal("Cette proposition n’a plus de promotion.")
        self.first, self.last = max(self.proposal.first_on, timezone.localdate()), self.proposal.last_on
        opened = offers.open_to(self.proposal.institution_id, self.cohorts[0].school_year_id)
        self.rows = list(opened.order_by("pk"))
        self.offers = {str(row.pk): row for row in self.rows}

    # --- Classes ------------------------------------------------------------------------------------------------------
    def hosts(self) -> list[Host]:
        keys = [row.pk for row in self.rows]
        limits = offers.limits({row.school.district_id for row in self.rows})
        given = self._given()
        taken: dict[int, dict[HalfDay, int]] = defaultdict(dict)
        for (pk, half_day), numbers in openings.taken_seats(keys, self.first, self.last).items():
            taken[pk][half_day] = len(numbers)
        places = ClassPlace.objects.filter(offer_id__in=keys).order_by()
        past = dict(places.values_list("offer_id").annotate(Count("pk")))
        self.half_days = {one for of_kind in given.values() for days in of_kind.values() for one in days}
        return [
            Host(
                key=str(row.pk),
                school=str(row.school_id),
                offers=given[row.pk],
                levels=frozenset(row.levels),
                practices=frozenset(row.practices),
                seats=min(row.seats, limits[row.school.district_id].seats_most),
                most=limits[row.school.district_id].class_year_most,
                past=past.get(row.pk, 0),
                taken=taken[row.pk],
            )
            for row in self.rows
        ]

    def _given(self) -> dict[int, dict[DayKind, frozenset[HalfDay]]]:
        """The half-days of each class by kind: who holds it does not mind what takes the teacher."""
        if self.first > self.last:
            return {row.pk: {} for row in self.rows}
        found = offers.half_days(self.rows, self.first, self.last)
        closed = calendar.closure_reasons(self._by_school(found))
        now, given = timezone.now(), {}
        for row in self.rows:
            coming = {one: why for one, why in found[row.pk].items() if not openings.has_begun(one, now)}
            learning = frozenset(one for one, why in coming.items() if not why)
            holding = frozenset(one for one in coming if not closed[row.school_id][one])
            given[row.pk] = dict.fromkeys(KINDS[:2], learning) | {DayKind.RESPONSIBILITY: holding}
        return given

    def _by_school(self, found: Mapping[int, Collection[HalfDay]]) -> dict[int, set[HalfDay]]:
        asked: dict[int, set[HalfDay]] = defaultdict(set)
        for row in self.rows:
            asked[row.school_id].update(found[row.pk])
        return asked

    def limits(self) -> Rules:
        """The limits of schools, and who has a place in each of their periods already."""
        limits = offers.limits({row.school.district_id for row in self.rows})
        schools = {row.school_id: row.school for row in self.rows}
        mosts = ((str(pk), limits[one.district_id].school_period_most) for pk, one in schools.items())
        year = self.cohorts[0].school_year
        periods = offers.year_periods(next(iter(schools.values())), year)
        places = SchoolPlace.objects.filter(school_id__in=schools, school_year=year).order_by()
        counts = places.values_list("school_id", "period").annotate(Count("pk"))
        return Rules(
            comfort_min=rules.COMFORT_MIN,
            school_mosts=tuple(sorted(mosts)),
            school_past=tuple(sorted((str(pk), period - 1, count) for pk, period, count in counts)),
            periods=tuple(one.last for one in periods[:-1]),
        )

    # --- Students -----------------------------------------------------------------------------------------------------
    def parties(self) -> list[Party]:
        students = list(queries.students_of([one.pk for one in self.cohorts]))
        self.planned = openings.planned(students)
        self.cohort_of = {one.pk: one for one in self.cohorts}
        schools = places.points_of({row.school_id: row.school for row in self.rows})
        homes = places.homes_of(students)
        seen = self._seen(students)
        away = self._away(students)
        self.permitted = self._permitted()
        found = []
        for going in _together(students):
            if any(self.first <= one.half_day.day <= self.last for each in going for one in self.planned[each.pk]):
                self.already += len(going)
                continue
            cohort = self.cohort_of[going[0].cohort_id]
            needs = rules.needs_of(self.proposal.needs, cohort.programme.kinds)
            if why := self._unfit(going, cohort, needs, homes):
                self.left_out.append((going, why))
                continue
            key = key_of(going)
            self.named[key] = going
            travellers = tuple(_traveller(one, homes, schools, seen[one.pk]) for one in going)
            taken = frozenset(one for each in going for one in away[each.pk])
            found.append(Party(key, travellers, Programme(*needs), taken, str(cohort.pk)))
        return found

    def _unfit(self, going: Sequence[Student], cohort: Cohort, needs: rules.Needs, homes: Mapping[int, Point]) -> str:
        """Why a party cannot be placed whatever classes there are; empty if it can."""
        if not sum(needs):
            return "Sa formation ne prévoit aucune des demi-journées demandées."
        if homeless := [french.of(one.person) for one in going if one.pk not in homes]:
            return f"La commune {' et '.join(homeless)} n’est pas connue\u00a0: écrivez-la, puis recalculez."
        course = openings.course_of(cohort.programme)
        for one in going:
            done = Counter(each.kind for each in self.planned[one.pk] if each.half_day.day < self.first)
            kind, missing = rules.missing_before(needs, done, course.before)
            if missing:
                return rules.missing_words(kind, missing)
        if needs[2] and not self.permitted and not all(one.status.may_be_alone for one in going):
            return "Rien ne permet de tenir la classe\u00a0: ni le statut, ni une dérogation sur toutes ces dates."
        return ""

    def _seen(self, students: Sequence[Student]) -> dict[int, frozenset[str]]:
        rows = PlacementDay.objects.standing().filter(student_id__in=[one.pk for one in students]).order_by()
        found: dict[int, set[str]] = defaultdict(set)
        for pk, practices in rows.values_list("student_id", "offer__practices").distinct():
            found[pk].update(practices)
        return {one.pk: frozenset(found[one.pk]) for one in students}

    def _away(self, students: Sequence[Student]) -> dict[int, set[HalfDay]]:
        """When the university keeps each, or something else takes them, among the half-days of the classes."""
        periods = UniversityPeriod.objects.standing().filter(
            cohort_id__in=self.cohort_of, starts_on__lte=self.last, ends_on__gte=self.first
        )
        spans: dict[int, list[tuple[date, date]]] = defaultdict(list)
        for cohort_id, start, end in periods.values_list("cohort_id", "starts_on", "ends_on"):
            spans[cohort_id].append((start, end))
        kept = {
            pk: {one for one in self.half_days if any(start <= one.day <= end for start, end in spans[pk])}
            for pk in self.cohort_of
        }
        busy = calendar.busy({one.person_id for one in students}, self.first, self.last)
        return {
            one.pk: kept[one.cohort_id] | ({each.half_day for each in busy[one.person_id]} & self.half_days)
            for one in students
        }

    # --- Who holds a class --------------------------------------------------------------------------------------------
    def _permitted(self) -> set[int]:
        """The districts where a derogation lets students hold a class on all of these dates, if that is asked."""
        if not self.proposal.responsibility:
            return set()
        districts = {row.school.district_id for row in self.rows}
        rows = Derogation.objects.filter(
            district_id__in=districts, allows_students_alone=True, starts_on__lte=self.first, ends_on__gte=self.last
        )
        return set(rows.order_by().values_list("district_id", flat=True))

    # --- Decisions ----------------------------------------------------------------------------------------------------
    def decisions(self, parties: Sequence[Party]) -> Decisions:
        """What the former proposal keeps, which classes are kept apart, and where nothing lets students be alone."""
        in_problem = {one.key for one in parties}
        apart = {(str(one), str(other)) for one, other in self.proposal.aparts.values_list("student_id", "offer_id")}
        for party in parties:
            going = self.named[party.key]
            apart |= {(party.key, key) for key in self._no_basis(party, going)}
            apart |= {(party.key, str(place)) for each in going for place in _further(self.planned[each.pk])}
        locks, known = set(), set()
        if self.proposal.follows is not None:
            rows = self.proposal.follows.lines.filter(offer__isnull=False).select_related("student", "partner")
            for row in rows:
                line = line_of(row)
                if line.party in in_problem and line.host in self.offers:
                    known.add(line)
                    locks |= {line} if row.is_kept else set()
        published = frozenset(known) if self.proposal.keeps_classes else frozenset()
        apart -= {(line.party, line.host) for line in locks}
        return Decisions(locks=frozenset(locks), published=published, forbidden=frozenset(apart))

    def _no_basis(self, party: Party, going: Sequence[Student]) -> list[str]:
        if not party.programme.responsibility or all(one.status.may_be_alone for one in going):
            return []
        return [str(row.pk) for row in self.rows if row.school.district_id not in self.permitted]


def line_of(row: ProposalLine) -> Line:
    """The line of a row, as the solver knows it."""
    days = rules.half_days_of(row.days)
    going = row.students
    return Line(key_of(going), str(row.offer_id), tuple(tuple(days.get(kind, ())) for kind in KINDS))


def _further(planned: Sequence[Planned]) -> set[int]:
    """The classes where one is past observation: there one does not begin again."""
    return {one.place for one in planned if one.kind is not DayKind.OBSERVATION}


def _together(students: Sequence[Student]) -> list[list[Student]]:
    """Pairs as two, the others alone. One of a pair whose mate is not there any more goes alone."""
    found: dict[tuple[str, int], list[Student]] = defaultdict(list)
    for one in students:
        found["pair" if one.pair_id else "alone", one.pair_id or one.pk].append(one)
    return [sorted(each, key=lambda one: one.pk) for _, each in sorted(found.items())]


def _traveller(
    student: Student, homes: Mapping[int, Point], schools: Mapping[str, Point], seen: frozenset[str]
) -> Traveller:
    has_car = student.transport == Transport.CAR
    return Traveller(
        key=str(student.pk),
        minutes=travel.minutes_to(homes[student.pk], schools, has_car=has_car),
        limit_min=travel.limit_min(has_car=has_car),
        levels=frozenset(student.levels),
        practices=frozenset(student.practices),
        seen=seen,
    )
