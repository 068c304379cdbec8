"""Who helps at a session of the festival."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from circo.models import Person
from events.models.festival import AnimationSession


class FestivalHelper(models.Model):
    """A volunteer at one session."""

    session = models.ForeignKey(AnimationSession, models.CASCADE, related_name="helpers", verbose_name="séance")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="bénévole")
    since = models.DateTimeField("inscrit le", default=timezone.now)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="festival_helper_once")]

    def __str__(self) -> str:
        return f"{self.person}, {self.session}"
