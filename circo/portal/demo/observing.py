"""Cross-observations of the demonstration: students hold some classes, and their teachers see colleagues; others go to
observation sites."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

from django.utils import timezone

from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.models import District, Person, Posting
from circo.portal.demo.accounts import DOMAIN
from circo.rules import HALF_DAYS, Role
from networks.models import ObservationSite
from partnerships.cohorts.rules import DayKind
from partnerships.models import Cohort, CrossingPlan, HostOffer, Programme, Student, StudentStatus
from partnerships.observations import actions, solving
from partnerships.observations.rules import CrossingKind
from partnerships.offers.rules import OfferState
from partnerships.placements.actions import booking, life

HELD_MOST = 6  # classes that students hold
AHEAD_DAYS = range(10, 40)
WILLING_MOST = 4  # who said when they may come


def write() -> None:
    """Write what a coordinator, an adviser and some teachers did: each observation is in another state."""
    coordinator = Person.objects.get(email=f"institut@{DOMAIN}")
    adviser = Person.objects.get(email=f"conseillere@{DOMAIN}")
    students = _alternating(coordinator)
    district = adviser.postings.get().district
    if district is None:
        return
    _between_sites(district, adviser)
    offers = HostOffer.objects.filter(state=OfferState.OPEN, school__district=district).select_related("school")
    held = [
        day
        for offer, student in zip(offers[:HELD_MOST], students, strict=False)
        if (day := _hold(offer, student, coordinator))
    ]
    if not held:
        return
    plan = CrossingPlan.objects.create(
        district=district, first_day=min(held).day, last_day=max(held).day, created_by=adviser
    )
    solving.at_once(plan)
    lines = list(plan.lines.order_by("pk").values_list("pk", flat=True))
    if not lines:
        return
    made = actions.publish(plan=plan, line_ids=lines[: max(1, len(lines) - 1)], by=adviser).done
    for rank, one in enumerate(made):
        if rank % 3 == 1:
            actions.accept(
                observation=one, focus="Comment les élèves s’entraident pendant le plan de travail.", by=one.observer
            )
        elif rank % 3 == 2:
            actions.decline(
                observation=one, word="Je profite de cette matinée pour une équipe éducative.", by=one.observer
            )


def _between_sites(district: District, by: Person) -> None:
    """Some teachers say when they may come; all but one of the visits that are proposed are published."""
    hosts = ObservationSite.objects.order_by().values("host_id")
    teaching = Posting.objects.in_force(timezone.localdate()).filter(role=Role.TEACHER, school__district=district)
    willing = teaching.exclude(person__in=hosts).select_related("person").order_by("person_id")
    for rank, posting in enumerate(willing[:WILLING_MOST]):
        week = [code for code in HALF_DAYS if code.endswith(("AM", "PM")[rank % 2])]
        actions.wish(practices=[], limit_min=60, half_days=week, by=posting.person)
    start = timezone.localdate()
    first, last = start + timedelta(days=AHEAD_DAYS[0]), start + timedelta(days=AHEAD_DAYS[-1])
    plan = CrossingPlan.objects.create(
        district=district, kind=CrossingKind.SITES, first_day=first, last_day=last, created_by=by
    )
    solving.at_once(plan)
    lines = list(plan.lines.order_by("pk").values_list("pk", flat=True))
    if lines[1:]:
        actions.publish(plan=plan, line_ids=lines[1:], by=by)


def _alternating(by: Person) -> list[Student]:
    """A cohort of students whose contract lets them hold a class."""
    model = Cohort.objects.filter(institution__postings__person=by).order_by("pk").first()
    if model is None:
        return []
    programme = Programme.objects.create(
        institution=model.institution,
        name="MEEF 2 en alternance",
        weeks=12,
        kinds=[kind.value for kind in DayKind],
        before_accompanied=0,
        before_responsibility=0,
    )
    status = StudentStatus.objects.create(
        institution=model.institution,
        name="Alternant",
        may_be_alone=True,
        legal_text="Contrat d’alternance, arrêté du 27 août 2013",
    )
    cohort = Cohort.objects.create(
        institution=model.institution, programme=programme, school_year=model.school_year, name="MEEF 2, alternance"
    )
    people = Person.objects.filter(postings__role=Role.STUDENT, postings__institution=model.institution)
    free = people.exclude(pk__in=Student.objects.order_by().values("person_id")).distinct().order_by("pk")
    return [Student.objects.create(person=one, cohort=cohort, status=status) for one in islice(free, HELD_MOST)]


def _hold(offer: HostOffer, student: Student, by: Person) -> HalfDay | None:
    """Have a student hold a class on the first half-day that it gives; None if it gives none."""
    start = timezone.localdate()
    first, last = start + timedelta(days=AHEAD_DAYS[0]), start + timedelta(days=AHEAD_DAYS[-1])
    adult = Posting.objects.in_force(first).filter(school=offer.school).exclude(person=offer.person).first()
    if adult is None:
        return None
    for half_day in sorted(calendar.school_half_days([offer.school], first, last)[offer.school_id]):
        try:
            placement = booking.hold(
                offer=offer, students=[student], kind=DayKind.RESPONSIBILITY, half_days=[half_day], by=by
            )
            life.confirm(placement=placement, by=by)
            life.name_adult(placement=placement, half_days=[half_day], adult=adult.person, by=by)
            life.publish(placement=placement, by=by)
        except Refusal:
            continue
        return half_day
    return None
