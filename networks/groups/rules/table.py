"""The table of the moves that are allowed, and how it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from networks.groups.rules.acts import ACTS, OVER_THE_YEAR, Hand, Verb
from networks.groups.rules.standings import NOWHERE, Standing, State, in_words


@dataclass(frozen=True)
class Move:
    """One allowed move: from where to where, its verb, who may make it."""

    source: State
    target: State
    verb: Verb
    hands: frozenset[Hand]


MOVES: tuple[Move, ...] = tuple(
    Move(source, target, verb, act.hands) for verb, act in ACTS.items() for source, target in act.moves
)
STATES: tuple[State, ...] = tuple(
    dict.fromkeys(state for move in MOVES for state in (move.source, move.target) if state != NOWHERE)
)
_BY_VERB_AND_SOURCE: dict[tuple[Verb, State], tuple[Move, ...]] = {}
for _move in MOVES:
    _key = (_move.verb, _move.source)
    _BY_VERB_AND_SOURCE[_key] = (*_BY_VERB_AND_SOURCE.get(_key, ()), _move)

_STANDING_SAYS = {
    "": "Cette personne n’est pas du groupe.",
    Standing.REQUESTED: "Une demande attend sa réponse.",
    Standing.INVITED: "Une invitation attend sa réponse.",
    Standing.ACTIVE: "Cette personne est déjà membre du groupe.",
    Standing.PAUSED: "Cette personne est en pause.",
    Standing.ON_LEAVE: "Cette personne est en congé long.",
    Standing.LEFT: "Cette personne a quitté le groupe.",
    Standing.MOVED: "Cette personne a changé de circonscription.",
    Standing.DECLINED: "L’invitation a été déclinée.",
    Standing.REFUSED: "La demande n’a pas été retenue.",
    Standing.WITHDRAWN: "L’invitation ou la demande a été retirée.",
    Standing.EXPIRED: "L’invitation a expiré.",
}
_HAND_SAYS = {
    Hand.PERSON: "C’est à la personne elle-même de le faire.",
    Hand.TEAM: "C’est à l’équipe de circonscription de le faire.",
    Hand.INSPECTOR: "C’est à l’inspecteur ou à l’inspectrice de le décider.",
    Hand.CLOCK: "Seule la date le fait.",
}
_MIXED_HANDS_SAY = "Cela revient à la personne elle-même ou à l’équipe de circonscription."


def moves_from(source: State, hands: Iterable[Hand], verbs: Iterable[Verb] = Verb) -> Iterator[Move]:
    """What these hands may do from there, in the order of the table."""
    mine = frozenset(hands)
    for verb in verbs:
        for move in _BY_VERB_AND_SOURCE.get((verb, source), ()):
            if move.hands & mine:
                yield move


def find(verb: Verb, source: State, stage: str = "") -> Move | None:
    """The move that this verb makes from there; `stage` chooses among those that enter a group."""
    found = _BY_VERB_AND_SOURCE.get((verb, source), ())
    return next((move for move in found if not stage or move.target.stage in ("", stage)), None)


def the_move(verb: Verb, source: State, stage: str = "") -> Move:
    """The same, where `refusal` said nothing.

    Raises: KeyError if the table holds no such move.
    """
    found = find(verb, source, stage)
    if found is None:
        raise KeyError((verb, source, stage))
    return found


def verb_between(source: State, target: State) -> Verb | None:
    """The verb that goes from one state to the other within a school year; None if none does."""
    within = (move for move in MOVES if move.verb not in OVER_THE_YEAR)
    return next((move.verb for move in within if (move.source, move.target) == (source, target)), None)


def refusal(verb: Verb, source: State, hands: Iterable[Hand], stage: str = "") -> str:
    """What forbids this verb there, or to these hands, in French; empty if nothing does."""
    act = ACTS[verb]
    if find(verb, source, stage) is None:
        return f"{_STANDING_SAYS[source.standing]} {act.refusal}"
    if not act.hands & frozenset(hands):
        only, *others = act.hands
        return _MIXED_HANDS_SAY if others else _HAND_SAYS[only]
    return ""


def refusal_between(source: State, target: State) -> str:
    """What is said of a change that no verb makes: of what was asked, and of what can be done from there."""
    asked = f"On ne passe pas de «\u00a0{in_words(source)}\u00a0» à «\u00a0{in_words(target)}\u00a0»."
    within = [verb for verb in Verb if verb not in OVER_THE_YEAR]
    open_ways = {in_words(move.target) for move in moves_from(source, Hand, within)}
    if not open_ways:
        return f"{asked} Rien n’est possible depuis cet état."
    return f"{asked} Depuis là, on peut aller vers\u00a0: {', '.join(sorted(open_ways))}."
