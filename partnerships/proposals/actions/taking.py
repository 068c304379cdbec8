"""A proposal becomes placements: each line in a transaction of its own, through the actions of placements.

What was taken meanwhile is refused in words, on the line; the others are written.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from circo import french
from circo.errors import Refusal
from circo.models import Person
from partnerships.models import ProposalLine
from partnerships.placements import checking
from partnerships.placements.actions import booking
from partnerships.placements.rules import STATE_LABELS, PlacementState
from partnerships.proposals import rules
from partnerships.proposals.rules import LineState


def held(line: ProposalLine, by: Person) -> ProposalLine:
    """Hold a line, and read it again.

    Raises: Refusal if it is another institution's, or of somebody who is no more.
    """
    list(ProposalLine.objects.select_for_update(of=("self",), no_key=True).filter(pk=line.pk).values_list("pk"))
    related = ("student__person", "partner__person", "offer__person", "offer__school", "placement")
    found = ProposalLine.objects.editable_by(by).select_related(*related).filter(pk=line.pk).first()
    if found is None:
        raise Refusal(checking.NOT_YOURS)
    return found


def accept(line: ProposalLine, by: Person) -> ProposalLine:
    """Hold the seats of a line. Twice is as once: who comes second finds it accepted.

    Raises: Refusal, written on the line too, for what was taken or closed meanwhile.
    """
    try:
        return _accepted(line, by)
    except Refusal as refusal:
        say(line, LineState.OPEN, str(refusal))
        raise


@transaction.atomic
def _accepted(line: ProposalLine, by: Person) -> ProposalLine:
    row = held(line, by)
    if row.is_accepted:
        return row
    if row.offer is None:
        raise Refusal("Cette ligne n’a pas de classe.")
    for kind, half_days in rules.half_days_of(row.days).items():
        row.placement = booking.hold(offer=row.offer, students=row.students, kind=kind, half_days=half_days, by=by)
    return _settled(row, LineState.ACCEPTED, by)


def undo(line: ProposalLine, by: Person) -> ProposalLine:
    """Give back what a line holds.

    Raises: Refusal, written on the line too, once the placement was confirmed: others know of it.
    """
    try:
        return _undone(line, by)
    except Refusal as refusal:
        say(line, LineState.ACCEPTED, str(refusal))
        raise


@transaction.atomic
def _undone(line: ProposalLine, by: Person) -> ProposalLine:
    row = held(line, by)
    if row.state not in (LineState.ACCEPTED, LineState.UNDOING):
        return row
    placement = row.placement
    if placement is not None and placement.state != PlacementState.CANCELLED:
        if placement.state != PlacementState.HELD:
            words = STATE_LABELS[PlacementState(placement.state)]
            raise Refusal(f"Le stage {french.of(row.names)} est {words}\u00a0: il se change sur sa page.")
        asked = {one for half_days in rules.half_days_of(row.days).values() for one in half_days}
        there = {one.half_day for one in placement.days.standing()}
        if asked & there:
            booking.free(placement=placement, half_days=asked & there, by=by)
    row.placement = None
    return _settled(row, LineState.OPEN, by)


def _settled(row: ProposalLine, state: LineState, by: Person) -> ProposalLine:
    row.state, row.said, row.settled_by, row.settled_at = state.value, "", by, timezone.now()
    row.save(update_fields=["state", "said", "settled_by", "settled_at", "placement"])
    return row


def say(line: ProposalLine, state: LineState, said: str) -> None:
    """Write why on the line, unless somebody else has settled it."""
    settled = LineState.ACCEPTED if state is LineState.OPEN else LineState.OPEN
    rows = ProposalLine.objects.filter(pk=line.pk).exclude(state=settled)
    rows.update(state=state.value, said=said[: rules.SAID_MAX])
