"""Pure rules of placements: their life, the order of kinds of days, seats, the legal basis, the nearest other choices.

Source: docs/decisions/0036-placement-seats.md
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from circo import french
from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.moves import Move
from partnerships.cohorts.rules import KIND_LABELS, DayKind
from partnerships.offers.rules import SEATS_MAX

REASON_MAX, BASIS_MAX, TEXT_MAX = 300, 400, 4000
ALL_SEATS = SEATS_MAX  # of a class, whatever its offer opens: who holds the class takes them all
DAYS_AT_ONCE = 200  # half-days booked by one gesture
ALTERNATIVES = 3
OFFERED_AROUND = 20  # choices of the page that moves a half-day
BUSY_REASON = "Stage"
REVIEW_ASKED_DAYS = 60  # after the end of a placement
AGREEMENT_ASKED_DAYS = 21  # before a half-day: five bodies sign
LOOKED_AROUND_DAYS = 21  # how far from the half-day that one wished the nearest others are sought


def half_day_of(day: date, half: str) -> HalfDay:
    """The half-day of two columns."""
    return HalfDay(day, "AM" if half == "AM" else "PM")


class PlacementState(StrEnum):
    HELD = "HELD"  # the seats are kept; the coordinator alone knows
    CONFIRMED = "CONFIRMED"  # the class and the school know
    PUBLISHED = "PUBLISHED"  # everybody knows
    ENDED = "ENDED"
    CANCELLED = "CANCELLED"


STATE_LABELS = {
    PlacementState.HELD: "réservé",
    PlacementState.CONFIRMED: "confirmé",
    PlacementState.PUBLISHED: "publié",
    PlacementState.ENDED: "terminé",
    PlacementState.CANCELLED: "annulé",
}
OPEN = frozenset({PlacementState.HELD, PlacementState.CONFIRMED, PlacementState.PUBLISHED})  # their days may change
TOLD = frozenset({PlacementState.CONFIRMED, PlacementState.PUBLISHED, PlacementState.ENDED})  # to class and school
EXPECTED = OPEN & TOLD  # somebody counts on them
KNOWN = frozenset({PlacementState.PUBLISHED, PlacementState.ENDED})  # to the students too


class Verb(StrEnum):
    """As addresses hold them."""

    CONFIRM = "confirmer"
    REOPEN = "reprendre"
    PUBLISH = "publier"
    END = "terminer"
    RESUME = "rouvrir"
    CANCEL = "annuler"
    RESTORE = "retablir"


VERB_LABELS = {
    Verb.CONFIRM: "Confirmer",
    Verb.REOPEN: "Ne plus confirmer",
    Verb.PUBLISH: "Publier",
    Verb.END: "Terminer ce stage",
    Verb.RESUME: "Rouvrir ce stage",
    Verb.CANCEL: "Annuler ce stage",
    Verb.RESTORE: "Rétablir ce stage",
}


MOVES: Mapping[Verb, Move[PlacementState]] = {
    Verb.CONFIRM: Move(
        {PlacementState.HELD}, PlacementState.CONFIRMED, "On confirme un stage réservé\u00a0: celui-ci ne l’est plus."
    ),
    Verb.REOPEN: Move(
        {PlacementState.CONFIRMED}, PlacementState.HELD, "Ce stage n’est pas confirmé, ou il est déjà publié."
    ),
    Verb.PUBLISH: Move(
        {PlacementState.CONFIRMED},
        PlacementState.PUBLISHED,
        "On publie un stage confirmé\u00a0: celui-ci ne l’est pas, ou ne l’est plus.",
    ),
    Verb.END: Move({PlacementState.PUBLISHED}, PlacementState.ENDED, "On termine un stage publié."),
    Verb.RESUME: Move({PlacementState.ENDED}, PlacementState.PUBLISHED, "Ce stage n’est pas terminé."),
    Verb.CANCEL: Move(OPEN, PlacementState.CANCELLED, "Ce stage est déjà annulé, ou terminé."),
    # Back to where it was called off from: `Placement.cancelled_from`.
    Verb.RESTORE: Move({PlacementState.CANCELLED}, PlacementState.HELD, "Ce stage n’est pas annulé."),
}


class Actor(StrEnum):
    COORDINATOR = "COORDINATOR"
    PUBLISHER = "PUBLISHER"
    STUDENT = "STUDENT"
    HOST = "HOST"
    HEAD = "HEAD"  # of the school
    TUTOR = "TUTOR"


VERB_OF = dict.fromkeys(Verb, Actor.COORDINATOR) | {Verb.PUBLISH: Actor.PUBLISHER}
CLOSED = "Ce stage est annulé, ou terminé\u00a0: ses demi-journées ne changent plus."


class MissedBy(StrEnum):
    """Why a half-day did not take place, and may be replaced."""

    STUDENT = "STUDENT"
    HOST = "HOST"


MISSED_LABELS = {
    MissedBy.STUDENT: "absence de l’étudiant·e",
    MissedBy.HOST: "absence de l’enseignant·e",
}


# --- The order of kinds -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, order=True)
class Planned:
    """One half-day of one student: for what, in which class. What replaces a missed one comes when it can."""

    half_day: HalfDay
    kind: DayKind
    place: int
    is_replacement: bool = False


@dataclass(frozen=True)
class Course:
    """What a programme asks: the kinds of days that it has, and how many half-days of the kind before each."""

    kinds: frozenset[str] = frozenset(DayKind)
    before: Mapping[DayKind, int] = field(default_factory=dict)


class Wrong(StrEnum):
    NOT_OF_COURSE = "NOT_OF_COURSE"
    TOO_EARLY = "TOO_EARLY"
    BACKWARDS = "BACKWARDS"


@dataclass(frozen=True, order=True)
class Fault:
    """A half-day that cannot be where it is. `missing`: half-days of the kind before that ought to come first."""

    half_day: HalfDay
    kind: DayKind
    wrong: Wrong
    missing: int = 0


def faults(days: Iterable[Planned], course: Course) -> list[Fault]:
    """What the half-days of one student break of the order of kinds, in order of time.

    One observes, then shares the class, then holds it: of each kind as many half-days as the programme says come before
    the next; and in one class one does not go back, but for a missed half-day that is replaced.
    """
    found: list[Fault] = []
    done = dict.fromkeys(DayKind, 0)
    reached: dict[int, DayKind] = {}
    for one in sorted(days):
        if one.kind not in course.kinds:
            found.append(Fault(one.half_day, one.kind, Wrong.NOT_OF_COURSE))
        elif missing := _missing(one.kind, done, course):
            found.append(Fault(one.half_day, one.kind, Wrong.TOO_EARLY, missing))
        last = reached.get(one.place, one.kind)
        if _rank(one.kind) < _rank(last) and not one.is_replacement:
            found.append(Fault(one.half_day, one.kind, Wrong.BACKWARDS))
        reached[one.place] = max(last, one.kind, key=_rank)
        done[one.kind] += 1
    return sorted(found)


def _rank(kind: DayKind) -> int:
    return list(DayKind).index(kind)


def _former(kind: DayKind) -> DayKind:
    """The kind just before; of the first there is none, and nobody asks."""
    return list(DayKind)[_rank(kind) - 1]


def _missing(kind: DayKind, done: Mapping[DayKind, int], course: Course) -> int:
    """How many half-days of the kind just before are not done yet."""
    if kind is DayKind.OBSERVATION:
        return 0
    return max(0, course.before.get(kind, 0) - done[_former(kind)])


def check_order(before: Iterable[Planned], after: Iterable[Planned], course: Course, who: str) -> None:
    """Refuse a change that breaks the order of kinds where it was not broken already, by an absence for instance.

    Raises: Refusal with the first half-day that would be wrong.
    """
    stood = {(one.half_day, one.kind, one.wrong): one.missing for one in faults(before, course)}
    for one in faults(after, course):
        if stood.get((one.half_day, one.kind, one.wrong), -1) < one.missing:
            raise Refusal(_said(one, who))


def _said(fault: Fault, who: str) -> str:
    when = f"{fault.half_day.day:%d/%m/%Y}"
    if fault.wrong is Wrong.NOT_OF_COURSE:
        return f"La formation {french.of(who)} ne prévoit pas de demi-journée {french.of(KIND_LABELS[fault.kind])}."
    if fault.wrong is Wrong.BACKWARDS:
        return f"{who} est déjà plus loin dans cette classe\u00a0: pas {french.of(KIND_LABELS[fault.kind])} le {when}."
    former = KIND_LABELS[_former(fault.kind)]
    number = f"{fault.missing}\u00a0demi-journée{french.ending(fault.missing)}"
    return f"Avant la {KIND_LABELS[fault.kind]} du {when}, il manque à {who} {number} {french.of(former)}."


# --- Seats ------------------------------------------------------------------------------------------------------------
def seats_for(kind: DayKind, count: int, taken: Collection[int], seats: int) -> list[int] | None:
    """The seats that so many students take in a class; None if they find no room.

    Who holds a class is alone with it, and takes all its seats.
    """
    if kind is DayKind.RESPONSIBILITY:
        return None if taken or count > seats else list(range(1, ALL_SEATS + 1))
    return free_numbers(count, taken, seats)


def free_numbers(count: int, taken: Collection[int], most: int) -> list[int] | None:
    """The lowest numbers that nobody has; None if there are not so many."""
    free = [number for number in range(1, most + 1) if number not in taken]
    return free[:count] if len(free) >= count else None


# --- The legal basis of who holds a class ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Permit:
    """A derogation that lets students hold a class, in force from a day to another, both included."""

    key: int
    words: str
    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def permit_on(day: date, permits: Sequence[Permit]) -> Permit | None:
    """The permit in force on that day that lasts longest."""
    return max((one for one in permits if one.holds(day)), key=lambda one: (one.last, -one.key), default=None)


# --- The nearest other choices --------------------------------------------------------------------------------------
def nearest(wished: HalfDay, free: Iterable[HalfDay], most: int = ALTERNATIVES) -> list[HalfDay]:
    """The free half-days nearest to the one that was wished, the nearest first; the later of two as near comes last."""
    other = (one for one in free if one != wished)
    return sorted(other, key=lambda one: (abs(_moment(one) - _moment(wished)), one))[:most]


def _moment(half_day: HalfDay) -> int:
    return 2 * half_day.day.toordinal() + (half_day.half == "PM")
