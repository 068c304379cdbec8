"""Films: their states, who sees them, who may change them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.models import Person
from circo.models.folding import folded_column
from networks.models import MutualisationGroup
from videos import rules
from videos.consents.rules import AUDIENCE_LABELS, Audience
from videos.models import sharing
from videos.models.gate import Gate
from videos.models.projects import RecordingProject
from videos.models.subjects import Subject

if TYPE_CHECKING:
    from circo.access import Anyone


class FilmState(models.TextChoices):
    UPLOADING = "UPLOADING", "envoi en cours"
    PROCESSING = "PROCESSING", "en préparation"
    READY = "READY", "prêt"
    REFUSED = "REFUSED", "refusé"


SHOWN = (FilmState.PROCESSING, FilmState.READY)  # to others than the author, once there is something to watch
_SHOWN = Q(state__in=SHOWN, playable_at__isnull=False, removed_at=None, is_held=False)


class FilmQuerySet(models.QuerySet["Film"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own films, and the shared ones whose circle one is in today. No role opens a film by itself.

        A film that is being blurred is its author's alone until they have looked at the result.
        """
        if not _is_somebody(person):
            return self.none()
        own = Q(author_id=person.pk, removed_at=None)
        if not person.reach().grounds:  # holds no role any more, or keeps the platform running: no circle
            return self.filter(own)
        return self.filter(own | _SHOWN & Q(Gate(person, timezone.localdate())))

    def shared(self) -> Self:
        """Those that others than their author see today: prepared, and protected by a complete record."""
        return self.filter(_SHOWN & sharing.complete_record(timezone.localdate()))

    def complete(self) -> Self:
        """Those that others may see today as far as people agreed to it, prepared or not."""
        return self.filter(sharing.complete_record(timezone.localdate()), removed_at=None)

    def editable_by(self, person: Anyone) -> Self:
        """One's own, and nobody else's."""
        return self.kept().filter(author_id=person.pk) if _is_somebody(person) else self.none()

    def kept(self) -> Self:
        """All but those that their author has removed."""
        return self.filter(removed_at=None)

    def restorable_by(self, person: Anyone) -> Self:
        """One's own that one has removed, as long as they are not erased."""
        lately = timezone.now() - rules.FILM_RESTORABLE_FOR
        return self.filter(author_id=person.pk, removed_at__gt=lately) if _is_somebody(person) else self.none()

    def watchable(self) -> Self:
        """Those of which something can be watched, even if better is still being made of them."""
        return self.filter(playable_at__isnull=False)

    def taken_away_by(self, person: Anyone) -> Self:
        """Those that one may keep a copy of: one's own, and those whose author allows it."""
        return self.filter(Q(author_id=person.pk) | Q(download_allowed=True))


def _is_somebody(person: Anyone) -> bool:
    return person.is_authenticated and person.is_active


class Film(models.Model):
    """One film of a class, and the circle that its author wishes for it. Its files lie in the folder `output`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(Person, models.CASCADE, related_name="films", verbose_name="auteur ou autrice")
    group = models.ForeignKey(MutualisationGroup, models.PROTECT, related_name="films", verbose_name="groupe")
    project = models.ForeignKey(
        RecordingProject,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="films",
        verbose_name="projet de captation",
    )
    audience = models.PositiveSmallIntegerField(
        "qui le voit", choices=[(one.value, AUDIENCE_LABELS[one]) for one in Audience], default=Audience.GROUP
    )
    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    levels = models.JSONField("niveaux", default=list, blank=True)
    subject = models.CharField("domaine", max_length=10, choices=Subject, blank=True)
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="va remplacer", editable=False
    )
    state = models.CharField("état", max_length=10, choices=FilmState, default=FilmState.UPLOADING)
    refusal = models.CharField("raison du refus", max_length=300, blank=True)
    is_held = models.BooleanField("retenu pendant le floutage", default=False)  # nobody else sees it meanwhile
    can_retry = models.BooleanField("peut être tenté de nouveau", default=False)  # the fault was ours
    lacks_its_end = models.BooleanField("incomplet", default=False)  # what could be saved of it is played
    duration_s = models.FloatField("durée en secondes", null=True, blank=True)
    width = models.PositiveIntegerField("largeur", null=True, blank=True)
    height = models.PositiveIntegerField("hauteur", null=True, blank=True)
    output = models.CharField("dossier publié", max_length=20, blank=True, editable=False)
    download_allowed = models.BooleanField("peut être téléchargé", default=False)
    size_bytes = models.PositiveBigIntegerField("poids du fichier déposé", default=0, editable=False)
    fingerprint = models.CharField("empreinte donnée par le navigateur", max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField("déposé le", auto_now_add=True)
    playable_at = models.DateTimeField("lisible depuis", null=True, blank=True)
    ready_at = models.DateTimeField("prêt le", null=True, blank=True)
    removed_at = models.DateTimeField("supprimé le", null=True, blank=True, editable=False)
    sprite = models.JSONField("planche de vignettes", null=True, blank=True, editable=False)
    folded = folded_column("title")

    objects = FilmQuerySet.as_manager()

    class Meta:
        verbose_name = "film"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=FilmState.READY) | Q(ready_at__isnull=False, playable_at__isnull=False),
                name="film_ready_is_published",
            ),
            models.CheckConstraint(
                condition=Q(playable_at__isnull=True, output="")
                | Q(playable_at__isnull=False, duration_s__isnull=False) & ~Q(output="") & ~Q(state=FilmState.REFUSED),
                name="film_playable_is_published",
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
        return self.playable_at is not None

    @property
    def drafts_place(self) -> str:
        """Where what one begins to say of it is kept (circo.drafts)."""
        return f"film:{self.pk}"

    @property
    def duration(self) -> str:
        """The duration as people read it, or nothing while it is not known."""
        return rules.timecode(self.duration_s) if self.duration_s is not None else ""
