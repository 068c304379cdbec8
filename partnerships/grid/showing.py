"""What the pages of the grid show: all classes over four weeks, one class, one day, one half-day of one class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from circo.calendar.rules import HalfDay
from circo.dates import day_in_words
from circo.models import Person
from circo.queries import Filter
from circo.rules import DAYS, number_in
from partnerships.grid import asking, queries, rules
from partnerships.grid.asking import Asked
from partnerships.grid.queries import Board, Slot
from partnerships.models import HostOffer, Placement
from partnerships.offers import narrowing


@dataclass(frozen=True)
class Row:
    offer: HostOffer
    slots: Sequence[Slot]

    @property
    def cells(self) -> SafeString:
        """Its cells, without the ends of tags that HTML lets one leave out: a grid has thousands of them."""
        return format_html_join("", "<td{}>{}", ((one.attribute, one.mark) for one in self.slots))


@dataclass(frozen=True)
class Day:
    """A day at the head of two columns, of one on Wednesday."""

    day: date
    half_days: Sequence[HalfDay]

    @property
    def short(self) -> str:
        return f"{DAYS[self.day.weekday()][:2].capitalize()} {self.day.day}"

    @property
    def words(self) -> str:
        return f"{DAYS[self.day.weekday()].capitalize()} {day_in_words(self.day, self.day)}"


def days_of(half_days: Sequence[HalfDay]) -> list[Day]:
    return [Day(day, list(group)) for day, group in groupby(half_days, key=lambda one: one.day)]


def _board(asked: Asked, rows: Sequence[HostOffer], half_days: Sequence[HalfDay]) -> Board:
    return queries.board(
        rows,
        half_days,
        cohort=asked.cohort,
        students=asked.party.students if asked.party else (),
        kind=asked.kind,
        moved=asked.moving.half_day if asked.moving else None,
    )


@dataclass(frozen=True)
class GridPage:
    rows: Sequence[Row]
    days: Sequence[Day]
    filters: Sequence[Filter]
    choices: Sequence[Filter]
    before: date | None
    after: date | None

    @property
    def is_narrowed(self) -> bool:
        return any(one.chosen for one in self.filters)


def grid_page(asked: Asked) -> GridPage:
    """Read the grid: the same number of queries however many classes there are."""
    found, filters = _classes(asked)
    board = _board(asked, found, asked.half_days)
    rows = [Row(one, board.slots(one)) for one in found]
    before, after = queries.months(asked.cohort, asked.first)
    return GridPage(rows, days_of(asked.half_days), filters, asking.choices(asked), before, after)


def _classes(asked: Asked) -> tuple[list[HostOffer], list[Filter]]:
    every = list(queries.classes(asked.cohort, asked.first, asked.last))
    filters = narrowing.filters(every, asked.given)
    return narrowing.narrowed(every, filters), filters


@dataclass(frozen=True)
class Week:
    words: str
    slots: Sequence[Slot]


@dataclass(frozen=True)
class ClassPage:
    """One class over four weeks. `here`: as a form says where one comes back."""

    offer: HostOffer
    here: str
    weeks: Sequence[Week]
    choices: Sequence[Filter]
    before: date | None
    after: date | None

    @property
    def is_bookable(self) -> bool:
        return any(one.verdict.is_bookable for week in self.weeks for one in week.slots)


def class_page(asked: Asked, offer: HostOffer) -> ClassPage:
    """Read one class over four weeks."""
    slots = [one for one in _board(asked, [offer], asked.half_days).slots(offer) if not one.says_nothing]
    weeks = [
        Week(f"Semaine du {day_in_words(monday, monday)}", list(group))
        for monday, group in groupby(slots, key=lambda one: rules.monday_of(one.half_day.day))
    ]
    before, after = queries.months(asked.cohort, asked.first)
    return ClassPage(offer, f"classe-{offer.pk}", weeks, asking.choices(asked), before, after)


@dataclass(frozen=True)
class DayPage:
    """All classes on one day: those that are offered then, or where somebody is."""

    day: Day
    here: str
    rows: Sequence[Row]
    choices: Sequence[Filter]
    before: date | None
    after: date | None


def day_page(asked: Asked, day: date) -> DayPage | None:
    """Read one day; None for a day that is no column of the grid."""
    days = days_of(asked.half_days)
    number = next((number for number, one in enumerate(days) if one.day == day), None)
    if number is None:
        return None
    found, _ = _classes(asked)
    board = _board(asked, found, days[number].half_days)
    rows = [Row(one, [slot for slot in board.slots(one) if not slot.says_nothing]) for one in found]
    before = days[number - 1].day if number else None
    after = days[number + 1].day if days[number + 1 :] else None
    return DayPage(
        days[number],
        f"jour-{day.isoformat()}",
        [row for row in rows if row.slots],
        asking.choices(asked),
        before,
        after,
    )


def slot(asked: Asked, offer: HostOffer, half_day: HalfDay) -> Slot:
    """Read one half-day of one class."""
    return _board(asked, [offer], [half_day]).slot(offer, half_day)


# --- What was just done -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Done:
    """What one has just done, and what takes it back: the name of an address, its row, the fields of its form."""

    said: str
    undo: str = ""
    pk: int = 0
    fields: Mapping[str, Sequence[str]] | None = None


SAID = {
    "reserve": "C’est réservé.",
    "libere": "C’est libéré.",
    "deplace": "C’est déplacé.",
    "confirme": "Le stage est confirmé\u00a0: la classe et l’école le voient.",
    "annule": "C’est annulé.",
}


def done(person: Person, given: Any) -> Done | None:
    """Read from an address what one has just done; how to take it back, if the placement is one’s own."""
    what, pk = given.get("fait", ""), number_in(given.get("stage"))
    if what not in SAID:
        return None
    is_mine = pk is not None and Placement.objects.editable_by(person).filter(pk=pk).exists()
    if what == "annule" or not is_mine or pk is None:
        return Done(SAID[what])
    moments = given.getlist("moments")
    undo: dict[str, tuple[str, dict[str, Sequence[str]]]] = {
        "reserve": ("partnerships:grid_free", {"moments": moments}),
        "libere": ("partnerships:grid_put_back", {"moments": moments}),
        "deplace": (
            "partnerships:grid_move_back",
            {"moments": moments, "avant": [given.get("avant", "")], "depuis": [given.get("depuis", "")]},
        ),
        "confirme": ("partnerships:grid_confirm", {"verbe": ["reprendre"]}),
    }
    name, fields = undo[what]
    return Done(SAID[what], name, pk, fields)
