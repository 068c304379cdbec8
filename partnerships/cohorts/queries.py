"""What the pages of courses and cohorts read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from circo.access import Permission
from circo.models import Institution, SchoolYear
from circo.queries import counted
from partnerships.models import (
    Cohort,
    PlacementDay,
    PlacementTerms,
    Programme,
    Student,
    StudentStatus,
    UniversityPeriod,
)

if TYPE_CHECKING:
    from circo.access import Anyone


def institutions(person: Anyone) -> QuerySet[Institution]:
    """Those whose students one manages."""
    kept = person.reach().institution_ids_for(Permission.MANAGE_STUDENTS)
    return Institution.objects.filter(pk__in=kept).order_by("name")


def current_year() -> SchoolYear | None:
    return SchoolYear.objects.holding(timezone.localdate()).first()


def programmes(institution: Institution) -> QuerySet[Programme]:
    return Programme.objects.filter(institution=institution)


def statuses(institution: Institution) -> QuerySet[StudentStatus]:
    return StudentStatus.objects.filter(institution=institution)


def cohorts(institution: Institution) -> QuerySet[Cohort]:
    """The newest first, each with how many students it has (`students_count`)."""
    count = counted(Student.objects.standing(), "cohort_id")
    return (
        Cohort.objects.filter(institution=institution)
        .select_related("programme", "school_year")
        .annotate(students_count=count)
    )


def periods(cohort: Cohort) -> QuerySet[UniversityPeriod]:
    return UniversityPeriod.objects.filter(cohort=cohort).standing()


def has_terms(cohort: Cohort) -> bool:
    """Whether what the agreements of its course say is written: without it, none is made."""
    return PlacementTerms.objects.filter(programme=cohort.programme_id).exists()


def half_days_in(period: UniversityPeriod) -> int:
    """How many half-days of students stand, from today on, on the days on which the university keeps their cohort."""
    first = max(period.starts_on, timezone.localdate())
    days = PlacementDay.objects.standing().filter(placement__cohort=period.cohort, day__range=(first, period.ends_on))
    return days.count()
