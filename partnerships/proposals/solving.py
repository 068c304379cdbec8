"""What the worker does: seek the best proposal, have it checked by an independent reading, write it at once.

It loads SciPy: no page imports it, and the kind of its job is named by its path (`partnerships.apps`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from circo import jobs
from circo.errors import Refusal
from circo.optimal.proofs import Certificate, Unproved
from circo.optimal.watching import Stopped, Watch
from circo.seeking import watch_of
from partnerships.models import PlacementProposal, ProposalLine, Student
from partnerships.placing import solving as solver
from partnerships.placing.certifying import certificate_of
from partnerships.placing.checking import faults_of
from partnerships.placing.counting import goals_of, new_to, values_of
from partnerships.placing.explaining import (
    Change,
    Explainer,
    Farther,
    FullerSchool,
    LiftedLock,
    MoreRoom,
    OtherDays,
    in_words,
)
from partnerships.placing.problem import KINDS, Line, Party, Plan, Problem
from partnerships.proposals import queries, rules, situations
from partnerships.proposals.situations import Situation

GOALS = 8  # about: what a progress bar needs


def work(attempt: jobs.Run) -> None:
    """Compute one proposal, and write it in one transaction."""
    proposal = PlacementProposal.objects.select_related("institution", "follows").get(pk=attempt.subject_id)
    stop = PlacementProposal.objects.filter(pk=proposal.pk, stop_asked_at__isnull=False)
    watch = watch_of(attempt, seconds=rules.SOLVE_S, goals=GOALS, asks_to_stop=stop.exists)
    try:
        made = _made(proposal, watch)
    except Stopped as stopped:  # it is said on the page; nobody tries again
        raise Refusal(str(stopped)) from None
    with attempt.finish():
        _write(proposal, *made)


def at_once(proposal: PlacementProposal) -> None:
    """Compute here and now: for the demonstration, never for a page."""
    _write(proposal, *_made(proposal, Watch()))


def _made(proposal: PlacementProposal, watch: Watch) -> tuple[str, Situation, Plan, Certificate]:
    mark = queries.world_mark(proposal)
    situation = situations.situation_of(proposal)
    solution = solver.solve(situation.problem, watch)
    plan = solution.plan(situation.problem)
    certificate = certificate_of(situation.problem, solution)
    if faults := faults_of(situation.problem, plan, certificate):
        raise Unproved(", ".join(sorted(faults)))
    return mark, situation, plan, certificate


def _write(proposal: PlacementProposal, mark: str, situation: Situation, plan: Plan, certificate: Certificate) -> None:
    """Put what was found in the place of what the proposal held."""
    former = _former(proposal)
    proposal.lines.all().delete()
    rows = [_placed(proposal, situation, line, former) for line in plan.lines]
    for reason in Explainer(situation.problem, plan).all():
        changes = [_change(one) for one in reason.changes]
        told = {"why": in_words(reason), "changes": changes}
        rows.append(_without(proposal, situation.parties[reason.party], told))
    rows += [_without(proposal, going, {"why": why, "changes": []}) for going, why in situation.left_out]
    ProposalLine.objects.bulk_create(rows, batch_size=500)
    proposal.proof, proposal.measures = certificate.as_data, _measures(situation, plan)
    proposal.inputs_hash, proposal.world_mark = situation.inputs_hash, mark
    proposal.solved_at, proposal.failure, proposal.stop_asked_at = timezone.now(), "", None
    fields = ["proof", "measures", "inputs_hash", "world_mark", "solved_at", "failure", "stop_asked_at"]
    proposal.save(update_fields=fields)


def _former(proposal: PlacementProposal) -> dict[int, ProposalLine]:
    """The lines of the proposal that this one follows, by student."""
    if proposal.follows is None:
        return {}
    return {row.student_id: row for row in proposal.follows.lines.all()}


def _placed(
    proposal: PlacementProposal, situation: Situation, line: Line, former: dict[int, ProposalLine]
) -> ProposalLine:
    problem, going = situation.problem, situation.parties[line.party]
    party = problem.parties[problem.party_at[line.party]]
    row = _line(proposal, going)
    row.offer = situation.offers[line.host]
    row.days = {kind.value: [one.code for one in days] for kind, days in zip(KINDS, line.days, strict=True) if days}
    row.minutes = max(one.minutes.get(str(row.offer.school_id), one.limit_min) for one in party.students)
    row.is_kept = line in problem.decisions.locks
    before = former.get(row.student_id)
    if before is not None and before.offer_id != row.offer_id:
        row.before_id = before.offer_id
    return row


def _without(proposal: PlacementProposal, going: Sequence[Student], reason: dict[str, Any]) -> ProposalLine:
    row = _line(proposal, going)
    row.reason = reason
    return row


def _line(proposal: PlacementProposal, going: Sequence[Student]) -> ProposalLine:
    first, *others = sorted(going, key=lambda one: one.pk)
    return ProposalLine(proposal=proposal, student=first, partner=others[0] if others else None)


def _change(change: Change) -> dict[str, Any]:
    """What would do, with keys and no name: whoever is erased is erased from here too."""
    match change:
        case MoreRoom(host, seats, most):
            return {"do": "room", "offer": int(host), "seats": seats, "most": most}
        case FullerSchool(school, most):
            return {"do": "school", "school": int(school), "most": most}
        case OtherDays(host, kind, half_days):
            codes = [one.code for one in half_days]
            return {"do": "days", "offer": int(host), "kind": kind.value, "half_days": codes}
        case Farther(_, host, students, minutes):
            return {"do": "farther", "offer": int(host), "students": [int(one) for one in students], "minutes": minutes}
        case LiftedLock(line):
            return {"do": "lock", "offer": int(line.host), "students": [int(line.party)]}


# --- What people compare ----------------------------------------------------------------------------------------------
def _measures(situation: Situation, plan: Plan) -> dict[str, int]:
    problem = situation.problem
    lines = [(_party(problem, line), problem.hosts[problem.host_at[line.host]]) for line in plan.lines]
    pairs = [(student, host) for party, host in lines for student in party.students]
    minutes = [student.minutes.get(host.school, student.limit_min) for student, host in pairs]
    guests: dict[str, int] = {}
    for party, host in lines:
        guests[host.key] = guests.get(host.key, host.past) + party.size
    values = values_of(problem, plan)
    return {
        "placed": len(pairs),
        "students": _count(problem.parties) + sum(len(going) for going, _ in situation.left_out),
        "already": situation.already,
        "hosts": values["hosts"] if "hosts" in goals_of(problem) else 0,
        "levels": sum(not student.levels or bool(student.levels & host.levels) for student, host in pairs),
        "practices": sum(bool(student.practices & host.practices) for student, host in pairs),
        "minutes": round(sum(minutes) / len(minutes)) if minutes else 0,
        "worst": max(minutes, default=0),
        "beyond": sum(one > rules.COMFORT_MIN for one in minutes),
        "spread": len({(party.cohort, one) for party, host in lines for one in new_to(party.students, host.practices)}),
        "most": max(guests.values(), default=0),
        "classes": len(guests),
    }


def _party(problem: Problem, line: Line) -> Party:
    return problem.parties[problem.party_at[line.party]]


def _count(parties: Iterable[Party]) -> int:
    return sum(one.size for one in parties)


# --- Read again before all of it is accepted --------------------------------------------------------------------------
def check(proposal: PlacementProposal) -> None:
    """Read a proposal again from its rows, where the world is still the one that it was computed from: it must be the
    plan that its certificate proves. Where the world has changed, each line is checked as a booking is.

    Raises: Unproved.
    """
    try:
        situation = situations.situation_of(proposal)
    except Refusal:  # nobody is left to place, or no class is open any more
        return
    if situation.inputs_hash != proposal.inputs_hash:
        return
    lines = proposal.lines.filter(offer__isnull=False).select_related("student", "partner")
    plan = Plan(tuple(sorted(situations.line_of(row) for row in lines)))
    if faults := faults_of(situation.problem, plan, Certificate.from_data(proposal.proof or {})):
        raise Unproved(", ".join(sorted(faults)))
