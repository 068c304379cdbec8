"""What stands around the moments of a film: the count of their changes."""

from __future__ import annotations

from django.db import models
from django.db.models import F

from videos.models.films import Film


class Discussion(models.Model):
    """The changes of one film's discussion, counted. The row is locked by whoever writes, so numbers follow commits."""

    film = models.OneToOneField(Film, models.CASCADE, primary_key=True, related_name="discussion", verbose_name="film")
    last_number = models.PositiveBigIntegerField("rang du dernier changement", default=0)

    class Meta:
        verbose_name = "discussion"

    def __str__(self) -> str:
        return f"{self.last_number}"

    @classmethod
    def next_number(cls, film: Film) -> int:
        """Take the next number; inside the transaction that writes what it counts."""
        if not cls.objects.filter(pk=film.pk).update(last_number=F("last_number") + 1):
            cls.objects.get_or_create(film=film)
            cls.objects.filter(pk=film.pk).update(last_number=F("last_number") + 1)
        return cls.objects.values_list("last_number", flat=True).get(pk=film.pk)
