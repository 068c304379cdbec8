"""The life of a thing as one table of moves: from which states a verb leads where, and what is said from any other.

A subject keeps a mapping of its verbs to `Move`, or to a `Move` of its own that says more: who may, the button’s word.
Where verbs matter less than states, a `Life` says which states follow which. The buttons, the refusals and the test of
every forbidden move come from that table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from circo.errors import Refusal


@dataclass(frozen=True)
class Move[State: StrEnum]:
    """One verb. `refusal` is what is said where it is asked from a state that is none of its sources."""

    sources: Collection[State]
    target: State
    refusal: str

    def check(self, state: str) -> State:
        """Return the state to which it leads.

        Raises: Refusal from a state that does not have it.
        """
        if state not in self.sources:
            raise Refusal(self.refusal)
        return self.target


def moves_from[Verb](moves: Mapping[Verb, Move], state: str) -> list[Verb]:
    """Return the verbs that are possible from a state, in the order of the table."""
    return [verb for verb, move in moves.items() if state in move.sources]


@dataclass(frozen=True)
class Life[State: StrEnum]:
    """The states that may follow each state, and what each says where it is asked for what it does not have."""

    ways: Mapping[State, Collection[State]]
    says: Mapping[State, str]

    def check(self, state: State, target: State) -> None:
        """Refuse a way that is not there.

        Raises: Refusal.
        """
        if target not in self.ways[state]:
            raise self.refusal(state)

    def refusal(self, state: State) -> Refusal:
        return Refusal(self.says[state])
