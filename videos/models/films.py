"""Films: their states, who sees them, who may change them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from circo.access import Permission
from circo.models import Person
from circo.models.folding import folded_column
from networks.models import MutualisationGroup
from videos import rules

if TYPE_CHECKING:
    from circo.access import Anyone


class FilmState(models.TextChoices):
    UPLOADING = "UPLOADING", "envoi en cours"
    PROCESSING = "PROCESSING", "en préparation"
    READY = "READY", "prêt"
    REFUSED = "REFUSED", "refusé"


class FilmQuerySet(models.QuerySet["Film"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own films, and the ready ones of the groups whose circle one is in today. No role opens a film."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        own = Q(author_id=person.pk)
        if not person.reach().can(Permission.USE_PORTAL):  # holds no role any more: no circle either
            return self.filter(own)
        circle = Q(group__in=MutualisationGroup.objects.in_circle_of(person).order_by().values("pk"))
        return self.filter(own | Q(state=FilmState.READY) & circle)

    def editable_by(self, person: Anyone) -> Self:
        """One's own, and nobody else's."""
        return self.filter(author_id=person.pk) if person.is_authenticated and person.is_active else self.none()

    def watchable(self) -> Self:
        return self.filter(state=FilmState.READY)


class Film(models.Model):
    """One film of a class, shared with one group. Its files lie in a folder named by `output`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(Person, models.CASCADE, related_name="films", verbose_name="auteur ou autrice")
    group = models.ForeignKey(MutualisationGroup, models.PROTECT, related_name="films", verbose_name="groupe")
    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    state = models.CharField("état", max_length=10, choices=FilmState, default=FilmState.UPLOADING)
    refusal = models.CharField("raison du refus", max_length=300, blank=True)
    duration_s = models.FloatField("durée en secondes", null=True, blank=True)
    width = models.PositiveIntegerField("largeur", null=True, blank=True)
    height = models.PositiveIntegerField("hauteur", null=True, blank=True)
    output = models.CharField("dossier publié", max_length=20, blank=True, editable=False)
    created_at = models.DateTimeField("déposé le", auto_now_add=True)
    ready_at = models.DateTimeField("prêt le", null=True, blank=True)
    folded = folded_column("title")

    objects = FilmQuerySet.as_manager()

    class Meta:
        verbose_name = "film"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=FilmState.READY, ready_at__isnull=False, duration_s__isnull=False) & ~Q(output="")
                | ~Q(state=FilmState.READY) & Q(output=""),
                name="film_ready_is_published",
            ),
            models.CheckConstraint(
                condition=Q(state=FilmState.REFUSED) & ~Q(refusal="") | ~Q(state=FilmState.REFUSED) & Q(refusal=""),
                name="film_refused_says_why",
            ),
        ]
        indexes = [models.Index(fields=["group", "state", "-created_at"], name="film_of_group")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_watchable(self) -> bool:
        return self.state == FilmState.READY

    @property
    def duration(self) -> str:
        """The duration as people read it, or nothing while it is not known."""
        return rules.timecode(self.duration_s) if self.duration_s is not None else ""
