"""Pure rules of cross-observations: their life as one table of moves, who may what, seats.

Source: docs/decisions/0038-peer-observations.md
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from circo.moves import Move

WORD_MAX, FOCUS_MAX = 300, 1000
SEATS_MAX = 4  # numbers of seats: a district sets how many of them are given
LIMIT_MIN, LIMIT_MAX = 40, 120  # minutes one way: unless one says otherwise, and at most
YEAR_MOST = 4  # cross-observations that one class receives in a school year
WINDOW_DAYS = 62  # that one proposal may span
SITES_MOST = 1  # visits to observation sites that one proposal gives to the same person
NOTICE_MOST = timedelta(days=31)  # a district asks for thirty days at most before a visit
SOLVE_S, GOALS = 60.0, 6
BUSY_REASON = "Observation croisée"


class CrossingKind(StrEnum):
    """What a proposal is for."""

    FREED = "FREED"  # those whose class students hold
    SITES = "SITES"  # those who said when they may come, and the observation sites that are open then


KIND_LABELS = {
    CrossingKind.FREED: "Pendant que des étudiants tiennent les classes",
    CrossingKind.SITES: "Entre lieux d’observation, pour qui a dit quand venir",
}


class ObservationState(StrEnum):
    PROPOSED = "PROPOSED"
    ACCEPTED = "ACCEPTED"  # a visit stands
    DECLINED = "DECLINED"
    SWAPPED = "SWAPPED"  # two others stand in the place of both
    DONE = "DONE"
    CANCELLED = "CANCELLED"
    LAPSED = "LAPSED"  # nobody answered in time


STATE_LABELS = {
    ObservationState.PROPOSED: "proposée",
    ObservationState.ACCEPTED: "acceptée",
    ObservationState.DECLINED: "déclinée",
    ObservationState.SWAPPED: "échangée",
    ObservationState.DONE: "faite",
    ObservationState.CANCELLED: "annulée",
    ObservationState.LAPSED: "restée sans réponse",
}
SEATED = frozenset({ObservationState.PROPOSED, ObservationState.ACCEPTED, ObservationState.DONE})
COMING = frozenset({ObservationState.PROPOSED, ObservationState.ACCEPTED})


class Actor(StrEnum):
    OBSERVER = "OBSERVER"
    HOST = "HOST"
    TEAM = "TEAM"
    CLOCK = "CLOCK"


class Verb(StrEnum):
    """As addresses hold them."""

    ACCEPT = "accepter"
    REOPEN = "reprendre"
    DECLINE = "decliner"
    RESTORE = "retablir"
    CANCEL = "retirer"
    SWAP = "echanger"
    FINISH = "terminer"
    LAPSE = "laisser"


@dataclass(frozen=True)
class ActorMove(Move[ObservationState]):
    """One verb, for some people alone."""

    actors: Collection[Actor]


_S = ObservationState
MOVES: Mapping[Verb, ActorMove] = {
    Verb.ACCEPT: ActorMove(
        {_S.PROPOSED}, _S.ACCEPTED, "Cette observation n’attend plus votre réponse.", {Actor.OBSERVER}
    ),
    Verb.REOPEN: ActorMove({_S.ACCEPTED}, _S.PROPOSED, "Cette observation n’est pas acceptée.", {Actor.OBSERVER}),
    Verb.DECLINE: ActorMove(
        {_S.PROPOSED}, _S.DECLINED, "Cette observation n’attend plus de réponse.", {Actor.OBSERVER, Actor.HOST}
    ),
    # Back to a proposal, by whoever said no, or by the team that withdrew it.
    Verb.RESTORE: ActorMove(
        {_S.DECLINED, _S.CANCELLED},
        _S.PROPOSED,
        "Cette observation n’est ni déclinée ni annulée.",
        {Actor.OBSERVER, Actor.HOST, Actor.TEAM},
    ),
    Verb.CANCEL: ActorMove(
        {_S.PROPOSED, _S.ACCEPTED, _S.DONE},
        _S.CANCELLED,
        "Cette observation n’est plus prévue.",
        {Actor.TEAM, Actor.CLOCK},
    ),
    Verb.SWAP: ActorMove(
        {_S.PROPOSED}, _S.SWAPPED, "On échange une observation qui attend encore une réponse.", {Actor.OBSERVER}
    ),
    Verb.FINISH: ActorMove({_S.ACCEPTED}, _S.DONE, "Cette observation n’a pas été acceptée.", {Actor.CLOCK}),
    Verb.LAPSE: ActorMove({_S.PROPOSED}, _S.LAPSED, "Cette observation n’attend plus de réponse.", {Actor.CLOCK}),
}
ANSWERS = frozenset({Verb.ACCEPT, Verb.DECLINE, Verb.RESTORE, Verb.SWAP})  # what one still has time for, or no more
TOO_LATE = "Il est trop tard pour répondre."
BUTTONS = (Verb.REOPEN, Verb.RESTORE, Verb.CANCEL)  # one click; the others have a form of their own


class Answer(StrEnum):
    """What one does with an exchange that is asked for, as addresses hold it."""

    AGREE = "accepter"
    REFUSE = "refuser"
    TAKE_BACK = "retirer"


def verbs_for(state: str, who: Collection[Actor], *, ended_by_me: bool) -> list[Verb]:
    """What one may do with an observation, in the order of the table. One brings back what one said no to or
    called off oneself; the team, all that was called off."""
    found = [verb for verb, move in MOVES.items() if state in move.sources and set(who) & set(move.actors)]
    brings_back = ended_by_me or (state == ObservationState.CANCELLED and Actor.TEAM in who)
    if Verb.RESTORE in found and not brings_back:
        found.remove(Verb.RESTORE)
    if state == ObservationState.DONE and Verb.CANCEL in found:
        found.remove(Verb.CANCEL)  # the two say by themselves that it did not take place
    return found


def free_seat(taken: Collection[int], others: int, most: int) -> int | None:
    """The lowest seat that nobody has, `others` visitors being there without one; None if the class is full."""
    if len(taken) + others >= most:
        return None
    return next((number for number in range(1, SEATS_MAX + 1) if number not in taken), None)
