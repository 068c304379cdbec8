"""The hard rules: what a line breaks by itself, what a plan leaves free in classes and schools, which locks obey."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from partnerships.placing.problem import KINDS, Days, Decisions, Host, Line, Party, Rules


class HardRule(StrEnum):
    """What no plan breaks, as one says it when a lock is refused."""

    UNKNOWN = "cette personne ou cette classe n’est pas dans le plan"
    FORBIDDEN = "cette personne et cette classe ont été écartées l’une de l’autre"
    WRONG_COUNT = "le nombre de demi-journées n’est pas celui du programme"
    NOT_OFFERED = "la classe n’est pas ouverte à ce moment-là"
    AWAY = "l’université garde la personne à ce moment-là"
    DISORDER = "on observe avant de pratiquer, et on pratique avant de prendre la classe"
    TOO_FAR = "l’école est au-delà du trajet admis"
    TWICE = "la personne aurait deux placements"
    FULL = "la classe n’a plus de place à ce moment-là"
    YEAR = "la classe accueillerait trop de monde dans l’année"
    SCHOOL = "l’école accueillerait trop de monde dans la période"


class ImpossibleLock(Refusal):
    """A lock that breaks a hard rule."""

    def __init__(self, line: Line, broken: HardRule):
        super().__init__(f"Ce verrou ({line.party}, {line.host}) est impossible\u00a0: {broken}.")
        self.line, self.broken = line, broken


def broken_rule(
    line: Line, parties: dict[str, Party], hosts: dict[str, Host], decisions: Decisions, *, by_hand: bool = False
) -> HardRule | None:
    """Name the hard rule that a line breaks by itself, if any; people may choose `by_hand` to travel farther."""
    if line.party not in parties or line.host not in hosts:
        return HardRule.UNKNOWN
    party, host = parties[line.party], hosts[line.host]
    if (party.key, host.key) in decisions.forbidden:
        return HardRule.FORBIDDEN
    if tuple(len(set(days)) for days in line.days) != party.programme.needs:
        return HardRule.WRONG_COUNT
    if any(set(days) - host.offers.get(kind, frozenset()) for kind, days in zip(KINDS, line.days, strict=True)):
        return HardRule.NOT_OFFERED
    if any(set(days) & party.away for days in line.days):
        return HardRule.AWAY
    if not in_order(line.days):
        return HardRule.DISORDER
    if not by_hand and not reaches(party, host.school):
        return HardRule.TOO_FAR
    is_open = zip(host.open_to(party.size), line.days, strict=True)
    return HardRule.FULL if party.size > host.seats or any(set(days) - left for left, days in is_open) else None


def in_order(days: Days) -> bool:
    """Whether each kind ends before the next begins."""
    done = [kind for kind in days if kind]
    return all(max(before) < min(after) for before, after in pairwise(done))


def reaches(party: Party, school: str) -> bool:
    return all(school in one.minutes and one.minutes[school] <= one.limit_min for one in party.students)


def refuse_impossible(
    locks: Iterable[Line], parties: dict[str, Party], hosts: dict[str, Host], rules: Rules, decisions: Decisions
) -> None:
    """Refuse locks that break a hard rule, alone or together.

    Raises: ImpossibleLock, with the name of the rule.
    """
    held: set[str] = set()
    room = Room(rules)
    for line in sorted(locks):
        broken = broken_rule(line, parties, hosts, decisions, by_hand=True)
        if broken is None and line.party in held:
            broken = HardRule.TWICE
        if broken is None:
            party, host = parties[line.party], hosts[line.host]
            broken = next(iter(room.lacks(party, host, line.days)), None)
            room.take(party, host, line.days)
        if broken is not None:
            raise ImpossibleLock(line, broken)
        held.add(line.party)


class Room:
    """What a plan leaves free in classes and schools."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._at_once: dict[tuple[str, HalfDay], int] = {}
        self._in_charge: set[tuple[str, HalfDay]] = set()
        self._in_year: dict[str, int] = {}
        self._in_school = {(school, period): count for school, period, count in rules.school_past}

    def lacks(self, party: Party, host: Host, days: Days) -> list[HardRule]:
        """The rules that one line more would break."""
        learning = {one for kind in days[:2] for one in kind}
        broken = []
        if (
            any(self._there(host, one) + party.size > host.seats for one in learning)
            or any((host.key, one) in self._in_charge for one in learning | set(days[2]))
            or any(self._there(host, one) for one in days[2])
        ):
            broken.append(HardRule.FULL)
        if self.in_year(host) + party.size > host.most:
            broken.append(HardRule.YEAR)
        most = self.rules.most_in(host.school)
        if any(self._in_school.get(period, 0) + party.size > most for period in self._periods(host, days)):
            broken.append(HardRule.SCHOOL)
        return broken

    def _there(self, host: Host, half_day: HalfDay) -> int:
        return self._at_once.get((host.key, half_day), 0) + host.taken.get(half_day, 0)

    def at_once(self, host: Host, days: Days) -> int | None:
        """The most students who are there on these half-days; None when somebody would hold the class before others."""
        every = {one for kind in days for one in kind}
        if any((host.key, one) in self._in_charge for one in every):
            return None
        if any(self._there(host, one) for one in days[2]):
            return None
        return max((self._there(host, one) for one in every), default=0)

    def in_year(self, host: Host) -> int:
        return host.past + self._in_year.get(host.key, 0)

    def in_school(self, host: Host, days: Days) -> int:
        """The most students in that school in one of the periods of these days."""
        return max((self._in_school.get(period, 0) for period in self._periods(host, days)), default=0)

    def take(self, party: Party, host: Host, days: Days, sign: int = 1) -> None:
        for one in {one for kind in days for one in kind}:
            at = host.key, one
            self._at_once[at] = self._at_once.get(at, 0) + sign * party.size
            if one in days[2]:
                (self._in_charge.add if sign > 0 else self._in_charge.discard)(at)
        self._in_year[host.key] = self._in_year.get(host.key, 0) + sign * party.size
        for period in self._periods(host, days):
            self._in_school[period] = self._in_school.get(period, 0) + sign * party.size

    def _periods(self, host: Host, days: Days) -> set[tuple[str, int]]:
        return {(host.school, sum(one.day > end for end in self.rules.periods)) for kind in days for one in kind}
