"""What proves a plan: for each goal its value, what no plan exceeds, and when integers prove it, those integers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from circo.optimal.climbing import Reached

LAST = "tie"  # the goal that draws among equals

type Prices = tuple[np.ndarray, ...]


class Unproved(Exception):
    """The independent reading does not agree with what was found: a fault of ours, never shown as a proposal."""


@dataclass(frozen=True, eq=False)
class Proof:
    """One goal. `prices`, in `scale`ths: what each row costs, by kinds of rows that each plan has for itself.

    Without them the bound is the solver's word.
    """

    name: str
    value: int
    bound: int
    scale: int = 1
    prices: Prices | None = None

    @property
    def gap(self) -> int:
        """What a better plan could gain at most: 0 once the plan is proved best."""
        return self.bound - self.value


@dataclass(frozen=True, eq=False)
class Certificate:
    """The proofs of a plan, in the order of the goals; when stopped, the last has a gap and others are not sought."""

    proofs: tuple[Proof, ...]
    is_stopped: bool = False

    @property
    def as_data(self) -> dict[str, Any]:
        return {
            "stopped": self.is_stopped,
            "proofs": [
                {"name": one.name, "value": one.value, "bound": one.bound, "scale": one.scale}
                | {"prices": one.prices and [prices.tolist() for prices in one.prices]}
                for one in self.proofs
            ],
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Certificate:
        """Read again what `as_data` wrote."""
        proofs = (
            Proof(one["name"], one["value"], one["bound"], one["scale"], one["prices"] and _arrays(one["prices"]))
            for one in data["proofs"]
        )
        return cls(tuple(proofs), data["stopped"])


def certified(reached: Sequence[Reached], prices_of: Callable[[Reached], Prices | None]) -> Certificate:
    """Write the proofs of goals; from the first that integers do not prove, the solver's bound is given alone.

    `prices_of(goal)`: its prices by kinds of rows, None where integers prove nothing.
    """
    proofs: list[Proof] = []
    is_priced = True
    for one in reached:
        prices = prices_of(one) if is_priced else None
        is_priced = prices is not None
        proofs.append(Proof(one.name, one.value, one.bound, one.scale if is_priced else 1, prices))
    return Certificate(tuple(proofs), proofs[-1].name != LAST or any(one.gap for one in proofs))


def _arrays(prices: list) -> Prices:
    return tuple(np.array(one, np.int64) for one in prices)
