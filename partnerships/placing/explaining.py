"""Why a party is not placed, and the smallest changes of each kind that would place one party more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from circo.calendar.rules import HalfDay
from partnerships.cohorts.rules import DayKind
from partnerships.placing.choosing import calendars_of
from partnerships.placing.obeying import HardRule, Room
from partnerships.placing.problem import KINDS, Days, Host, Line, Party, Plan, Problem
from partnerships.travel import CAR_LIMIT_MIN, LIMIT_MIN

LOOKED_AT = 8  # classes, the nearest, of which other dates are sought
CALENDARS = 60  # of one class with other dates


@dataclass(frozen=True)
class MoreRoom:
    """This class takes so many students at once, and so many a year."""

    host: str
    seats: int
    most: int


@dataclass(frozen=True)
class FullerSchool:
    """This school takes so many students in a period."""

    school: str
    most: int


@dataclass(frozen=True)
class OtherDays:
    """This class is also open on these half-days, for that kind."""

    host: str
    kind: DayKind
    half_days: tuple[HalfDay, ...]


@dataclass(frozen=True)
class Farther:
    """These students accept to travel so long, to this class. Units: minutes one way."""

    party: str
    host: str
    students: tuple[str, ...]
    minutes: int


@dataclass(frozen=True)
class LiftedLock:
    line: Line


type Change = MoreRoom | FullerSchool | OtherDays | Farther | LiftedLock


@dataclass(frozen=True)
class Reason:
    """Why a party has no placement. Units: classes: `reached` by its travel, `dated` when it may come.

    When `could` is true, a class has room: the plan is not the best.
    """

    party: str
    reached: int
    dated: int
    could: bool
    changes: tuple[Change, ...]


class Explainer:
    """The reasons of all parties that a plan leaves out."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.room = Room(problem.rules)
        for line in plan.lines:
            self.room.take(*self._of(line), line.days)

    def _of(self, line: Line) -> tuple[Party, Host]:
        problem = self.problem
        return problem.parties[problem.party_at[line.party]], problem.hosts[problem.host_at[line.host]]

    def all(self) -> list[Reason]:
        return [self.reason(one) for one in self.problem.parties if one.key not in self.plan.by_party]

    def reason(self, party: Party) -> Reason:
        """Say why one party is not placed."""
        problem = self.problem
        lines = self._lines(party)
        reached = [host for host in self._known(party) if not self._too_far(party, host)]
        dated = {line.host for line in lines}
        lacks = [(line, self.room.lacks(*self._of(line), line.days)) for line in lines]
        could = any(not lacking for _, lacking in lacks)
        found = (
            _least(self._more_room(party, lacks)),
            _least(self._fuller_school(party, lacks)),
            _least(self._other_days(party, reached[:LOOKED_AT])),
            _least(self._farther(party)),
            next(self._lifted(party, lines), None) if problem.decisions.locks else None,
        )
        return Reason(party.key, len(reached), len(dated), could, tuple(one for one in found if one))

    def _lines(self, party: Party) -> list[Line]:
        """The choices of a party, the nearest classes first."""
        problem, at = self.problem, self.problem.party_at[party.key]
        numbers = problem.choices_of(at)
        return [problem.line(number) for number in sorted(numbers, key=lambda one: int(problem.choices.minutes[one]))]

    def _known(self, party: Party) -> list[Host]:
        """The classes to which the travel of the whole party is known, and which it may have, the nearest first."""
        apart = {host for key, host in self.problem.decisions.forbidden if key == party.key}
        schools = set.intersection(*(set(one.minutes) for one in party.students))
        hosts = [host for school in schools for host in self._hosts_at.get(school, ()) if host.key not in apart]
        return sorted(hosts, key=lambda host: (sum(one.minutes[host.school] for one in party.students), host.key))

    @cached_property
    def _hosts_at(self) -> dict[str, list[Host]]:
        found: dict[str, list[Host]] = {}
        for host in self.problem.hosts:
            found.setdefault(host.school, []).append(host)
        return found

    def _too_far(self, party: Party, host: Host) -> list[str]:
        return [one.key for one in party.students if one.minutes[host.school] > one.limit_min]

    def _more_room(self, party: Party, lacks: Iterable[tuple[Line, list[HardRule]]]) -> Iterator[tuple[int, Change]]:
        """One seat more, or two: where nobody holds the class alone, and the school has room."""
        for line, lacking in lacks:
            _, host = self._of(line)
            at_once = self.room.at_once(host, line.days)
            if HardRule.SCHOOL in lacking or at_once is None:
                continue
            seats = max(host.seats, at_once + party.size)
            most = max(host.most, self.room.in_year(host) + party.size)
            yield seats - host.seats + most - host.most, MoreRoom(host.key, seats, most)
        yield from self._roomier(party)

    def _roomier(self, party: Party) -> Iterator[tuple[int, Change]]:
        """A class that has fewer seats than the party is large is no choice: with one seat more, it would be."""
        for host in self._known(party)[:LOOKED_AT]:
            if host.seats < party.size and not self._too_far(party, host):
                wide = replace(host, seats=party.size)
                for days in self._calendars(party, wide):
                    at_once, most = self.room.at_once(host, days), self.room.in_year(host) + party.size
                    if at_once == 0 and HardRule.SCHOOL not in self.room.lacks(party, wide, days):
                        most = max(host.most, most)
                        yield party.size - host.seats + most - host.most, MoreRoom(host.key, party.size, most)

    def _fuller_school(
        self, party: Party, lacks: Iterable[tuple[Line, list[HardRule]]]
    ) -> Iterator[tuple[int, Change]]:
        for line, lacking in lacks:
            if lacking == [HardRule.SCHOOL]:
                _, host = self._of(line)
                most = self.room.in_school(host, line.days) + party.size
                yield most, FullerSchool(host.school, most)

    def _other_days(self, party: Party, hosts: Iterable[Host]) -> Iterator[tuple[tuple, Change]]:
        """Half-days on which some class is open, and this one is not: the fewest, then the soonest."""
        offered = frozenset(one for host in self.problem.hosts for days in host.offers.values() for one in days)
        for host in hosts:
            if host.seats < party.size or self.room.in_year(host) + party.size > host.most:
                continue
            for number, kind in enumerate(KINDS):
                if not party.programme.needs[number]:
                    continue
                wide = replace(host, offers={**host.offers, kind: offered})
                own = host.offers.get(kind, frozenset())
                for days in self._calendars(party, wide):
                    added = tuple(one for one in days[number] if one not in own)
                    if added and not self.room.lacks(party, host, days):
                        yield (len(added), days[number]), OtherDays(host.key, kind, added)

    def _calendars(self, party: Party, host: Host) -> list[Days]:
        return calendars_of(host.open_to(party.size), party.programme, party.away, most=CALENDARS)

    def _farther(self, party: Party) -> Iterator[tuple[int, Change]]:
        """The nearest class past the limit that has room."""
        for host in self._known(party):
            far = self._too_far(party, host)
            if not far or host.seats < party.size:
                continue
            made = calendars_of(
                host.open_to(party.size), party.programme, party.away, most=self.problem.rules.calendars
            )
            if any(not self.room.lacks(party, host, days) for days in made):
                minutes = max(one.minutes[host.school] for one in party.students if one.key in far)
                yield minutes, Farther(party.key, host.key, tuple(far), minutes)

    def _lifted(self, party: Party, lines: list[Line]) -> Iterator[LiftedLock]:
        """The locks whose party finds another class once this one is placed."""
        schools = {self._of(line)[1].school for line in lines}
        for lock in sorted(self.problem.decisions.locks):
            other, host = self._of(lock)
            if host.school not in schools:
                continue
            self.room.take(other, host, lock.days, -1)
            fitting = [line for line in lines if not self.room.lacks(party, self._of(line)[1], line.days)]
            for line in fitting:
                self.room.take(party, self._of(line)[1], line.days)
                finds = any(
                    not self.room.lacks(other, self._of(one)[1], one.days) for one in self._lines(other) if one != lock
                )
                self.room.take(party, self._of(line)[1], line.days, -1)
                if finds:
                    break
            else:
                finds = False
            self.room.take(other, host, lock.days)
            if finds:
                yield LiftedLock(lock)


def _least(found: Iterable[tuple[Any, Change]]) -> Change | None:
    return min(found, key=lambda one: one[0], default=(None, None))[1]


def in_words(reason: Reason) -> str:
    """Say a reason in French."""
    if reason.could:
        return "Une classe a de la place\u00a0: relancez le calcul."
    if not reason.reached:
        most = f"{CAR_LIMIT_MIN}\u00a0minutes au plus en voiture, {LIMIT_MIN} autrement"
        return f"Aucune classe ouverte n’est à portée de trajet\u00a0: {most}."
    if not reason.dated:
        which = (
            "La classe à portée n’est pas ouverte"
            if reason.reached == 1
            else (f"Aucune des {reason.reached} classes à portée n’est ouverte")
        )
        return f"{which} aux dates qui restent, l’observation venant d’abord."
    if reason.dated == 1:
        return "La seule classe qui conviendrait est prise, et aucun échange ne la libère."
    return f"Les {reason.dated} classes qui conviendraient sont prises, et aucun échange n’en libère une."
