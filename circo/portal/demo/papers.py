"""Papers of the placements of the demonstration: the text of the agreements of one course, a placement that is over,
signed but for its last half-day, its reviews, a page of a log; and a placement that lacks its adult. All invented."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.models import Person
from circo.portal.demo.accounts import DOMAIN
from partnerships.cohorts.rules import DayKind
from partnerships.models import Cohort, HostOffer, Placement, PlacementDay, PlacementTerms, Programme, Student
from partnerships.offers import queries as offers
from partnerships.offers.rules import OfferState
from partnerships.papers import actions
from partnerships.papers.rules import SIGNED_WITHIN
from partnerships.placements import seating
from partnerships.placements.actions import booking, life, notes
from partnerships.placements.queries import openings
from partnerships.placements.rules import PlacementState

OVER = 4  # half-days of the placement that is over
AHEAD = range(45, 66)  # days from now, of the one that lacks its adult
TERMS = {
    "represented_by": "sa directrice, par délégation du président de l’université",
    "yearly_hours": 450,
    "referent": "Odile Marchand, responsable des stages",
    "skills": "Observer une classe et en rendre compte.\nPréparer une séance et la conduire.\n"
    "Analyser sa pratique avec d’autres.",
    "support": "Une visite du tuteur ou de la tutrice, un entretien, un séminaire à l’institut.",
    "social_protection": "Celle des étudiants\u00a0: l’institut déclare les accidents.",
    "insurance": "Mutuelle de démonstration, contrat 2026-001",
    "absences": "Les examens, et ce que prévoit le règlement des études.",
    "validation": "Un écrit de cinq pages et les bilans de la classe et du tuteur ou de la tutrice.",
}


def write() -> None:
    """Write what the coordinator, a class and its students wrote and signed since September."""
    coordinator = Person.objects.get(email=f"institut@{DOMAIN}")
    cohort = Cohort.objects.editable_by(coordinator).select_related("programme").earliest("pk")
    _write_terms(cohort.programme, coordinator)
    known = openings.placements().filter(cohort=cohort, state=PlacementState.PUBLISHED).order_by("pk").first()
    if known and (placement := _over(known, coordinator)):
        _sign(placement)
        _write_around(placement, coordinator)
    _lacking(coordinator)


def _write_terms(programme: Programme, by: Person) -> None:
    actions.write_terms(terms=PlacementTerms(programme=programme, **TERMS), by=by)


def _over(known: Placement, by: Person) -> Placement | None:
    """The observation that came before a placement to come, in the same class; None early in a school year."""
    today, offer = timezone.localdate(), known.offer
    first = max(today - SIGNED_WITHIN, offer.school_year.first_day)
    given = offers.open_half_days([offer], first, today - timedelta(days=1))[offer.pk][-OVER:]
    if not given:
        return None
    now = timezone.now()
    placement = Placement.objects.create(
        offer=offer,
        cohort=known.cohort,
        state=PlacementState.ENDED,
        tutor=by,
        created_by=by,
        confirmed_at=now,
        published_at=now,
    )
    students = [one.student for one in known.students.select_related("student__person").order_by("rank")]
    for rank, student in enumerate(students, 1):
        placement.students.create(student=student, rank=rank)
    _write_days(placement, students, given)
    return placement


def _write_days(placement: Placement, students: Sequence[Student], given: Sequence[HalfDay]) -> None:
    """Half-days that are past: nothing books them any more."""
    PlacementDay.objects.bulk_create(
        PlacementDay(
            placement=placement,
            student=student,
            person=student.person,
            offer=placement.offer,
            day=one.day,
            half=one.half,
            kind=DayKind.OBSERVATION,
        )
        for student in students
        for one in given
    )
    with transaction.atomic():
        seating.reseat(placement, set(given))
        seating.keep_places(placement.offer, {one.person_id for one in students}, given[0])


def _sign(placement: Placement) -> None:
    """All sign, but for the last half-day: it waits for the class."""
    rows = list(placement.days.select_related("person").order_by("day", "half", "pk"))
    last = rows[-1].half_day
    for row in rows:
        actions.sign(day=row, by=row.person)
        if row.half_day != last:
            actions.sign(day=row, by=placement.offer.person)


def _write_around(placement: Placement, tutor: Person) -> None:
    one = placement.students.select_related("student__person").order_by("rank").first()
    if one is None:
        return
    day = placement.days.latest("day").day
    said = "Les élèves s’entraident avant de venir me voir. Je note les phrases de l’enseignant."
    notes.write_log(of=one, day=day, text=said, is_for_host=True, by=one.student.person)
    strengths, left = "Un regard précis sur les élèves, des questions justes.", "Prévoir le matériel la veille."
    host = placement.offer.person
    given = notes.write_review(of=one, strengths=strengths, next_steps=left, by=host)
    notes.give_review(review=given, by=host)
    notes.write_review(of=one, strengths="L’écoute, et la tenue du carnet.", next_steps="", by=tutor)  # a draft


def _lacking(by: Person) -> None:
    """A student who may hold a class, in one that has not named who answers there: it is not public yet."""
    start = timezone.localdate()
    free = Student.objects.editable_by(by).standing().filter(status__may_be_alone=True, placed=None)
    student = free.select_related("person").order_by("pk").first()
    if student is None:
        return
    rows = list(offers.offers().filter(state=OfferState.OPEN).order_by("-pk"))
    half_days = offers.open_half_days(rows, start + timedelta(AHEAD[0]), start + timedelta(AHEAD[-1]))
    for offer in rows:
        if half_days[offer.pk] and _held(offer, student, half_days[offer.pk][:1], by):
            return


def _held(offer: HostOffer, student: Student, half_days: Sequence[HalfDay], by: Person) -> bool:
    with suppress(Refusal), transaction.atomic():
        placement = booking.hold(
            offer=offer, students=[student], kind=DayKind.RESPONSIBILITY, half_days=half_days, by=by
        )
        life.confirm(placement=placement, by=by)
        return True
    return False
