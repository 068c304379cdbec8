"""The programme of a day on paper."""

from __future__ import annotations

from collections.abc import Sequence

from circo.documents.letters import Report, Section, Sender
from circo.documents.rules import duration, hour, weekday
from events.models import SharingDay, Slot
from events.programme import queries

HEADER = ("Atelier", "Animé par", "Salle", "Places")


def programme(day: SharingDay) -> Report:
    """The programme of a day, moment by moment, with its workshops."""
    place = ", ".join(filter(None, (day.place_words, day.address)))
    return Report(
        heading=f"{day.title}, {weekday(day.on)}",
        summary="\n".join(filter(None, (day.theme, place, f"Durée\u00a0: {duration(day.duration_minutes)}"))),
        sections=tuple(_section(slot) for slot in queries.programme(day)),
        sender=Sender(subline=day.district.name),
    )


def _section(slot: Slot) -> Section:
    rows = _rows(slot)
    return Section(
        title=f"{hour(slot.starts)} – {hour(slot.ends)}\u00a0: {slot.title}",
        text=f"Salle\u00a0: {slot.where}" if slot.where else "",
        header=HEADER if rows else (),
        rows=tuple(rows),
    )


def _rows(slot: Slot) -> Sequence[tuple[str, str, str, str]]:
    return [(one.workshop.title, one.workshop.led_by, one.room, str(one.capacity)) for one in slot.sessions.all()]
