"""When the substitutes of a département are not free: long missions, part-time, training, leave. One period a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower

from circo.calendar.rules import Half, HalfDay
from circo.errors import Refusal
from circo.imports import lines, rules
from circo.imports.columns import Mapping
from circo.imports.lines import Authority, Line, Reader, Row, Tell
from circo.imports.reading import Table
from circo.models import Outcome, Person
from circo.rules import half_day_in_words
from events.brigade import rules as brigade_rules
from events.brigade.imports import columns, reading
from events.brigade.rules import Cause
from events.models import HeldHalfDay, Unavailability
from events.models.brigade import substitutes_of

Period = tuple[int, date, str, date, str]  # person, first half-day, last half-day
BUSY_NOW = (
    "Une indisponibilité vient d’être notée sur l’une de ces périodes. Rien de ces lignes n’est écrit\u00a0: relancez."
)


@dataclass
class Change:
    """One period: new, with its half-days, or known, with the fields that change."""

    row: Unavailability
    half_days: Sequence[HalfDay] = ()
    fields: tuple[str, ...] = ()


@dataclass
class Known:
    """The brigade, the periods that stand, and who is held when: by the database, or by a line above."""

    people: dict[str, Person]
    periods: dict[Period, Unavailability]
    held: dict[tuple[int, HalfDay], str]
    seen: dict[Period, int] = field(default_factory=dict)


class Periods:
    """Notes periods in which substitutes can't be asked. The same period again changes its reason; none is deleted."""

    columns = columns.PERIODS

    def plan(self, table: Table, mapping: Mapping, authority: Authority, tell: Tell) -> list[Line]:
        rows = lines.rows_of(table, mapping)
        known = _gather([row.cells for row in rows], authority)
        return lines.planned(rows, lambda row: _line(row, known), tell)

    def write(self, planned: Sequence[Line], authority: Authority) -> None:
        changes: list[Change] = [line.change for line in planned if line.change]
        new = [one for one in changes if one.row.pk is None]
        for one in new:
            one.row.written_by = authority.by
        Unavailability.objects.bulk_create([one.row for one in new])
        held = [
            HeldHalfDay(unavailability=one.row, person_id=one.row.person_id, day=each.day, half=each.half)
            for one in new
            for each in one.half_days
        ]
        try:
            with transaction.atomic():
                HeldHalfDay.objects.bulk_create(held, batch_size=500)
        except IntegrityError as error:
            raise Refusal(BUSY_NOW) from error
        known = ((one.row, one.fields) for one in changes if one.fields)
        for fields, some in lines.grouped_by_fields(known).items():
            Unavailability.objects.bulk_update(some, fields)


def _gather(rows: Iterable[dict[str, str]], authority: Authority) -> Known:
    """Whoever is of the brigade on the day of the import: the others of the file are unknown here."""
    members = substitutes_of(frozenset({authority.departement.pk}), authority.on).order_by().values("person_id")
    people: dict[str, Person] = {}
    for batch in lines.in_batches(sorted({cells["email"].lower() for cells in rows})):
        some = Person.objects.get_queryset().filter(pk__in=members).annotate(key=Lower("email")).filter(key__in=batch)
        people |= {person.key: person for person in some}
    known = Known(people, {}, {})
    for ids in lines.in_batches([person.pk for person in people.values()]):
        standing = Unavailability.objects.standing().filter(person_id__in=ids).order_by("pk")
        known.periods |= {_period(one): one for one in standing}
        for pk, day, half, words in (
            HeldHalfDay.objects.filter(person_id__in=ids)
            .order_by("pk")
            .values_list("person_id", "day", "half", "unavailability__starts_on")
        ):
            known.held[pk, HalfDay(day, cast(Half, half))] = f"celle qui commence le {words:%d/%m/%Y}"
    return known


def _period(row: Unavailability) -> Period:
    return row.person_id, row.starts_on, row.starts_half, row.ends_on, row.ends_half


# --- One line ---------------------------------------------------------------------------------------------------------
def _line(row: Row, known: Known) -> Line:
    number, cells = row.number, row.cells
    label = f"{cells['email']}, {cells['starts_on']}" + (f" – {cells['ends_on']}" if cells.get("ends_on") else "")
    if line := lines.example_left(row, label, columns.PERIODS) or lines.too_wide(row, label):
        return line
    reader = Reader(cells, columns.PERIODS)
    person = _person(reader, known)
    away = _read(reader)
    half_days: list[HalfDay] = []
    if away is not None:
        try:
            half_days = brigade_rules.held(away.first, away.last)
        except Refusal as refusal:
            reader.reasons.append(str(refusal))
    if person is None or away is None or reader.reasons:
        return lines.refused(number, label, *reader.reasons)
    away.person = person
    return _compared(number, f"{person}, {away.words}", away, half_days, known)


def _person(reader: Reader, known: Known) -> Person | None:
    email = (reader.need("email", rules.harmless) or "").lower()
    person = known.people.get(email)
    if email and person is None:
        reader.reasons.append(
            f"{email[:80]} n’est l’adresse de personne dans la brigade du département. Importez d’abord la brigade, ou "
            "vérifiez l’adresse."
        )
    return person


def _read(reader: Reader) -> Unavailability | None:
    starts_on = reader.need("starts_on", rules.day)
    ends_on = reader.get("ends_on", rules.day) or starts_on
    cause: Cause = reader.get("cause", reading.cause) or Cause.MISSION
    first: Half = reader.get("starts_half", reading.half) or "AM"
    last: Half = reader.get("ends_half", reading.half) or "PM"
    note = reader.get("note", rules.harmless) or ""
    reader.check(Unavailability(note=note), {"note": "note"} if note else {})
    if starts_on is None:
        return None
    return Unavailability(
        starts_on=starts_on, starts_half=first, ends_on=ends_on, ends_half=last, cause=cause.value, note=note
    )


def _compared(number: int, label: str, row: Unavailability, half_days: Sequence[HalfDay], known: Known) -> Line:
    period = _period(row)
    if first := known.seen.get(period):
        return lines.refused(number, label, f"Cette période est déjà à la ligne {first}.")
    known.seen[period] = number
    same = known.periods.get(period)
    if same is not None:
        said = {"cause": row.cause} | ({"note": row.note} if row.note else {})
        fields, notes = lines.put(same, said)
        if not fields:
            return Line(number, Outcome.SAME, label[:200])
        return Line(number, Outcome.CHANGED, label[:200], notes, Change(same, (), fields))
    if taken := next((each for each in half_days if (row.person_id, each) in known.held), None):
        by = known.held[row.person_id, taken]
        when = f"{half_day_in_words(taken.week_code)} {taken.day:%d/%m/%Y}"
        return lines.refused(number, label, f"Une autre indisponibilité tient déjà le {when}\u00a0: {by}.")
    known.held |= {(row.person_id, each): f"celle de la ligne {number}" for each in half_days}
    note = f"{row.get_cause_display().capitalize()}, {len(half_days)} demi-journées"
    return Line(number, Outcome.CREATED, label[:200], [note], Change(row, half_days))
