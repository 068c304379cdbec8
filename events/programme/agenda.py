"""One's workshops on the agenda and in the calendars that follow it: where one sits, and those that one leads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Q
from django.urls import reverse

from circo.models import Person
from circo.registries import CalendarEvent
from events.days.rules import DayState
from events.models import Convocation, Slot, WorkshopSeat, WorkshopSession
from events.programme.rules import SlotKind

SITS, LEADS = "Atelier de la journée des partages", "J’anime un atelier de la journée des partages"


def events_of(person: Person, since: date) -> list[CalendarEvent]:
    """The moments of workshops of the days to which one is called, or at which one leads. Four queries.

    Once seats are given, a moment at which one is expected and has none is given as called off: calendars then take it
    away. What the team wrote of a workshop stays on the platform; its room goes with it.
    """
    sessions = WorkshopSession.objects.standing().filter(slot__day__on__gte=since).select_related("workshop")
    led = {one.slot_id: one for one in sessions.filter(workshop__facilitators=person).order_by("pk")}
    mine = {one.day_id: one for one in Convocation.objects.of(person).filter(day__on__gte=since).order_by("pk")}
    of_mine = Q(day__in=mine) | Q(pk__in=led)
    slots = Slot.objects.filter(of_mine, kind=SlotKind.WORKSHOPS, day__programme_at__isnull=False)
    seats = WorkshopSeat.objects.filter(convocation__person=person, slot__day__on__gte=since).select_related("session")
    sits = {one.slot_id: one.session for one in seats.order_by("pk")}
    rows = slots.select_related("day__place").order_by("day__on", "starts", "pk")
    return [
        _event(slot, mine.get(slot.day_id), led, sits)
        for slot in rows
        if slot.pk in {*led, *sits} or _is_missing(slot, mine[slot.day_id])
    ]


def _is_missing(slot: Slot, mine: Convocation) -> bool:
    """Whether one is expected at a moment whose seats are given."""
    return slot.day.assigned_at is not None and slot.half in mine.halves


def _event(
    slot: Slot,
    mine: Convocation | None,
    led: Mapping[int, WorkshopSession],
    sits: Mapping[int, WorkshopSession],
) -> CalendarEvent:
    day, leads = slot.day, slot.pk in led
    held = led.get(slot.pk) or sits.get(slot.pk)
    return CalendarEvent(
        uid=f"workshop-{slot.pk}",
        sequence=day.sequence + (mine.sequence if mine else 0),
        starts_at=day.instant(slot.starts),
        ends_at=day.instant(slot.ends),
        title=LEADS if leads else SITS,
        place=", ".join(filter(None, (held.room if held else "", day.place_words, day.address))),
        url=reverse("events:day_page", args=[day.pk]) + "#ateliers",
        cancelled=held is None or day.state in (DayState.DRAFT, DayState.CANCELLED),
        updated_at=max(day.updated_at, mine.updated_at) if mine else day.updated_at,
    )
