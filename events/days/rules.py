"""Pure rules of sharing days: the life of one, which dates suit, why a date does not.

Source: docs/decisions/0028-sharing-days.md
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from circo.calendar.rules import FRIDAY, Half
from circo.documents.rules import weekday
from circo.errors import Refusal
from circo.french import of
from circo.moves import Life
from networks.meetings.rules import Calendar, ToConfirm

TITLE_MAX, THEME_MAX, WHERE_MAX, SHORT_MAX = 120, 200, 200, 160  # characters
TEXT_MAX = 10_000
DAYS_A_YEAR, DAYS_A_YEAR_MOST = 2, 6
LEAVING_PERCENT = 50  # of the teachers of one school, away at once
NOTICE = timedelta(weeks=2)  # for the substitutes, and for who is called
WINTER = (12, 1, 2)  # months in which sick leaves take the substitutes
PERIOD_DAYS_MOST = 366  # among which dates are looked for
NAMED_MOST = 3  # schools: beyond, their number says enough
MORNING, AFTERNOON = (time(9), time(12)), (time(13, 30), time(16, 30))
A_DAY = timedelta(days=1)


class DayState(StrEnum):
    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    HELD = "HELD"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


STATE_LABELS = {
    DayState.DRAFT: "en préparation",
    DayState.PUBLISHED: "annoncée",
    DayState.HELD: "a eu lieu",
    DayState.CLOSED: "close",
    DayState.CANCELLED: "annulée",
}
LIFE = Life(
    ways={
        DayState.DRAFT: {DayState.PUBLISHED, DayState.CANCELLED},
        DayState.PUBLISHED: {DayState.DRAFT, DayState.HELD, DayState.CANCELLED},
        DayState.HELD: {DayState.PUBLISHED, DayState.CLOSED},
        DayState.CLOSED: {DayState.HELD},
        DayState.CANCELLED: {DayState.DRAFT, DayState.PUBLISHED},  # it comes back to what it was
    },
    says={
        DayState.DRAFT: "Cette journée n’est pas encore annoncée.",
        DayState.PUBLISHED: "Cette journée est déjà annoncée.",
        DayState.HELD: "Cette journée a déjà eu lieu.",
        DayState.CLOSED: "Cette journée est close.",
        DayState.CANCELLED: "Cette journée est annulée.",
    },
)
SHOWN = (DayState.PUBLISHED, DayState.HELD, DayState.CLOSED, DayState.CANCELLED)  # to those who do not prepare it
OPEN = (DayState.DRAFT, DayState.PUBLISHED)  # what may still be changed of it
ON_GOING = (DayState.PUBLISHED, DayState.HELD)


@dataclass(frozen=True)
class Hours:
    """The hours of a day, half by half."""

    morning: tuple[time, time]
    afternoon: tuple[time, time]

    def of(self, half: Half) -> tuple[time, time]:
        return self.morning if half == "AM" else self.afternoon

    def minutes(self, half: Half) -> int:
        starts, ends = self.of(half)
        return (ends.hour - starts.hour) * 60 + ends.minute - starts.minute


def check_hours(hours: Hours) -> None:
    """Refuse hours that cross, or that are not quarters.

    Raises: Refusal.
    """
    ends = (*hours.morning, *hours.afternoon)
    if any(at.minute % 15 or at.second for at in ends):
        raise Refusal("Choisissez des quarts d’heure\u00a0: 9 h, 9 h 15, 9 h 30…")
    if not ends[0] < ends[1] <= ends[2] < ends[3]:
        raise Refusal("La matinée vient avant l’après-midi, et chacune finit après son début.")


# --- Which dates suit -------------------------------------------------------------------------------------------------
def is_bridge(on: date, public: Collection[date]) -> bool:
    """Tell whether a working day stands alone between a public holiday and a week-end: many are away."""
    before, after = on - A_DAY, on + A_DAY
    return (before in public and after.weekday() > FRIDAY) or (before.weekday() > FRIDAY and after in public)


def notice_ends(today: date) -> date:
    """The first day that leaves two weeks to the substitutes."""
    return today + NOTICE


def check_date(on: date, calendar: Calendar, closed: Sequence[str], *, today: date, sure: bool = False) -> None:
    """Refuse a date on which there can be no sharing day; ask to confirm one that is unusual.

    `closed`: the schools concerned that have no class that day, in the morning or in the afternoon.
    Raises: Refusal; ToConfirm.
    """
    if on < today:
        raise Refusal(f"Le {weekday(on)} est déjà passé. Choisissez un jour à venir.")
    if words := calendar.refusal(on):
        raise Refusal(words)
    if name := calendar.holidays.get(on):
        raise Refusal(f"Le {weekday(on)} est pendant les vacances ({name}). Choisissez un jour de classe.")
    doubts = date_doubts(on, calendar, closed, today=today)
    if doubts and not sure:
        raise ToConfirm(f"{' '.join(doubts)} Si c’est voulu, confirmez-le plus bas.")


def date_doubts(on: date, calendar: Calendar, closed: Sequence[str], *, today: date) -> list[str]:
    """Why one may wonder about a date, one sentence a reason."""
    found = []
    if on < notice_ends(today):
        found.append(
            f"Le {weekday(on)} est dans moins de deux semaines\u00a0: c’est court pour trouver des remplaçants."
        )
    if is_bridge(on, calendar.public):
        found.append(f"Le {weekday(on)} fait le pont avec un jour férié.")
    if closed:
        found.append(closed_in_words(on, closed))
    return found


def closed_in_words(on: date, closed: Sequence[str]) -> str:
    """Say which schools have no class on a day."""
    if len(closed) > NAMED_MOST:
        return f"Le {weekday(on)}, {len(closed)}\u00a0écoles n’ont pas classe toute la journée."
    verb = "n’a" if len(closed) == 1 else "n’ont"
    return f"Le {weekday(on)}, {' et '.join(closed)} {verb} pas classe toute la journée."


def free_rank(taken: Collection[int], days_a_year: int, year: str) -> int:
    """The number that a new day takes among those of its year.

    Raises: Refusal once the year has all its days.
    """
    rank = next((number for number in range(1, days_a_year + 1) if number not in taken), None)
    if rank is None:
        count = "une seule journée" if days_a_year == 1 else f"{days_a_year}\u00a0journées"
        raise Refusal(
            f"L’année {year} a déjà ses journées\u00a0: la circonscription en prévoit {count} par an. Annulez-en une, "
            "ou changez ce nombre dans les réglages des journées."
        )
    return rank


@dataclass(frozen=True)
class Proposal:
    """A date on which all schools have class, and what is known of it."""

    on: date
    others: Sequence[str] = ()  # districts of the département that have a day on it
    needed: int = 0  # classes to take, theirs included
    free: int | None = None  # substitutes; None: nobody knows

    @property
    def is_winter(self) -> bool:
        return self.on.month in WINTER

    @property
    def exceeds(self) -> bool:
        """Whether there would be more classes than substitutes."""
        return self.free is not None and self.needed > self.free

    @property
    def warnings(self) -> list[str]:
        """What speaks against it, in a few words each."""
        found = ["pic de l’hiver"] if self.is_winter else []
        found += [f"déjà la journée {of(name)}" for name in self.others]
        if self.exceeds:
            found.append(f"dépasserait la brigade\u00a0: {self.needed}\u00a0classes, {self.free}\u00a0remplaçants")
        return found


# --- Who leaves one school --------------------------------------------------------------------------------------------
def leaving_most(teachers: int, percent: int, most: int | None) -> int:
    """How many teachers may leave one school at once: one at least, or a school of one class would never share."""
    allowed = max(1, teachers * percent // 100)
    return allowed if most is None else min(allowed, most)
