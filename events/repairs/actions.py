"""Verbs of repairs: say who is missing, have the answer computed, accept it at once, drop it, take it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from circo.access import Permission
from circo.calendar.rules import Half, HalfDay
from circo.dates import day_in_words
from circo.errors import Refusal
from circo.models import Person
from events.brigade import actions as brigade
from events.models import CoverAssignment, CoverNeed, CoverPlan, CoverPlanMove, CoverRepair, RepairFact
from events.plans import actions as plans
from events.plans import problems, publishing, rules
from events.plans import queries as plan_queries
from events.plans.rules import PlanState
from events.repairs import differing, queries
from events.repairs.rules import STATE_LABELS, RepairState

READ_AGAIN = "La réparation a changé depuis que vous l’avez lue\u00a0: relisez-la, puis acceptez."
TAKEN_SINCE = (
    "Une personne que la réparation avait libérée, ou une classe, est prise entre-temps par un autre plan\u00a0: "
    "préparez la suite de ce plan."
)


def _in_force(plan: CoverPlan, by: Person) -> CoverPlan:
    locked = CoverPlan.objects.select_for_update(of=("self",)).select_related("departement").get(pk=plan.pk)
    if not plan_queries.may(by, locked, Permission.PLAN_COVER):
        raise Refusal("Vous ne préparez pas ce plan.")
    if locked.state != PlanState.PUBLISHED or not locked.plan_days.filter(is_in_force=True).exists():
        raise Refusal("Ce plan n’est pas, ou plus, celui que chacun suit\u00a0: ouvrez le dernier plan publié.")
    return locked


# --- Who is missing ---------------------------------------------------------------------------------------------------
@transaction.atomic
def report_absence(
    *, plan: CoverPlan, substitute_pk: int, on: date, halves: Collection[Half], by: Person
) -> CoverRepair:
    """Write that a substitute can't come, and have the plan repaired; a second absence joins the first.

    Raises: Refusal if the plan is not in force, or the person takes no class then.
    """
    plan = _in_force(plan, by)
    rows = plan.assignments.filter(substitute_id=substitute_pk, need__day__on=on).select_related("substitute")
    lost = {half for one in rows.prefetch_related("half_days") for half in one.half_days.values_list("half", flat=True)}
    held = rows.first()
    if held is None or not lost & set(halves) or on < timezone.localdate():
        raise Refusal("Cette personne ne prend aucune classe à ce moment-là.")
    noted = brigade.note_absence(person=held.substitute, half_days=[HalfDay(on, half) for half in halves], by=by)
    when = day_in_words(on, timezone.localdate())
    part = "" if len(set(halves)) > 1 else " matin" if "AM" in halves else " après-midi"
    words = f"{held.substitute} ne vient pas, le {when}{part}"
    return _repair(plan, RepairFact(substitute=held.substitute, unavailability=noted, words=words, by=by), by)


@transaction.atomic
def report_staying(*, plan: CoverPlan, need_pk: int, by: Person) -> CoverRepair:
    """Write that a teacher stays with the class, and have the plan repaired: who was to take it may help elsewhere."""
    plan = _in_force(plan, by)
    need = plan_queries.needs_of(plan).filter(pk=need_pk, day__on__gte=timezone.localdate()).first()
    if need is None:
        raise Refusal("Cette classe n’est pas, ou plus, dans ce plan.")
    need.stays_at = timezone.now()
    need.save(update_fields=["stays_at"])
    who = ", ".join(str(one) for one in need.people.all())
    when = day_in_words(need.day.on, timezone.localdate())
    return _repair(plan, RepairFact(need=need, words=f"{who} garde sa classe, le {when}", by=by), by)


def _repair(plan: CoverPlan, fact: RepairFact, by: Person) -> CoverRepair:
    repair, _ = CoverRepair.objects.get_or_create(plan=plan, state=RepairState.OPEN, defaults={"by": by})
    repair = _open(repair, by)  # another may be accepting it at this very moment
    fact.repair, fact.words = repair, fact.words[: rules.WORD_MAX]
    fact.save()
    _compute(repair, by)
    return repair


def _compute(repair: CoverRepair, by: Person, draws_reserve: bool | None = None) -> None:
    """Begin the version that answers all that is known now; what was being computed for less is dropped.

    Whether it draws on the reserve holds until it is said otherwise.
    """
    draws = (repair.made or repair.plan).draws_reserve if draws_reserve is None else draws_reserve
    _drop_version(repair.made, by)
    days = [one.day for one in repair.plan.plan_days.select_related("day__district").order_by("pk")]
    repair.made = plans.begin(days=days, former_pk=repair.plan_id, by=by)
    repair.save(update_fields=["made"])
    if repair.made.draws_reserve != draws:
        repair.made.draws_reserve = draws
        repair.made.save(update_fields=["draws_reserve"])
    _keep_locks(repair.plan, repair.made)
    plans.ask_to_solve(plan=repair.made, by=by)


def _keep_locks(former: CoverPlan, made: CoverPlan) -> None:
    """What a hand decided holds in the repair too, but for whoever can't come."""
    locked = dict(former.assignments.filter(is_locked=True).values_list("need_id", "substitute_id"))
    needs = list(plan_queries.needs_of(made).filter(pk__in=locked))
    if not needs:
        return
    situation = problems.situation_of(made, needs)
    kept = [need.pk for need in needs if situation.broken_rule(need, locked[need.pk]) is None]
    made.assignments.filter(need_id__in=kept).update(is_locked=True)


def _drop_version(made: CoverPlan | None, by: Person) -> None:
    if made is not None and made.state != PlanState.DROPPED:
        CoverPlan.objects.filter(pk=made.pk).update(state=PlanState.DROPPED)
        CoverPlanMove.objects.create(plan=made, state=PlanState.DROPPED, by=by)


# --- What one decides -------------------------------------------------------------------------------------------------
def _held(repair: CoverRepair) -> CoverRepair:
    """Hold its plans, whose steps and classes a hand may change, then the row, then read it.

    What is joined to a row that one waits for is of before the wait.
    """
    plans_of = CoverRepair.objects.values_list("plan_id", "made_id").get(pk=repair.pk)
    list(CoverPlan.objects.select_for_update().filter(pk__in=[pk for pk in plans_of if pk]).order_by("pk"))
    CoverRepair.objects.select_for_update().get(pk=repair.pk)
    return CoverRepair.objects.select_related("plan__departement", "made", "settled_by").get(pk=repair.pk)


def _open(repair: CoverRepair, by: Person) -> CoverRepair:
    locked = _held(repair)
    if not plan_queries.may(by, locked.plan, Permission.PLAN_COVER):
        raise Refusal("Vous ne préparez pas ce plan.")
    if locked.state != RepairState.OPEN:
        who = f" par {locked.settled_by}" if locked.settled_by else ""
        raise Refusal(f"Cette réparation est déjà {STATE_LABELS[RepairState(locked.state)]}{who}.")
    return locked


def _settle(repair: CoverRepair, state: RepairState, by: Person) -> CoverRepair:
    repair.state, repair.settled_by, repair.settled_at = state.value, by, timezone.now()
    repair.save(update_fields=["state", "settled_by", "settled_at"])
    return repair


@transaction.atomic
def accept(*, repair: CoverRepair, seen: str, by: Person) -> CoverRepair:
    """Put the repair in force, once its proof is checked, and tell those whom it concerns. `seen`: which one was read.

    Raises: Refusal if another decided first, the repair is not the one that was read, or the checker finds a fault.
    """
    repair = _open(repair, by)
    made = repair.made
    if not queries.may_accept(by, repair.plan):
        raise Refusal("La cellule remplacement accepte les réparations.")
    if made is None or not made.is_draft or plan_queries.job_of(made) is not None or not made.proof:
        raise Refusal("La réparation n’est pas encore calculée.")
    if seen != queries.mark_of(made):
        raise Refusal(READ_AGAIN)
    try:
        with transaction.atomic():
            publishing.publish(made)
    except IntegrityError as error:
        raise Refusal(plans.ANOTHER) from error
    made.state = PlanState.PUBLISHED.value
    made.save(update_fields=["state"])
    CoverPlanMove.objects.create(plan=made, state=PlanState.PUBLISHED, by=by)
    return _settle(repair, RepairState.ACCEPTED, by)


@transaction.atomic
def compute_again(*, repair: CoverRepair, by: Person, draws_reserve: bool | None = None) -> CoverRepair:
    """Have the repair computed once more, on what is known now; asking the reserve too, if one says so."""
    repair = _open(repair, by)
    _compute(repair, by, draws_reserve)
    return repair


@transaction.atomic
def drop(*, repair: CoverRepair, by: Person) -> CoverRepair:
    """Everybody comes after all: what was written is taken back, the plan stays as it is."""
    repair = _open(repair, by)
    _drop_version(repair.made, by)
    _take_back(repair)
    return _settle(repair, RepairState.DROPPED, by)


def _take_back(repair: CoverRepair) -> None:
    for fact in repair.facts.select_related("unavailability"):
        if fact.unavailability is not None:
            brigade.forget_absence(fact.unavailability)
    CoverNeed.objects.filter(pk__in=[fact.need_id for fact in repair.facts.all()]).update(stays_at=None)


@transaction.atomic
def undo(*, repair: CoverRepair, by: Person) -> CoverRepair:
    """Put back the plan that was repaired, as long as nobody has confirmed a new mission; who was moved is told again.

    Raises: Refusal if somebody has, another plan is in force meanwhile, or who would have a class again can't come.
    """
    repair = _held(repair)
    if not queries.may_accept(by, repair.plan):
        raise Refusal("La cellule remplacement annule les réparations.")
    plan, made = repair.plan, repair.made
    if made is not None:  # confirming locks nothing: the rows are held, then read
        list(CoverAssignment.objects.select_for_update(of=("self",)).filter(plan=made).order_by("pk"))
    if made is None or not differing.may_undo(repair):
        raise Refusal("Quelqu’un a déjà confirmé, ou un autre plan est publié\u00a0: préparez-en la suite.")
    _take_back(repair)
    if away := differing.away(plan, made):
        who = ", ".join(map(str, away))
        raise Refusal(f"À qui ce plan rendrait une classe n’est plus disponible\u00a0: {who}. Préparez-en la suite.")
    try:
        with transaction.atomic():
            publishing.put_back(plan, made, mark=f"-undo-{repair.pk}")
    except IntegrityError as error:
        raise Refusal(TAKEN_SINCE) from error
    _drop_version(made, by)
    CoverPlanMove.objects.create(plan=plan, state=PlanState.PUBLISHED, by=by)
    return _settle(repair, RepairState.UNDONE, by)
