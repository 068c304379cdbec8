"""What the worker does: seek the best plan, say how far it is, stop when asked, write the result at once.

It loads SciPy: no page imports it, and the kind of its job is named by its path (`events.apps`).
"""

from __future__ import annotations

from django.utils import timezone

from circo import jobs
from circo.errors import Refusal
from circo.optimal.watching import Stopped, Watch
from circo.seeking import watch_of
from events.cover import certifying, proofs
from events.cover import solving as solver
from events.cover.problem import Plan
from events.cover.solving import Solution
from events.models import AssignedHalfDay, CoverAssignment, CoverPlan
from events.plans import problems, rules
from events.plans.problems import Situation
from events.plans.reasons import reasons_of

GOALS = 6  # about: what a progress bar needs


def work(attempt: jobs.Run) -> None:
    """Solve one draft. What was there stays until the new plan is written, in one transaction."""
    plan = CoverPlan.objects.select_related("departement", "replaces").get(pk=attempt.subject_id)
    if not plan.is_draft:
        raise Refusal("Ce plan n’est plus un brouillon\u00a0: il ne se recalcule pas.")
    seen = _last_edit(plan)
    situation = problems.situation_of(plan)
    try:
        solution = solver.solve(situation.problem, _watch(attempt, plan))
    except Stopped:
        raise Refusal("Le calcul a été arrêté avant le premier plan\u00a0: celui d’avant est gardé.") from None
    with attempt.finish():
        locked = CoverPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if not locked.is_draft or _last_edit(plan) != seen:
            raise Refusal("Le plan a été changé à la main pendant le calcul\u00a0: relancez-le.")
        write(plan, situation, solution)


def _last_edit(plan: CoverPlan) -> tuple:
    return tuple(plan.edits.order_by("-pk").values_list("pk", "undone_at")[:1])


def _watch(attempt: jobs.Run, plan: CoverPlan) -> Watch:
    stop = CoverPlan.objects.filter(pk=plan.pk, stop_asked_at__isnull=False)
    return watch_of(attempt, seconds=rules.SOLVE_S, goals=GOALS, asks_to_stop=stop.exists)


def at_once(plan: CoverPlan) -> None:
    """Solve a draft here and now: for a command, never for a page."""
    situation = problems.situation_of(plan)
    write(plan, situation, solver.solve(situation.problem))


def write(plan: CoverPlan, situation: Situation, solution: Solution) -> None:
    """Put a solution in the place of what a draft held; locked classes keep their lock."""
    found = solution.plan(situation.problem)
    certificate = certifying.certificate_of(situation.problem, solution)
    locked = set(plan.assignments.filter(is_locked=True).values_list("need_id", flat=True))
    plan.assignments.all().delete()
    fill(plan, situation, found, locked)
    plan.proof, plan.reasons = proofs.as_data(found, certificate), reasons_of(situation, found)
    plan.inputs_hash, plan.solved_at = situation.inputs_hash, timezone.now()
    plan.failure, plan.stop_asked_at = "", None
    plan.save(update_fields=["proof", "reasons", "inputs_hash", "solved_at", "failure", "stop_asked_at"])


def fill(plan: CoverPlan, situation: Situation, found: Plan, locked: set[int]) -> None:
    """Write who takes what; the reserve is no class."""
    problem, rows = situation.problem, []
    for number in problem.numbers_of(found.links).tolist():
        need_key, key = problem.link(number)
        if need_key not in situation.needs:
            continue
        need = situation.needs[need_key]
        rows.append(
            CoverAssignment(
                plan=plan,
                need=need,
                substitute=situation.members[key].person,
                is_locked=need.pk in locked,
                metres=int(problem.pairs.metres[number]),
                is_estimate=bool(problem.pairs.is_estimate[number]),
                cents=int(problem.pairs.cents[number]),
            )
        )
    CoverAssignment.objects.bulk_create(rows, batch_size=500)
    AssignedHalfDay.objects.bulk_create([half_day for row in rows for half_day in row.held_half_days()], batch_size=500)
