"""The roads between the schools of a département: one pair a line, the way back being as long unless it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from circo.imports import lines
from circo.imports.columns import Mapping
from circo.imports.known import schools_by_uai
from circo.imports.lines import Authority, Line, Reader, Row, Tell
from circo.imports.reading import Table
from circo.models import Departement, Outcome, School
from events.brigade.imports import columns, reading
from events.brigade.imports.schools import school_of
from events.models import SchoolDistance

Pair = tuple[int, int]  # the keys of two schools, in the order of the way


@dataclass
class Change:
    row: SchoolDistance
    fields: tuple[str, ...] = ()  # none: the row is new


@dataclass
class Known:
    schools: dict[str, School]
    rows: dict[Pair, SchoolDistance]
    seen: dict[Pair, int] = field(default_factory=dict)


class Distances:
    """Creates and updates distances inside one département. None is deleted: a correction replaces it."""

    columns = columns.DISTANCES

    def plan(self, table: Table, mapping: Mapping, authority: Authority, tell: Tell) -> list[Line]:
        rows = lines.rows_of(table, mapping)
        schools = schools_by_uai({row.cells[name].upper() for row in rows for name in ("home", "school")})
        held: dict[Pair, SchoolDistance] = {}
        for ids in lines.in_batches([school.pk for school in schools.values()]):
            some = SchoolDistance.objects.filter(home_id__in=ids).order_by("pk")
            held |= {(one.home_id, one.school_id): one for one in some}
        known = Known(schools, held)
        return lines.planned(rows, lambda row: _line(row, known, authority), tell)

    def write(self, planned: Sequence[Line], authority: Authority) -> None:
        # Two files at once pass one after the other; what the first has created since, the second corrects.
        Departement.objects.select_for_update().get(pk=authority.departement.pk)
        changes = _over_now([line.change for line in planned if line.change])
        SchoolDistance.objects.bulk_create([one.row for one in changes if not one.fields])
        for fields, some in lines.grouped_by_fields((one.row, one.fields) for one in changes).items():
            SchoolDistance.objects.bulk_update(some, fields)


def _over_now(changes: Sequence[Change]) -> list[Change]:
    """The same changes, over rows that were not there when the file was read."""
    new = {(one.row.home_id, one.row.school_id) for one in changes if not one.fields}
    rows = SchoolDistance.objects.filter(home_id__in={home for home, _ in new}).order_by("pk")
    there = {(one.home_id, one.school_id): one for one in rows}
    found = []
    for change in changes:
        held = None if change.fields else there.get((change.row.home_id, change.row.school_id))
        if held is None:
            found.append(change)
            continue
        said = {"metres": change.row.metres, "minutes": change.row.minutes}
        fields, _ = lines.put(held, {name: one for name, one in said.items() if one is not None})
        found += [Change(held, fields)] if fields else []
    return found


def _line(row: Row, known: Known, authority: Authority) -> Line:
    number, cells = row.number, row.cells
    label = f"{cells['home']} → {cells['school']}"
    if line := lines.example_left(row, label, columns.DISTANCES) or lines.too_wide(row, label):
        return line
    reader = Reader(cells, columns.DISTANCES)
    home, school = (school_of(reader, name, known.schools, authority) for name in ("home", "school"))
    metres = reader.need("km", reading.metres)
    said = {"metres": metres, "minutes": reader.get("minutes", reading.minutes)}
    if home is None or school is None or reader.reasons:
        return lines.refused(number, label, *reader.reasons)
    if home == school:
        return lines.ignored(number, label, "C’est la même école\u00a0: la distance est nulle.")
    pair = (home.pk, school.pk)
    if first := known.seen.get(pair):
        return lines.refused(number, label, f"Ce trajet est déjà à la ligne {first}.")
    known.seen[pair] = number
    return _compared(number, label, pair, {name: one for name, one in said.items() if one is not None}, known)


def _compared(number: int, label: str, pair: Pair, said: dict[str, int], known: Known) -> Line:
    row = known.rows.get(pair)
    if row is None:
        home_id, school_id = pair
        new = SchoolDistance(home_id=home_id, school_id=school_id, **said)
        return Line(number, Outcome.CREATED, label, [str(new).replace(".", ",")], Change(new))
    fields, notes = lines.put(row, said)
    if not fields:
        return Line(number, Outcome.SAME, label)
    return Line(number, Outcome.CHANGED, label, notes, Change(row, fields))
