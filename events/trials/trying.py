"""What the worker does: the problem of a plan with one thing changed, solved, measured beside the plan as it is.

It loads SciPy: no page imports it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from circo import jobs
from circo.calendar import queries as calendar
from circo.errors import Refusal
from circo.optimal.watching import Watch
from events.brigade import queries as brigade
from events.brigade import rules as brigade_rules
from events.cover import pairing
from events.cover import solving as solver
from events.cover.counting import cents_of
from events.cover.locks import without_lock
from events.cover.problem import Decisions, Need, Plan, Problem, Substitute
from events.models import CoverTrial
from events.plans import problems, rules
from events.plans.problems import Situation
from events.trials.rules import TrialKind

FAR_LEVELS = 2  # misfits from this one on are far from what somebody prefers


def work(attempt: jobs.Run) -> None:
    """Answer one question; nothing of the plan is written."""
    trial = CoverTrial.objects.select_related("plan__departement", "plan__replaces", "need").get(pk=attempt.subject_id)
    situation = problems.situation_of(trial.plan)
    now = measured(situation.problem, Plan(tuple(sorted(problems.links_of(trial.plan)))))
    changed = _changed(trial, situation)
    watch = Watch(seconds=rules.SOLVE_S, asks_to_stop=attempt.lost.is_set)
    then = measured(changed, solver.solve(changed, watch).plan(changed))
    with attempt.finish():
        CoverTrial.objects.filter(pk=trial.pk).update(result={"now": now, "then": then}, failure="")


def measured(problem: Problem, plan: Plan) -> dict[str, int]:
    """What a plan comes to, in the figures that people compare."""
    classes = [link for link in plan.links if not problem.needs[problem.need_at[link[0]]].is_reserve]
    chosen = problem.numbers_of(classes)
    first = sum(problem.needs[problem.need_at[need]].priority == 1 for need, _ in classes)
    faces = {(problem.needs[problem.need_at[need]].class_key, key) for need, key in classes}
    return {
        "covered": len(classes),
        "first": first,
        "far_levels": int((problem.pairs.misfit[chosen] >= FAR_LEVELS).sum()),
        "km": round(int(problem.pairs.metres[chosen].sum()) / 1000),
        "euros": round(sum(cents_of(problem, Plan(tuple(classes))).values()) / 100),
        "faces": len(classes) - len(faces),
    }


def _changed(trial: CoverTrial, situation: Situation) -> Problem:
    problem, number = situation.problem, trial.number or 0
    match TrialKind(trial.kind):
        case TrialKind.LOCK:
            lock = next((link for link in problem.locks if link[0] == str(trial.need_id)), None)
            if lock is None:
                raise Refusal("Cette classe n’est plus verrouillée.")
            return without_lock(problem, lock)
        case TrialKind.LESS:
            return _rebuilt(situation, reserve=problem.rules.reserve + number)
        case TrialKind.RESERVE:
            free = sum(bool(one.free) for one in problem.substitutes)
            return _rebuilt(situation, reserve=brigade_rules.kept(free, number))
        case _:
            return _moved(trial, situation)


def _rebuilt(
    situation: Situation,
    *,
    reserve: int,
    needs: list[Need] | None = None,
    staff: list[Substitute] | None = None,
) -> Problem:
    problem = situation.problem
    decisions = Decisions(problem.locks, problem.forbidden, problem.affinities, problem.published, problem.notified)
    return pairing.build(
        [one for one in problem.needs if not one.is_reserve] if needs is None else needs,
        problem.substitutes if staff is None else staff,
        problems.scales_known(),
        rules=replace(problem.rules, reserve=reserve),
        distances=situation.distances,
        decisions=decisions if needs is None else Decisions(forbidden=problem.forbidden, affinities=problem.affinities),
    )


def _moved(trial: CoverTrial, situation: Situation) -> Problem:
    """The first day of the plan on another date: the same classes, whoever is free then. Locks hold for a date."""
    problem, on = situation.problem, trial.on
    assert on is not None  # noqa: S101 (looked at when it was asked)
    before: date | None = min((one.on for one in trial.plan.days), default=None)
    if before is None:
        raise Refusal("Ce plan n’a plus aucune journée.")
    members = list(situation.members.values())
    free = brigade.free(members, on, on)
    open_then = calendar.school_half_days([one.school for one in members], on, on)
    if not any(open_then.values()):
        raise Refusal("Les écoles n’ont pas classe ce jour-là.")
    needs = [replace(one, day=on) if one.day == before else one for one in problem.needs if not one.is_reserve]
    staff = [
        replace(one, free=frozenset(each for each in one.free if each.day != before) | free[int(one.key)])
        for one in problem.substitutes
    ]
    return _rebuilt(situation, reserve=problem.rules.reserve, needs=needs, staff=staff)
