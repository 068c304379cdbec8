"""Pure rules of third places: when one is open, what may be booked, and which moments are still free.

Instants are aware and local: a place opens at eight o'clock where it stands, whatever the season.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from circo.documents.rules import hour
from circo.errors import Refusal
from circo.rules import DAYS, MONTHS

QUARTER = timedelta(minutes=15)
AHEAD_MAX = timedelta(days=400)
PURPOSE_MAX = 200  # characters
PEOPLE_MAX = 1000
NOON, EVENING = time(12), time(17)
LOOKED_AT = range(-7, 22)  # days around the moment that was wished, among which free ones are looked for
PROPOSED_MOST = 3

_TIME = re.compile(r"(\d{1,2})\s*(?:h|:)\s*(\d{2})?")
_SPAN = re.compile(rf"{_TIME.pattern}\s*(?:-|–|—|à)\s*{_TIME.pattern}")
_BETWEEN_SPANS = re.compile(r"[\s,;:]|\bet\b|\bde\b")
_BETWEEN_DAYS = re.compile(r"[\s,;:]|\b(?:et|le|les|du|de)\b")
HOW_TO_SAY = (
    "Écrivez un jour, ou plusieurs, par ligne. Par exemple\u00a0: «\u00a0lundi au vendredi\u00a0: 8 h 30 – 18 h\u00a0»."
)


class PlaceKind(StrEnum):
    PHYSICAL = "PHYSICAL"
    DIGITAL = "DIGITAL"


class Equipment(StrEnum):
    SCREEN = "SCREEN"
    VISIO = "VISIO"
    WIFI = "WIFI"
    TABLETS = "TABLETS"
    BOARD = "BOARD"
    MODULAR = "MODULAR"
    KITCHEN = "KITCHEN"
    STEP_FREE = "STEP_FREE"
    PARKING = "PARKING"


EQUIPMENT_WORDS = {
    Equipment.SCREEN: "écran ou vidéoprojecteur",
    Equipment.VISIO: "visioconférence",
    Equipment.WIFI: "Wi-Fi",
    Equipment.TABLETS: "tablettes ou ordinateurs",
    Equipment.BOARD: "tableau",
    Equipment.MODULAR: "tables que l’on déplace",
    Equipment.KITCHEN: "coin repas",
    Equipment.STEP_FREE: "accès de plain-pied",
    Equipment.PARKING: "stationnement",
}


@dataclass(frozen=True, order=True)
class Span:
    """Some hours of a day."""

    opens: time
    closes: time

    def __str__(self) -> str:
        return f"de {hour(self.opens)} à {hour(self.closes)}"


type Opening = Mapping[int, Sequence[Span]]  # by the number of the day, Monday first
ALWAYS: Opening = dict.fromkeys(range(7), (Span(time(7), time(22)),))  # where nothing is said


@dataclass(frozen=True)
class Place:
    """What the rules ask of a place."""

    opening: Opening
    capacity: int | None = None  # people
    closed_on: date | None = None  # from that day on


@dataclass(frozen=True, order=True)
class Slot:
    """A moment that somebody wishes, or that is free."""

    starts_at: datetime
    ends_at: datetime

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    def __str__(self) -> str:
        on = self.starts_at.date()
        number = "1er" if on.day == 1 else on.day
        day = f"{DAYS[on.weekday()]} {number} {MONTHS[on.month - 1]}"
        return f"le {day} {self.hours}"

    @property
    def hours(self) -> str:
        """Its hours alone, in words."""
        return str(Span(self.starts_at.time(), self.ends_at.time()))


# --- Opening hours ----------------------------------------------------------------------------------------------------
def opening_of(text: str) -> Opening:
    """Read opening hours as people write them, one or several days a line. Nothing written: every day, 7 h to 22 h.

    Raises: Refusal for a line that says no day, no hours, or hours that cross.
    """
    lines = [line.strip() for line in text.lower().replace("\u00a0", " ").replace("\u202f", " ").splitlines()]
    found: dict[int, list[Span]] = {}
    for line in filter(None, lines):
        days, spans = _line(line)
        for day in days:
            found.setdefault(day, []).extend(spans)
    for day, spans in found.items():
        spans.sort()
        if any(one.closes > other.opens for one, other in pairwise(spans)):
            raise Refusal(f"Les heures du {DAYS[day]} se recouvrent.")
    return found or ALWAYS


def _line(line: str) -> tuple[list[int], list[Span]]:
    first = re.search(r"\d", line)
    if first is None:
        raise Refusal(f"La ligne «\u00a0{line}\u00a0» ne dit pas d’heures. {HOW_TO_SAY}")
    return _days(line[: first.start()], line), _spans(line[first.start() :], line)


def _days(text: str, line: str) -> list[int]:
    if "tous les jours" in text:
        return list(range(7))
    found: list[int] = []
    words = [word for word in _BETWEEN_DAYS.split(text) if word]
    for place, word in enumerate(words):
        if word in ("au", "à") and found and place + 1 < len(words) and words[place + 1] in DAYS:
            last, day = DAYS.index(words[place + 1]), found[-1]
            while (day := (day + 1) % 7) != last:  # « samedi au lundi »
                found.append(day)
        elif word in DAYS:
            found.append(DAYS.index(word))
        elif place + 1 == len(words) and word == "à" and found:
            continue  # « lundi, à 8 h »
        else:
            raise Refusal(f"La ligne «\u00a0{line}\u00a0» commence par un jour que je ne connais pas. {HOW_TO_SAY}")
    if not found:
        raise Refusal(f"La ligne «\u00a0{line}\u00a0» ne dit pas de jour. {HOW_TO_SAY}")
    return list(dict.fromkeys(found))


def _spans(text: str, line: str) -> list[Span]:
    if _BETWEEN_SPANS.sub("", _SPAN.sub("", text)):
        raise Refusal(f"Les heures de la ligne «\u00a0{line}\u00a0» ne se lisent pas. {HOW_TO_SAY}")
    spans = [Span(_time(match[1], match[2]), _time(match[3], match[4])) for match in _SPAN.finditer(text)]
    if any(span.opens >= span.closes for span in spans):
        raise Refusal(f"À la ligne «\u00a0{line}\u00a0», la fermeture vient après l’ouverture.")
    return spans


def _time(hours: str, minutes: str | None) -> time:
    if int(hours) > 23 or int(minutes or 0) % 15 or int(minutes or 0) > 45:
        raise Refusal("Écrivez des heures au quart d’heure près, jusqu’à 23 h 45.")
    return time(int(hours), int(minutes or 0))


# --- What may be booked -----------------------------------------------------------------------------------------------
def quarters(slot: Slot) -> list[datetime]:
    """The quarters of an hour that a slot takes, in order."""
    count = -(-slot.length // QUARTER)
    return [slot.starts_at + QUARTER * number for number in range(count)]


def check_slot(slot: Slot, place: Place, *, now: datetime) -> None:
    """Refuse a slot that nobody could book, whoever else did.

    Raises: Refusal, in the order in which one would say it.
    """
    if slot.ends_at <= slot.starts_at:
        raise Refusal("La fin vient après le début.")
    if slot.starts_at.date() != slot.ends_at.date():
        raise Refusal("Une réservation tient dans une journée. Pour plusieurs jours, réservez chacun d’eux.")
    if any(at.minute % 15 or at.second or at.microsecond for at in (slot.starts_at, slot.ends_at)):
        raise Refusal("Choisissez des quarts d’heure\u00a0: 9 h, 9 h 15, 9 h 30…")
    if slot.starts_at < now:
        raise Refusal("Ce moment est déjà passé. Choisissez-en un autre.")
    if slot.starts_at > now + AHEAD_MAX:
        raise Refusal("On réserve au plus un an à l’avance.")
    _check_open(slot, place)


def check_people(people: int, place: Place) -> None:
    """Refuse more people than a place holds.

    Raises: Refusal.
    """
    if people < 1:
        raise Refusal("Indiquez au moins une personne.")
    if place.capacity is not None and people > place.capacity:
        raise Refusal(f"Ce lieu accueille {place.capacity} personnes au plus.")


def _check_open(slot: Slot, place: Place) -> None:
    on = slot.starts_at.date()
    if place.closed_on and on >= place.closed_on:
        number = "1er" if place.closed_on.day == 1 else place.closed_on.day
        since = f"{number} {MONTHS[place.closed_on.month - 1]} {place.closed_on.year}"
        raise Refusal(f"Ce lieu est fermé à partir du {since}. Choisissez un autre jour, ou un autre lieu.")
    if is_open(slot, place):
        return
    spans = place.opening.get(on.weekday(), ())
    name = DAYS[on.weekday()]
    if not spans:
        raise Refusal(f"Ce lieu n’ouvre pas le {name}.")
    raise Refusal(f"Le {name}, ce lieu ouvre {' et '.join(map(str, spans))}.")


def is_open(slot: Slot, place: Place) -> bool:
    """Tell whether the place is open all along the slot."""
    on = slot.starts_at.date()
    if place.closed_on and on >= place.closed_on:
        return False
    spans = place.opening.get(on.weekday(), ())
    return any(span.opens <= slot.starts_at.time() and slot.ends_at.time() <= span.closes for span in spans)


# --- What is free -----------------------------------------------------------------------------------------------------
def nearest_free(
    wished: Slot, place: Place, taken: Collection[datetime], *, now: datetime, most: int = PROPOSED_MOST
) -> list[Slot]:
    """The free slots of the same length that are nearest to the wished one, in order of time; none crosses another.

    `taken` are the quarters of an hour that are booked around it.
    """
    free = [slot for slot in _candidates(wished, place, now) if not any(at in taken for at in quarters(slot))]
    free.sort(key=lambda slot: (abs(slot.starts_at - wished.starts_at), slot.starts_at))
    chosen: list[Slot] = []
    for slot in free:
        if all(slot.ends_at <= one.starts_at or one.ends_at <= slot.starts_at for one in chosen):
            chosen.append(slot)
        if len(chosen) == most:
            break
    return sorted(chosen)


def _candidates(wished: Slot, place: Place, now: datetime) -> Iterator[Slot]:
    zone = wished.starts_at.tzinfo
    for days in LOOKED_AT:
        on = wished.starts_at.date() + timedelta(days=days)
        if place.closed_on and on >= place.closed_on:
            continue
        for span in place.opening.get(on.weekday(), ()):
            starts_at, closes_at = datetime.combine(on, span.opens, zone), datetime.combine(on, span.closes, zone)
            while starts_at + wished.length <= closes_at:
                if starts_at >= now:
                    yield Slot(starts_at, starts_at + wished.length)
                starts_at += QUARTER


def taken_in_words(free: Sequence[Slot]) -> str:
    """Say that a place is taken, and what is free near by."""
    if not free:
        return "Ce lieu est déjà réservé à ce moment, et rien d’aussi long n’est libre dans les trois semaines."
    listed = [str(slot) for slot in free]
    words = listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])}, ou {listed[-1]}"
    return f"Ce lieu est déjà réservé à ce moment. Il est libre {words}."
