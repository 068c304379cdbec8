"""What the pages of a plan say beyond its rows: who could take a class and why not others, what each goal came to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from events.models import AssignedHalfDay, CoverLink, CoverNeed, CoverPlan
from events.plans import problems, rules
from events.plans.rules import LinkKind

FITS = ("un de ses niveaux préférés", "sans préférence", "un niveau proche", "loin de ses préférences")
GOAL_WORDS = {
    "cover": "Classes couvertes, les premiers rangs d’abord",
    "notified": "Missions déjà annoncées qui restent",
    "published": "Missions du plan précédent qui restent",
    "misfit": "Niveaux",
    "cost": "Déplacements et visages connus",
    "fairness": "Charge partagée",
}


@dataclass(frozen=True)
class Candidate:
    """One substitute who could take a class, and what it would mean."""

    pk: int
    name: str
    home: str
    fit: str
    km: str
    is_estimate: bool  # of kilometres that no table gives
    euros: str
    busy_with: str  # the classes that they take in this plan at that moment
    leaving: Sequence[int]  # their keys
    is_here: bool
    link: str


@dataclass(frozen=True)
class Choice:
    candidates: Sequence[Candidate]
    refused: Sequence[tuple[str, Sequence[str]]]  # why others cannot, and who
    kept_apart: Sequence[tuple[int, str]]  # whom somebody said must not meet this class

    @property
    def free_count(self) -> int:
        return sum(not one.busy_with for one in self.candidates)


def choice(plan: CoverPlan, need: CoverNeed) -> Choice:
    """Who could take this class, the free first, then the nearest; and why the others cannot."""
    situation = problems.situation_of(plan, [need])
    problem, key = situation.problem, problems.key_of(need)
    row = problem.need_at[key]
    numbers = (problem.pairs.need == row).nonzero()[0].tolist()
    links = dict(
        CoverLink.objects.filter(departement=plan.departement_id, class_key=need.class_key)
        .order_by("pk")
        .values_list("substitute_id", "kind")
    )
    busy, found = _busy(plan, need), []
    for number in numbers:
        pk = int(problem.substitutes[problem.pairs.substitute[number]].key)
        member = situation.members[str(pk)]
        found.append(
            (
                int(problem.pairs.metres[number]),
                Candidate(
                    pk=pk,
                    name=str(member.person),
                    home=str(member.school),
                    fit=FITS[int(problem.pairs.misfit[number])],
                    km=rules.km(int(problem.pairs.metres[number])),
                    is_estimate=bool(problem.pairs.is_estimate[number]),
                    euros=rules.euros(int(problem.pairs.cents[number])),
                    busy_with=", et ".join(str(one) for one in busy[pk] if one.pk != need.pk),
                    leaving=[one.pk for one in busy[pk] if one.pk != need.pk],
                    is_here=any(one.pk == need.pk for one in busy[pk]),
                    link=links.get(pk, ""),
                ),
            )
        )
    found.sort(key=lambda pair: (bool(pair[1].busy_with), pair[1].fit != FITS[0], pair[0], pair[1].pk))
    able = {one.pk for _, one in found}
    refused: dict[str, list[str]] = defaultdict(list)
    for person in sorted((one.person for one in situation.members.values()), key=str):
        if person.pk not in able and (broken := situation.broken_rule(need, person.pk)) is not None:
            refused[str(broken)].append(str(person))
    apart = [pk for pk, kind in links.items() if kind == LinkKind.FORBIDDEN and str(pk) in situation.members]
    named = [(pk, str(situation.members[str(pk)].person)) for pk in sorted(apart)]
    return Choice([one for _, one in found], sorted(refused.items()), named)


def _busy(plan: CoverPlan, need: CoverNeed) -> dict[int, list[CoverNeed]]:
    """The classes that each substitute takes in this plan at that moment."""
    found: dict[int, list[CoverNeed]] = defaultdict(list)
    rows = AssignedHalfDay.objects.filter(plan=plan, day=need.day.on, half__in=need.halves)
    for one in rows.select_related("assignment__need__school").order_by("pk"):
        if one.assignment.need not in found[one.substitute_id]:
            found[one.substitute_id].append(one.assignment.need)
    return found


@dataclass(frozen=True)
class GoalLine:
    words: str
    is_proved: bool
    gap: int


def goals(plan: CoverPlan) -> list[GoalLine]:
    """What is proved of a plan, goal by goal, in words."""
    data: dict[str, Any] = plan.proof or {}
    lines: dict[str, GoalLine] = {}
    for one in data.get("proofs", ()):
        words = GOAL_WORDS.get(one["name"].partition(":")[0])
        if words is None:
            continue
        gap = one["bound"] - one["value"] + (lines[words].gap if words in lines else 0)
        lines[words] = GoalLine(words, gap == 0, gap)
    return list(lines.values())
