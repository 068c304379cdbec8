"""The partner of the demonstration: a cohort of the INSPÉ, its pairs, the agreement of the year."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from circo.models import Commune, Institution, Person, SchoolYear
from circo.portal.demo.accounts import DOMAIN
from circo.rules import Role
from partnerships.agreements import actions as agreements
from partnerships.agreements.rules import Verb
from partnerships.cohorts.rules import course_model
from partnerships.models import Cohort, PartnerAgreement, Programme, Student, StudentStatus, UniversityPeriod
from partnerships.students import actions
from partnerships.students.actions import Wishes
from partnerships.students.rules import Transport

WISHES = ((("CP", "CE1"), ("ORAL", "READING")), (("PS", "MS"), ("AUTONOMY",)), ((), ("PROBLEMS",)), (("CM1",), ()))
TERMS = """L’institut envoie ses étudiants de première année dans les classes volontaires du département, par deux.

Ils observent d’abord, puis partagent la classe avec son enseignant ou son enseignante."""


def write() -> None:
    """Write what a coordinator would at the beginning of the year."""
    coordinator = Person.objects.get(email=f"institut@{DOMAIN}")
    institution = Institution.objects.get(postings__person=coordinator)
    year = SchoolYear.objects.holding(timezone.localdate()).get()
    model = course_model("m2e-1")
    assert model is not None  # noqa: S101 (written in our own rules)
    programme = Programme.objects.create(
        institution=institution,
        name=model.name,
        weeks=model.weeks,
        kinds=list(model.kinds),
        before_accompanied=model.before_accompanied,
        before_responsibility=model.before_responsibility,
    )
    status = StudentStatus.objects.create(institution=institution, name="Élève fonctionnaire")
    cohort = Cohort.objects.create(
        institution=institution, programme=programme, school_year=year, name="M2E 1, groupe A"
    )
    start = year.first_day + timedelta(days=7)
    UniversityPeriod.objects.create(
        cohort=cohort, label="Rentrée universitaire", starts_on=start, ends_on=start + timedelta(days=11)
    )
    _students(cohort, status, coordinator)
    _agreement(institution, year, coordinator)


def _students(cohort: Cohort, status: StudentStatus, by: Person) -> None:
    held = Person.objects.filter(postings__role=Role.STUDENT, postings__institution=cohort.institution).distinct()
    made = [Student.objects.create(person=person, cohort=cohort, status=status) for person in held.order_by("pk")[:12]]
    communes = list(Commune.objects.order_by("insee_code")[: len(made)])
    for rank, (student, home) in enumerate(zip(made, communes, strict=False)):
        levels, practices = WISHES[rank % len(WISHES)]
        transport = Transport.PUBLIC if rank % 3 == 2 else Transport.CAR
        actions.describe(student=student, status=status, wishes=Wishes(home, transport, levels, practices), by=by)
    for one, other in zip(made[:-2:2], made[1:-2:2], strict=False):
        actions.pair(one=one, other=other, by=by)


def _agreement(institution: Institution, year: SchoolYear, by: Person) -> None:
    agreement = PartnerAgreement(
        institution=institution,
        departement=institution.departement,
        school_year=year,
        starts_on=year.first_day,
        ends_on=year.last_day,
        terms=TERMS,
    )
    agreements.write(agreement=agreement, by=by)
    for capacity in ("Présidente de l’université", "Directeur académique des services"):
        agreements.add_signatory(agreement=agreement, capacity=capacity, name="", by=by)
    agreements.move(agreement=agreement, verb=Verb.SEND, by=by)
    for signature in agreement.signatures.all():
        agreements.sign(signature=signature, signed_on=year.first_day, by=by)
