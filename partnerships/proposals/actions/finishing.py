"""All lines of a proposal that somebody asked for, written by a worker: a cohort is some hundreds of bookings.

It reads the certificate again, hence loads the solver's numbers: no page imports it.
"""

from __future__ import annotations

from circo import jobs
from circo.errors import Refusal
from partnerships.models import PlacementProposal, ProposalLine
from partnerships.proposals import rules, solving
from partnerships.proposals.actions import taking
from partnerships.proposals.rules import LineState


def work(attempt: jobs.Run) -> None:
    """Write, or take back, the lines of a proposal that somebody asked for; what one worker left, the next ends."""
    proposal = PlacementProposal.objects.select_related("institution", "follows").get(pk=attempt.subject_id)
    waiting = proposal.lines.filter(state__in=sorted(rules.GOING)).select_related("settled_by").order_by("pk")
    lines = list(waiting)
    untouched = not proposal.lines.filter(state=LineState.ACCEPTED).exists()
    if untouched and any(line.state == LineState.ACCEPTING for line in lines):
        solving.check(proposal)
    for number, line in enumerate(lines):
        attempt.report(number / len(lines))
        _one(line)
    with attempt.finish():
        pass


def _one(line: ProposalLine) -> None:
    is_accepting = line.state == LineState.ACCEPTING
    if line.settled_by is None:  # erased meanwhile: nobody asks any more
        taking.say(line, LineState.OPEN if is_accepting else LineState.ACCEPTED, "")
        return
    try:
        (taking.accept if is_accepting else taking.undo)(line, line.settled_by)
    except Refusal:
        return  # it stands on the line
