"""What an address asks of the grid: which cohort and weeks, for whom, for what, and which classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils import timezone

from circo.calendar.rules import HalfDay
from circo.models import Person
from circo.queries import Filter
from circo.rules import number_in
from partnerships.cohorts.rules import KIND_LABELS, DayKind
from partnerships.grid import queries, rules
from partnerships.grid.queries import Party
from partnerships.models import Cohort, Placement
from partnerships.offers import narrowing
from partnerships.placements.queries import openings


@dataclass(frozen=True)
class Moving:
    """A half-day that is being moved, with those who do it."""

    placement: Placement
    half_day: HalfDay

    @property
    def code(self) -> str:
        return f"{self.placement.pk}_{self.half_day.code}"

    @property
    def words(self) -> str:
        return f"{self.placement.names}, {openings.in_words(self.half_day)}, chez {self.placement.offer.person}"


@dataclass(frozen=True)
class Asked:
    """What the grid shows. `party`: those whom one places there, if they are chosen."""

    cohorts: Sequence[Cohort]
    cohort: Cohort
    first: date
    half_days: Sequence[HalfDay]
    parties: Sequence[Party]
    party: Party | None
    kind: DayKind
    moving: Moving | None
    given: Mapping[str, str]

    @property
    def last(self) -> date:
        return self.half_days[-1].day

    @property
    def query(self) -> str:
        """All of it, as an address holds it."""
        kept = {
            "promo": str(self.cohort.pk),
            "du": self.first.isoformat(),
            "qui": self.party.code if self.party else "",
            "sorte": self.kind.value,
            "deplace": self.moving.code if self.moving else "",
        } | {name: self.given.get(name, "") for name in narrowing.NAMES}
        return urlencode({name: value for name, value in kept.items() if value})

    @property
    def kind_words(self) -> str:
        return KIND_LABELS[self.kind]


def day_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def half_day_in(text: str) -> HalfDay | None:
    try:
        return HalfDay.from_code(text)
    except ValueError:
        return None


def read(person: Person, given: Mapping[str, str]) -> Asked | None:
    """Read what is asked; what is unknown is left out. None for who has no such cohort."""
    rows = queries.cohorts_of(person)
    cohort = queries.current_cohort(rows, number_in(given.get("promo")))
    if cohort is None:
        return None
    moving = _moving(person, given.get("deplace", ""), cohort)
    year = cohort.school_year
    wished = day_in(given.get("du", "")) or (moving.half_day.day if moving else timezone.localdate())
    first = rules.monday_of(min(max(wished, year.first_day), year.last_day))
    known = queries.parties(cohort)
    party = next((one for one in known if one.code == given.get("qui")), None)
    if moving:
        who = {one.student_id for one in moving.placement.students.all()}
        party = next((one for one in known if {each.pk for each in one.students} == who), None)
    kinds = [kind for kind in DayKind if kind.value in cohort.programme.kinds]
    kind = _kind_of(moving) or next((one for one in kinds if one == given.get("sorte")), DayKind.OBSERVATION)
    return Asked(rows, cohort, first, rules.columns(first), known, party, kind, moving, given)


def _moving(person: Person, text: str, cohort: Cohort) -> Moving | None:
    key, _, code = text.partition("_")
    half_day, pk = half_day_in(code), number_in(key)
    if half_day is None or pk is None:
        return None
    mine = Placement.objects.editable_by(person).filter(cohort=cohort, pk=pk).order_by().values("pk")
    rows = openings.placements().filter(pk__in=mine)
    placement = next((one for one in rows if one.days.standing().on(half_day).exists()), None)
    return Moving(placement, half_day) if placement and placement.is_open else None


def _kind_of(moving: Moving | None) -> DayKind | None:
    if moving is None:
        return None
    row = moving.placement.days.standing().on(moving.half_day).first()
    return DayKind(row.kind) if row else None


def choices(asked: Asked) -> list[Filter]:
    """Of which cohort, for whom, for what: what one chooses before one looks."""
    kinds = [(kind.value, KIND_LABELS[kind].capitalize()) for kind in DayKind if kind in asked.cohort.programme.kinds]
    cohorts = [(str(one.pk), f"{one}, {one.school_year}") for one in asked.cohorts]
    people = [(one.code, one.words) for one in asked.parties]
    return [
        Filter("promo", "Promotion", cohorts if cohorts[1:] else [], str(asked.cohort.pk), none=""),
        Filter("qui", "Pour", people, asked.party.code if asked.party else "", none="Choisissez qui placer"),
        Filter("sorte", "Pour faire", kinds, asked.kind.value, none=""),
    ]
