"""Background work, as rows: the database is the truth, Celery only the bell (see circo/jobs.py)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q


class JobState(models.TextChoices):
    QUEUED = "QUEUED", "en attente"
    RUNNING = "RUNNING", "en cours"
    DONE = "DONE", "terminé"
    FAILED = "FAILED", "échoué"


class JobQuerySet(models.QuerySet["Job"]):
    def going(self) -> Self:
        """Those that wait for a worker, or that one does now."""
        return self.filter(state__in=(JobState.QUEUED, JobState.RUNNING))


class Job(models.Model):
    """One piece of long work on one subject, taken by one worker at a time under a lease."""

    kind = models.CharField("sorte", max_length=40)
    subject_id = models.CharField("objet", max_length=64)
    state = models.CharField("état", max_length=8, choices=JobState, default=JobState.QUEUED)
    attempt = models.PositiveSmallIntegerField("essais", default=0)
    epoch = models.PositiveIntegerField("époque", default=0)
    lease_until = models.DateTimeField("bail jusqu’au", null=True)
    not_before = models.DateTimeField("pas avant", null=True)
    rung_at = models.DateTimeField("sonné le", null=True)
    queue = models.CharField("file", max_length=20, default="light")
    rank = models.PositiveSmallIntegerField("rang", default=1)  # the lower goes first, whatever its turn
    turn = models.FloatField("tour", default=0.0)  # in a queue shared fairly: see circo/jobs.py
    owner_key = models.CharField("pour", max_length=40, blank=True)  # whose turn it is
    progress = models.FloatField("avancement", default=0.0)  # 0 to 1
    error = models.TextField("raison de l’échec", blank=True)
    is_our_fault = models.BooleanField("par notre faute", default=False)  # once failed: trying later makes sense
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    finished_at = models.DateTimeField("fini le", null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "travail en arrière-plan"
        verbose_name_plural = "travaux en arrière-plan"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id"], name="job_once"),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, lease_until__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(lease_until__isnull=True)),
                name="job_lease_while_running",
            ),
            models.CheckConstraint(condition=Q(progress__gte=0) & Q(progress__lte=1), name="job_progress_is_a_share"),
        ]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="job_sweep"),
            models.Index(fields=["queue", "state", "rank", "turn"], name="job_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} : {self.get_state_display()}"

    @property
    def percent(self) -> int:
        """How much is done, as a page says it: nothing while it waits, even to be tried again."""
        return 0 if self.state == JobState.QUEUED else int(self.progress * 100)
