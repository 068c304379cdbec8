"""Pure rules of meetings: the life of one, which days and moments suit, what a poll says, what a presence is worth.

Source: docs/decisions/0023-third-places-and-meetings.md
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from fractions import Fraction

from circo.calendar.rules import HalfDay, days_between
from circo.documents.rules import weekday
from circo.errors import Refusal
from circo.moves import Life
from networks.places.rules import EVENING, NOON, Slot

TITLE_MAX, WHERE_MAX = 120, 200  # characters
TEXT_MAX = 20_000
OPTIONS_MAX = 20  # of one poll
PROPOSED_MOST = 60
DOCUMENTS_MAX = 20  # of one meeting
LENGTH_MAX = timedelta(hours=10)
AHEAD_MAX = timedelta(days=400)
SCAN_MARGIN = timedelta(minutes=15)  # before and after the hours of a meeting
REMINDED_DAYS = (2, 1)  # before a meeting
SUNDAY, SATURDAY = 6, 5
MEETS = "Une rencontre"  # why somebody is taken: of a group or of a mentor, which is theirs to tell
MORNING_AT, AFTERNOON_AT = time(9), time(14)


class MeetingState(StrEnum):
    POLLING = "POLLING"
    PLANNED = "PLANNED"
    HELD = "HELD"
    CANCELLED = "CANCELLED"


STATE_LABELS = {
    MeetingState.POLLING: "date à trouver",
    MeetingState.PLANNED: "prévue",
    MeetingState.HELD: "tenue",
    MeetingState.CANCELLED: "annulée",
}
LIFE = Life(
    ways={
        MeetingState.POLLING: {MeetingState.PLANNED, MeetingState.CANCELLED},
        MeetingState.PLANNED: {MeetingState.HELD, MeetingState.CANCELLED},
        MeetingState.HELD: {MeetingState.PLANNED, MeetingState.CANCELLED},
        MeetingState.CANCELLED: {MeetingState.POLLING, MeetingState.PLANNED},  # it comes back to what it was
    },
    says={
        MeetingState.POLLING: "La date de cette rencontre n’est pas encore choisie.",
        MeetingState.PLANNED: "Cette rencontre est déjà prévue.",
        MeetingState.HELD: "Cette rencontre a déjà eu lieu.",
        MeetingState.CANCELLED: "Cette rencontre est annulée.",
    },
)


class Choice(StrEnum):
    YES = "YES"
    IF_NEEDED = "IF_NEEDED"
    NO = "NO"


CHOICE_LABELS = {Choice.YES: "oui", Choice.IF_NEEDED: "si besoin", Choice.NO: "non"}


class Presence(StrEnum):
    PRESENT = "PRESENT"
    ABSENT = "ABSENT"
    EXCUSED = "EXCUSED"


PRESENCE_LABELS = {Presence.PRESENT: "présent·e", Presence.ABSENT: "absent·e", Presence.EXCUSED: "excusé·e"}


class Way(StrEnum):
    """How a presence came to be known."""

    SCAN = "SCAN"
    LIST = "LIST"
    SELF = "SELF"


WAY_LABELS = {Way.SCAN: "code scanné", Way.LIST: "liste", Way.SELF: "dit par la personne"}


class ToConfirm(Refusal):
    """A day that is unusual, not forbidden: asked again, and taken once it is confirmed."""


# --- Which days -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Calendar:
    """What the ground says of the days of a group."""

    first_day: date | None  # of the school years that the platform knows
    last_day: date | None
    public: Mapping[date, str]
    holidays: Mapping[date, str]

    def refusal(self, on: date) -> str:
        """Why nobody meets on that day, in French; empty if one may."""
        if self.first_day is None or self.last_day is None or not self.first_day <= on <= self.last_day:
            return _outside(on, self.first_day, self.last_day)
        if name := self.public.get(on):
            return f"Le {weekday(on)} est férié ({name}). Choisissez un autre jour."
        if on.weekday() == SUNDAY:
            return f"Le {weekday(on).removeprefix('dimanche ')} est un dimanche. Choisissez un autre jour."
        return ""

    def doubt(self, on: date) -> str:
        """Why one may wonder about that day, in French; empty for an ordinary one."""
        name = self.holidays.get(on)
        return f"Le {weekday(on)} est pendant les vacances ({name})." if name else ""


def _outside(on: date, first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return "Aucune année scolaire n’est ouverte sur la plateforme."
    return (
        f"Le {weekday(on)} n’est dans aucune année scolaire ouverte sur la plateforme\u00a0: choisissez un jour du "
        f"{weekday(first)} au {weekday(last)}."
    )


def check_day(on: date, calendar: Calendar, *, sure: bool = False) -> None:
    """Refuse a day on which nobody meets; ask to confirm one of the school holidays.

    Raises: Refusal; ToConfirm.
    """
    if words := calendar.refusal(on):
        raise Refusal(words)
    if not sure and (words := calendar.doubt(on)):
        raise ToConfirm(f"{words} Si c’est voulu, confirmez-le plus bas.")


def check_slot(slot: Slot) -> None:
    """Refuse hours that no meeting has.

    Raises: Refusal.
    """
    if slot.ends_at <= slot.starts_at:
        raise Refusal("La fin vient après le début.")
    if slot.starts_at.date() != slot.ends_at.date() or slot.length > LENGTH_MAX:
        raise Refusal("Une rencontre dure dix heures au plus, dans la même journée.")
    if any(at.minute % 15 or at.second or at.microsecond for at in (slot.starts_at, slot.ends_at)):
        raise Refusal("Choisissez des quarts d’heure\u00a0: 17 h, 17 h 15, 17 h 30…")


def half_days(slot: Slot) -> list[HalfDay]:
    """The half-days that a meeting takes; an evening is none: a class is not taught then."""
    on = slot.starts_at.date()
    found: list[HalfDay] = []
    if slot.starts_at.time() < NOON:
        found.append(HalfDay(on, "AM"))
    if slot.starts_at.time() < EVENING and slot.ends_at.time() > NOON:
        found.append(HalfDay(on, "PM"))
    return found


# --- Which moments may be proposed ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Candidate:
    """A moment at which a group could meet: who is taken then, and whether some of them have class."""

    slot: Slot
    taken: Sequence[str] = ()  # names
    teaching: int = 0  # members whose school has class then

    @property
    def is_free(self) -> bool:
        return not self.taken and not self.teaching


def moments(first: date, last: date, length: timedelta, calendar: Calendar, zone: tzinfo) -> Iterator[Slot]:
    """The ordinary moments of the days on which one meets: nine o'clock, two o'clock, and the evening from five."""
    for on in days_between(first, last):
        if calendar.refusal(on) or calendar.doubt(on):
            continue
        starts = (MORNING_AT,) if on.weekday() == SATURDAY else (MORNING_AT, AFTERNOON_AT, EVENING)
        for at in starts:
            starts_at = datetime.combine(on, at, zone)
            yield Slot(starts_at, starts_at + length)


# --- What a poll says -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Tally:
    """What was answered for one moment."""

    slot: Slot
    yes: int
    if_needed: int
    no: int
    asked: int  # people who were asked

    @property
    def coming(self) -> int:
        return self.yes + self.if_needed


def best(tallies: Collection[Tally]) -> Tally | None:
    """The moment that suits most: who can come at all, then who can easily, then the sooner. None if nobody can."""
    able = [tally for tally in tallies if tally.coming]
    return max(able, key=lambda tally: (tally.coming, tally.yes, -tally.slot.starts_at.timestamp()), default=None)


def explained(tally: Tally) -> str:
    """Say why a moment suits most."""
    people = "personne peut" if tally.coming == 1 else "personnes peuvent"
    needed = f", dont {tally.if_needed} si besoin" if tally.if_needed else ""
    silent = tally.asked - tally.coming - tally.no
    waiting = f"\u00a0; {silent} n’{'a' if silent == 1 else 'ont'} pas encore répondu" if silent > 0 else ""
    first = f"{tally.coming} {people} venir sur {tally.asked}{needed}{waiting}"
    return f"{str(tally.slot).capitalize()} convient le mieux\u00a0: {first}."


# --- Presence ---------------------------------------------------------------------------------------------------------
def is_scanned_now(slot: Slot, now: datetime) -> bool:
    """Tell whether one may sign for a meeting: during its hours, and some minutes around."""
    return slot.starts_at - SCAN_MARGIN <= now <= slot.ends_at + SCAN_MARGIN


def attended_share(minutes: int | None, slot: Slot) -> Fraction:
    """The share of a meeting that somebody attended; without minutes, all of it.

    Units:  minutes.
    """
    if minutes is None:
        return Fraction(1)
    return min(Fraction(1), Fraction(max(minutes, 0) * 60, int(slot.length.total_seconds())))
