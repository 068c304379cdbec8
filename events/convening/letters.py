"""The letters of a sharing day: convocations and mission orders, filled with what is known of each person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from circo.documents.letters import Addressee, Convocation, MissionOrder, Sender
from circo.documents.rules import NO_BREAK, duration, hour, weekday
from circo.hours.rules import Counting
from circo.models import Person
from events.convening import queries
from events.convening.queries import Line
from events.models import SharingDay
from events.plans import queries as plans
from events.programme import queries as programme

QUALITY = "Inspection de l’Éducation nationale"


@dataclass(frozen=True)
class Context:
    """What all the letters of a day share."""

    day: SharingDay
    sender: Sender
    cover: Mapping[int, str]
    followed_by: str
    programme: tuple[tuple[str, str], ...] = ()
    leaders: tuple[str, ...] = ()


def sender_of(day: SharingDay) -> Sender:
    """Who signs the letters of a day."""
    inspector = queries.inspector_of(day)
    return Sender(subline=day.district.name, signatory=str(inspector or ""), quality=QUALITY if inspector else "")


def context_of(day: SharingDay, by: Person) -> Context:
    """Read once what all the letters of a day say."""
    shown = programme.is_shown(day)
    moments = tuple(programme.lines(programme.programme(day))) if shown else ()
    leaders = tuple(programme.leaders(day)) if shown else ()
    return Context(day, sender_of(day), plans.cover(day), str(by), moments, leaders)


def convocations(day: SharingDay, lines: Iterable[Line], by: Person) -> list[Convocation]:
    """The convocation of each person."""
    shared = context_of(day, by)
    return [_convocation(line, shared) for line in lines]


def _convocation(line: Line, shared: Context) -> Convocation:
    day, held = shared.day, line.convocation
    return Convocation(
        addressee=_addressee(line),
        subject=day.title,
        slots=day.slots,
        place=day.place_words or "lieu à préciser",
        address=day.address,
        programme=shared.programme,
        trainers=shared.leaders,
        access=day.place.access_notes if day.place is not None else "",
        reference=day.reference,
        followed_by=shared.followed_by,
        through=f"la direction, {line.school.name}" if line.school else "",
        is_mission_order=day.is_mission_order,
        costs_borne_by=day.costs_borne_by,
        hours=hours_in_words(day),
        is_replaced=True if line.person.pk in shared.cover else None,
        substitute=shared.cover.get(line.person.pk, ""),
        meal=day.meal,
        reply_by=day.reply_by,
        reply_to="l’inspection, par la page «\u00a0À faire\u00a0» de la plateforme",
        sender=shared.sender,
        written_on=timezone.localdate(held.sent_at) if held.sent_at else timezone.localdate(),
        code=held.document.code if held.document is not None else "",
    )


def mission_orders(day: SharingDay, lines: Iterable[Line], by: Person) -> list[MissionOrder]:
    """The mission order of each person, apart from the convocation."""
    shared = context_of(day, by)
    return [_mission_order(line, shared) for line in lines]


def _mission_order(line: Line, shared: Context) -> MissionOrder:
    day = shared.day
    on, town = weekday(day.on), f", de {line.school.commune}" if line.school else ""
    return MissionOrder(
        name=str(line.person),
        grade=line.quality,
        subject=day.title,
        places=(", ".join(filter(None, (day.place_words or "lieu à préciser", day.address))),),
        leaves=f"{on}, pour {hour(day.morning_starts)}{town}",
        returns=f"{on}, après {hour(day.afternoon_ends)}",
        administrative_residence=line.school_name,
        costs_borne_by=day.costs_borne_by,
        reference=day.reference,
        sender=shared.sender,
        written_on=timezone.localdate(),
    )


def _addressee(line: Line) -> Addressee:
    school = line.school
    return Addressee(
        name=str(line.person),
        quality=line.quality,
        school=school.name if school else "",
        uai=school.uai if school else "",
        address=school.commune if school else "",
    )


def hours_in_words(day: SharingDay) -> str:
    """Say how long a day lasts, and what it counts for."""
    lasts = duration(day.duration_minutes)
    if day.counting == Counting.NOT:
        return f"{lasts}, sur le temps de classe, hors des 108{NO_BREAK}heures"
    if day.counting == Counting.PARTLY and day.counted_minutes:
        return f"{lasts}, dont {duration(day.counted_minutes)} dans les 18{NO_BREAK}heures"
    return f"{lasts}, dans les 18{NO_BREAK}heures"
