"""Making a plan the one in force: once, proved, and told to whom it concerns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from circo import notices
from circo.dates import day_in_words
from circo.errors import Refusal
from circo.models import Delivery
from events.cover import checking, proofs
from events.days.rules import DayState
from events.missions import queries as missions
from events.models import AssignedHalfDay, CoverAssignment, CoverPlan, CoverPlanDay, SharingDay
from events.plans import problems, queries

MISSIONS = notices.NoticeKind(
    "missions",
    "Remplacements",
    "Pour les titulaires remplaçants\u00a0: où, quand et quelle classe, dès qu’un plan est publié ou change.",
    Delivery.AT_ONCE,
)
COVERED = notices.NoticeKind(
    "covered-classes",
    "Qui prend les classes",
    "Quand on sait qui prend votre classe, ou une classe de votre école, un jour où l’enseignant·e est convoqué·e.",
    Delivery.AT_ONCE,
)
KINDS = (MISSIONS, COVERED)


def publish(plan: CoverPlan) -> None:
    """Check the proof, put the plan in force in the place of the one that it replaces, and tell.

    Raises: Refusal if a day is not announced, another plan was published meanwhile, or the plan is not the one that was
            proved.
    """
    days = list(SharingDay.objects.select_for_update(of=("self",)).filter(plan_days__plan=plan).order_by("pk"))
    _refuse_unannounced(days)
    _refuse_another(plan, [day.pk for day in days])
    check_proof(plan)
    if plan.replaces is not None:
        _put(plan.replaces, is_in_force=False)
    _put(plan, is_in_force=True)
    _keep_answers(plan, plan.replaces)
    _tell(plan, plan.replaces)


def put_back(plan: CoverPlan, instead_of: CoverPlan, *, mark: str) -> None:
    """Put a plan in force again in the place of the one that had replaced it; who was moved is told, and asked again.

    `mark` tells these notices from those of the first time.
    Raises: Refusal if one of its days was called off, or took place.
    """
    for day in SharingDay.objects.select_for_update(of=("self",)).filter(plan_days__plan=plan).order_by("pk"):
        if day.state != DayState.PUBLISHED:
            raise Refusal(f"{day} est annulée, ou passée\u00a0: ce plan ne se remet plus en vigueur.")
    known = {(one.need_id, one.substitute_id) for one in instead_of.assignments.all()}
    moved = [one.pk for one in plan.assignments.all() if (one.need_id, one.substitute_id) not in known]
    plan.assignments.filter(pk__in=moved).update(told_at=None, confirmed_at=None)
    _put(instead_of, is_in_force=False)
    _put(plan, is_in_force=True)
    _keep_answers(plan, instead_of)
    _tell(plan, instead_of, mark)


def _put(plan: CoverPlan, *, is_in_force: bool) -> None:
    CoverPlanDay.objects.filter(plan=plan).update(is_in_force=is_in_force)
    plan.assignments.update(is_in_force=is_in_force)
    AssignedHalfDay.objects.filter(plan=plan).update(is_in_force=is_in_force)


def _refuse_unannounced(days: Iterable[SharingDay]) -> None:
    """A day in preparation is its team's: publishing would tell teachers, head teachers and substitutes of it."""
    for day in days:
        if day.state != DayState.PUBLISHED:
            raise Refusal(f"{day} n’est pas annoncée\u00a0: publiez le plan une fois qu’elle l’est.")


def _refuse_another(plan: CoverPlan, day_ids: list[int]) -> None:
    """Whoever comes second is told who came first."""
    now = set(queries.in_force(day_ids).values())
    if now - {plan.replaces_id}:
        other = CoverPlan.objects.filter(pk__in=now - {plan.replaces_id}).first()
        last = other.moves.select_related("by").last() if other else None
        who = f" par {last.by}" if last and last.by else ""
        raise Refusal(f"Un autre plan est publié pour ces journées{who}\u00a0: {other}. Préparez-en un à sa suite.")


def check_proof(plan: CoverPlan) -> None:
    """Read the proof of a plan with the independent checker, on the data of now.

    Raises: Refusal if there is none, if the plan or its data changed since, or if the checker finds a fault.
    """
    if not plan.proof:
        raise Refusal("Ce plan n’a pas encore été calculé\u00a0: sans preuve, il ne se publie pas.")
    situation = problems.situation_of(plan)
    if situation.inputs_hash != plan.inputs_hash:
        raise Refusal("Les besoins, les disponibilités ou les réglages ont changé depuis le calcul\u00a0: recalculez.")
    found, certificate = proofs.from_data(plan.proof)
    classes = frozenset(link for link in found.links if link[0] in situation.needs)
    if classes != problems.links_of(plan):
        raise Refusal("Le plan a été changé à la main depuis sa preuve\u00a0: recalculez, vos choix sont gardés.")
    if faults := checking.faults_of(situation.problem, found, certificate):
        raise Refusal(f"La vérification du plan a échoué ({', '.join(sorted(faults))})\u00a0: recalculez.")


def _keep_answers(plan: CoverPlan, former: CoverPlan | None) -> None:
    """Whoever keeps the same mission was told already, and need not confirm again."""
    if former is None:
        return
    known = {(one.need_id, one.substitute_id): one for one in former.assignments.all()}
    kept = [one for one in plan.assignments.all() if (one.need_id, one.substitute_id) in known]
    for one in kept:
        answer = known[one.need_id, one.substitute_id]
        one.told_at, one.confirmed_at = answer.told_at, answer.confirmed_at
    CoverAssignment.objects.bulk_update(kept, ["told_at", "confirmed_at"], batch_size=500)


# --- Telling ----------------------------------------------------------------------------------------------------------
def _tell(plan: CoverPlan, former: CoverPlan | None, mark: str = "") -> None:
    """Tell those whom a plan concerns and who were not told yet, then those who had something in the former one."""
    rows = plan.assignments.select_related("substitute", "need__day", "need__school")
    held = list(rows.prefetch_related("need__people").order_by("pk"))
    new = [one for one in held if one.told_at is None]
    for one in new:
        _tell_mission(one, mark)
        _tell_teachers(one, mark)
    _tell_heads(plan, new, mark)
    if former is not None:
        _tell_released(plan, former, {one.need_id: one.substitute_id for one in held})
    plan.assignments.filter(told_at=None).update(told_at=timezone.now())


def when_of(one: CoverAssignment) -> str:
    return f"le {day_in_words(one.need.day.on, timezone.localdate())}, {one.need.get_span_display()}"


def _tell_mission(one: CoverAssignment, mark: str) -> None:
    notices.tell(
        person=one.substitute,
        kind=MISSIONS.name,
        key=f"mission-{one.pk}{mark}",
        title=f"Vous remplacez {when_of(one)}",
        text=f"{one.need.school}. Ouvrez la fiche, puis confirmez.",
        path=reverse("events:mission_page", args=[one.pk]),
    )


def _tell_teachers(one: CoverAssignment, mark: str) -> None:
    notices.tell_many(
        one.need.people.all(),
        kind=COVERED.name,
        key=f"mission-{one.pk}{mark}",
        title=f"{one.substitute} prend votre classe {when_of(one)}",
        text="Vous pouvez lui laisser un mot\u00a0: l’emploi du temps, où sont les affaires.",
        path=reverse("events:need_page", args=[one.need_id]),
    )


def _tell_heads(plan: CoverPlan, new: Iterable[CoverAssignment], mark: str) -> None:
    by_school: dict[tuple, list[CoverAssignment]] = defaultdict(list)
    for one in new:
        by_school[one.need.day.on, one.need.school_id].append(one)
    for (on, school_id), some in sorted(by_school.items()):
        heads = missions.heads_of(school_id, on)
        lines = [f"{one.need.levels_words}, {one.need.get_span_display()}\u00a0: {one.substitute}" for one in some]
        notices.tell_many(
            heads,
            kind=COVERED.name,
            key=f"plan-{plan.pk}-{school_id}-{on}{mark}",
            title=f"Qui prend les classes de votre école le {day_in_words(on, timezone.localdate())}",
            text="\n".join(lines),
            path=reverse("events:hosted_list"),
        )


def _tell_released(plan: CoverPlan, former: CoverPlan, kept: dict[int, int]) -> None:
    """Tell whoever had a mission in the former plan and has it no more, and whose class nobody takes now."""
    rows = former.assignments.filter(told_at__isnull=False).select_related("substitute", "need__day", "need__school")
    for one in rows.prefetch_related("need__people").order_by("pk"):
        if kept.get(one.need_id) == one.substitute_id:
            continue
        notices.tell(
            person=one.substitute,
            kind=MISSIONS.name,
            key=f"mission-{one.pk}-off-{plan.pk}",
            title=f"Vous ne remplacez plus {when_of(one)}",
            text=str(one.need.school),
            path=reverse("events:mission_list"),
        )
        if one.need_id not in kept:
            _tell_left(plan, one)


def _tell_left(plan: CoverPlan, one: CoverAssignment) -> None:
    """Tell the head of a school, and the teacher, that nobody comes for a class any more."""
    need, teachers = one.need, list(one.need.people.all())
    heads = missions.heads_of(need.school_id, need.day.on)
    names = ", ".join(str(teacher) for teacher in teachers)
    stays, when = need.stays_at is not None, when_of(one)
    notices.tell_many(
        heads if stays else [*heads, *teachers],
        kind=COVERED.name,
        key=f"mission-{one.pk}-left-{plan.pk}",
        title=f"{names} garde sa classe {when}" if stays else f"Personne ne prend plus une classe {when}",
        text=f"{need}\u00a0: {names}",
        path=reverse("events:hosted_list"),
    )
