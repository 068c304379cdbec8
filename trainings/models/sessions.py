"""The dates of a session, and who was there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from circo.models import Person
from networks.places.rules import Slot
from trainings.following import rules
from trainings.models.enrolments import Enrolment, PathSession
from videos.rules import RESTORABLE_FOR

if TYPE_CHECKING:
    from circo.access import Anyone


class SessionDateQuerySet(models.QuerySet["SessionDate"]):
    def kept(self) -> Self:
        return self.filter(removed_at=None)

    def visible_to(self, person: Anyone) -> Self:
        """Those of the sessions that one sees."""
        return self.kept().filter(session__in=PathSession.objects.visible_to(person).order_by().values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        """Those of the sessions that one leads, or whose team one is of."""
        return self.kept().filter(session__in=PathSession.objects.editable_by(person).order_by().values("pk"))

    def overseen_by(self, person: Anyone) -> Self:
        """Those of the sessions of one's team, removed ones too."""
        return self.filter(session__in=PathSession.objects.overseen_by(person).order_by().values("pk"))

    def led_by(self, person: Anyone) -> Self:
        return self.kept().filter(session__in=PathSession.objects.led_by(person).order_by().values("pk"))

    def attended_by(self, person: Anyone) -> Self:
        """Those of the sessions that one takes part in, or leads: what is on one's agenda, removed ones too."""
        taken = Enrolment.objects.visible_to(person).filter(left_at=None, session__isnull=False)
        led = PathSession.objects.led_by(person).order_by().values("pk")
        return self.filter(Q(session__in=taken.order_by().values("session_id")) | Q(session__in=led))

    def restorable_by(self, person: Anyone) -> Self:
        lately = timezone.now() - RESTORABLE_FOR
        written = PathSession.objects.editable_by(person).order_by().values("pk")
        return self.filter(session__in=written, removed_at__gt=lately)


class SessionDate(models.Model):
    """A moment at which those who take a session meet. Those of its group are meetings of the group."""

    session = models.ForeignKey(PathSession, models.CASCADE, related_name="dates", verbose_name="session")
    starts_at = models.DateTimeField("de")
    ends_at = models.DateTimeField("à")
    where = models.CharField("lieu", max_length=rules.WHERE_MAX, blank=True)
    link = models.URLField("lien", max_length=500, blank=True, validators=[URLValidator(["https"], code="https")])
    sequence = models.PositiveIntegerField(default=0, editable=False)  # of iCalendar: one more at each change
    updated_at = models.DateTimeField(auto_now=True)
    removed_at = models.DateTimeField("retirée le", null=True, blank=True)

    objects = SessionDateQuerySet.as_manager()

    class Meta:
        verbose_name = "date d’une session"
        verbose_name_plural = "dates des sessions"
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["starts_at"], name="session_date_coming")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_date_in_order",
                violation_error_message="La fin vient après le début.",
            )
        ]

    def __str__(self) -> str:
        return str(self.slot)

    @property
    def slot(self) -> Slot:
        """Its hours, local."""
        return Slot(timezone.localtime(self.starts_at), timezone.localtime(self.ends_at))

    @property
    def place_words(self) -> str:
        return self.where or ("En ligne" if self.link else "")

    @property
    def is_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def is_cancelled(self) -> bool:
        """Taken away, or after the end of its session."""
        ended = self.session.ended_at
        return self.removed_at is not None or (ended is not None and ended < self.starts_at)


class SessionPresence(models.Model):
    """One learner at one date: said by the learner, noted by the tutor. Only what is noted counts."""

    goes_unnamed = True  # see circo.admin.scoped

    date = models.ForeignKey(SessionDate, models.CASCADE, related_name="presences", verbose_name="date")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="presences", verbose_name="inscription")
    said_at = models.DateTimeField("dit le", null=True, blank=True)
    noted_at = models.DateTimeField("noté le", null=True, blank=True)
    noted_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="noté par"
    )

    class Meta:
        verbose_name = "présence à une date"
        verbose_name_plural = "présences aux dates"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["date", "enrolment"], name="session_presence_once"),
            models.CheckConstraint(
                condition=Q(said_at__isnull=False) | Q(noted_at__isnull=False), name="session_presence_is_known"
            ),
        ]

    def __str__(self) -> str:
        return "notée" if self.noted_at else "dite"
