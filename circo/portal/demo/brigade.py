"""The brigade of the demonstration, and the plan of its sharing day: computed, published, a word from Amina.

Around it, what a cell and an inspector do: roads imported, a school let go beyond the number, trials, an absence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from math import cos, dist, radians

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from circo import jobs
from circo.calendar.rules import FRIDAY, HALVES, HalfDay
from circo.imports import actions as imports
from circo.imports import running
from circo.models import Departement, Job, JobState, Person, School
from circo.portal.demo.accounts import DOMAIN
from circo.portal.demo.schools import DEPARTEMENT, HERE
from events.brigade import actions, queries
from events.brigade.actions import Profile
from events.brigade.imports.kinds import DISTANCES
from events.brigade.queries import Member
from events.brigade.rules import Cause, Kind
from events.models import CoverNeed, CoverPlan, SharingDay
from events.needs import actions as needs
from events.needs.leaving import actions as leaving
from events.needs.queries import needs_page
from events.plans import actions as plans
from events.plans import queries as plan_queries
from events.plans import solving
from events.plans.rules import PlanState
from events.repairs import actions as repairs
from events.trials import actions as trials
from events.trials import queries as trial_queries
from events.trials.rules import TrialKind

PREFERRED = (("CP", "CE1", "CE2"), ("PS", "MS", "GS"), (), ("CM1", "CM2"), ())
WORD = """La clé est dans la boîte à lettres de la directrice.

- 8 h 30 : accueil et rituels, le tableau des responsabilités est au fond
- 9 h : lecture, les livrets bleus
- Après-midi : arts visuels, tout est sur la table ronde"""

KM_A_DEGREE = 111.2
KNOWN_KM = 12  # the table of roads stops there: farther, distances stay estimates
WINDING = (1.2, 1.3, 1.45)  # how much longer a road is than the crow's flight
WHY_MORE = "Ces collègues animent ensemble un atelier du matin ; les élèves sont accueillis dans les autres classes."


def write() -> None:
    """Write the brigade as its manager would, then the plan of the next sharing day, if there is one."""
    manager = Person.objects.get(email=f"remplacement@{DOMAIN}")
    departement = Departement.objects.get(code=DEPARTEMENT)
    today = timezone.localdate()
    found = queries.members(queries.posts([departement.pk], today))
    for rank, one in enumerate(found):
        profile = Profile(
            Kind.ALL, PREFERRED[rank % len(PREFERRED)], is_reserve=rank % 11 == 10, phone="02 32 00 00 00"
        )
        actions.describe(person=one.person, profile=profile, by=manager)
    monday = today - timedelta(days=today.weekday())
    for one, cause in zip(found[2:8:3], (Cause.MISSION, Cause.TRAINING), strict=False):
        last = HalfDay(monday + timedelta(days=FRIDAY), "PM")
        actions.withhold(person=one.person, first=HalfDay(monday, "AM"), last=last, cause=cause, by=manager)
    _roads(departement, found, manager)
    coming = SharingDay.objects.filter(district__name=HERE, on__gt=today).select_related("district__departement")
    if (day := coming.order_by("on").first()) is not None:
        plan = _plan(day, manager)
        _exceed(day)
        _try(plan, manager)
        _miss(plan, manager)


def _work(kind: str) -> None:
    """Do at once what a worker would do in its turn."""
    for pk in Job.objects.filter(kind=kind, state=JobState.QUEUED).order_by("pk").values_list("pk", flat=True):
        jobs.run(pk)


def _roads(departement: Departement, members: Sequence[Member], manager: Person) -> None:
    """A table of roads between the schools of the district and the brigade around, invented, imported as any other."""
    schools = list(School.objects.filter(district__name=HERE, latitude__isnull=False).order_by("uai"))
    homes = {one.school.pk: one.school for one in members if one.school.latitude is not None}
    body = "de;à;km;minutes\n" + "".join(_roads_of(list(homes.values()), schools))
    file = SimpleUploadedFile("distances-eure.csv", body.encode())
    run = imports.start(kind=DISTANCES.code, place=departement, file=file, by=manager)
    _work(running.CHECK)
    imports.apply(run=run, by=manager)
    _work(running.APPLY)


def _roads_of(homes: Sequence[School], schools: Sequence[School]) -> Iterator[str]:
    for home in homes:
        for rank, school in enumerate(schools):
            km = _flight(home, school) * WINDING[rank % len(WINDING)]
            if home != school and km <= KNOWN_KM:
                yield f"{home.uai};{school.uai};{km:.1f};{3 + round(km * 1.4)}\n".replace(".", ",")


def _flight(home: School, school: School) -> float:
    """The crow's flight, near enough for schools of one département. Units: kilometres."""
    narrow = cos(radians(float(home.latitude)))
    here, there = ((float(one.latitude), float(one.longitude) * narrow) for one in (home, school))
    return dist(here, there) * KM_A_DEGREE


def _exceed(day: SharingDay) -> None:
    """The inspector lets one of the schools go that too many would leave."""
    inspector = Person.objects.get(email=f"inspectrice@{DOMAIN}")
    if crowded := needs_page(day).crowded:
        leaving.grant(day=day, school=crowded[0].school, reason=WHY_MORE, by=inspector)


def _try(plan: CoverPlan, manager: Person) -> None:
    """What would the plan be with fewer people, with a larger reserve; what its lock costs."""
    trials.ask(plan=plan, kind=TrialKind.LESS, number=12, by=manager)
    trials.ask(plan=plan, kind=TrialKind.RESERVE, number=50, by=manager)
    trials.price_all(plan=plan, by=manager)
    _work(trial_queries.TRY)


def _miss(plan: CoverPlan, manager: Person) -> None:
    """Somebody can't come: the repair is computed, and waits for a decision."""
    held = plan.assignments.filter(is_locked=False).order_by("metres", "pk").first()
    if held is not None:
        asked = {"substitute_pk": held.substitute_id, "on": held.need.day.on, "halves": HALVES}
        repairs.report_absence(plan=plan, by=manager, **asked)
        _work(plan_queries.SOLVE)


def _plan(day: SharingDay, manager: Person) -> CoverPlan:
    amina, lucie = (Person.objects.get(email=f"{name}@{DOMAIN}") for name in ("amina", "remplacante"))
    plan = plans.prepare(days=[day], by=manager)
    if need := CoverNeed.objects.filter(day=day, people=amina).first():
        needs.write_note(need=need, text=WORD, by=amina)
        plans.assign(plan=plan, need_pk=need.pk, substitute_pk=lucie.pk, by=manager)
    solving.at_once(plan)
    for target in (PlanState.PROPOSED, PlanState.VALIDATED, PlanState.PUBLISHED):
        plans.move(plan=plan, target=target, by=manager)
    return plan
