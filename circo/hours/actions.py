"""Verbs of hours: what an app credits or withdraws, and the moves of an entry."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from circo.access import Permission
from circo.errors import Refusal
from circo.hours import queries, rules, telling
from circo.hours.rules import Category, LogCategory, Mode, Move, State
from circo.models import HourEntry, Person, ServiceLogEntry

DECLARED = "circo.declared"  # the source of what somebody declared, before its own number


@transaction.atomic
def credit(
    *,
    person: Person,
    on: date,
    minutes: int,
    category: Category,
    mode: Mode,
    source: str,
    label: str,
    by: Person,
    path: str = "",
) -> HourEntry | None:
    """Propose the hours of one source, once; crediting again corrects them as long as nobody confirmed.

    None where there is nothing to count: no minutes, or nobody who owes hours that day. Then what was proposed from
    this source goes.
    Units:  minutes, by quarters of an hour.
    Raises: Refusal if the school year of that day is not opened, or if the confirmed hours of this source would go.
    """
    district_id = queries.district_on(person, on)
    if not minutes or district_id is None:
        withdraw(person=person, source=source, by=by)
        return None
    year = queries.year_holding(on)
    if year is None:
        raise Refusal("L’année scolaire de ce jour n’est pas encore ouverte sur la plateforme.")
    said = {
        "on": on,
        "school_year": year,
        "district_id": district_id,
        "minutes": minutes,
        "category": category.value,
        "mode": mode.value,
        "label": label[:200],
        "path": path,
    }
    held = HourEntry.objects.select_for_update(of=("self",))
    entry, made = held.get_or_create(person=person, source=source, defaults={**said, "proposed_by": by})
    if not made and entry.state == State.PROPOSED:
        _correct(entry, said)
    return entry


def _correct(entry: HourEntry, said: dict[str, object]) -> None:
    """Write what changed, and no line of history where nothing did."""
    former = {name: getattr(entry, name) for name in said}
    if former != said:
        for name, value in said.items():
            setattr(entry, name, value)
        entry.save()


@transaction.atomic
def withdraw(*, person: Person, source: str, by: Person) -> None:
    """Take back the hours of one source. What was refused stays refused.

    Raises: Refusal if they are confirmed and `by` may not take that back, or if they are validated.
    """
    entry = HourEntry.objects.select_for_update(of=("self",)).filter(person=person, source=source).first()
    if entry is None or entry.state == State.REFUSED:
        return
    if entry.state == State.VALIDATED:
        raise Refusal(f"Les heures de {person} sont déjà validées\u00a0: l’inspection doit d’abord les rouvrir.")
    mine = HourEntry.objects.with_right(by, Permission.CONFIRM_HOURS)
    if entry.state == State.CONFIRMED and not mine.filter(pk=entry.pk).exists():
        raise Refusal(f"Les heures de {person} sont déjà confirmées\u00a0: demandez à votre circonscription.")
    entry.delete()


# --- What one declares oneself ----------------------------------------------------------------------------------------
@transaction.atomic
def declare(*, on: date, minutes: int, category: Category, mode: Mode, label: str, by: Person) -> HourEntry:
    """Propose hours of one's own that nothing on the platform tells; they wait for a confirmation as all others.

    Raises: Refusal for a day to come, or one on which nobody expects hours of this person.
    """
    if on > timezone.localdate():
        raise Refusal("Ce jour n’est pas encore passé.")
    entry = credit(
        person=by,
        on=on,
        minutes=minutes,
        category=category,
        mode=mode,
        source=f"{DECLARED}:{uuid.uuid4()}",
        label=label,
        by=by,
    )
    if entry is None:
        raise Refusal("Aucune fonction d’enseignement n’est enregistrée pour vous ce jour-là.")
    return entry


@transaction.atomic
def take_back_declared(*, entry: HourEntry, by: Person) -> None:
    """Delete what one declared oneself, as long as nobody confirmed it.

    Raises: Refusal otherwise.
    """
    own = HourEntry.objects.select_for_update(of=("self",)).filter(person=by, source__startswith=f"{DECLARED}:")
    held = own.filter(pk=entry.pk, state=State.PROPOSED).first()
    if held is None:
        raise Refusal("Ces heures ne peuvent plus être retirées.")
    held.delete()


# --- Moves ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Moved:
    """What a move did, and how many entries it left as they were: somebody else was first."""

    entries: list[HourEntry]
    left: int

    @property
    def ids(self) -> list[int]:
        return [entry.pk for entry in self.entries]


@transaction.atomic
def move(*, ids: Iterable[int], move: Move, by: Person, reason: str = "") -> Moved:
    """Make one move of several entries; those that no longer stand where it begins stay as they are.

    Raises: Refusal if it moves nothing, or refuses without saying why.
    """
    rule = rules.MOVES[move]
    if rule.target is State.REFUSED and not reason.strip():
        raise Refusal("Dites pourquoi ces heures ne sont pas retenues.")
    mine = HourEntry.objects.with_right(by, Permission(rule.right.value)).filter(pk__in=set(ids))
    # In one order for all: two batches that cross never wait for one another.
    held = list(mine.select_for_update(of=("self",)).select_related("person").order_by("pk"))
    moved = [entry for entry in held if entry.state in rule.sources]
    if not moved:
        raise Refusal(rule.refusal)
    former = [entry for entry in moved if entry.state == State.REFUSED]
    for entry in moved:
        _sign(entry, rule.target, by, reason.strip())
    bulk_update_with_history(moved, HourEntry, _SIGNED_FIELDS, batch_size=500, default_user=by)
    if rule.target is State.REFUSED:
        telling.tell_refused(moved)
    telling.untell_refused(former)
    return Moved(moved, len(held) - len(moved))


_SIGNED_FIELDS = [
    "state",
    "reason",
    *(f"{name}_{part}" for name in rules.SIGNATURES for part in ("at", "by")),
]


def _sign(entry: HourEntry, target: State, by: Person, reason: str) -> None:
    """Give an entry the signatures of its new state, and no other; those that it has already stay."""
    for name in rules.SIGNATURES:
        if name not in rules.SIGNED[target]:
            setattr(entry, f"{name}_at", None)
            setattr(entry, f"{name}_by", None)
        elif getattr(entry, f"{name}_at") is None:
            setattr(entry, f"{name}_at", timezone.now())
            setattr(entry, f"{name}_by", by)
    entry.state = target.value
    entry.reason = reason if target is State.REFUSED else ""


# --- One's private log ------------------------------------------------------------------------------------------------
@transaction.atomic
def note(*, on: date, minutes: int, category: LogCategory, text: str, by: Person) -> ServiceLogEntry:
    """Write a line in one's own log."""
    return ServiceLogEntry.objects.create(owner=by, on=on, minutes=minutes, category=category.value, note=text)


@transaction.atomic
def amend(
    *, line: ServiceLogEntry, on: date, minutes: int, category: LogCategory, text: str, by: Person
) -> ServiceLogEntry:
    """Correct a line of one's own log."""
    held = _own_line(line, by)
    held.on, held.minutes, held.category, held.note = on, minutes, category.value, text
    held.save()
    return held


@transaction.atomic
def remove(*, line: ServiceLogEntry, by: Person) -> ServiceLogEntry:
    """Remove a line of one's own log; it can be brought back until the next day."""
    held = _own_line(line, by)
    held.removed_at = held.removed_at or timezone.now()
    held.save(update_fields=["removed_at"])
    return held


@transaction.atomic
def bring_back(*, line: ServiceLogEntry, by: Person) -> ServiceLogEntry:
    """Bring back a line that was just removed."""
    held = _own_line(line, by)
    held.removed_at = None
    held.save(update_fields=["removed_at"])
    return held


def _own_line(line: ServiceLogEntry, by: Person) -> ServiceLogEntry:
    held = ServiceLogEntry.objects.editable_by(by).select_for_update(of=("self",)).filter(pk=line.pk).first()
    if held is None:
        raise Refusal("Cette ligne n’est plus dans votre carnet.")
    return held
