"""Where each person stopped in a film. Nobody else reads it: it is no measure of who watched what."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from circo.models import Person
from circo.models.own import OwnQuerySet
from videos import rules
from videos.models.films import Film


class PlaybackPosition(models.Model):
    """The second at which a person stopped watching a film, to go on there from any device."""

    goes_unnamed = True  # see circo.admin.scoped: that there is one is nobody else's to know

    film = models.ForeignKey(Film, models.CASCADE, related_name="positions", verbose_name="film")
    person = models.ForeignKey(Person, models.CASCADE, related_name="playback_positions", verbose_name="personne")
    at_s = models.FloatField("seconde")
    updated_at = models.DateTimeField("écrit le", auto_now=True)

    objects = OwnQuerySet["PlaybackPosition"].as_manager()

    class Meta:
        verbose_name = "reprise de lecture"
        verbose_name_plural = "reprises de lecture"
        ordering = ["-updated_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["film", "person"], name="position_once"),
            models.CheckConstraint(condition=Q(at_s__gte=0), name="position_in_the_film"),
        ]

    def __str__(self) -> str:
        return self.timecode

    @property
    def timecode(self) -> str:
        return rules.timecode(self.at_s)
