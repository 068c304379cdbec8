"""Films, the bytes on their way to becoming one, and the comments at the second."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

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

    def ready(self) -> Self:
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
    def is_ready(self) -> bool:
        return self.state == FilmState.READY

    @property
    def duration(self) -> str:
        """The duration as people read it, or nothing while it is not known."""
        return rules.timecode(self.duration_s) if self.duration_s is not None else ""


def kept_until() -> datetime:
    """The instant up to which an upload is kept without a new byte."""
    return timezone.now() + rules.UPLOAD_KEPT_FOR


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own, and nobody else's."""
        return self.filter(owner_id=person.pk) if person.is_authenticated and person.is_active else self.none()

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)

    def open_at(self, now: datetime) -> Self:
        return self.filter(expires_at__gt=now)

    def unfinished(self) -> Self:
        return self.filter(offset_bytes__lt=F("size_bytes"))


class Upload(models.Model):
    """The bytes of a film on their way. They lie where `videos.paths` says, never under a name given by a client."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Person, models.CASCADE, related_name="uploads", verbose_name="envoyé par")
    film = models.OneToOneField(Film, models.CASCADE, null=True, blank=True, related_name="upload", verbose_name="film")
    file_name = models.CharField("nom du fichier", max_length=rules.FILE_NAME_MAX)
    size_bytes = models.PositiveBigIntegerField("taille en octets")
    offset_bytes = models.PositiveBigIntegerField("octets reçus", default=0)
    created_at = models.DateTimeField("commencé le", auto_now_add=True)
    expires_at = models.DateTimeField("gardé jusqu’au", default=kept_until)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = "envoi"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(offset_bytes__lte=F("size_bytes")), name="upload_within_its_size"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def size(self) -> str:
        return rules.file_size(self.size_bytes)

    @property
    def is_complete(self) -> bool:
        return self.offset_bytes == self.size_bytes

    @property
    def percent(self) -> int:
        return 100 * self.offset_bytes // self.size_bytes if self.size_bytes else 0


class MomentKind(models.TextChoices):
    QUESTION = "QUESTION", "question"
    FACT = "FACT", "fait observé"
    STRENGTH = "STRENGTH", "point d’appui"
    SUGGESTION = "SUGGESTION", "piste"


class MomentQuerySet(models.QuerySet["Moment"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the ready films that one sees."""
        films = Film.objects.visible_to(person).ready().order_by()
        return self.filter(deleted_at__isnull=True, film__in=films.values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        """One's own, as long as one sees the film."""
        return self.visible_to(person).filter(author_id=person.pk)

    def restorable_by(self, person: Anyone, now: datetime) -> Self:
        """One's own that one has just removed."""
        films = Film.objects.visible_to(person).ready().order_by()
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
