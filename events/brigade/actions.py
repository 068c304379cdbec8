"""Verbs of the brigade: describe a substitute, write when one is not free, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.db import IntegrityError, transaction
from django.utils import timezone

from circo.access import Permission
from circo.calendar.rules import Half, HalfDay
from circo.dates import planned_in_words
from circo.errors import Refusal
from circo.models import Person
from circo.rules import levels_in_order
from events.brigade import queries, rules
from events.brigade.rules import Cause, Kind
from events.models import HeldHalfDay, Substitute, Unavailability


@dataclass(frozen=True)
class Profile:
    """What is written of a substitute."""

    kind: Kind = Kind.ALL
    preferred: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    is_reserve: bool = False
    is_tenured: bool = True
    phone: str = ""


def _check(person: Person, by: Person) -> None:
    found = queries.member(by, person.pk)
    managed = by.reach().departement_ids_for(Permission.MANAGE_BRIGADE)
    if found is None or found.school.district.departement_id not in managed:
        raise Refusal("Cette personne n’est pas, ou plus, de la brigade que vous tenez.")


@transaction.atomic
def describe(*, person: Person, profile: Profile, by: Person) -> Substitute:
    """Write what is known of a substitute.

    Raises: Refusal if `by` does not manage that brigade, or if a level is both preferred and refused.
    """
    _check(person, by)
    if fault := rules.levels_fault(profile.preferred, profile.refused):
        raise Refusal(fault)
    row, _ = Substitute.objects.get_or_create(person=person)
    row.kind = profile.kind
    row.preferred, row.refused = levels_in_order(profile.preferred), levels_in_order(profile.refused)
    row.is_reserve, row.is_tenured, row.phone = profile.is_reserve, profile.is_tenured, profile.phone.strip()
    row.save()
    return row


@transaction.atomic
def withhold(
    *, person: Person, first: HalfDay, last: HalfDay, cause: Cause, note: str = "", by: Person
) -> Unavailability:
    """Write that a substitute can't be asked from one half-day to another, both included.

    Raises: Refusal if `by` does not manage that brigade, or if another period of theirs holds one of these half-days.
    """
    _check(person, by)
    half_days = rules.held(first, last)
    row = Unavailability.objects.create(
        person=person,
        cause=cause,
        starts_on=first.day,
        starts_half=first.half,
        ends_on=last.day,
        ends_half=last.half,
        note=note.strip(),
        written_by=by,
    )
    _hold(row, half_days)
    return row


def _hold(row: Unavailability, half_days: list[HalfDay]) -> None:
    held = [HeldHalfDay(unavailability=row, person_id=row.person_id, day=one.day, half=one.half) for one in half_days]
    try:
        with transaction.atomic():
            HeldHalfDay.objects.bulk_create(held, batch_size=500)
    except IntegrityError as error:
        raise Refusal(_overlap(row, half_days)) from error


def _overlap(row: Unavailability, half_days: list[HalfDay]) -> str:
    """Say which other period is in the way."""
    others = HeldHalfDay.objects.filter(
        person_id=row.person_id, day__range=(half_days[0].day, half_days[-1].day)
    ).exclude(unavailability=row)
    wanted = set(half_days)
    for other in others.select_related("unavailability").order_by("day", "half"):
        half_day = HalfDay(other.day, cast(Half, other.half))
        if half_day in wanted:
            when = planned_in_words(half_day, timezone.localdate())
            return f"Une autre indisponibilité tient déjà {when}\u00a0: {other.unavailability}."
    return "Une autre indisponibilité vient d’être notée sur cette période."


@transaction.atomic
def release(*, unavailability: Unavailability, by: Person) -> Unavailability:
    """Take a period back: the substitute is free again. Twice is as once."""
    _check(unavailability.person, by)
    if unavailability.removed_at is None:
        unavailability.half_days.all().delete()
        unavailability.removed_at = timezone.now()
        unavailability.save(update_fields=["removed_at"])
    return unavailability


@transaction.atomic
def restore(*, unavailability: Unavailability, by: Person) -> Unavailability:
    """Put a period back that was just taken away.

    Raises: Refusal if another one holds one of its half-days meanwhile.
    """
    _check(unavailability.person, by)
    if unavailability.removed_at is not None:
        _hold(unavailability, rules.held(unavailability.first, unavailability.last))
        unavailability.removed_at = None
        unavailability.save(update_fields=["removed_at"])
    return unavailability


# --- For a plan that is repaired: whoever calls has checked that one may ----------------------------------------------
def note_absence(*, person: Person, half_days: Sequence[HalfDay], by: Person) -> Unavailability | None:
    """Write that somebody can't come on half-days of one day; None when it was already written."""
    days = {one.day for one in half_days}
    known = HeldHalfDay.objects.filter(person=person, day__in=days).order_by("pk").values_list("day", "half")
    left = sorted(set(half_days) - {HalfDay(day, cast(Half, half)) for day, half in known})
    if not left:
        return None
    row = Unavailability.objects.create(
        person=person,
        cause=Cause.OTHER,
        starts_on=left[0].day,
        starts_half=left[0].half,
        ends_on=left[-1].day,
        ends_half=left[-1].half,
        written_by=by,
    )
    _hold(row, left)
    return row


def forget_absence(unavailability: Unavailability) -> None:
    """Take back what `note_absence` wrote."""
    unavailability.half_days.all().delete()
    Unavailability.objects.filter(pk=unavailability.pk, removed_at=None).update(removed_at=timezone.now())
