"""Reads of the pages of third places, and what they bring to the portal's search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from circo.models import Person
from circo.registries import CANCELLED_TOLD, CalendarEvent, Found
from circo.search import matching
from networks.models import BookedQuarter, Booking, MutualisationGroup, ThirdPlace
from networks.places import rules
from networks.places.rules import Slot, Span

DAYS_SHOWN = 7
UNDO_FOR = timedelta(minutes=30)  # how long a page offers to take back what was just done


def place_list(person: Person) -> QuerySet[ThirdPlace]:
    """The open places that the person sees, those of the own district first; `is_mine` says which."""
    own = ExpressionWrapper(Q(district_id__in=person.reach().district_ids), output_field=BooleanField())
    rows = ThirdPlace.objects.visible_to(person).open().select_related("district").annotate(is_mine=own)
    return rows.order_by("-is_mine", "name", "pk").fetch_mode(models.FETCH_RAISE)


def places(person: Person) -> QuerySet[ThirdPlace]:
    """The places whose page the person may open, closed ones too; `is_kept` says whether one keeps it."""
    kept = ThirdPlace.objects.editable_by(person).filter(pk=OuterRef("pk"))
    return ThirdPlace.objects.visible_to(person).select_related("district").annotate(is_kept=Exists(kept))


def own_bookings(person: Person) -> QuerySet[Booking]:
    """What one has booked and that is not over, the next first; what a meeting holds is on the page of the meeting."""
    mine = Booking.objects.editable_by(person).in_force().filter(booked_by=person, meeting=None)
    rows = mine.filter(ends_at__gte=timezone.now())
    return rows.select_related("place", "group").order_by("starts_at", "pk").fetch_mode(models.FETCH_RAISE)


def bookings(person: Person) -> QuerySet[Booking]:
    """The bookings that the person may change, with all that their page reads."""
    return Booking.objects.editable_by(person).select_related("place__district", "group", "booked_by")


def groups_to_book_for(person: Person) -> QuerySet[MutualisationGroup]:
    """The groups for which one may book: those of whose circle one is, and those that one manages."""
    circle = MutualisationGroup.objects.in_circle_of(person).order_by().values("pk")
    managed = MutualisationGroup.objects.editable_by(person).order_by().values("pk")
    return MutualisationGroup.objects.filter(Q(pk__in=circle) | Q(pk__in=managed)).order_by("name", "pk")


def taken_around(place: ThirdPlace, wished: Slot) -> set[datetime]:
    """The booked quarters of an hour among which another moment is looked for."""
    first, last = (wished.starts_at + timedelta(days=day) for day in (rules.LOOKED_AT[0] - 1, rules.LOOKED_AT[-1] + 1))
    rows = BookedQuarter.objects.filter(place=place, starts_at__range=(first, last)).order_by("starts_at")
    return set(rows.values_list("starts_at", flat=True))


# --- The week of a place ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Part:
    """A morning, an afternoon or an evening: when the place is open, and what is booked."""

    name: str
    spans: Sequence[Span]
    bookings: Sequence[Booking]


@dataclass(frozen=True)
class Day:
    on: date
    is_past: bool
    is_closed: bool
    parts: Sequence[Part]


@dataclass(frozen=True)
class Week:
    first: date
    days: Sequence[Day]

    @property
    def last(self) -> date:
        return self.first + timedelta(days=DAYS_SHOWN - 1)

    @property
    def former(self) -> date:
        return self.first - timedelta(days=DAYS_SHOWN)

    @property
    def next(self) -> date:
        return self.first + timedelta(days=DAYS_SHOWN)


PARTS = (
    ("Matin", time.min, rules.NOON),
    ("Après-midi", rules.NOON, rules.EVENING),
    ("Soir", rules.EVENING, time.max),
)


def week_of(place: ThirdPlace, person: Person, on: date) -> Week:
    """The week of a place that holds a day. Of a booking, `is_told` says that one reads what for, `is_own` that one
    may change it, `meeting_key` of which meeting it is."""
    first = on - timedelta(days=on.weekday())
    starts_at = timezone.make_aware(datetime.combine(first, time.min))
    ends_at = timezone.make_aware(datetime.combine(first + timedelta(days=DAYS_SHOWN), time.min))
    same = Booking.objects.filter(pk=OuterRef("pk"))
    rows = (
        Booking.objects.visible_to(person)
        .in_force()
        .filter(place=place, starts_at__gte=starts_at, starts_at__lt=ends_at)
        .select_related("booked_by", "group")
        .annotate(
            is_told=Exists(same.filter(pk__in=Booking.objects.told_to(person).order_by().values("pk"))),
            meeting_key=F("meeting"),
            is_own=Exists(same.filter(pk__in=Booking.objects.editable_by(person).order_by().values("pk"))),
        )
        .order_by("starts_at", "pk")
        .fetch_mode(models.FETCH_RAISE)
    )
    found, asked = list(rows), place.asked
    return Week(first, [_day(first + timedelta(days=number), asked, found) for number in range(DAYS_SHOWN)])


def _day(on: date, asked: rules.Place, found: Sequence[Booking]) -> Day:
    closed = bool(asked.closed_on and on >= asked.closed_on)
    spans = () if closed else asked.opening.get(on.weekday(), ())
    today = [booking for booking in found if booking.slot.starts_at.date() == on]
    parts = [
        Part(
            name,
            [Span(max(span.opens, first), min(span.closes, last)) for span in spans if _cross(span, first, last)],
            [booking for booking in today if first <= booking.slot.starts_at.time() < last],
        )
        for name, first, last in PARTS
    ]
    return Day(on, on < timezone.localdate(), not spans and not today, parts)


def _cross(span: Span, first: time, last: time) -> bool:
    return span.opens < last and first < span.closes


def search_places(person: Person, text: str, most: int) -> list[Found]:
    """The third places that the person sees and whose name or address holds these words."""
    rows = ThirdPlace.objects.visible_to(person).open().select_related("district")
    found = matching(rows, ("folded",), text, most)
    return [Found(row.name, row.address or "en ligne", reverse("networks:place_page", args=[row.pk])) for row in found]


def events_of(person: Person, since: date) -> list[CalendarEvent]:
    """What one has booked, for the agenda and the other calendars; what a meeting holds comes with the meeting."""
    from_at = timezone.make_aware(datetime.combine(since, time.min))
    own = Booking.objects.filter(booked_by=person, meeting=None, ends_at__gte=from_at)
    lately = Q(cancelled_at=None) | Q(cancelled_at__gt=timezone.now() - CANCELLED_TOLD)
    return [_event(booking) for booking in own.filter(lately).select_related("place").order_by("starts_at", "pk")]


def _event(booking: Booking) -> CalendarEvent:
    """What for is typed by people: it stays here."""
    page = reverse("networks:place_page", args=[booking.place_id], query={"semaine": booking.slot.starts_at.date()})
    return CalendarEvent(
        uid=f"booking-{booking.pk}",
        sequence=booking.sequence,
        starts_at=booking.slot.starts_at,
        ends_at=booking.slot.ends_at,
        title=f"Réservation\u00a0: {booking.place.name}",
        place=booking.place.address,
        url=page,
        cancelled=booking.cancelled_at is not None,
        updated_at=booking.updated_at,
    )
