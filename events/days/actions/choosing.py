"""Choose the date of a day, and change what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from circo.errors import Refusal
from circo.hours.rules import Category, Counting
from circo.models import District, Person
from events.days import queries, rules
from events.days.actions.holding import (
    NOT_YOURS,
    check_open,
    hold_place,
    list_members,
    note_move,
    prepared,
    rank_of,
    same_date,
    tell_called,
    touch,
    year_of,
)
from events.days.rules import Hours
from events.models import SharingDay
from networks.models import ThirdPlace

DATE_SENT = (
    "Des convocations sont parties pour cette date. Annulez cette journée, puis choisissez-en une autre\u00a0: chaque "
    "convocation porte la date."
)


@dataclass(frozen=True)
class Wanted:
    """All that one says of a day. `sure`: that an unusual date is meant."""

    on: date
    title: str
    theme: str = ""
    words: str = ""
    place: ThirdPlace | None = None
    where: str = ""
    hours: Hours = Hours(rules.MORNING, rules.AFTERNOON)  # noqa: RUF009 (frozen)
    counting: Counting = Counting.NOT
    counted_minutes: int | None = None
    category: Category = Category.TRAINING_ANIMATION
    reference: str = ""
    meal: str = ""
    is_mission_order: bool = True
    costs_borne_by: str = ""
    sure: bool = False


@transaction.atomic
def choose(*, district: District, wanted: Wanted, by: Person) -> SharingDay:
    """Choose the date of a day, book its place, and list the members of the networks.

    Raises: Refusal if one does not prepare the days of that district, the date does not suit, or the year has all its
            days; ToConfirm for an unusual date; Taken if somebody has the place.
    """
    if not queries.districts_prepared_by(by).filter(pk=district.pk).exists():
        raise Refusal(NOT_YOURS)
    _check_date(district, wanted)
    year = year_of(wanted.on)
    day = SharingDay(district=district, created_by=by, school_year=year, rank=rank_of(district, year, wanted.on))
    _write(day, wanted)
    day.save()
    hold_place(day, wanted.place, by)
    list_members(day)
    note_move(day, by)
    return day


@transaction.atomic
def change(*, day: SharingDay, wanted: Wanted, by: Person) -> SharingDay:
    """Move a day, or correct what it says; its booking follows, and who is called is told of another date or place.

    Raises: Refusal if one does not prepare it, it is over, or the date does not suit; ToConfirm; Taken.
    """
    held = prepared(day, by)
    check_open(held)
    former, former_place = (held.on, held.hours), held.place_words
    if wanted.on != held.on:
        if held.convocations.filter(sent_at__isnull=False).exists():
            raise Refusal(DATE_SENT)
        _check_date(held.district, wanted)
        year = year_of(wanted.on)
        others = SharingDay.objects.standing().filter(district=held.district_id, on=wanted.on).exclude(pk=held.pk)
        if others.exists():
            raise Refusal(same_date(wanted.on))
        if year != held.school_year:
            held.rank = rank_of(held.district, year, wanted.on)
            held.school_year = year
    _check_programme(held, wanted.hours)
    _write(held, wanted)
    held.save()
    hold_place(held, wanted.place, by)
    if former != (held.on, held.hours) or former_place != held.place_words:
        touch(held)
        tell_called(held, by, "Journée des partages déplacée")
    return held


def _check_date(district: District, wanted: Wanted) -> None:
    on, today = wanted.on, timezone.localdate()
    calendar = queries.calendar_of(district, on, on)
    closed = [] if calendar.refusal(on) else queries.closed_schools(district, on)
    rules.check_date(on, calendar, closed, today=today, sure=wanted.sure)


def _check_programme(day: SharingDay, hours: Hours) -> None:
    """Refuse hours that would leave moments of the programme outside the day."""
    outside = Q(starts__lt=hours.morning[0]) | Q(ends__gt=hours.afternoon[1])
    one = day.programme.filter(outside).order_by("starts").first()
    if one is not None:
        raise Refusal(f"Le programme a un moment hors de ces heures\u00a0: {one.title}. Changez-le d’abord.")


def _write(day: SharingDay, wanted: Wanted) -> None:
    if not wanted.title.strip():
        raise Refusal("Donnez un titre à cette journée.")
    rules.check_hours(wanted.hours)
    day.on, day.title, day.theme, day.words = (
        wanted.on,
        wanted.title.strip(),
        wanted.theme.strip(),
        wanted.words.strip(),
    )
    day.place, day.where = wanted.place, wanted.where.strip()
    (day.morning_starts, day.morning_ends), (day.afternoon_starts, day.afternoon_ends) = (
        wanted.hours.morning,
        wanted.hours.afternoon,
    )
    day.counting, day.category = wanted.counting, wanted.category
    day.counted_minutes = wanted.counted_minutes if wanted.counting is Counting.PARTLY else None
    day.reference, day.meal = wanted.reference.strip(), wanted.meal.strip()
    day.is_mission_order, day.costs_borne_by = wanted.is_mission_order, wanted.costs_borne_by.strip()
