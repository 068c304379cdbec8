"""What an app credits or withdraws, and what one declares oneself."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction
from django.utils import timezone

from circo.access import Permission
from circo.errors import Refusal
from circo.hours import queries, rules, writing
from circo.hours.recounting import DECLARED, Claim
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

    Self-paced hours count as the district says (`SelfPacedRules`), up to its cap for the school year; the person's row
    is then held: many people in one transaction come in the order of their keys.
    None where there is nothing to count: no minutes, nobody who owes hours that day, or nothing left of the cap. Then
    what was proposed from this source goes.
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
    counted = minutes
    if mode is Mode.SELF_PACED:
        district = queries.self_paced_rules(district_id)
        category = Category(district.category) if district.category else category
        if district.cap_minutes is not None:
            writing.hold_account(person.pk)
            used = queries.self_paced_minutes(person, year, without=[source])
            counted = rules.within_cap(minutes, district.cap_minutes, used)
    if not counted:
        return writing.unless_proposed(person, source, by=by)
    claim = Claim(person, on, minutes, category, mode, source, label, path)
    return writing.write(claim, minutes=counted, year=year, district_id=district_id, by=by)


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

    Raises: Refusal for a day to come, one on which nobody expects hours of this person, or once the cap is met.
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
    if entry is None and queries.district_on(by, on):
        raise Refusal("Le plafond des heures à distance, à son rythme, est atteint pour cette année.")
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
