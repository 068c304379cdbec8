"""The smallest change that would cover a class: one substitute more, a lock lifted, or some kilometres more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from events.cover.exchanges import Exchanges
from events.cover.explaining import Explainer
from events.cover.pairing import Distances
from events.cover.problem import Link, Need, Spot, Substitute


@dataclass(frozen=True)
class OneMore:
    """One more substitute, attached to this school and free then."""

    school: str


@dataclass(frozen=True)
class LiftedLock:
    link: Link


@dataclass(frozen=True)
class Farther:
    """This substitute goes to this need, past the limit. Units: metres."""

    need: str
    substitute: str
    metres: int
    is_estimate: bool


type Change = OneMore | LiftedLock | Farther
type _Nearest = tuple[int, int, Farther | None]  # metres, the number of the need

NOBODY: _Nearest = (2**62, -1, None)


class Changes:
    """What would cover one need or another of a plan.

    A lock or a distance is proposed only when chains of exchanges show what follows: a need that `number` reaches takes
    the substitute, and who loses that substitute finds another one, or has a lower priority than `number`.
    """

    def __init__(self, exchanges: Exchanges, distances: Distances) -> None:
        self.exchanges, self.distances = exchanges, distances
        substitutes = exchanges.problem.substitutes
        self._homes = sorted({one.home for one in substitutes}, key=lambda spot: spot.key)
        home_at = {spot.key: number for number, spot in enumerate(self._homes)}
        self._at_home = np.array([home_at[one.home.key] for one in substitutes], np.int64)
        self._metres: dict[Spot, tuple[np.ndarray, np.ndarray]] = {}
        self._explainer = Explainer(exchanges)
        self._locks = sorted(exchanges.problem.locks)
        self._ways: dict[int, np.ndarray] = {}  # by priority
        self._comers: dict[tuple[int, bytes], np.ndarray] = {}  # by priority and half-days
        self._groups: dict[tuple[int, int], _Nearest] = {}  # by rivals and priority
        self._served: dict[Link, np.ndarray] = {}
        self._ways_out: dict[tuple[Link, int], bool] = {}

    def of(self, number: int) -> list[Change]:
        """The changes that would cover this uncovered need, the smallest of each kind.

        Needs alike compete with the same others: what these could do is sought once for all.
        """
        problem = self.exchanges.problem
        # Where half-days meet whole days, only the need itself: a chain may not be possible.
        rivals = 0 if self.exchanges.is_mixed[number] else self._explainer.rivals_of(number)
        priority, school = int(problem.priorities[number]), problem.needs[number].school
        found: list[Change] = [OneMore(school.key)] if school else []
        lifted = next(self._lifted(number, rivals, priority), None)
        found += [lifted] if lifted else []
        farther = min(self._nearest([number], priority), self._of_group(rivals, priority))[-1]
        return [*found, farther] if farther else found

    def _of_group(self, rivals: int, priority: int) -> _Nearest:
        if (rivals, priority) not in self._groups:
            self._groups[rivals, priority] = self._nearest(self._asking(rivals).tolist(), priority)
        return self._groups[rivals, priority]

    def _asking(self, rivals: int) -> np.ndarray:
        """The numbers of these needs, without those of dates where a chain may not be possible."""
        needs = self._explainer.needs_of(rivals)
        return needs[~self.exchanges.is_mixed[needs]]

    def _gives_way(self, priority: int) -> np.ndarray:
        """The needs that may lose their substitute, to a need of that priority, without loss."""
        if priority in self._ways:
            return self._ways[priority]
        problem, exchanges = self.exchanges.problem, self.exchanges
        lower = exchanges.is_held & (problem.priorities > priority)
        free = problem.pairs.need[exchanges.pairs[exchanges.is_free]]
        finds = lower | (np.bincount(free, minlength=len(problem.needs)) > 0)
        unlocked = np.ones(len(problem.needs), bool)
        unlocked[[problem.need_at[need] for need, _ in problem.locks]] = False
        chains = exchanges.reached(finds & unlocked & ~exchanges.is_mixed, backwards=True) & ~exchanges.is_mixed
        self._ways[priority] = (chains | (lower & exchanges.is_mixed)) & unlocked
        return self._ways[priority]

    def _may_come(self, slots: np.ndarray, priority: int) -> np.ndarray:
        """The substitutes who have nothing on these half-days (a mask), or one need that gives way."""
        key = priority, slots.tobytes()
        if key not in self._comers:
            held = self.exchanges.served[:, slots]
            ends = np.append(self._gives_way(priority), True)[held].all(axis=1)  # -1, for nothing, is the last
            is_one = ((held == held[:, :1]) | (held < 0) | (held[:, :1] < 0)).all(axis=1)
            self._comers[key] = ends & is_one
        return self._comers[key]

    def _lifted(self, number: int, rivals: int, priority: int) -> Iterator[LiftedLock]:
        """The locks whose substitute could come instead, and whose own need has another way."""
        problem = self.exchanges.problem
        asking = np.append(self._asking(rivals), number)
        for link in self._locks:
            is_lower = problem.priorities[problem.need_at[link[0]]] > priority
            if self._could_serve(link)[asking].any() and (is_lower or self._has_another(link, priority)):
                yield LiftedLock(link)

    def _could_serve(self, link: Link) -> np.ndarray:
        """The needs that the substitute of a lock could take on its half-days: a mask."""
        if link not in self._served:
            problem, pairs = self.exchanges.problem, self.exchanges.problem.pairs
            own = pairs.need[pairs.substitute == problem.substitute_at[link[1]]]
            within = (problem.slots[own] <= problem.slots[problem.need_at[link[0]]]).all(axis=1)
            self._served[link] = np.isin(np.arange(len(problem.needs)), own[within])
        return self._served[link]

    def _has_another(self, link: Link, priority: int) -> bool:
        """Whether somebody else may come for the need of a lock."""
        if (link, priority) not in self._ways_out:
            problem, pairs = self.exchanges.problem, self.exchanges.problem.pairs
            need, one = problem.need_at[link[0]], problem.substitute_at[link[1]]
            others = pairs.substitute[(pairs.need == need) & (pairs.substitute != one)]
            others = others[[problem.substitutes[other].most is None for other in others.tolist()]]
            self._ways_out[link, priority] = bool(self._may_come(problem.slots[need], priority)[others].any())
        return self._ways_out[link, priority]

    def _nearest(self, asking: Iterable[int], priority: int) -> _Nearest:
        """The nearest substitute past the limit who could come for one of these needs, if any."""
        problem, found = self.exchanges.problem, NOBODY
        for number in asking:
            need = problem.needs[number]
            if need.school is None:
                continue
            metres, is_estimate = self._from_homes(need.school)
            comes = self._may_come(problem.slots[number], priority)
            past = np.flatnonzero(comes & (metres > problem.rules.limit_m) & (metres < found[0]))
            for one in past[np.argsort(metres[past], kind="stable")].tolist():
                if self._could(need, problem.substitutes[one]):
                    who = problem.substitutes[one].key
                    change = Farther(need.key, who, int(metres[one]), bool(is_estimate[one]))
                    found = change.metres, number, change
                    break
        return found

    def _from_homes(self, school: Spot) -> tuple[np.ndarray, np.ndarray]:
        """The metres from the home of each substitute to a school, and which are estimates."""
        if school not in self._metres:
            metres, is_estimate = self.distances.between(self._homes, [school])
            self._metres[school] = metres[self._at_home, 0], is_estimate[self._at_home, 0]
        return self._metres[school]

    def _could(self, need: Need, one: Substitute) -> bool:
        """Whether only the distance keeps them apart: no lock, no limit, no hard rule."""
        problem = self.exchanges.problem
        return (
            one.free.issuperset(need.half_days)
            and not need.levels & one.refused
            and (need.class_key, one.key) not in problem.forbidden
            and one.most is None
            and all(key != one.key for _, key in problem.locks)
        )
