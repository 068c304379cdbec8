"""What is written around a placement: the student’s private log, the reviews at its end, the visits of the tutor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from circo.models import Person
from partnerships.models.placements import OfHalfDay, OfPlacementQuerySet, Placement, PlacementStudent, followed_by
from partnerships.placements import rules

if TYPE_CHECKING:
    from circo.access import Anyone


class LogEntryQuerySet(models.QuerySet["LogEntry"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own, whatever anybody's role; and what a student shares with the teacher or the tutor that one is."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        standing = Q(of__placement__state__in=sorted(rules.TOLD), removed_at=None)
        host = Q(is_for_host=True, of__placement__offer__person_id=person.pk) & standing
        followed = Placement.objects.filter(followed_by(person)).order_by().values("pk")
        tutor = Q(is_for_tutor=True, of__placement__in=followed) & standing
        return self.filter(Q(of__student__person_id=person.pk) | host | tutor)

    def editable_by(self, person: Anyone) -> Self:
        """The student writes it, and nobody else."""
        return self.visible_to(person).filter(of__student__person_id=person.pk)

    def standing(self) -> Self:
        return self.filter(removed_at=None)


class LogEntry(models.Model):
    """A page of a student’s log. It is the student’s alone, until shared with the teacher or the tutor; no history."""

    goes_unnamed = True  # see circo.admin.scoped: that there is one is nobody else's to know

    of = models.ForeignKey(PlacementStudent, models.CASCADE, related_name="log", verbose_name="stage")
    day = models.DateField("jour")
    text = models.TextField("ce que j’en garde", max_length=rules.TEXT_MAX)
    is_for_host = models.BooleanField("lu par l’enseignant·e de la classe", default=False)
    is_for_tutor = models.BooleanField("lu par le tuteur ou la tutrice", default=False)
    written_at = models.DateTimeField("écrit le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)
    removed_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = LogEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "page de carnet"
        verbose_name_plural = "pages de carnet"
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"Carnet, {self.day:%d/%m/%Y}"


class PlacementReviewQuerySet(models.QuerySet["PlacementReview"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own; once given, the student's and those who coordinate the students. Nobody else in a school."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        kept = Q(of__placement__in=Placement.objects.editable_by(person).order_by().values("pk"))
        given = (Q(of__student__person_id=person.pk) | kept) & Q(given_at__isnull=False)
        return self.filter(Q(author_id=person.pk) | given)

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person).filter(author_id=person.pk, given_at=None)


class PlacementReview(models.Model):
    """What the teacher of the class, or the tutor, says to a student at the end. A draft until it is given."""

    of = models.ForeignKey(PlacementStudent, models.CASCADE, related_name="reviews", verbose_name="stage")
    author = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="de")
    strengths = models.TextField("ce qui est acquis", max_length=rules.TEXT_MAX)
    next_steps = models.TextField("ce qui reste à travailler", max_length=rules.TEXT_MAX, blank=True)
    given_at = models.DateTimeField("donné le", null=True, blank=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    objects = PlacementReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "bilan de stage"
        verbose_name_plural = "bilans de stage"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["of", "author"],
                name="placement_review_once",
                violation_error_message="Vous avez déjà écrit ce bilan.",
            )
        ]

    def __str__(self) -> str:
        return f"Bilan {self.pk}"


class TutorVisit(OfHalfDay):
    """A half-day on which the tutor comes to see the students in the class."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="visits", verbose_name="stage")
    tutor = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="tuteur ou tutrice")
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)
    created_at = models.DateTimeField("prévue le", auto_now_add=True)

    objects = OfPlacementQuerySet["TutorVisit"].as_manager()

    class Meta:
        verbose_name = "visite de tutorat"
        verbose_name_plural = "visites de tutorat"
        ordering = ["day", "half", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "day", "half"], condition=Q(cancelled_at=None), name="tutor_visit_once"
            ),
            models.CheckConstraint(condition=Q(half__in=("AM", "PM")), name="tutor_visit_half"),
        ]

    def __str__(self) -> str:
        return f"Visite, {self.when}"
