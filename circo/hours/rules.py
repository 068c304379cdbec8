"""Rules of the hours: the life of an entry, what an event counts for, the account of the 18 hours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from circo.rules import Role

QUARTER_MINUTES = 15
FULL_QUOTA_MINUTES = 18 * 60
ENTRY_MINUTES_MAX = 30 * 60  # the longest course of a year; beyond, a typing mistake
# Who owes the 18 hours: teachers, and trainers, who are teachers with a class.
ROLES_WITH_HOURS = frozenset({Role.TEACHER, Role.HEAD_TEACHER, Role.SUBSTITUTE, Role.TRAINER})


class Category(StrEnum):
    TRAINING_FORMATION = "TRAINING_FORMATION"
    TRAINING_ANIMATION = "TRAINING_ANIMATION"


CATEGORY_LABELS = {
    Category.TRAINING_FORMATION: "formation continue",
    Category.TRAINING_ANIMATION: "animation pédagogique",
}


class Mode(StrEnum):
    IN_PERSON = "IN_PERSON"
    SYNCHRONOUS = "SYNCHRONOUS"
    SELF_PACED = "SELF_PACED"


MODE_LABELS = {
    Mode.IN_PERSON: "en présence",
    Mode.SYNCHRONOUS: "à distance, en direct",
    Mode.SELF_PACED: "à distance, à son rythme",
}
DISTANCE = frozenset({Mode.SYNCHRONOUS, Mode.SELF_PACED})


# --- What an event counts for ---------------------------------------------------------------------------------------
class Counting(StrEnum):
    COUNTS = "COUNTS"
    NOT = "NOT"
    PARTLY = "PARTLY"


COUNTING_LABELS = {
    Counting.COUNTS: "compte dans les 18 heures",
    Counting.NOT: "ne compte pas",
    Counting.PARTLY: "compte en partie",
}


def is_quarter(minutes: int) -> bool:
    """Tell whether a duration is made of whole quarters of an hour."""
    return minutes % QUARTER_MINUTES == 0


def credited_minutes(
    counting: Counting, duration_minutes: int, counted_minutes: int | None, attended_share: float | Fraction = 1
) -> int:
    """Return the minutes that an event gives to somebody who was there for `attended_share` of it.

    Units:  minutes; the result is the nearest quarter of an hour (the higher one halfway), never above what counts.
    Raises: ValueError for a share outside 0…1, a negative duration, or PARTLY without minutes.
    """
    if not 0 <= attended_share <= 1:
        raise ValueError("a share lies between 0 and 1")
    if duration_minutes < 0 or (counted_minutes or 0) < 0:
        raise ValueError("negative duration")
    if counting is Counting.NOT:
        return 0
    most = duration_minutes
    if counting is Counting.PARTLY:
        if counted_minutes is None:
            raise ValueError("partly counted, without minutes")
        most = min(duration_minutes, counted_minutes)
    most -= most % QUARTER_MINUTES
    quarters = Fraction(most, QUARTER_MINUTES) * Fraction(attended_share)
    return min(most, int(quarters + Fraction(1, 2)) * QUARTER_MINUTES)


# --- The life of an entry -------------------------------------------------------------------------------------------
class State(StrEnum):
    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"
    VALIDATED = "VALIDATED"
    REFUSED = "REFUSED"


STATE_LABELS = {
    State.PROPOSED: "à confirmer",
    State.CONFIRMED: "confirmées",
    State.VALIDATED: "validées",
    State.REFUSED: "refusées",
}
COUNTED_STATES = (State.PROPOSED, State.CONFIRMED, State.VALIDATED)
# The signatures that an entry bears in each state (`confirmed_at`, `confirmed_by`…): no more, no fewer.
SIGNED = {
    State.PROPOSED: (),
    State.CONFIRMED: ("confirmed",),
    State.VALIDATED: ("confirmed", "validated"),
    State.REFUSED: ("refused",),
}
SIGNATURES = ("confirmed", "validated", "refused")


class Move(StrEnum):
    CONFIRM = "confirm"
    REFUSE = "refuse"
    TAKE_BACK = "take_back"
    RECONSIDER = "reconsider"
    VALIDATE = "validate"
    REOPEN = "reopen"


class Right(StrEnum):
    """What a move asks of whoever makes it; the permissions of these names are in `circo.access`."""

    CONFIRM = "confirm_hours"
    VALIDATE = "validate_hours"


@dataclass(frozen=True)
class MoveRule:
    """One allowed move. `undone_by` takes the same person back where it began."""

    sources: tuple[State, ...]
    target: State
    right: Right
    label: str  # of the button
    said: str  # once it is done
    refusal: str
    undone_by: Move | None = None


MOVES: dict[Move, MoveRule] = {
    Move.CONFIRM: MoveRule(
        (State.PROPOSED,),
        State.CONFIRMED,
        Right.CONFIRM,
        "Confirmer",
        "Heures confirmées",
        "Seules des heures à confirmer peuvent être confirmées.",
        Move.TAKE_BACK,
    ),
    Move.REFUSE: MoveRule(
        (State.PROPOSED, State.CONFIRMED),
        State.REFUSED,
        Right.CONFIRM,
        "Refuser",
        "Heures refusées",
        "Ces heures ne peuvent plus être refusées\u00a0: l’inspection doit d’abord les rouvrir.",
        Move.RECONSIDER,
    ),
    Move.TAKE_BACK: MoveRule(
        (State.CONFIRMED,),
        State.PROPOSED,
        Right.CONFIRM,
        "Remettre en attente",
        "Heures remises en attente",
        "Seules des heures confirmées, et pas encore validées, peuvent être remises en attente.",
        Move.CONFIRM,
    ),
    Move.RECONSIDER: MoveRule(
        (State.REFUSED,),
        State.PROPOSED,
        Right.CONFIRM,
        "Reprendre",
        "Heures remises en attente",
        "Seules des heures refusées peuvent être reprises.",
    ),
    Move.VALIDATE: MoveRule(
        (State.CONFIRMED,),
        State.VALIDATED,
        Right.VALIDATE,
        "Valider",
        "Heures validées",
        "Seules des heures confirmées peuvent être validées.",
        Move.REOPEN,
    ),
    Move.REOPEN: MoveRule(
        (State.VALIDATED,),
        State.CONFIRMED,
        Right.VALIDATE,
        "Rouvrir",
        "Heures rouvertes",
        "Seules des heures validées peuvent être rouvertes.",
        Move.VALIDATE,
    ),
}


def moves_from(state: State) -> list[Move]:
    """Return the moves allowed from a state, in the order of the table."""
    return [move for move, rule in MOVES.items() if state in rule.sources]


# --- What one owes --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Share:
    """The part of a full service that one posting holds, over days of one school year, in one place."""

    place: str  # « school:12 »
    in_school: bool
    percent: int
    first: date
    last: date


def share_on(shares: Iterable[Share], day: date) -> int:
    """Return the percentage of a service that somebody holds on a day, 100 at the most.

    Two roles in one school are one service; services in two schools add up. A district counts where no school does: a
    trainer has a class, and the row of the district says nothing of the part-time.
    """
    here = [share for share in shares if share.first <= day <= share.last]
    here = [share for share in here if share.in_school] or here
    by_place: dict[str, int] = {}
    for share in here:
        by_place[share.place] = max(by_place.get(share.place, 0), share.percent)
    return min(100, sum(by_place.values()))


def mean_share(shares: Iterable[Share]) -> Fraction:
    """Return the mean percentage over the days on which some posting is held; 0 if there are none."""
    shares = list(shares)
    borders = sorted({share.first for share in shares} | {date.fromordinal(s.last.toordinal() + 1) for s in shares})
    held = weighted = 0
    for first, after in pairwise(borders):
        days, percent = (after - first).days, share_on(shares, first)
        if percent:
            held += days
            weighted += days * percent
    return Fraction(weighted, held) if held else Fraction(0)


def quota_of(share_percent: Fraction | int) -> int:
    """Return what a part-time service owes of the 18 hours: the pro rata, up to the next whole hour.

    Units:  minutes; 100 % → 18 h, 80 % → 15 h, 75 % → 14 h, 50 % → 9 h, 33 % → 6 h.
    Source: docs/decisions/0020-hours.md.
    """
    return due_of(FULL_QUOTA_MINUTES, share_percent)


def due_of(full_minutes: int, share_percent: Fraction | int) -> int:
    """Return what a part-time service owes of a full duty, up to the next whole hour.

    Units: minutes.
    """
    hours = Fraction(share_percent) * full_minutes / 6000
    return -(-hours.numerator // hours.denominator) * 60


# --- The account ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Account:
    """What one person did of the 18 hours in one school year, in minutes. What was refused counts nowhere."""

    quota_minutes: int
    proposed_minutes: int = 0
    confirmed_minutes: int = 0  # and not validated yet
    validated_minutes: int = 0
    formation_minutes: int = 0
    distance_minutes: int = 0

    @property
    def done_minutes(self) -> int:
        return self.proposed_minutes + self.confirmed_minutes + self.validated_minutes

    @property
    def scale_minutes(self) -> int:
        """The length of the gauge: what is owed, or what was done beyond."""
        return max(self.quota_minutes, self.done_minutes, QUARTER_MINUTES)

    @property
    def left_minutes(self) -> int:
        return max(0, self.quota_minutes - self.done_minutes)

    @property
    def formation_quota_minutes(self) -> int:
        """At least half of the hours, up to the next quarter.

        Source: circulaire 2016-115 of 19 August 2016.
        """
        half = -(-self.quota_minutes // 2)
        return -(-half // QUARTER_MINUTES) * QUARTER_MINUTES

    @property
    def formation_left_minutes(self) -> int:
        return max(0, self.formation_quota_minutes - self.formation_minutes)

    @property
    def is_complete(self) -> bool:
        return not self.left_minutes and not self.formation_left_minutes


Sums = Mapping[tuple[str, str, str], int]  # (state, category, mode) → minutes


def account_of(quota_minutes: int, sums: Sums) -> Account:
    """Draw up the account of one person from the sums of the entries."""

    def total(*, state: State | None = None, category: Category | None = None, distance: bool = False) -> int:
        return sum(
            minutes
            for (its_state, its_category, mode), minutes in sums.items()
            if its_state in COUNTED_STATES
            and (state is None or its_state == state)
            and (category is None or its_category == category)
            and (not distance or mode in DISTANCE)
        )

    return Account(
        quota_minutes=quota_minutes,
        proposed_minutes=total(state=State.PROPOSED),
        confirmed_minutes=total(state=State.CONFIRMED),
        validated_minutes=total(state=State.VALIDATED),
        formation_minutes=total(category=Category.TRAINING_FORMATION),
        distance_minutes=total(distance=True),
    )


def sentence(account: Account) -> str:
    """Say what was done: « 7 h 30 sur 18 h, dont 5 h de formation continue »."""
    said = in_words(account.done_minutes) if account.done_minutes else "0\u00a0h"
    if account.quota_minutes:
        said += f" sur {in_words(account.quota_minutes)}"
    if account.formation_minutes:
        said += f", dont {in_words(account.formation_minutes)} de formation continue"
    return said


def what_is_left(account: Account) -> str:
    """Say what is still to be done, and of which kind."""
    if not account.quota_minutes:
        return ""
    if account.is_complete:
        return "Tout y est, la moitié de formation continue comprise."
    formation = account.formation_left_minutes
    if not account.left_minutes:
        return f"Les heures y sont\u00a0; il manque {in_words(formation)} de formation continue, qui en fait la moitié."
    said = f"Il reste {in_words(account.left_minutes)}"
    return f"{said}, dont au moins {in_words(formation)} de formation continue." if formation else f"{said}."


def parts(account: Account) -> list[tuple[str, str, int, int]]:
    """Return the parts of the gauge that hold something: state, label, minutes, and the minute where it starts."""
    sums = {
        State.VALIDATED: account.validated_minutes,
        State.CONFIRMED: account.confirmed_minutes,
        State.PROPOSED: account.proposed_minutes,
    }
    found, start = [], 0
    for state, minutes in sums.items():
        if minutes:
            found.append((state.value, STATE_LABELS[state], minutes, start))
        start += minutes
    return found


def in_words(minutes: int) -> str:
    """Say a duration: `7 h 30`, `45 min`, `18 h`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}\u00a0min"
    return f"{hours}\u00a0h\u00a0{rest:02d}" if rest else f"{hours}\u00a0h"


_TYPED = (
    re.compile(r"(?P<hours>\d{1,2})\s*(?:h|:|heures?)\s*(?P<minutes>[0-5]?\d)?\s*(?:min|mn|m)?"),
    re.compile(r"(?P<minutes>\d{1,4})\s*(?:min|mn|minutes?)"),
    re.compile(r"(?P<hours>\d{1,2})(?:[.,](?P<tenths>\d{1,2}))?"),
)


def minutes_typed(text: str) -> int | None:
    """Read a duration as people type it: `1 h 30`, `1h30`, `1:30`, `90 min`, `1,5`, `2`; None if it is none.

    Units: minutes.
    """
    plain = " ".join(text.lower().split())
    for shape in _TYPED:
        if found := shape.fullmatch(plain):
            part = found.groupdict()
            tenths = part.get("tenths") or ""
            more = round(60 * int(tenths) / 10 ** len(tenths)) if tenths else 0
            return 60 * int(part.get("hours") or 0) + int(part.get("minutes") or 0) + more
    return None


# --- The private log of the 108 hours ---------------------------------------------------------------------------------
class LogCategory(StrEnum):
    APC = "APC"
    TEAM = "TEAM"
    COUNCIL = "COUNCIL"


LOG_LABELS = {
    LogCategory.APC: "APC",
    LogCategory.TEAM: "Travail en équipe, parents",
    LogCategory.COUNCIL: "Conseils d’école",
}
# Source: décret 2017-444 of 29 March 2017, art. 2.
LOG_FULL_MINUTES = {LogCategory.APC: 36 * 60, LogCategory.TEAM: 48 * 60, LogCategory.COUNCIL: 6 * 60}
LOG_MINUTES_MAX = 12 * 60  # of one line
LOG_KEPT_AFTER_REMOVAL_DAYS = 1
