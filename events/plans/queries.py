"""Reads of cover plans: which ones, what one says, what it changes of another, what it gives to a day and to ARIA."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from circo.access import Permission
from circo.models import Job, Person
from circo.queries import counted
from events.models import (
    CoverAssignment,
    CoverEdit,
    CoverNeed,
    CoverPlan,
    CoverPlanDay,
    CoverRepair,
    SharingDay,
)
from events.needs import queries as needs
from events.plans import rules
from events.plans.rules import Move, PlanState
from events.repairs.rules import RepairState

SOLVE = "cover_solve"  # the kind of the job
_READ = ("departement", "created_by", "replaces")


# --- Which plans ------------------------------------------------------------------------------------------------------
def plans(person: Person) -> QuerySet[CoverPlan]:
    """The plans that one reads, the newest first, with their days."""
    days = CoverPlanDay.objects.select_related("day__district").order_by("day__on", "day__district__name", "pk")
    rows = CoverPlan.objects.visible_to(person).select_related(*_READ)
    rows = rows.prefetch_related(Prefetch("plan_days", queryset=days))
    is_repair = Exists(CoverRepair.objects.filter(made=OuterRef("pk"), state=RepairState.OPEN))
    rows = rows.annotate(covered=counted(CoverAssignment.objects.all(), "plan"), is_repair=is_repair)
    return rows.order_by("-version", "-pk")


def plan_of(person: Person, pk: int) -> CoverPlan | None:
    """A plan, as this person reads it.

    One that is not published shows a district its own classes: the days of another may still be in preparation.
    """
    plan = plans(person).filter(pk=pk).first()
    return plan and narrowed(plan, person)


def narrowed(plan: CoverPlan, person: Person) -> CoverPlan:
    """The same plan, which shows no more than this person reads."""
    mine = person.reach().district_ids_for(Permission.PLAN_COVER)
    if not is_published(plan) and not all(one.day.district_id in mine for one in plan.plan_days.all()):
        plan.narrowed_to = mine
    return plan


def days_to_plan(person: Person) -> QuerySet[SharingDay]:
    """The coming days of the districts in which one plans."""
    districts = person.reach().district_ids_for(Permission.PLAN_COVER)
    return needs.coming(person).filter(district_id__in=districts)


def repair_of(plan: CoverPlan) -> CoverRepair | None:
    """The repair that waits for a decision, of this plan or of which this plan is the version."""
    waiting = CoverRepair.objects.filter(Q(plan=plan) | Q(made=plan), state=RepairState.OPEN)
    return waiting.select_related("plan").order_by("-pk").first()


def in_force(day_ids: Sequence[int]) -> dict[int, int]:
    """The plan in force of each of these days, if any."""
    rows = CoverPlanDay.objects.filter(day_id__in=day_ids, is_in_force=True).order_by("pk")
    return dict(rows.values_list("day_id", "plan_id"))


def followed(plan: CoverPlan) -> CoverPlan | None:
    """The plan that one follows in the place of a replaced one, on the first of its days that has one."""
    held = in_force([one.day_id for one in plan.plan_days.all()])
    return CoverPlan.objects.filter(pk__in=held.values()).order_by("-version").first()


def may(person: Person, plan: CoverPlan, permission: Permission) -> bool:
    """Tell whether one holds this permission over all the days of a plan; reads nothing if they were prefetched."""
    districts = person.reach().district_ids_for(permission)
    held = {one.day.district_id for one in plan.plan_days.all()}
    whole = person.reach().departement_ids_for(permission)
    if permission is Permission.PUBLISH_COVER and plan.departement_id not in whole:
        return len(held) == 1 and held <= districts  # an inspector publishes what concerns the own district alone
    return bool(held) and held <= districts


def moves_for(person: Person, plan: CoverPlan) -> list[Move]:
    """The steps that one may make now; a plan is done once its last day has come."""
    last = max((one.day.on for one in plan.plan_days.all()), default=date.max)
    return [
        move
        for move in rules.moves_from(plan.state)
        if may(person, plan, move.permission) and (move.target != PlanState.DONE or last <= timezone.localdate())
    ]


def job_of(plan: CoverPlan) -> Job | None:
    """The computing of a plan that is under way, if any."""
    return Job.objects.going().filter(kind=SOLVE, subject_id=str(plan.pk)).first()


# --- One plan ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Row:
    """One class of a plan, and who takes it."""

    need: CoverNeed
    assignment: CoverAssignment | None
    reasons: Sequence[str] = ()  # why nobody takes it, then what would be enough: as of the last computing

    @property
    def km(self) -> str:
        return rules.km(self.assignment.metres) if self.assignment and self.assignment.metres is not None else ""


@dataclass(frozen=True)
class PlanPage:
    needs: int
    covered: int
    euros: str
    locked: int
    last_edit: CoverEdit | None
    elsewhere: int = 0  # classes, and days, of districts that one does not read
    days_elsewhere: int = 0

    @property
    def uncovered(self) -> int:
        return self.needs - self.covered


def needs_of(plan: CoverPlan) -> QuerySet[CoverNeed]:
    """The classes that a plan has to cover, as far as its reader sees it."""
    rows = CoverNeed.objects.to_cover().filter(day__plan_days__plan=plan)
    if plan.narrowed_to is not None:
        rows = rows.filter(day__district_id__in=plan.narrowed_to)
    return rows.select_related("day__district", "school__district").prefetch_related("people").order_by("day__on", "pk")


def assignments(plan: CoverPlan) -> QuerySet[CoverAssignment]:
    rows = plan.assignments.select_related("substitute", "need__day").order_by("pk")
    return rows if plan.narrowed_to is None else rows.filter(need__day__district_id__in=plan.narrowed_to)


def reasons_of(plan: CoverPlan) -> Mapping[str, Sequence[str]]:
    """Why classes have nobody. What would be enough may name a class that one does not see: it is for all or none."""
    return plan.reasons if plan.narrowed_to is None else {key: told[:1] for key, told in plan.reasons.items()}


def plan_page(plan: CoverPlan) -> PlanPage:
    """The figures of a plan. The same number of queries however many classes."""
    edits = plan.edits.filter(undone_at=None, gesture=None)
    held = (
        assignments(plan)
        .order_by()
        .aggregate(covered=Count("pk"), cents=Sum("cents", default=0), locked=Count("pk", filter=Q(is_locked=True)))
    )
    return PlanPage(
        needs=needs_of(plan).count(),
        covered=held["covered"],
        euros=rules.euros(held["cents"]),
        locked=held["locked"],
        last_edit=edits.first() if plan.is_draft and plan.narrowed_to is None else None,
        elsewhere=_elsewhere(plan),
        days_elsewhere=len(plan.plan_days.all()) - len(plan.days),
    )


def _elsewhere(plan: CoverPlan) -> int:
    """How many classes a plan has in districts that its reader does not see."""
    if plan.narrowed_to is None:
        return 0
    every = CoverNeed.objects.to_cover().filter(day__plan_days__plan=plan)
    return every.exclude(day__district_id__in=plan.narrowed_to).count()


@dataclass(frozen=True)
class Change:
    """One class whose substitute differs between two plans."""

    need: CoverNeed
    before: Person | None
    after: Person | None


def changes(before: CoverPlan, after: CoverPlan) -> list[Change]:
    """What a plan changes of another, class by class, as far as its reader sees it."""
    old, new = ({one.need_id: one for one in assignments(plan)} for plan in (before, after))
    found = []
    for pk in sorted(old.keys() | new.keys()):
        one, other = old.get(pk), new.get(pk)
        if (one and one.substitute_id) != (other and other.substitute_id):
            held = other or one
            assert held is not None  # noqa: S101 (one of the two is there)
            found.append(Change(held.need, one.substitute if one else None, other.substitute if other else None))
    schools = CoverNeed.objects.filter(pk__in=[change.need.pk for change in found]).select_related("school", "day")
    named = {need.pk: need for need in schools}
    told = [Change(named[change.need.pk], change.before, change.after) for change in found]
    return [change for change in told if after.shows(change.need.day)]


# --- What the page of a day reads -------------------------------------------------------------------------------------
def cover(day: SharingDay) -> Mapping[int, str]:
    """Who takes whose class on a day, in a published plan alone."""
    rows = CoverAssignment.objects.filter(need__day=day, is_in_force=True).select_related("substitute")
    named = {one.need_id: str(one.substitute) for one in rows.order_by("pk")}
    people = CoverNeed.people.through.objects.filter(coverneed_id__in=named).order_by("pk")
    return {pk: named[need_id] for need_id, pk in people.values_list("coverneed_id", "person_id")}


@dataclass(frozen=True)
class DayCover:
    """How far the cover of a day is: its classes, those that a plan in force takes, the plan that one reads."""

    needs: int
    covered: int
    plan: CoverPlan | None


def cover_of(person: Person, day: SharingDay) -> DayCover:
    """What the page of a day says of its cover to those who prepare it."""
    needed = CoverNeed.objects.to_cover().filter(day=day)
    counts = needed.aggregate(
        needs=Count("pk", distinct=True),
        covered=Count("pk", filter=Q(assignments__is_in_force=True), distinct=True),
    )
    plans_of_day = CoverPlan.objects.visible_to(person).standing().filter(plan_days__day=day)
    last = plans_of_day.prefetch_related("plan_days").order_by("-version").first()
    return DayCover(counts["needs"], counts["covered"], last)


# --- For ARIA ---------------------------------------------------------------------------------------------------------
EXPORTED = (
    "date",
    "moment",
    "uai_ecole",
    "ecole",
    "niveaux",
    "eleves",
    "enseignant_libere",
    "remplacant",
    "remplacant_mail",
    "uai_rattachement",
    "distance_km",
    "distance_estimee",
    "issr_estimee_euros",
    "confirme",
)


def exported(plan: CoverPlan, home_of: Mapping[int, str]) -> list[Sequence[object]]:
    """The plan as a table for ARIA, one line a class; a class without a substitute has an empty name."""
    by_need = {one.need_id: one for one in assignments(plan)}
    return [EXPORTED, *(_line(need, by_need.get(need.pk), home_of) for need in needs_of(plan))]


def _line(need: CoverNeed, one: CoverAssignment | None, home_of: Mapping[int, str]) -> Sequence[object]:
    who = ", ".join(str(person) for person in need.people.all())
    start = (f"{need.day.on:%d/%m/%Y}", need.get_span_display(), need.school.uai, need.school.name)
    held = (*start, "-".join(need.levels), need.class_size or "", who)
    if one is None:
        return (*held, "", "", "", "", "", "", "")
    return (
        *held,
        str(one.substitute),
        one.substitute.email,
        home_of.get(one.substitute_id, ""),
        "" if one.metres is None else f"{one.metres / 1000:.1f}".replace(".", ","),
        "oui" if one.is_estimate else "non",
        f"{one.cents / 100:.2f}".replace(".", ","),
        "oui" if one.confirmed_at else "non",
    )


def unconfirmed(plan: CoverPlan) -> QuerySet[CoverAssignment]:
    """The missions of a published plan that nobody has confirmed."""
    rows = plan.assignments.filter(confirmed_at=None).select_related("substitute", "need__school", "need__day")
    return rows.order_by("need__day__on", "substitute__last_name", "pk")


def is_published(plan: CoverPlan) -> bool:
    return plan.state in (PlanState.PUBLISHED, PlanState.DONE)
