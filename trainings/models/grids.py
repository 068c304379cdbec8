"""What a learner noted with an observation grid, for the whole of what was shown."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from trainings.models.enrolments import Enrolment, OfEnrolmentQuerySet
from trainings.models.steps import Step
from videos.grids.rules import NOTE_MAX
from videos.models import Criterion


class GridAnswer(models.Model):
    """One criterion as one learner saw it: a count, the rank of a level, or words."""

    goes_unnamed = True  # see circo.admin.scoped

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="grid_answers")
    step = models.ForeignKey(Step, models.CASCADE, related_name="+", verbose_name="étape")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+", verbose_name="repère")
    number = models.PositiveSmallIntegerField("combien de fois, ou rang du niveau", null=True, blank=True)
    text = models.CharField("en quelques mots", max_length=NOTE_MAX, blank=True)

    objects = OfEnrolmentQuerySet["GridAnswer"].as_manager()

    class Meta:
        verbose_name = "réponse à une grille d’un parcours"
        verbose_name_plural = "réponses aux grilles des parcours"
        ordering = ["criterion__rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "step", "criterion"], name="grid_answered_once"),
            models.CheckConstraint(condition=Q(number=None) | Q(text=""), name="grid_answer_number_or_words"),
        ]

    def __str__(self) -> str:
        return self.said

    @property
    def said(self) -> str:
        """The answer in words. Reads the criterion."""
        answers = self.criterion.answers
        if self.number is None:
            return self.text
        return answers[self.number] if self.number < len(answers) else str(self.number)
