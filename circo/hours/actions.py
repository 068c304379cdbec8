"""Verbs of hours: what an app credits or withdraws, and the moves of an entry."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from circo.access import Permission
from circo.errors import Refusal
from circo.hours import queries
from circo.hours.rules import Category, Mode, State
from circo.models import HourEntry, Person


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
