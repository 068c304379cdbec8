"""Who may take what: distances, levels, hard rules, and the name of the rule that a refused pair breaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.rules import CYCLES
from events.cover.pricing import Scale, cents_at, scale_of
from events.cover.problem import Decisions, Need, Pairs, Problem, Rules, Spot, Substitute, checked, reserve_needs

EARTH_M = 6_371_000.0
PERFECT, PARTLY, SAME_CYCLE, FAR = 0, 1, 2, 3  # misfits


class HardRule(StrEnum):
    """What no plan breaks, as one says it when a lock is refused."""

    UNKNOWN = "ce besoin ou cette personne n’est pas dans le plan"
    NOT_FREE = "la personne n’est pas disponible sur toute la durée"
    REFUSED_LEVEL = "la personne ne prend pas ce niveau"
    FORBIDDEN = "cette personne et cette classe ont été écartées l’une de l’autre"
    TOO_FAR = "l’école est au-delà de la distance admise"
    TWICE = "la personne aurait deux classes la même demi-journée"
    TWO_FOR_ONE = "la classe aurait deux personnes"
    TOO_MUCH = "la personne dépasserait le nombre de demi-journées qu’elle peut faire"


class ImpossibleLock(Refusal):
    """A lock that breaks a hard rule, by the keys of its need and of its substitute."""

    def __init__(self, need_key: str, substitute_key: str, broken: HardRule):
        super().__init__(f"Ce verrou ({need_key}, {substitute_key}) est impossible\u00a0: {broken}.")
        self.need_key, self.substitute_key, self.broken = need_key, substitute_key, broken


@dataclass(frozen=True)
class Distances:
    """Metres by road from an imported table, by keys of home and school; elsewhere the crow's flight times `factor`."""

    table: Mapping[tuple[str, str], int] = field(default_factory=dict)
    factor: float = 1.3

    def between(self, homes: Sequence[Spot], schools: Sequence[Spot]) -> tuple[np.ndarray, np.ndarray]:
        """Metres from each home to each school, and which of them are estimates."""
        metres = np.rint(_flight_m(homes, schools) * self.factor).astype(np.int64)
        row = {spot.key: number for number, spot in enumerate(homes)}
        column = {spot.key: number for number, spot in enumerate(schools)}
        is_estimate = np.ones(metres.shape, bool)
        for key in row.keys() & column.keys():
            metres[row[key], column[key]], is_estimate[row[key], column[key]] = 0, False
        # One pair alone is often asked: then not the whole table is walked through.
        is_short = len(self.table) < len(row) * len(column)
        keys = self.table if is_short else ((home, school) for home in row for school in column)
        for home, school in keys:
            found = self.table.get((home, school))
            if found is not None and home in row and school in column:
                metres[row[home], column[school]], is_estimate[row[home], column[school]] = found, False
        return metres, is_estimate


def _flight_m(homes: Sequence[Spot], schools: Sequence[Spot]) -> np.ndarray:
    """Great circles, by haversines. Units: metres."""
    lon_a, lat_a, lon_b, lat_b = (
        np.radians([getattr(spot, name) for spot in spots])
        for spots in (homes, schools)
        for name in ("longitude", "latitude")
    )
    across = np.cos(lat_a)[:, None] * np.cos(lat_b) * np.sin((lon_b - lon_a[:, None]) / 2) ** 2
    return 2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(1.0, np.sin((lat_b - lat_a[:, None]) / 2) ** 2 + across)))


def misfit(levels: frozenset[str], preferred: frozenset[str]) -> int:
    """How far a class is from what a substitute likes to teach: 0 is what they prefer, 1 what they said nothing of."""
    if not preferred:
        return PARTLY
    if levels & preferred:
        return PERFECT if levels <= preferred else PARTLY
    near = any(levels & cycle and preferred & cycle for cycle in CYCLES)
    return SAME_CYCLE if near else FAR


def build(
    needs: Iterable[Need],
    substitutes: Iterable[Substitute],
    scales: Sequence[Scale],
    *,
    rules: Rules | None = None,
    distances: Distances | None = None,
    decisions: Decisions | None = None,
) -> Problem:
    """Put together the problem of a cover plan.

    Raises: Refusal, in words, for needs or substitutes that come twice, or a lock that breaks a hard rule.
    """
    rules, distances, decisions = rules or Rules(), distances or Distances(), decisions or Decisions()
    wanted = list(needs)
    ordered, staff = checked([*wanted, *reserve_needs((need.day for need in wanted), rules.reserve)], substitutes)
    pairs = _pairs(ordered, staff, scales, rules, distances, decisions.forbidden)
    problem = Problem(
        ordered,
        staff,
        pairs,
        rules,
        locks=decisions.locks,
        forbidden=decisions.forbidden,
        affinities=decisions.affinities,
        published=decisions.published,
        notified=decisions.notified & decisions.published,
    )
    refuse_impossible_locks(problem, distances)
    return problem


def _pairs(
    needs: tuple[Need, ...],
    substitutes: tuple[Substitute, ...],
    scales: Sequence[Scale],
    rules: Rules,
    distances: Distances,
    forbidden: frozenset[tuple[str, str]],
) -> Pairs:
    """Look at all needs against all substitutes, some needs at a time."""
    homes = sorted({one.home for one in substitutes}, key=lambda spot: spot.key)
    schools = sorted({need.school for need in needs if need.school}, key=lambda spot: spot.key)
    metres, is_estimate = distances.between(homes, schools)
    home_at = {spot.key: number for number, spot in enumerate(homes)}
    school_at = {spot.key: number for number, spot in enumerate(schools)}
    at_home = np.array([home_at[one.home.key] for one in substitutes], np.int64)
    fits = {levels: _fits(levels, substitutes) for levels in {need.levels for need in needs}}
    free = {
        (day, span): np.array([set(half_days) <= one.free for one in substitutes], bool)
        for day, span, half_days in {(need.day, need.span, need.half_days) for need in needs}
    }
    numbers = {one.key: number for number, one in enumerate(substitutes)}
    kept_apart: dict[str, list[int]] = {}
    for class_key, key in forbidden:
        if key in numbers:
            kept_apart.setdefault(class_key, []).append(numbers[key])
    found: list[tuple[np.ndarray, ...]] = []
    for number, need in enumerate(needs):
        may = free[need.day, need.span].copy()
        may[kept_apart.get(need.class_key, [])] = False
        if need.school is None:
            who = np.flatnonzero(may)
            nothing = np.zeros(len(who), np.int64)
            found.append((np.full(len(who), number), who, nothing, nothing, nothing != 0))
            continue
        to = school_at[need.school.key]
        fit = fits[need.levels]
        who = np.flatnonzero(may & (fit <= FAR) & (metres[at_home, to] <= rules.limit_m))
        here = at_home[who]
        found.append((np.full(len(who), number), who, fit[who], metres[here, to], is_estimate[here, to]))
    columns = [np.concatenate(column) for column in zip(*found, strict=True)] if found else [np.zeros(0, np.int64)] * 5
    who_takes, by_whom, fit, far, guessed = columns
    cents = _cents(needs, substitutes, who_takes, by_whom, far, scales)
    return Pairs(who_takes, by_whom, fit.astype(np.int64), far, cents, guessed)


def _fits(levels: frozenset[str], substitutes: tuple[Substitute, ...]) -> np.ndarray:
    """The misfit of each substitute to these levels; above `FAR` for who can't take them."""
    return np.array(
        [FAR + 1 if levels & one.refused else misfit(levels, one.preferred) for one in substitutes], np.int8
    )


def _cents(
    needs: tuple[Need, ...],
    substitutes: tuple[Substitute, ...],
    need: np.ndarray,
    substitute: np.ndarray,
    metres: np.ndarray,
    scales: Sequence[Scale],
) -> np.ndarray:
    """What each pair costs on its day, alone."""
    days = sorted({one.day for one in needs if one.school})
    day_at = np.array([days.index(one.day) if one.school else -1 for one in needs], np.int64)[need]
    schools = {key: number for number, key in enumerate(sorted({one.school.key for one in needs if one.school}))}
    school_at = np.array([schools[one.school.key] if one.school else -1 for one in needs], np.int64)[need]
    home_at = np.array([schools.get(one.home.key, -2) for one in substitutes], np.int64)[substitute]
    is_tenured = np.array([one.is_tenured for one in substitutes], bool)[substitute]
    cents = np.zeros(len(need), np.int64)
    for number, day in enumerate(days):
        due = (day_at == number) & (school_at != home_at) & is_tenured
        cents[due] = cents_at(metres[due], scale_of(day, scales))
    return cents


def broken_rule(problem: Problem, need_key: str, substitute_key: str, distances: Distances) -> HardRule | None:
    """Name the hard rule that this pair would break by itself, if any."""
    if need_key not in problem.need_at or substitute_key not in problem.substitute_at:
        return HardRule.UNKNOWN
    need = problem.needs[problem.need_at[need_key]]
    one = problem.substitutes[problem.substitute_at[substitute_key]]
    if not set(need.half_days) <= one.free:
        return HardRule.NOT_FREE
    if need.levels & one.refused:
        return HardRule.REFUSED_LEVEL
    if (need.class_key, one.key) in problem.forbidden:
        return HardRule.FORBIDDEN
    if need.school and int(distances.between([one.home], [need.school])[0][0, 0]) > problem.rules.limit_m:
        return HardRule.TOO_FAR
    return None


def refuse_impossible_locks(problem: Problem, distances: Distances) -> None:
    """Refuse locks that break a hard rule, alone or together.

    Raises: ImpossibleLock, with the name of the rule.
    """
    served: dict[str, int] = {}
    taken: dict[str, list[HalfDay]] = {}
    work: dict[str, int] = {}
    for need_key, key in sorted(problem.locks):
        broken = broken_rule(problem, need_key, key, distances)
        if broken is None:
            need = problem.needs[problem.need_at[need_key]]
            one = problem.substitutes[problem.substitute_at[key]]
            busy = taken.setdefault(key, [])
            served[need_key] = served.get(need_key, 0) + 1
            if served[need_key] > need.places:
                broken = HardRule.TWO_FOR_ONE
            elif set(busy) & set(need.half_days):
                broken = HardRule.TWICE
            busy += need.half_days
            work[key] = work.get(key, 0) + need.load
            if broken is None and one.most is not None and work[key] > one.most:
                broken = HardRule.TOO_MUCH
        if broken is not None:
            raise ImpossibleLock(need_key, key, broken)
