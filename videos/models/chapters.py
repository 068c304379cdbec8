"""The chapters of a film."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from videos import rules
from videos.models.films import Film

if TYPE_CHECKING:
    from circo.access import Anyone


class ChapterQuerySet(models.QuerySet["Chapter"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the films that one may watch now."""
        films = Film.objects.visible_to(person).watchable().order_by()
        return self.filter(film__in=films.values("pk"))


class Chapter(models.Model):
    """A part of a film: where it begins, and what happens there. It lasts until the next one."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="chapters", verbose_name="film")
    at_s = models.FloatField("début")
    title = models.CharField("titre", max_length=rules.CHAPTER_MAX)

    objects = ChapterQuerySet.as_manager()

    class Meta:
        verbose_name = "chapitre"
        ordering = ["at_s", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["film", "at_s"], name="chapter_once_a_second"),
            models.CheckConstraint(condition=Q(at_s__gte=0), name="chapter_in_the_film"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def timecode(self) -> str:
        return rules.timecode(self.at_s)
