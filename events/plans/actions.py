"""Verbs of cover plans: prepare one, assign by hand, undo, have it computed, move it on, publish it once."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from circo import jobs
from circo.access import Permission
from circo.errors import Refusal
from circo.models import Person
from events.models import (
    CoverAssignment,
    CoverLink,
    CoverPlan,
    CoverPlanDay,
    CoverPlanMove,
    CoverRepair,
    SharingDay,
)
from events.needs import actions as needs
from events.plans import handing, problems, publishing, queries, rules
from events.plans.rules import LinkKind, PlanState
from events.repairs.rules import RepairState

ANOTHER = "Un autre plan vient de prendre l’un de ces remplaçants, ou l’une de ces classes. Recalculez le vôtre."


# --- A new version ----------------------------------------------------------------------------------------------------
@transaction.atomic
def prepare(*, days: Sequence[SharingDay], by: Person) -> CoverPlan:
    """Begin a plan over some days of one département: needs are computed, the plan in force is where it starts from.

    Raises: Refusal for no day, days of two départements, or days in whose district `by` does not plan.
    """
    if not days:
        raise Refusal("Choisissez au moins une journée.")
    if len({day.district.departement_id for day in days}) > 1:
        raise Refusal("Un plan tient dans un département.")
    for day in days:
        needs.compute(day=day, by=by)
    former = queries.in_force([day.pk for day in days])
    if len(set(former.values())) > 1:
        raise Refusal("Ces journées ont chacune un plan publié\u00a0: reprenez l’un, puis l’autre.")
    return begin(days=days, former_pk=next(iter(former.values()), None), by=by)


def begin(*, days: Sequence[SharingDay], former_pk: int | None, by: Person) -> CoverPlan:
    """Begin a version over days whose needs are known, from the plan in force if there is one.

    Raises: Refusal if another version begins at the same moment.
    """
    departement = days[0].district.departement
    last = CoverPlan.objects.filter(departement=departement).aggregate(last=Max("version"))["last"] or 0
    plan = CoverPlan(departement=departement, version=last + 1, created_by=by)
    plan.replaces_id = former_pk
    plan.draws_reserve = plan.replaces is not None and plan.replaces.draws_reserve
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal("Quelqu’un vient de commencer un plan. Recommencez.") from error
    CoverPlanDay.objects.bulk_create(CoverPlanDay(plan=plan, day=day) for day in days)
    CoverPlanMove.objects.create(plan=plan, state=PlanState.DRAFT, by=by)
    if plan.replaces is not None:
        _copy(plan.replaces, plan)
    return plan


def _copy(former: CoverPlan, plan: CoverPlan) -> None:
    """Start from what people know."""
    held = {need.pk for need in queries.needs_of(plan)}
    for one in former.assignments.select_related("need__day", "substitute"):
        if one.need_id in held:
            kept = {"metres": one.metres, "is_estimate": one.is_estimate, "cents": one.cents}
            handing.take(CoverAssignment(plan=plan, need=one.need, substitute=one.substitute, **kept))


# --- By hand ----------------------------------------------------------------------------------------------------------
def _held(plan: CoverPlan) -> CoverPlan:
    """Hold the row, then read it: what is joined to a row that one waits for is of before the wait."""
    CoverPlan.objects.select_for_update().get(pk=plan.pk)
    return CoverPlan.objects.select_related("departement", "replaces").get(pk=plan.pk)


def _draft(plan: CoverPlan, by: Person) -> CoverPlan:
    locked = _held(plan)
    if not queries.may(by, locked, Permission.PLAN_COVER):
        raise Refusal("Ce plan concerne une circonscription dont vous ne préparez pas les remplacements.")
    if not locked.is_draft:
        raise Refusal(f"Ce plan est {locked.get_state_display()}\u00a0: il ne change plus. Reprenez-le en brouillon.")
    return locked


@transaction.atomic
def assign(
    *,
    plan: CoverPlan,
    need_pk: int,
    substitute_pk: int | None,
    by: Person,
    seen: str = "",
    leaving: Collection[int] = (),
) -> CoverPlan:
    """Give a class to a substitute, locked, or leave it without. What one decides by hand, the solver keeps.

    `seen` is the mark of what one saw of that class; `leaving` are the classes that this person leaves for it.
    Raises: Refusal with the name of the rule that the pair would break; Changed if one saw what is no longer so.
    """
    plan = _draft(plan, by)
    need = handing.need_in(plan, need_pk)
    before = handing.held(plan, need)
    handing.refuse_if_changed(need, before, seen)
    if substitute_pk == (before.who.pk if before.who else None):
        return plan
    left = handing.leave(plan, substitute_pk, set(leaving) - {need_pk}) if substitute_pk is not None else []
    given = None if substitute_pk is None else handing.checked(plan, need, substitute_pk)
    said = f"{need}\u00a0: {given.substitute if given else 'personne'}"
    gesture = handing.record(plan, need, before, said, by)
    for other, how in left:
        handing.record(plan, other, how, f"{other}\u00a0: personne", by, gesture)
    if before.row is not None:
        before.row.delete()
    if given is not None:
        handing.take(given)
    return plan


@transaction.atomic
def lock(*, plan: CoverPlan, need_pk: int, is_locked: bool, by: Person, seen: str = "") -> CoverPlan:
    """Keep who takes a class, whatever is computed again; or no longer."""
    plan = _draft(plan, by)
    need = handing.need_in(plan, need_pk)
    now = handing.held(plan, need)
    handing.refuse_if_changed(need, now, seen)
    if now.row is None:
        raise Refusal("Personne ne prend cette classe\u00a0: il n’y a rien à verrouiller.")
    if now.is_locked != is_locked:
        said = "verrouillé" if is_locked else "déverrouillé"
        handing.record(plan, need, now, f"{need}\u00a0: {said}", by)
        now.row.is_locked = is_locked
        now.row.save(update_fields=["is_locked"])
    return plan


@transaction.atomic
def undo(*, plan: CoverPlan, by: Person, edit_pk: int | None = None) -> CoverPlan:
    """Take back the last change by hand, or one of those before, with all that came with it.

    Raises: Refusal if there is none, if a later change stands on it, or if what it would bring back is impossible now.
    """
    plan = _draft(plan, by)
    standing = plan.edits.filter(undone_at=None, gesture=None)
    edit = standing.filter(pk=edit_pk).first() if edit_pk is not None else standing.first()
    if edit is None:
        raise Refusal("Il n’y a plus rien à annuler." if edit_pk is None else "Ce changement est déjà annulé.")
    edits = [edit, *edit.parts.order_by("pk")]
    handing.refuse_if_built_upon(plan, edits)
    handing.put_back(plan, edits)
    return plan


@transaction.atomic
def part(*, plan: CoverPlan, need_pk: int, substitute_pk: int, kind: LinkKind | None, by: Person) -> CoverPlan:
    """Say that a class and a substitute must not meet, or know each other; or neither any more."""
    plan = _draft(plan, by)
    need = handing.need_in(plan, need_pk)
    CoverLink.objects.filter(
        departement=plan.departement, class_key=need.class_key, substitute_id=substitute_pk
    ).delete()
    if kind is None:
        return plan
    if str(substitute_pk) not in problems.situation_of(plan, [need]).members:
        raise Refusal("Cette personne n’est pas de la brigade.")
    if kind is LinkKind.FORBIDDEN and plan.assignments.filter(need=need, substitute_id=substitute_pk).exists():
        assign(plan=plan, need_pk=need.pk, substitute_pk=None, by=by)
    CoverLink.objects.create(
        departement=plan.departement, class_key=need.class_key, substitute_id=substitute_pk, kind=kind.value, by=by
    )
    return plan


# --- Computing --------------------------------------------------------------------------------------------------------
@transaction.atomic
def ask_to_solve(*, plan: CoverPlan, by: Person) -> CoverPlan:
    """Have a draft computed by a worker; the page shows how far it is."""
    plan = _draft(plan, by)
    if not queries.needs_of(plan).exists():
        raise Refusal("Il n’y a aucune classe à prendre\u00a0: calculez d’abord les besoins.")
    plan.stop_asked_at, plan.failure = None, ""
    plan.save(update_fields=["stop_asked_at", "failure"])
    jobs.ask(queries.SOLVE, str(plan.pk))
    return plan


def give_up(subject_id: str, reason: str) -> None:
    """The computing stopped, and nobody tries again: say why. The plan that was there is still there."""
    CoverPlan.objects.filter(pk=subject_id).update(failure=reason[:300], stop_asked_at=None)


def stop(*, plan: CoverPlan, by: Person) -> CoverPlan:
    """Ask the worker to stop: the best plan found so far is kept, with its gap."""
    if not queries.may(by, plan, Permission.PLAN_COVER):
        raise Refusal("Vous ne préparez pas ce plan.")
    CoverPlan.objects.filter(pk=plan.pk, stop_asked_at=None).update(stop_asked_at=timezone.now())
    return plan


# --- The life of a plan -----------------------------------------------------------------------------------------------
@transaction.atomic
def move(*, plan: CoverPlan, target: PlanState, by: Person) -> CoverPlan:
    """Take a plan one step on, or back.

    Raises: Refusal if its life has no such step, if `by` may not, or if publishing finds something wrong.
    """
    plan = _held(plan)
    step = rules.move_of(plan.state, target)
    if not queries.may(by, plan, step.permission):
        raise Refusal("Cette étape revient à quelqu’un d’autre.")
    if target is PlanState.DONE and plan.plan_days.filter(day__on__gt=timezone.localdate()).exists():
        raise Refusal("Ce plan n’est pas encore réalisé\u00a0: ses journées sont à venir.")
    if target is PlanState.PUBLISHED:
        try:
            with transaction.atomic():
                publishing.publish(plan)
        except IntegrityError as error:
            raise Refusal(ANOTHER) from error
        settled = {"state": RepairState.ACCEPTED, "settled_by": by, "settled_at": timezone.now()}
        CoverRepair.objects.filter(made=plan, state=RepairState.OPEN).update(**settled)
    plan.state = target.value
    plan.save(update_fields=["state"])
    CoverPlanMove.objects.create(plan=plan, state=target, by=by)
    return plan
