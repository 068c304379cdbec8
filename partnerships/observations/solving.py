"""What the worker does: seek the best visits, say how far it is, stop when asked, write the proposal at once.

It loads SciPy: no page imports it, and the kind of its job is named by its path (`partnerships.apps`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils import timezone

from circo import jobs
from circo.errors import Refusal
from circo.optimal.proofs import Unproved
from circo.optimal.watching import Stopped, Watch
from circo.seeking import watch_of
from partnerships.crossing import solving as solver
from partnerships.crossing.certifying import certificate_of
from partnerships.crossing.checking import faults_of
from partnerships.crossing.explaining import Explainer, Reason, in_words
from partnerships.crossing.problem import Plan, Problem
from partnerships.models import CrossingLine, CrossingPlan
from partnerships.observations import problems, rules


def work(attempt: jobs.Run) -> None:
    """Compute one proposal. What was there stays until the new one is written, in one transaction."""
    plan = CrossingPlan.objects.get(pk=attempt.subject_id)
    stop = CrossingPlan.objects.filter(pk=plan.pk, stop_asked_at__isnull=False)
    watch = watch_of(attempt, seconds=rules.SOLVE_S, goals=rules.GOALS, asks_to_stop=stop.exists)
    problem = problems.problem_of(plan)
    try:
        found = _found(problem, watch)
    except Stopped as stopped:  # it is said on the page; nobody tries again
        raise Refusal(str(stopped)) from None
    with attempt.finish():
        write(plan, problem, found)


def at_once(plan: CrossingPlan) -> None:
    """Compute here and now: for a command, never for a page."""
    problem = problems.problem_of(plan)
    write(plan, problem, _found(problem, Watch()))


def _found(problem: Problem, watch: Watch) -> Plan:
    """The best visits, read again by a checker that shares no code with what found them."""
    solution = solver.solve(problem, watch)
    plan = solution.plan(problem)
    if faults := faults_of(problem, plan, certificate_of(problem, solution)):
        raise Unproved(", ".join(sorted(faults)))
    return plan


def write(plan: CrossingPlan, problem: Problem, found: Plan) -> None:
    """Put what was found in the place of what the proposal held; what stands already is no line of it."""
    held = CrossingPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    people, sites = problems.people_of(problem), problems.sites_of(plan)
    held.lines.all().delete()
    CrossingLine.objects.bulk_create(
        CrossingLine(
            plan=held,
            observer_id=int(one.visitor),
            host_id=int(one.host),
            school_id=problems.school_of(problem, one),
            site_id=sites.get((one.host, one.half_day)),
            day=one.half_day.day,
            half=one.half_day.half,
            minutes=problems.minutes_of(problem, one),
        )
        for one in found.visits
        if one not in problem.decisions.locks
        and {int(one.visitor), int(one.host)} <= people
        and (not plan.is_between_sites or (one.host, one.half_day) in sites)  # it may have closed meanwhile
    )
    reasons = Explainer(problem, found).all()
    if plan.is_between_sites:
        reasons = _once(reasons, {one.visitor for one in found.visits})
    held.reasons = [[int(one.visitor), one.half_day.code, in_words(one)] for one in reasons]
    held.solved_at, held.failure, held.stop_asked_at = timezone.now(), "", None
    held.save(update_fields=["reasons", "solved_at", "failure", "stop_asked_at"])


def _once(reasons: Iterable[Reason], served: Collection[str]) -> list[Reason]:
    """Of those who said several half-days and visit nobody, the half-day on which they came the closest."""
    best: dict[str, Reason] = {}
    for one in reasons:
        former = best.get(one.visitor)
        if one.visitor not in served and (former is None or _chances(former) < _chances(one)):
            best[one.visitor] = one
    return list(best.values())


def _chances(reason: Reason) -> tuple[int, int, int]:
    return reason.open, reason.reach, reason.teaching
