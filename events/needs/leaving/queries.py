"""Reads of the schools that too many teachers leave at once: counted by half-day, and whom to keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from circo.calendar.rules import Half
from circo.models import Person, School
from circo.rules import HALF_WORDS
from events.days import rules as day_rules
from events.days.queries import rules_of
from events.models import Convocation, CoverNeed, LeavingException, SharingDay
from events.needs import rules
from events.needs.rules import Leaver

if TYPE_CHECKING:
    from events.needs.queries import Facts


@dataclass(frozen=True)
class Kept:
    """Somebody whom one would keep at school, why, and their convocation."""

    person: Person
    why: str
    convocation_id: int


@dataclass(frozen=True)
class Crowded:
    """A school that more teachers leave, on one half-day at least, than the district sets."""

    school: School
    leaving: int  # on the half-day when the most do
    most: int
    halves: Sequence[Half]  # those that exceed
    keep: Sequence[Kept]
    exception: LeavingException | None

    @property
    def when(self) -> str:
        """On which half-days, in words: nothing if it is the whole day."""
        return f"le {HALF_WORDS[self.halves[0]]}" if len(self.halves) == 1 else ""

    @property
    def words(self) -> str:
        """What stands in the way, as a refusal says it."""
        names = ", ".join(str(one.person) for one in self.keep)
        when = f" {self.when}" if self.when else ""
        return (
            f"{self.school}\u00a0: {self.leaving}\u00a0enseignants partiraient{when}, {self.most} au plus. "
            f"À garder à l’école\u00a0: {names}."
        )


def crowded(facts: Facts) -> list[Crowded]:
    """The schools beyond the number of the district. Two people of one class are two who leave; by half-day."""
    said = rules_of(facts.day.district)
    found: dict[int, Mapping[Half, Set[int]]] = {}
    most: dict[int, int] = {}
    for pk, by_half in rules.leaving(facts.classes, facts.called, facts.teaching).items():
        teachers = {post.person_id for one in facts.classes if one.school_id == pk for post in one.posts}
        most[pk] = day_rules.leaving_most(len(teachers), said.leaving_percent, said.leaving_most)
        if any(len(people) > most[pk] for people in by_half.values()):
            found[pk] = by_half
    if not found:
        return []
    exceptions = {one.school_id: one for one in _exceptions(facts.day)}
    leaving = frozenset().union(*(people for one in found.values() for people in one.values()))
    convocations = _convocations(facts.day, leaving)
    leavers = _leavers(facts.day, convocations)
    return sorted(
        (
            _crowded(facts.schools[pk], by_half, most[pk], leavers, convocations, exceptions.get(pk))
            for pk, by_half in found.items()
        ),
        key=lambda one: (one.school.commune, one.school.name),
    )


def _crowded(
    school: School,
    by_half: Mapping[Half, Set[int]],
    most: int,
    leavers: Mapping[int, Leaver],
    convocations: Mapping[int, Convocation],
    exception: LeavingException | None,
) -> Crowded:
    own = {half: [leavers[pk] for pk in people if pk in leavers] for half, people in by_half.items()}
    keep = [
        Kept(convocations[one.person_id].person, one.why, convocations[one.person_id].pk)
        for one in rules.kept_back(own, most)
    ]
    halves = [half for half in by_half if len(by_half[half]) > most]
    return Crowded(school, max(len(people) for people in by_half.values()), most, halves, keep, exception)


def _exceptions(day: SharingDay) -> list[LeavingException]:
    return list(LeavingException.objects.standing().filter(day=day).select_related("granted_by").order_by("pk"))


def _convocations(day: SharingDay, person_ids: frozenset[int]) -> dict[int, Convocation]:
    rows = Convocation.objects.standing().filter(day=day, person_id__in=person_ids).select_related("person")
    return {one.person_id: one for one in rows.order_by("person__last_name", "person__first_name", "pk")}


def _leavers(day: SharingDay, convocations: Mapping[int, Convocation]) -> dict[int, Leaver]:
    """What decides who stays: the rank of the class, and what is known of who is called."""
    ranks: dict[int, str] = defaultdict(str)
    needs = CoverNeed.objects.standing().filter(day=day, people__in=list(convocations)).order_by("priority", "pk")
    for pk, priority in needs.values_list("people", "priority"):
        ranks[pk] = ranks[pk] or priority
    others = Convocation.objects.coming().filter(person_id__in=list(convocations), day__on__lt=day.on)
    came = set(others.filter(day__school_year_id=day.school_year_id).order_by().values_list("person_id", flat=True))
    return {
        pk: Leaver(
            person_id=pk,
            name=(one.person.last_name, one.person.first_name),
            rank=ranks[pk],
            is_guest=one.is_guest,
            came_before=pk in came,
            is_called=one.is_called,
            has_answered=bool(one.answer),
        )
        for pk, one in convocations.items()
    }
