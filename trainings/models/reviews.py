"""The few words that somebody leaves on a path, for those who wonder whether to take it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.access import Permission
from circo.models import Person
from trainings.catalogue import rules
from trainings.models.enrolments import Enrolment
from trainings.models.paths import LearningPath
from videos.rules import RESTORABLE_FOR

if TYPE_CHECKING:
    from circo.access import Anyone


class PathReviewQuerySet(models.QuerySet["PathReview"]):
    def shown(self) -> Self:
        """Those that are read on the page of their path."""
        return self.filter(removed_at=None, hidden_at=None)

    def visible_to(self, person: Anyone) -> Self:
        """Those of the paths that one sees, but what was hidden; one's own, and those that one moderates."""
        paths = LearningPath.objects.visible_to(person).order_by().values("pk")
        read = Q(hidden_at=None, enrolment__path__in=paths)
        moderated = Q(pk__in=self.model.objects.moderated_by(person).order_by().values("pk"))
        return self.filter(read | moderated | Q(enrolment__person=person.pk), removed_at=None)

    def editable_by(self, person: Anyone) -> Self:
        """One's own, and nobody else's: those who write a path read what is said of it."""
        known = person.is_authenticated and person.is_active
        return self.filter(enrolment__person=person.pk, removed_at=None) if known else self.none()

    def restorable_by(self, person: Anyone) -> Self:
        """One's own that was just removed."""
        lately = timezone.now() - RESTORABLE_FOR
        known = person.is_authenticated and person.is_active
        return self.filter(enrolment__person=person.pk, removed_at__gt=lately) if known else self.none()

    def overseen_by(self, person: Anyone) -> Self:
        """That there is one, in the districts whose team one belongs to, or oversees: neither the words nor whose."""
        districts = person.reach().district_ids_for(Permission.VIEW_TEAM)
        return self.filter(enrolment__path__district_id__in=districts, removed_at=None)

    def moderated_by(self, person: Anyone) -> Self:
        """Those of the paths of one's district, hidden ones too, never one's own: the team that answers for groups."""
        districts = person.reach().district_ids_held_for(Permission.MANAGE_GROUPS)
        return self.filter(enrolment__path__district_id__in=districts, removed_at=None).exclude(
            enrolment__person=person.pk
        )


class PathReview(models.Model):
    """What one keeps of a path, and to whom one advises it; no mark, no star."""

    goes_unnamed = True  # see circo.admin.scoped

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, related_name="review", verbose_name="inscription")
    keeps = models.TextField("ce que j’en garde", max_length=rules.WORDS_MAX)
    advice = models.CharField("à qui je le conseille", max_length=rules.ADVICE_MAX, blank=True)
    is_signed = models.BooleanField("signé de mon nom", default=True)
    created_at = models.DateTimeField("écrit le", default=timezone.now)
    updated_at = models.DateTimeField("changé le", auto_now=True)
    removed_at = models.DateTimeField("retiré le", null=True, blank=True)
    hidden_at = models.DateTimeField("masqué le", null=True, blank=True)
    hidden_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="masqué par"
    )
    hidden_reason = models.CharField("raison", max_length=rules.REASON_MAX, blank=True)

    objects = PathReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "mot sur un parcours"
        verbose_name_plural = "mots sur les parcours"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hidden_at=None, hidden_reason="") | Q(hidden_at__isnull=False) & ~Q(hidden_reason=""),
                name="path_review_hidden_for_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.created_at):%d/%m/%Y}"  # the words are for those who see the path
