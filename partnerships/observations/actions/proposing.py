"""Say what one would like to see; ask for a proposal, have it computed, publish it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from circo import jobs
from circo.access import Permission
from circo.errors import Refusal
from circo.models import District, Person
from circo.rules import HALF_DAYS
from partnerships.models import CrossingLine, CrossingPlan, ObservationWish, PeerObservation
from partnerships.observations import holding, queries, rules, seating, telling
from partnerships.observations.rules import CrossingKind


@transaction.atomic
def wish(*, practices: Sequence[str], limit_min: int, half_days: Collection[str] = (), by: Person) -> ObservationWish:
    """Say what one would like to see, how far one goes, and when one may come though nobody holds one’s class."""
    week = [code for code in HALF_DAYS if code in half_days]
    written = {"practices": list(practices), "limit_min": limit_min, "half_days": week}
    return ObservationWish.objects.update_or_create(person=by, defaults=written)[0]


@transaction.atomic
def prepare(
    *,
    district: District,
    first_day: date,
    last_day: date,
    by: Person,
    kind: CrossingKind = CrossingKind.FREED,
) -> CrossingPlan:
    """Ask for a proposal for the half-days of a district between two days, and have it computed.

    Raises: Refusal for a district that is not one's own, or days that cannot be.
    """
    if district.pk not in by.reach().district_ids_for(Permission.MANAGE_GROUPS):
        raise Refusal("Vous ne préparez pas les observations de cette circonscription.")
    if last_day < first_day:
        raise Refusal("Le dernier jour vient après le premier.")
    if last_day < timezone.localdate():
        raise Refusal("Ces jours sont passés.")
    if last_day - first_day > timedelta(days=rules.WINDOW_DAYS):
        raise Refusal(f"Une proposition couvre au plus {rules.WINDOW_DAYS}\u00a0jours.")
    plan = CrossingPlan.objects.create(
        district=district, kind=kind, first_day=first_day, last_day=last_day, created_by=by
    )
    return ask_to_solve(plan=plan, by=by)


def _may(plan: CrossingPlan, by: Person) -> None:
    if not CrossingPlan.objects.editable_by(by).filter(pk=plan.pk).exists():
        raise Refusal("Cette proposition concerne une autre circonscription.")


@transaction.atomic
def ask_to_solve(*, plan: CrossingPlan, by: Person) -> CrossingPlan:
    """Have a proposal computed by a worker; the page shows how far it is."""
    _may(plan, by)
    held = CrossingPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    held.stop_asked_at, held.failure = None, ""
    held.save(update_fields=["stop_asked_at", "failure"])
    jobs.ask(queries.SOLVE, str(held.pk))
    return held


def give_up(subject_id: str, reason: str) -> None:
    """The computing stopped, and nobody tries again: say why. What was proposed before is still there."""
    CrossingPlan.objects.filter(pk=subject_id).update(failure=reason[:300], stop_asked_at=None)


def stop(*, plan: CrossingPlan, by: Person) -> CrossingPlan:
    """Ask the worker to stop: the best found so far is kept."""
    _may(plan, by)
    CrossingPlan.objects.filter(pk=plan.pk, stop_asked_at=None).update(stop_asked_at=timezone.now())
    return plan


@dataclass(frozen=True)
class Published:
    """What became of the lines that were to be published: `left`, each with its reason."""

    done: tuple[PeerObservation, ...]
    left: tuple[tuple[CrossingLine, str], ...]


@transaction.atomic
def publish(*, plan: CrossingPlan, by: Person, line_ids: Collection[int] | None = None) -> Published:
    """Publish a proposal, whole or some of its lines: the two people of each are told. What can no longer be stays a
    line, with the reason.

    Raises: Refusal for another district’s, or without a line.
    """
    _may(plan, by)
    rows = plan.lines.all() if line_ids is None else plan.lines.filter(pk__in=line_ids)
    people = rows.order_by().values_list("observer_id", "host_id")
    holding.hold_people({pk for pair in people for pk in pair})
    CrossingPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    lines = list(rows.select_related("observer", "host", "school__district", "site__school", "plan__created_by"))
    if not lines:
        raise Refusal("Choisissez au moins une ligne.")
    done: list[PeerObservation] = []
    left: list[tuple[CrossingLine, str]] = []
    for line in lines:
        try:
            done.append(_publish_line(line))
        except Refusal as refusal:
            left.append((line, str(refusal)))
        else:
            line.delete()
    for one in done:
        telling.published(one)
    return Published(tuple(done), tuple(left))


def _publish_line(line: CrossingLine) -> PeerObservation:
    made = PeerObservation(
        observer=line.observer,
        host=line.host,
        school=line.school,
        site=line.site,
        day=line.day,
        half=line.half,
        plan=line.plan,
    )
    seating.sit(made)
    return made
