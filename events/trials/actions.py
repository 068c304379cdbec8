"""Verbs of trials: ask a question of a plan, take a lock off as a trial showed."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from circo import jobs
from circo.access import Permission
from circo.dates import day_in_words
from circo.errors import Refusal
from circo.models import Person
from events.models import CoverPlan, CoverTrial
from events.plans import actions as plans
from events.plans import queries as plan_queries
from events.trials import queries, rules
from events.trials.rules import TrialKind


@transaction.atomic
def ask(
    *,
    plan: CoverPlan,
    kind: TrialKind,
    number: int | None = None,
    on: date | None = None,
    need_pk: int | None = None,
    by: Person,
) -> CoverTrial:
    """Ask what a plan would be with one thing changed; a worker answers.

    Raises: Refusal for a plan that is not computed, too many questions, or one without sense.
    """
    if not plan_queries.may(by, plan, Permission.PLAN_COVER):
        raise Refusal("Vous ne préparez pas ce plan.")
    if not plan.solved_at:
        raise Refusal("Calculez d’abord ce plan\u00a0: les essais se comparent à lui.")
    if CoverTrial.objects.filter(plan=plan, at__gte=plan.solved_at).count() >= rules.TRIALS_MOST:
        raise Refusal(f"Au plus {rules.TRIALS_MOST}\u00a0essais à la fois\u00a0: effacez-les.")
    words = _words(plan, kind, number, on, need_pk)
    trial = CoverTrial(plan=plan, kind=kind.value, by=by, words=words[:200])
    match kind:  # what came besides was not looked at
        case TrialKind.LOCK:
            trial.need_id = need_pk
        case TrialKind.DATE:
            trial.on = on
        case _:
            trial.number = number
    trial.save()
    jobs.ask(queries.TRY, str(trial.pk))
    return trial


def _words(plan: CoverPlan, kind: TrialKind, number: int | None, on: date | None, need_pk: int | None) -> str:
    today = timezone.localdate()
    if kind is TrialKind.LESS and number and number <= rules.LESS_MOST:
        return f"{number}\u00a0remplaçant{'s' if number > 1 else ''} de moins"
    if kind is TrialKind.RESERVE and number is not None and number <= rules.RESERVE_MOST:
        return f"Réserve de {number}\u00a0%"
    if kind is TrialKind.DATE and on is not None and today < on and (on - today).days < 366:
        return f"Le {day_in_words(on, today)}"
    if kind is TrialKind.LOCK:
        held = plan.assignments.filter(need_id=need_pk, is_locked=True).select_related("substitute", "need").first()
        if held is not None:
            return f"Sans le verrou {held.substitute}, {held.need.levels_words}"
    raise Refusal("Choisissez un nombre, une date à venir, ou une classe verrouillée.")


def give_up(subject_id: str, reason: str) -> None:
    """Say why a question has no answer."""
    CoverTrial.objects.filter(pk=subject_id).update(failure=reason[:300])


@transaction.atomic
def price_all(*, plan: CoverPlan, by: Person) -> None:
    """Ask what each lock costs."""
    known = queries.prices(queries.table(plan).trials)
    for one in queries.locks(plan)[: rules.TRIALS_MOST]:
        if one.need_id not in known:
            ask(plan=plan, kind=TrialKind.LOCK, need_pk=one.need_id, by=by)


@transaction.atomic
def forget_all(*, plan: CoverPlan, by: Person) -> None:
    """Forget the trials of a plan, and what still seeks them."""
    if not plan_queries.may(by, plan, Permission.PLAN_COVER):
        raise Refusal("Vous ne préparez pas ce plan.")
    for one in CoverTrial.objects.filter(plan=plan):
        jobs.forget(queries.TRY, str(one.pk))
    CoverTrial.objects.filter(plan=plan).delete()


@transaction.atomic
def lift(*, trial: CoverTrial, by: Person) -> CoverPlan:
    """Do in the draft what a trial of a lock showed: lift it, and have the plan computed again."""
    if trial.need_id is None:
        raise Refusal("Cet essai ne lève aucun verrou.")
    plans.lock(plan=trial.plan, need_pk=trial.need_id, is_locked=False, by=by)
    return plans.ask_to_solve(plan=trial.plan, by=by)
