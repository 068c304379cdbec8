"""What an import thinks of each line before it writes anything, and on whose authority it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.text import capfirst

from circo import rules as ground_rules
from circo.errors import Refusal
from circo.imports.columns import Column, Mapping
from circo.imports.reading import Table
from circo.models import Departement, District, Institution, Outcome, Person
from circo.models.import_kinds import Kind, place_ids_of
from circo.rules import Place, Role

Tell = Callable[[float], None]  # told how much is done, from 0 to 1
CHUNK = 200  # lines written in one transaction
TOLD_EVERY = 200  # lines read
NEXT_YEAR_FROM = timedelta(days=62)  # from 1 July on, a file is about the coming school year

THIS = {
    Place.DISTRICT: "cette circonscription",
    Place.DEPARTEMENT: "ce département",
    Place.INSTITUTION: "cet institut",
}


@dataclass(frozen=True)
class Authority:
    """In which place, in whose name, and how far an import may write. `by` is None for a command of the operator."""

    place: District | Departement | Institution
    by: Person | None
    district_ids: frozenset[int]  # where the same person may import as well
    roles: frozenset[Role]  # that may be given
    starts_on: date  # of a posting whose line gives no date
    on: date  # the day on which the file was brought

    @property
    def district(self) -> District:
        """The district of a kind that is brought district by district."""
        if not isinstance(self.place, District):
            raise TypeError("this kind of import is not of a district")
        return self.place

    @property
    def departement(self) -> Departement:
        """The département that the import is about, or the one of its district."""
        return self.place if isinstance(self.place, Departement) else self.place.departement

    @property
    def institution(self) -> Institution:
        """The institution of a kind that is brought institution by institution."""
        if not isinstance(self.place, Institution):
            raise TypeError("this kind of import is not of an institution")
        return self.place


def authority_of(*, place: District | Departement | Institution, kind: Kind, by: Person | None, on: date) -> Authority:
    """What `by` may import into a place.

    Raises: Refusal if nothing, or nothing any more.
    """
    starts_on = ground_rules.school_year_bounds(on + NEXT_YEAR_FROM)[0]
    if by is None:
        own = frozenset({place.pk}) if isinstance(place, District) else frozenset[int]()
        return Authority(place, None, own, frozenset(Role), starts_on, on)
    reach = by.reach()
    if place.pk not in place_ids_of(by, kind):
        raise Refusal(f"Vous ne pouvez pas, ou plus, importer dans {THIS[kind.place]}.")
    roles = reach.roles_given_in(place.pk) if isinstance(place, District) else frozenset[Role]()
    return Authority(place, by, reach.district_ids_for(kind.permission), roles, starts_on, on)


@dataclass
class Line:
    """One line of the file: what becomes of it, in words, and what it would write."""

    number: int
    outcome: Outcome
    label: str = ""
    notes: list[str] = field(default_factory=list)
    change: Any = None
    subject: Any = None  # the row that the line is about, when nothing refuses it


class Importer(Protocol):
    """One sort of import: its columns, how it reads lines against the database, how it writes some of them."""

    @property
    def columns(self) -> Sequence[Column]: ...

    def plan(self, table: Table, mapping: Mapping, authority: Authority, tell: Tell) -> list[Line]: ...

    def write(self, planned: Sequence[Line], authority: Authority) -> None: ...


def refused(number: int, label: str, *reasons: str) -> Line:
    return Line(number, Outcome.REFUSED, label[:200], list(reasons))


def ignored(number: int, label: str, reason: str) -> Line:
    return Line(number, Outcome.IGNORED, label[:200], [reason])


@dataclass(frozen=True)
class Row:
    """One row of a file, its cells by our names."""

    number: int
    cells: dict[str, str]
    is_too_wide: bool  # it holds more cells than the row of titles


def rows_of(table: Table, mapping: Mapping) -> list[Row]:
    return [Row(number, mapping.cells(cells), len(cells) > len(table.header)) for number, cells in table.rows]


def planned(rows: Sequence[Row], read: Callable[[Row], Line], tell: Tell) -> list[Line]:
    """What becomes of each row, in their order, as told from time to time."""
    found = []
    for done, row in enumerate(rows):
        if done % TOLD_EVERY == 0:
            tell(done / len(rows))
        found.append(read(row))
    return found


def example_left(row: Row, label: str, columns: Sequence[Column]) -> Line | None:
    """A row that is the example of our template, left in place, is ignored."""
    if all(row.cells.get(column.name, "") == column.example for column in columns if column.in_template):
        return ignored(row.number, label, "C’est l’exemple du modèle.")
    return None


def too_wide(row: Row, label: str) -> Line | None:
    if row.is_too_wide:
        return refused(row.number, label, "La ligne a plus de cellules que la ligne de titres.")
    return None


def counts(outcomes: Iterable[str]) -> dict[str, int]:
    """How many lines of each outcome, in the order in which a report shows them."""
    found = Counter(outcomes)
    return {outcome.value: found[outcome.value] for outcome in Outcome}


class Reader:
    """Reads the cells of one line, and gathers every reason to refuse it rather than the first alone."""

    def __init__(self, cells: dict[str, str], columns: Sequence[Column]):
        self.cells = cells
        self.titles = {column.name: capfirst(column.title) for column in columns}
        self.reasons: list[str] = []

    def get(self, name: str, read: Callable[[str, str], Any] | None = None) -> Any:
        """The value of a cell, or None if it is empty, absent or refused."""
        text = self.cells.get(name, "")
        if not text:
            return None
        try:
            return read(text, self.titles[name]) if read else text
        except Refusal as refusal:
            self.reasons.append(str(refusal))
            return None

    def need(self, name: str, read: Callable[[str, str], Any] | None = None) -> Any:
        """As `get`, and an empty cell is refused."""
        if not self.cells.get(name):
            self.reasons.append(f"{self.titles[name]} : la cellule est vide.")
        return self.get(name, read)

    def check(self, instance: Model, titles: dict[str, str]) -> None:
        """Gather what the model itself refuses, for the fields of `titles` (field → name of our column)."""
        skipped = [field.name for field in instance._meta.concrete_fields if field.name not in titles]
        try:
            instance.clean_fields(exclude=skipped)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                known = self.cells.get(titles[name], "")[:40]
                self.reasons += [
                    f"{self.titles[titles[name]]} : {message}" + (f" (on a lu « {known} »)" if known else "")
                    for message in messages
                ]


def differences(instance: Model, values: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """From what to what each field would change."""
    before = {name: getattr(instance, name) for name in values}
    return {name: (before[name], value) for name, value in values.items() if before[name] != value}


def put(instance: Model, values: dict[str, Any]) -> tuple[tuple[str, ...], list[str]]:
    """Give a row these values, unsaved: the fields that change, and one sentence for each."""
    changes = differences(instance, values)
    notes = change_notes(instance, changes)
    for name, (_, after) in changes.items():
        setattr(instance, name, after)
    return tuple(changes), notes


def shown(instance: Model, name: str, value: Any) -> str:
    """A value as people read it."""
    if value in (None, "", []):
        return "rien"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, list):
        return ", ".join(ground_rules.half_day_in_words(one) if one in ground_rules.HALF_DAYS else one for one in value)
    choices = dict(getattr(instance._meta.get_field(name), "flatchoices", ()))
    return str(choices.get(value, value))


def change_notes(instance: Model, changes: dict[str, tuple[Any, Any]]) -> list[str]:
    """One sentence per field that changes."""
    return [
        f"{capfirst(getattr(instance._meta.get_field(name), 'verbose_name', name))} : "
        f"« {shown(instance, name, before)} » devient « {shown(instance, name, after)} »"
        for name, (before, after) in changes.items()
    ]


def in_batches[T](items: Sequence[T], size: int = 1000) -> Iterator[Sequence[T]]:
    """Cut a long list, below the number of parameters that a database takes in one query."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def grouped_by_fields[T: Model](changes: Iterable[tuple[T, Iterable[str]]]) -> dict[tuple[str, ...], list[T]]:
    """Put together the rows that change the same fields: no other column of theirs is written."""
    groups: dict[tuple[str, ...], list[T]] = {}
    for instance, names in changes:
        if fields := tuple(sorted(names)):
            groups.setdefault(fields, []).append(instance)
    return groups
