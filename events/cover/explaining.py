"""Why a class has nobody: the classes that compete for the same substitutes, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from events.cover.exchanges import Exchanges

type Group = tuple[tuple[str, ...], tuple[str, ...], int, int, bool, frozenset[int]]


@dataclass(frozen=True)
class Reason:
    """Why a need is not covered: `rivals` are needs whose substitutes are all those who could come, however one swaps.

    When `could` is true, somebody free could come, by some swap: the plan is not the best.
    """

    need: str
    rivals: tuple[str, ...]
    substitutes: tuple[str, ...]
    kept_in_reserve: int
    at_limit: int  # others, idle then, who can do no more
    others_first: bool  # no rival has a lower priority
    is_closed: bool  # nobody else could take any of them; else only half-days or limits stand in the way
    could: bool


class Explainer:
    """The reasons of all uncovered needs of a plan, from one reading of its graph."""

    def __init__(self, exchanges: Exchanges) -> None:
        self.exchanges = exchanges
        self._needs: dict[int, np.ndarray] = {}
        self._bits: dict[int, int] = {}
        self._groups: dict[int, Group] = {}
        self._label(exchanges.arcs)

    def _label(self, arcs: csr_array) -> None:
        """Needs that can all take each other's place are one knot; arcs between knots make no circle."""
        count, self._knots = connected_components(arcs, directed=True, connection="strong")
        places = arcs.tocoo()
        ends = np.stack([self._knots[places.row], self._knots[places.col]])
        ends = ends[:, ends[0] != ends[1]]
        after = csr_array(coo_array((np.ones(ends.shape[1], bool), tuple(ends)), shape=(count, count)))
        self._after = np.split(after.indices, after.indptr[1:-1])
        self._bit = np.full(count, -1)
        knots = np.unique(self._knots[self.exchanges.is_held])
        self._bit[knots] = np.arange(len(knots))
        self._knot_of_bit = knots

    def _reach(self, knot: int) -> int:
        """The knots that chains reach from a covered one, it included, as bits."""
        waiting = [knot]
        while waiting:
            one = waiting[-1]
            if one in self._bits:
                waiting.pop()
                continue
            later = [after for after in self._after[one].tolist() if after not in self._bits]
            if later:
                waiting += later
                continue
            bits = 1 << int(self._bit[one])
            for after in self._after[one].tolist():
                bits |= self._bits[after]
            self._bits[one] = bits
        return self._bits[knot]

    def rivals_of(self, need: int) -> int:
        """The covered knots that an uncovered need competes with, as bits: needs alike have the same."""
        bits = 0
        for knot in self._after[self._knots[need]].tolist():
            bits |= self._reach(knot)
        return bits

    def needs_of(self, bits: int) -> np.ndarray:
        """The numbers of the needs of these knots."""
        if bits not in self._needs:
            count = len(self._knot_of_bit)
            raw = np.frombuffer(bits.to_bytes(count // 8 + 1, "little"), np.uint8)
            knots = self._knot_of_bit[np.flatnonzero(np.unpackbits(raw, bitorder="little")[:count])]
            mask = np.zeros(len(self._bit), bool)
            mask[knots] = True
            self._needs[bits] = np.flatnonzero(mask[self._knots] & self.exchanges.is_held)
        return self._needs[bits]

    def uncovered(self) -> np.ndarray:
        """The numbers of the classes that have nobody."""
        reserve = np.array([need.is_reserve for need in self.exchanges.problem.needs], bool)
        return np.flatnonzero(~self.exchanges.is_covered & ~reserve)

    def reason(self, number: int) -> Reason:
        """Say why one uncovered need has nobody."""
        problem, bits = self.exchanges.problem, self.rivals_of(number)
        if bits not in self._groups:
            self._groups[bits] = self._group(self.needs_of(bits))
        rivals, substitutes, kept, lowest, others_could, stopped = self._groups[bits]
        is_chain_sure = not self.exchanges.is_mixed[number] and not self.exchanges.has_limits
        could = bool(self._may_be_added[number]) or (others_could and is_chain_sure)
        first = lowest <= int(problem.priorities[number])
        at_limit = len(stopped | self._at_limit(np.array([number])))
        return Reason(problem.needs[number].key, rivals, substitutes, kept, at_limit, first, not others_could, could)

    def _group(self, needs: np.ndarray) -> Group:
        """What all who compete with these needs are told."""
        problem = self.exchanges.problem
        rivals = tuple(problem.needs[one].key for one in needs.tolist())
        among = set(rivals)
        links = [(need, key) for need, key in self.exchanges.plan.links if need in among]
        kept = sum(problem.needs[problem.need_at[need]].is_reserve for need, _ in links)
        lowest = int(problem.priorities[needs].max(initial=0))
        substitutes = tuple(sorted({key for _, key in links}))
        return rivals, substitutes, kept, lowest, bool(self._may_be_added[needs].any()), self._at_limit(needs)

    def _at_limit(self, needs: np.ndarray) -> frozenset[int]:
        """The substitutes who could take one of these needs, have nothing then, and can do no more."""
        exchanges, pairs = self.exchanges, self.exchanges.problem.pairs
        if not exchanges.has_limits:
            return frozenset()
        stopped = exchanges.pairs[self._stopped]
        return frozenset(pairs.substitute[stopped[np.isin(pairs.need[stopped], needs)]].tolist())

    @cached_property
    def _stopped(self) -> np.ndarray:
        return self.exchanges.is_idle & ~self.exchanges.is_free

    @cached_property
    def _may_be_added(self) -> np.ndarray:
        """The needs that somebody free could take, as the plan stands."""
        exchanges = self.exchanges
        needs = exchanges.problem.pairs.need[exchanges.pairs[exchanges.is_free]]
        return np.bincount(needs, minlength=len(exchanges.problem.needs)) > 0


def in_words(reason: Reason) -> str:
    """Say a reason in French, in words that fit one class as well as all those that have the same."""
    people, kept = len(reason.substitutes), reason.kept_in_reserve
    others = len(reason.rivals) - (kept > 0)  # the reserve is no class
    if not people and not reason.could and not reason.at_limit:
        return "Personne dans la brigade n’est à la fois libre ce jour-là, assez près, et de ce niveau."
    if reason.could:
        return "Une personne libre, ou un échange, suffirait\u00a0: relancez le calcul."
    classes = "une autre classe" if others == 1 else f"{others} autres classes"
    if others and not reason.is_closed:
        told = f"Les personnes qui pourraient venir prennent déjà {classes}\u00a0: aucun échange n’en libère une."
    elif others and people == 1:
        told = f"La seule personne qui pourrait venir prend déjà {classes}."
    elif others:
        told = f"Les {people} personnes qui pourraient venir, même par échange, prennent déjà {classes}."
    elif people:
        told = "Les personnes qui conviendraient sont gardées en réserve."
    else:
        told = "Plus personne n’est possible."
    if reason.others_first and others:
        told += " Elle n’est pas moins prioritaire." if others == 1 else " Aucune n’est moins prioritaire."
    if kept and others:
        who = "Une personne est gardée" if kept == 1 else f"{kept} personnes sont gardées"
        told += f" {who} en réserve pour les congés de maladie."
    if reason.at_limit:
        who = "Une autre personne est" if reason.at_limit == 1 else f"{reason.at_limit} autres personnes sont"
        told += f" {who} au bout des demi-journées possibles."
    return told
