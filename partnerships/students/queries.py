"""What the pages of students read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from circo.models import Commune, Invitation, Person
from circo.models.folding import words_of
from circo.queries import Filter
from partnerships.models import Cohort, PlacementDay, Student

WITHOUT_ACCOUNT, WITHOUT_HOME, WITHOUT_PAIR, WITHOUT_PLACEMENT = "compte", "commune", "binome", "stage"
MISSING = [
    (WITHOUT_ACCOUNT, "Compte pas encore ouvert"),
    (WITHOUT_HOME, "Commune non renseignée"),
    (WITHOUT_PAIR, "Sans binôme"),
    (WITHOUT_PLACEMENT, "Sans stage"),
]


def of_cohort(cohort: Cohort, *, words: str = "", missing: str = "") -> QuerySet[Student]:
    """The students of a cohort, by name, narrowed by words and by what is missing. `is_invited`: a link still waits."""
    now = timezone.now()
    links = Invitation.objects.filter(person_id=OuterRef("person_id")).usable_at(now)
    rows = (
        Student.objects.filter(cohort=cohort)
        .standing()
        .select_related("person", "status", "home")
        .prefetch_related("pair__students__person")
        .annotate(is_invited=Exists(links))
    )
    for word in words_of(words):
        rows = rows.filter(person__folded__contains=word)
    placed = PlacementDay.objects.standing().filter(student__cohort=cohort).order_by().values("student_id")
    narrowed: Mapping[str, Q] = {
        WITHOUT_ACCOUNT: Q(person__password__startswith=UNUSABLE_PASSWORD_PREFIX),
        WITHOUT_HOME: Q(home=None),
        WITHOUT_PAIR: Q(pair=None),
        WITHOUT_PLACEMENT: ~Q(pk__in=placed),
    }
    return rows.filter(narrowed.get(missing, Q()))


def missing_filter(chosen: str) -> Filter:
    return Filter("manque", "Ce qui manque", MISSING, chosen if chosen in dict(MISSING) else "")


@dataclass(frozen=True)
class Missing:
    """How many students of a cohort lack what a placement needs."""

    code: str
    words: str
    count: int


def missing(cohort: Cohort) -> list[Missing]:
    """What is missing in a cohort, that of nobody left out."""
    found = [Missing(code, words, of_cohort(cohort, missing=code).count()) for code, words in MISSING]
    return [one for one in found if one.count]


def partners_for(student: Student) -> QuerySet[Student]:
    """Who could make a pair with this student."""
    rows = Student.objects.filter(cohort_id=student.cohort_id, pair=None).standing().exclude(pk=student.pk)
    return rows.select_related("person", "home")


def communes() -> QuerySet[Commune, tuple[str, str]]:
    """Those that we know, as (name, INSEE code)."""
    return Commune.objects.order_by("name", "insee_code").values_list("name", "insee_code")


def own(person: Person) -> QuerySet[Student]:
    """What one studies, the newest first."""
    rows = Student.objects.filter(person_id=person.pk).standing().prefetch_related("pair__students__person")
    related = ("cohort__programme", "cohort__school_year", "cohort__institution", "status", "home")
    return rows.select_related(*related).order_by("-cohort__school_year__first_day", "pk")
