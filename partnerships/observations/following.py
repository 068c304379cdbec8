"""What other rooms tell observations: a class that students hold no longer, a visit that was made or called off."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from circo.calendar.rules import HalfDay
from networks.models import Visit
from networks.visits.rules import VisitState
from partnerships.models import PeerObservation
from partnerships.observations import ending, holding, queries, rules
from partnerships.observations.rules import ObservationState, Verb

NO_LONGER_FREED = "La demi-journée de responsabilité des étudiants n’a plus lieu."
_FOLLOWED = {VisitState.HELD: Verb.FINISH} | dict.fromkeys(
    (VisitState.CANCELLED, VisitState.DECLINED, VisitState.LAPSED), Verb.CANCEL
)
NOT_TEACHING = "Des étudiants tiennent à présent la classe qui devait être observée."


def freed_changed(person_id: int, half_days: Collection[HalfDay]) -> None:
    """Call off what a teacher cannot make any more, or receive. Called in the transaction of the change."""
    days = [one.day for one in half_days]
    first, last = min(days), max(days)
    mine = Q(observer_id=person_id) | Q(host_id=person_id)
    rows = PeerObservation.objects.filter(mine, state__in=sorted(rules.COMING)).between(first, last).order_by("pk")
    people = rows.order_by().values_list("observer_id", "host_id")
    holding.hold_people({person_id} | {pk for pair in people for pk in pair})
    if not rows.exists():
        return
    freed, held_by_students = queries.freed_on(first, last), queries.held_on(first, last)
    for pk in list(rows.values_list("pk", flat=True)):
        held = holding.row_of(pk)
        if held.half_day not in half_days or held.state not in rules.COMING:
            continue
        if held.site_id is None and (held.observer_id, held.half_day) not in freed:
            ending.withdraw(held, NO_LONGER_FREED, None)
        elif (held.host_id, held.half_day) in held_by_students:
            ending.withdraw(held, NOT_TEACHING, None)


def visit_moved(visit: Visit) -> None:
    """Follow the visit of an observation: held, it is done; called off, declined or left unanswered, it is off."""
    verb = _FOLLOWED.get(VisitState(visit.state))
    if verb is None:
        return
    row = PeerObservation.objects.select_for_update(of=("self",)).filter(visit=visit).first()
    if row is not None and row.state in rules.MOVES[verb].sources:
        row.state = rules.MOVES[verb].target.value
        if row.state == ObservationState.CANCELLED:
            row.seat, row.ended_by = None, visit.ended_by
        row.sequence += 1
        row.save()
