"""A partner for the tests: courses, statuses, a cohort and its students."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from circo.models import Commune, Institution, Person
from circo.rules import Role
from partnerships.cohorts.rules import DayKind
from partnerships.models import (
    ClassPlace,
    ClassSeat,
    Cohort,
    CrossingPlan,
    HostOffer,
    ObservationWish,
    OfferMove,
    PartnerAgreement,
    PeerObservation,
    Placement,
    PlacementProposal,
    PlacementTerms,
    Programme,
    ProposalApart,
    ProposalLine,
    SchoolPlace,
    Student,
    StudentStatus,
)
from partnerships.observations.rules import ObservationState
from partnerships.offers.rules import OfferState
from partnerships.placements.rules import PlacementState
from tests.world import Ground, person, post, school_year


def programme_of(ground: Ground, mark: str = "", **fields) -> Programme:
    given = {
        "weeks": 12,
        "kinds": [kind.value for kind in DayKind],
        "before_accompanied": 4,
        "before_responsibility": 4,
    }
    return Programme.objects.create(institution=ground.institution, **({"name": f"M2E 1{mark}"} | given | fields))


def status_of(ground: Ground, mark: str = "", **fields) -> StudentStatus:
    given = {"may_be_alone": True, "legal_text": f"Contrat d’alternance{mark}"}
    return StudentStatus.objects.create(institution=ground.institution, name=f"Alternant{mark}", **(given | fields))


def cohort_of(ground: Ground, mark: str = "", **fields) -> Cohort:
    made = fields.pop("programme", None) or programme_of(ground, mark)
    given = {"school_year": school_year(), "name": f"Groupe A{mark}"}
    return Cohort.objects.create(institution=ground.institution, programme=made, **(given | fields))


def student_in(
    cohort: Cohort, status: StudentStatus, who: Person | None = None, name: str = "Inès", **fields
) -> Student:
    if who is None:
        who = person(f"{name.lower()}{Person.objects.count()}@univ.test", name, "Garreau")
        post(who, Role.STUDENT, cohort.institution)
    return Student.objects.create(person=who, cohort=cohort, status=status, **fields)


def commune(code: str = "27701", name: str = "Val-de-Reuil") -> Commune:
    outline = [[[1.1, 49.2], [1.2, 49.2], [1.2, 49.3], [1.1, 49.2]]]
    return Commune.objects.create(insee_code=code, name=name, outline=outline, source="essai")


def offer_of(host: Person, **fields) -> HostOffer:
    """A class offered every half-day of the week; open to the institution of its département unless told otherwise."""
    school = fields.pop("school", None) or host.postings.get().school
    opened = fields.pop("institutions", None)
    week = [f"{day}_{half}" for day in ("MON", "TUE", "THU", "FRI") for half in ("AM", "PM")]
    given = {"levels": ["CE1"], "practices": ["ORAL"], "seats": 2, "week": week, "state": OfferState.OPEN}
    offer = HostOffer.objects.create(person=host, school=school, **{"school_year": school_year(), **given, **fields})
    own = Institution.objects.filter(departement__district=school.district_id)
    offer.institutions.set(own if opened is None else opened)
    OfferMove.objects.create(offer=offer, target=OfferState.PROPOSED, by=host)
    return offer


def placed_in(offer: HostOffer, student: Student, by: Person, mark: str = "") -> Placement:
    """A public placement of one student in a class, with one of everything that hangs on it."""
    now = timezone.now()
    placement = Placement.objects.create(
        offer=offer,
        cohort=student.cohort,
        state=PlacementState.PUBLISHED,
        confirmed_at=now,
        published_at=now,
        tutor=by,
        created_by=by,
    )
    of = placement.students.create(student=student)
    day = timezone.localdate() + timedelta(days=30)
    half_day = {"day": day, "half": "AM"}
    placement.days.create(
        student=student, person=student.person, offer=offer, kind="OBSERVATION", adult=offer.person, **half_day
    )
    ClassSeat.objects.create(placement=placement, offer=offer, number=1, **half_day)
    ClassPlace.objects.create(offer=offer, person=student.person, number=1)
    SchoolPlace.objects.create(
        school=offer.school, school_year=offer.school_year, period=1, person=student.person, number=1
    )
    of.log.create(day=day, text=f"Les élèves m’attendaient{mark}")
    of.reviews.create(author=offer.person, strengths=f"La voix{mark}", next_steps=f"Le tableau{mark}", given_at=now)
    placement.visits.create(tutor=by, **half_day)
    return placement


def observed_by(observer: Person, host: Person, mark: str = "") -> tuple[CrossingPlan, PeerObservation]:
    """A proposal with a line and a reason, and an observation declined with a word, in the observer's school."""
    school = observer.postings.get().school
    day = timezone.localdate() + timedelta(days=30)
    plan = CrossingPlan.objects.create(
        district=school.district,
        first_day=day,
        last_day=day,
        created_by=observer,
        reasons=[[observer.pk, f"{day.isoformat()}_AM", f"Trop loin{mark}"]],
    )
    place = {"observer": observer, "host": host, "school": school, "day": day, "half": "AM"}
    plan.lines.create(**place)
    state = {"state": ObservationState.DECLINED, "word": f"Une réunion{mark}", "ended_by": observer}
    observation = PeerObservation.objects.create(plan=plan, **place, **state)
    ObservationWish.objects.create(person=observer, practices=["ORAL"])
    return plan, observation


def proposal_of(cohort: Cohort, student: Student, offer: HostOffer, by: Person) -> ProposalLine:
    """A proposal that is computed, with one line, and a class that is ruled out."""
    now = timezone.now()
    day = timezone.localdate() + timedelta(days=40)
    proposal = PlacementProposal.objects.create(
        institution=cohort.institution,
        first_on=day,
        last_on=day,
        observation=1,
        asked_by=by,
        solved_at=now,
        measures={"placed": 1, "students": 1},
    )
    proposal.cohorts.add(cohort)
    ProposalApart.objects.create(proposal=proposal, student=student, offer=offer)
    days = {DayKind.OBSERVATION.value: [f"{day.isoformat()}_AM"]}
    return proposal.lines.create(student=student, offer=offer, days=days, minutes=12)


TERMS = {
    "represented_by": "sa directrice",
    "yearly_hours": 450,
    "referent": "Odile Référente",
    "skills": "Préparer une séance\nParler à une classe",
    "gratification": "Aucune.",
    "social_protection": "Celle des étudiants.",
    "insurance": "Mutuelle 123",
    "absences": "Les examens.",
    "validation": "Un écrit.",
}


def terms_of(programme: Programme, mark: str = "") -> PlacementTerms:
    return PlacementTerms.objects.create(programme=programme, **(TERMS | {"validation": f"Un écrit.{mark}"}))


def agreement_of(ground: Ground, mark: str = "", **fields) -> PartnerAgreement:
    year = school_year()
    given = {"starts_on": year.first_day, "ends_on": year.last_day, "terms": f"Des stages dans les écoles{mark}."}
    return PartnerAgreement.objects.create(
        departement=ground.departement, school_year=year, **({"institution": ground.institution} | given | fields)
    )
