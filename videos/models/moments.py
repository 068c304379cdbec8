"""Comments at the second."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from circo.models import Person
from videos import rules

if TYPE_CHECKING:
    from circo.access import Anyone


from videos.models.films import Film


class MomentKind(models.TextChoices):
    QUESTION = "QUESTION", "question"
    FACT = "FACT", "fait observé"
    STRENGTH = "STRENGTH", "point d’appui"
    SUGGESTION = "SUGGESTION", "piste"


class MomentQuerySet(models.QuerySet["Moment"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the ready films that one sees."""
        films = Film.objects.visible_to(person).watchable().order_by()
        return self.filter(deleted_at__isnull=True, film__in=films.values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        """One's own, as long as one sees the film."""
        return self.visible_to(person).filter(author_id=person.pk)

    def restorable_by(self, person: Anyone, now: datetime) -> Self:
        """One's own that one has just removed."""
        films = Film.objects.visible_to(person).watchable().order_by()
        lately = now - rules.RESTORABLE_FOR
        return self.filter(author_id=person.pk, deleted_at__gt=lately, film__in=films.values("pk"))


class Moment(models.Model):
    """A comment at one second of a film, read by whoever sees the film."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="moments", verbose_name="film")
    author = models.ForeignKey(Person, models.CASCADE, related_name="moments", verbose_name="auteur ou autrice")
    at_s = models.FloatField(
        "à la seconde",
        validators=[
            MinValueValidator(0, "Un commentaire se pose dans le film."),
            MaxValueValidator(rules.DURATION_MAX_S, "Un commentaire se pose dans le film."),
        ],
    )
    kind = models.CharField("sorte", max_length=10, choices=MomentKind, default=MomentKind.FACT)
    text = models.TextField("commentaire", max_length=rules.MOMENT_MAX)
    created_at = models.DateTimeField("écrit le", auto_now_add=True)
    deleted_at = models.DateTimeField("retiré le", null=True, blank=True, editable=False)

    objects = MomentQuerySet.as_manager()

    class Meta:
        verbose_name = "commentaire à la seconde"
        verbose_name_plural = "commentaires à la seconde"
        ordering = ["at_s", "pk"]
        constraints = [models.CheckConstraint(condition=Q(at_s__gte=0), name="moment_in_the_film")]
        indexes = [models.Index(fields=["film", "at_s"], name="moment_of_film")]

    def __str__(self) -> str:
        return f"{self.timecode} {self.text[:40]}"

    @property
    def timecode(self) -> str:
        return rules.timecode(self.at_s)
