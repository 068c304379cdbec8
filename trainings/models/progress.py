"""What a learner did of each step, answered to each question, and really watched of each excerpt."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from trainings.learning import rules
from trainings.models.enrolments import Enrolment, OfEnrolmentQuerySet
from trainings.models.steps import Question, Step, StepExcerpt
from videos.models import Film


class StepProgress(models.Model):
    """One step begun or done by one learner. `text` is what the learner writes: nobody else reads it."""

    goes_unnamed = True  # see circo.admin.scoped

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="progress")
    step = models.ForeignKey(Step, models.CASCADE, related_name="progress", verbose_name="étape")
    started_at = models.DateTimeField("commencée le", default=timezone.now)
    done_at = models.DateTimeField("faite le", null=True, blank=True)
    text = models.TextField("ce que j’écris", max_length=rules.LOG_MAX, blank=True)
    text_at = models.DateTimeField("écrit le", null=True, blank=True)
    percent = models.PositiveSmallIntegerField("réussite, en %", null=True, blank=True)  # of a quiz: the best
    film = models.ForeignKey(Film, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="film déposé")

    objects = OfEnrolmentQuerySet["StepProgress"].as_manager()

    class Meta:
        verbose_name = "étape d’un apprenant"
        verbose_name_plural = "étapes des apprenants"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "step"], name="step_progress_once"),
            models.CheckConstraint(condition=Q(percent=None) | Q(percent__lte=100), name="step_progress_percent"),
        ]

    def __str__(self) -> str:
        return "faite" if self.done_at else "commencée"


class QuestionAnswer(models.Model):
    """The last answer of one learner to one question."""

    goes_unnamed = True

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.CASCADE, related_name="+", verbose_name="question")
    answer = models.JSONField("réponse", default=list)  # as `trainings.quizzes.rules.is_right` reads it
    is_right = models.BooleanField("juste")
    tries = models.PositiveSmallIntegerField("essais", default=1)
    answered_at = models.DateTimeField("répondu le", default=timezone.now)

    objects = OfEnrolmentQuerySet["QuestionAnswer"].as_manager()

    class Meta:
        verbose_name = "réponse à une question"
        verbose_name_plural = "réponses aux questions"
        ordering = ["question__rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "question"], name="question_answered_once")]

    def __str__(self) -> str:
        return "juste" if self.is_right else "à revoir"


class WatchedExcerpt(models.Model):
    """The seconds of an excerpt that one learner really played, as stretches that never overlap, and where one stopped.

    It opens the step and counts its hours; it is in no statistic, and dies with the enrolment.
    """

    goes_unnamed = True

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="watched")
    excerpt = models.ForeignKey(StepExcerpt, models.CASCADE, related_name="watched", verbose_name="extrait")
    stretches = models.JSONField("secondes vues", default=list)  # of [from, to], in milliseconds of the film
    seconds = models.FloatField("secondes différentes vues", default=0)
    position_s = models.FloatField("arrêt à", default=0)
    beat_at = models.DateTimeField("dernier battement", default=timezone.now)
    credit_ms = models.PositiveIntegerField("temps d’horloge pas encore employé", default=0)

    objects = OfEnrolmentQuerySet["WatchedExcerpt"].as_manager()

    class Meta:
        verbose_name = "extrait regardé"
        verbose_name_plural = "extraits regardés"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "excerpt"], name="excerpt_watched_once"),
            models.CheckConstraint(condition=Q(seconds__gte=0), name="excerpt_watched_seconds"),
        ]

    def __str__(self) -> str:
        return f"{self.seconds:.0f}\u00a0s"
