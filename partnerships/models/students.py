"""Students of a cohort, and the pairs in which they go.

Source: docs/decisions/0033-partners.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from circo import rules as ground_rules
from circo.access import Permission
from circo.models import Commune, Person
from circo.models.people import check_levels
from networks.visits.rules import PRACTICES, Practice
from partnerships.models.cohorts import Cohort, StudentStatus
from partnerships.students import rules
from partnerships.students.rules import Transport

if TYPE_CHECKING:
    from circo.access import Anyone


def check_practices(codes: list[str]) -> None:
    """Raise ValidationError for practices that are not of the list, or for more than one can wish."""
    if unknown := sorted(set(codes) - set(Practice)):
        raise ValidationError(f"Pratique inconnue\u00a0: {', '.join(unknown)}.", code="practices")
    if len(codes) > rules.WISHES_MAX:
        raise ValidationError(f"Choisissez au plus {rules.WISHES_MAX}\u00a0pratiques.", code="practices")


class StudentPair(models.Model):
    """Two students of one cohort who go together."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="pairs", verbose_name="promotion")

    class Meta:
        verbose_name = "binôme"
        ordering = ["pk"]

    def __str__(self) -> str:
        return " et ".join(str(student.person) for student in self.students.all())


class StudentQuerySet(models.QuerySet["Student"]):
    def visible_to(self, person: Anyone) -> Self:
        """Oneself, and the students of the institutions whose students one manages."""
        kept = Q(cohort__institution_id__in=person.reach().institution_ids_for(Permission.MANAGE_STUDENTS))
        return self.filter(kept | Q(person_id=person.pk)) if person.is_authenticated else self.none()

    def editable_by(self, person: Anyone) -> Self:
        kept = person.reach().institution_ids_for(Permission.MANAGE_STUDENTS)
        return self.filter(cohort__institution_id__in=kept)

    def standing(self) -> Self:
        """Those who have not left their cohort."""
        return self.filter(left_at=None)


class Student(models.Model):
    """Somebody in a cohort: where from, how, what is wished, and with whom."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="studies", verbose_name="personne")
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="students", verbose_name="promotion")
    status = models.ForeignKey(StudentStatus, models.PROTECT, verbose_name="statut")
    home = models.ForeignKey(
        Commune, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="commune où l’on habite"
    )
    transport = models.CharField(
        "moyen de transport",
        max_length=6,
        choices=ground_rules.worded(rules.TRANSPORT_LABELS),
        default=Transport.CAR.value,
    )
    levels = models.JSONField("niveaux souhaités", default=list, blank=True, validators=[check_levels])
    practices = models.JSONField("pratiques à voir", default=list, blank=True, validators=[check_practices])
    pair = models.ForeignKey(
        StudentPair, models.SET_NULL, null=True, blank=True, related_name="students", verbose_name="binôme"
    )
    pair_seat = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)  # 1 or 2: no pair has a third
    left_at = models.DateTimeField("parti·e le", null=True, blank=True)

    objects = StudentQuerySet.as_manager()
    # Where one lives is for the placement alone: nobody reads afterwards where one lived.
    history = HistoricalRecords(excluded_fields=["home", "transport", "pair_seat"])

    class Meta:
        verbose_name = "étudiant ou étudiante"
        verbose_name_plural = "étudiants"
        ordering = ["person__last_name", "person__first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "cohort"],
                name="student_once_a_cohort",
                violation_error_message="Cette personne est déjà dans la promotion.",
            ),
            models.UniqueConstraint(fields=["pair", "pair_seat"], name="student_pair_of_two"),
            models.CheckConstraint(
                condition=Q(pair=None, pair_seat=None) | Q(pair__isnull=False, pair_seat__in=(1, rules.PAIR_SIZE)),
                name="student_pair_seat",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def partner(self) -> Student | None:
        """Who goes with this student; read from the pair that a list has fetched."""
        both = self.pair.students.all() if self.pair else ()
        return next((each for each in both if each.pk != self.pk), None)

    @property
    def party_code(self) -> str:
        """Who is placed together, as an address of the grid says it: a pair, or a student alone."""
        return f"b{self.pair_id}" if self.pair_id else f"e{self.pk}"

    @property
    def levels_words(self) -> str:
        return ", ".join(ground_rules.levels_in_order(self.levels))

    @property
    def practices_words(self) -> str:
        return ", ".join(label for practice, label in PRACTICES.items() if practice in self.practices)
