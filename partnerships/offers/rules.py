"""Pure rules of the classes offered to students: their life as one table of moves, and their half-days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import groupby

from circo.calendar.rules import KEPT, HalfDay, days_between, half_days_between, school_holidays
from circo.moves import Move

SEATS_MAX = 4  # students at once: beyond, there are more adults than a class bears
DATES_MAX = 60
TEXT_MAX, REASON_MAX = 2000, 500
# What a district has until it decides otherwise: see `HostingRules`.
SEATS_MOST, CLASS_YEAR_MOST, SCHOOL_PERIOD_MOST = 2, 6, 8
VISITORS_MOST = 2  # colleagues who observe a class at once
LIMIT_MAX = 60
HOLIDAYS_LAST = 7  # days: a bridge is shorter, and cuts no period
# What the busy registry says of a teacher who has students: it is no reason for not having them.
HOSTING_REASON = "Étudiants en stage"


class OfferState(StrEnum):
    PROPOSED = "PROPOSED"
    AGREED = "AGREED"  # by the head teacher
    OPEN = "OPEN"  # to one institution or several
    REFUSED = "REFUSED"
    CLOSED = "CLOSED"  # takes nobody more; whoever was placed comes
    WITHDRAWN = "WITHDRAWN"


STATE_LABELS = {
    OfferState.PROPOSED: "attend la direction de l’école",
    OfferState.AGREED: "attend la circonscription",
    OfferState.OPEN: "ouverte aux étudiants",
    OfferState.REFUSED: "refusée",
    OfferState.CLOSED: "fermée",
    OfferState.WITHDRAWN: "retirée",
}
STANDING = frozenset({OfferState.PROPOSED, OfferState.AGREED, OfferState.OPEN})
KEPT_OPEN = frozenset({OfferState.OPEN, OfferState.CLOSED})  # whoever was placed there comes
EDITED = STANDING | {OfferState.CLOSED}  # what a teacher may still correct


class Actor(StrEnum):
    HOST = "HOST"
    HEAD = "HEAD"  # of the school
    TEAM = "TEAM"  # of the district, those who keep its groups


class Verb(StrEnum):
    AGREE = "AGREE"
    REFUSE = "REFUSE"
    OPEN = "OPEN"
    DECLINE = "DECLINE"
    CLOSE = "CLOSE"
    REOPEN = "REOPEN"
    WITHDRAW = "WITHDRAW"
    PROPOSE = "PROPOSE"


@dataclass(frozen=True)
class OfferMoveRule(Move[OfferState]):
    """One verb: who may, the word of its button, and how its line of the log reads."""

    actor: Actor
    label: str
    done: str
    asks_reason: bool = False


MOVES: Mapping[Verb, OfferMoveRule] = {
    Verb.AGREE: OfferMoveRule(
        {OfferState.PROPOSED},
        OfferState.AGREED,
        "Cette proposition n’attend pas, ou plus, la direction de l’école.",
        Actor.HEAD,
        "Donner mon accord",
        "Accord de la direction",
    ),
    Verb.REFUSE: OfferMoveRule(
        {OfferState.PROPOSED, OfferState.AGREED},
        OfferState.REFUSED,
        "Cette proposition n’attend plus\u00a0: parlez-en avec votre circonscription.",
        Actor.HEAD,
        "Refuser",
        "Refusée par la direction",
        asks_reason=True,
    ),
    Verb.OPEN: OfferMoveRule(
        {OfferState.AGREED},
        OfferState.OPEN,
        "On ouvre une classe une fois que la direction de l’école a donné son accord.",
        Actor.TEAM,
        "Ouvrir aux étudiants",
        "Ouverte aux étudiants",
    ),
    Verb.DECLINE: OfferMoveRule(
        {OfferState.PROPOSED, OfferState.AGREED},
        OfferState.REFUSED,
        "Cette classe n’attend pas, ou plus, votre réponse.",
        Actor.TEAM,
        "Ne pas ouvrir",
        "Refusée par la circonscription",
        asks_reason=True,
    ),
    Verb.CLOSE: OfferMoveRule(
        {OfferState.OPEN},
        OfferState.CLOSED,
        "Cette classe n’est pas ouverte aux étudiants.",
        Actor.HOST,
        "Ne plus accueillir personne d’autre",
        "Fermée par l’enseignant·e",
    ),
    Verb.REOPEN: OfferMoveRule(
        {OfferState.CLOSED},
        OfferState.OPEN,
        "Cette classe n’est pas fermée.",
        Actor.HOST,
        "Rouvrir",
        "Rouverte par l’enseignant·e",
    ),
    Verb.WITHDRAW: OfferMoveRule(
        {OfferState.PROPOSED, OfferState.AGREED, OfferState.OPEN, OfferState.CLOSED},
        OfferState.WITHDRAWN,
        "Cette proposition est déjà retirée, ou refusée.",
        Actor.HOST,
        "Retirer ma proposition",
        "Retirée par l’enseignant·e",
    ),
    Verb.PROPOSE: OfferMoveRule(
        {OfferState.REFUSED, OfferState.WITHDRAWN},
        OfferState.PROPOSED,
        "Cette classe est déjà proposée.",
        Actor.HOST,
        "Proposer de nouveau",
        "Proposée de nouveau",
    ),
}
UNDONE = "Annulé"  # how the log tells of a move that was taken back


def moves_of(actors: Collection[Actor], state: str) -> list[Verb]:
    """Return what these actors may do from a state, in the order of the table."""
    return [verb for verb, move in MOVES.items() if state in move.sources and move.actor in actors]


# --- Periods and half-days ------------------------------------------------------------------------------------------
@dataclass(frozen=True, order=True)
class Period:
    """The days of school between two holidays, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@lru_cache(maxsize=KEPT)
def periods(zone: str, first: date, last: date) -> tuple[Period, ...]:
    """Cut a school year by its holidays: five periods, as schools say.

    Bound: one period, the whole year, where the holidays are not known.
    """
    named = {**school_holidays(zone, first.year), **school_holidays(zone, last.year)}
    free = {
        day
        for _, group in groupby(sorted(named), key=lambda day: named[day])
        if len(days := list(group)) > HOLIDAYS_LAST
        for day in days
    }
    runs = groupby(days_between(first, last), key=lambda day: day in free)
    found = [list(run) for is_free, run in runs if not is_free]
    return tuple(Period(run[0], run[-1]) for run in found)


@dataclass(frozen=True)
class Pattern:
    """When a class is offered: half-days of every week (`MON_AM`) of some periods of the year (by number from 1; none:
    all of them), some dates more, some dates less (`2026-11-26_AM`)."""

    week: Collection[str]
    dates: Collection[str] = ()
    but: Collection[str] = ()
    periods: Collection[int] = ()


def pattern_half_days(pattern: Pattern, year: Iterable[Period], first: date, last: date) -> list[HalfDay]:
    """Return the half-days that a pattern gives between two days, both included, in order.

    Only within the periods of the year: neither in its holidays nor outside it.
    """
    whole = list(year)
    weekly = [period for rank, period in enumerate(whole, 1) if not pattern.periods or rank in pattern.periods]
    week, dates, but = set(pattern.week), set(pattern.dates), set(pattern.but)

    def is_offered(one: HalfDay) -> bool:
        if one.code in but or not any(period.holds(one.day) for period in whole):
            return False
        return one.code in dates or (one.week_code in week and any(period.holds(one.day) for period in weekly))

    return [one for one in half_days_between(first, last) if is_offered(one)]


def refusal_of_half_day(closure: str, taken: Collection[str]) -> str:
    """Say why a half-day that the pattern gives is not to be had; empty if it is.

    `closure`: why the school does not teach then; `taken`: what takes the teacher then, students aside.
    """
    return closure or next((reason for reason in sorted(taken) if reason != HOSTING_REASON), "")
