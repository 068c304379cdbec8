"""The blurring of a film: what was found in it, what its author wants hidden, how far the work is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from videos.models.films import Film

if TYPE_CHECKING:
    from circo.access import Anyone


class BlurringState(models.TextChoices):
    SEARCHING = "SEARCHING", "visages recherchés"
    CHOOSING = "CHOOSING", "zones à choisir"
    APPLYING = "APPLYING", "flou en préparation"
    CHECKING = "CHECKING", "film flouté à vérifier"
    DONE = "DONE", "film flouté"


class Voice(models.TextChoices):
    AS_IT_IS = "AS_IT_IS", "telles quelles"
    LOWER = "LOWER", "plus graves"
    HIGHER = "HIGHER", "plus aiguës"


class BlurringQuerySet(models.QuerySet["Blurring"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of one's own films: what is hidden is nobody else's business."""
        return self.filter(film__in=Film.objects.editable_by(person).order_by().values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)

    def applying(self, film_id: UUID) -> Self:
        """The one because of which a film is being prepared anew, if it is."""
        return self.filter(film=film_id, state=BlurringState.APPLYING)


class Blurring(models.Model):
    """The blurring of one film. `before` is the folder of what was published before: sealed, then gone for good."""

    film = models.OneToOneField(Film, models.CASCADE, primary_key=True, related_name="blurring", verbose_name="film")
    state = models.CharField("état", max_length=9, choices=BlurringState, default=BlurringState.SEARCHING)
    stretches = models.PositiveSmallIntegerField("tronçons à parcourir", default=0)
    voice = models.CharField("voix", max_length=8, choices=Voice, default=Voice.AS_IT_IS)
    before = models.CharField("dossier d’avant", max_length=20, blank=True, editable=False)
    fault = models.CharField("ce qui s’est arrêté", max_length=300, blank=True)
    approved_at = models.DateTimeField("vérifié le", null=True, blank=True)

    objects = BlurringQuerySet.as_manager()

    class Meta:
        verbose_name = "floutage"

    def __str__(self) -> str:
        return f"{self.film} ({self.get_state_display()})"


class SearchedStretch(models.Model):
    """The faces found in one stretch of a film: `faces` as `[second, x, y, width, height, score]`, in shares."""

    blurring = models.ForeignKey(Blurring, models.CASCADE, related_name="searched")
    number = models.PositiveSmallIntegerField("rang")
    faces = models.JSONField("visages")

    class Meta:
        verbose_name = "tronçon parcouru"
        constraints = [models.UniqueConstraint(fields=["blurring", "number"], name="stretch_once")]

    def __str__(self) -> str:
        return str(self.number)


class HiddenAreaQuerySet(models.QuerySet["HiddenArea"]):
    def visible_to(self, person: Anyone) -> Self:
        return self.filter(blurring__in=Blurring.objects.visible_to(person).values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)

    def chosen(self) -> Self:
        return self.filter(is_chosen=True)

    def between(self, start_s: float, end_s: float) -> Self:
        return self.filter(start_s__lt=end_s, end_s__gt=start_s)


class HiddenArea(models.Model):
    """A face that was followed, or an area drawn by hand, between two seconds of the film.

    `path` is `[[second, x, y, width, height], …]` in the order of time, in shares of the picture; between two points
    the area moves straight, before the first and after the last it stands still.
    """

    blurring = models.ForeignKey(Blurring, models.CASCADE, related_name="areas")
    by_hand = models.BooleanField("tracée à la main", default=False)
    is_chosen = models.BooleanField("floutée", default=True)
    start_s = models.FloatField("début en secondes")
    end_s = models.FloatField("fin en secondes")
    path = models.JSONField("trajet")
    thumbnail = models.BinaryField("vignette", blank=True, default=b"")  # a JPEG for its author; gone at the end

    objects = HiddenAreaQuerySet.as_manager()

    class Meta:
        verbose_name = "zone floutée"
        verbose_name_plural = "zones floutées"
        ordering = ["start_s", "pk"]
        constraints = [models.CheckConstraint(condition=Q(start_s__lt=F("end_s")), name="area_lasts")]
        indexes = [models.Index(fields=["blurring", "start_s"], name="area_by_time")]

    def __str__(self) -> str:
        return f"{self.start_s:.1f}–{self.end_s:.1f}"
