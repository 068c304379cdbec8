"""Captions of films: one track per language, its captions in one column, its words in another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.models.folding import folded_column
from videos import rules
from videos.captions.rules import Cue, bare
from videos.models.films import Film

if TYPE_CHECKING:
    from circo.access import Anyone


class Language(models.TextChoices):
    """The languages of captions: that of the class first, then those that a class may speak."""

    FRENCH = "fr", "français"
    ENGLISH = "en", "anglais"
    GERMAN = "de", "allemand"
    SPANISH = "es", "espagnol"
    ITALIAN = "it", "italien"
    PORTUGUESE = "pt", "portugais"
    ARABIC = "ar", "arabe"
    TURKISH = "tr", "turc"
    UKRAINIAN = "uk", "ukrainien"


class CaptionSource(models.TextChoices):
    TYPED = "TYPED", "écrits à la main"
    UPLOADED = "UPLOADED", "venus d’un fichier"
    ENGINE = "ENGINE", "proposés par la machine"


class CaptionTrackQuerySet(models.QuerySet["CaptionTrack"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those shown of the films that one may watch now, and all of one's own films."""
        films = Film.objects.visible_to(person).watchable().order_by()
        own = Film.objects.editable_by(person).order_by()
        shown = Q(shown_at__isnull=False, film__in=films.values("pk"))
        return self.filter(shown | Q(film__in=own.values("pk")), removed_at__isnull=True)

    def editable_by(self, person: Anyone) -> Self:
        """Those of one's own films."""
        films = Film.objects.editable_by(person).order_by()
        return self.filter(film__in=films.values("pk"), removed_at__isnull=True)

    def restorable_by(self, person: Anyone) -> Self:
        """Those that one has just removed."""
        films = Film.objects.editable_by(person).order_by()
        return self.filter(film__in=films.values("pk"), removed_at__gt=timezone.now() - rules.RESTORABLE_FOR)

    def shown(self) -> Self:
        """Those that whoever watches the film may read."""
        return self.filter(removed_at__isnull=True, shown_at__isnull=False).exclude(text="")

    def in_player(self) -> Self:
        """Those shown, without their words: a player fetches them by their address."""
        return self.shown().defer("rows", "former_rows", "text", "folded")


class CaptionTrack(models.Model):
    """The captions of a film in one language: a draft of its author's until they are shown."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="caption_tracks", verbose_name="film")
    language = models.CharField("langue", max_length=2, choices=Language, default=Language.FRENCH)
    source = models.CharField("origine", max_length=8, choices=CaptionSource, default=CaptionSource.TYPED)
    rows = models.JSONField("sous-titres", default=list)  # [start_ms, end_ms, text] of each, in order
    former_rows = models.JSONField("sous-titres d’avant", null=True, blank=True)  # before the last change of them all
    text = models.TextField("paroles", blank=True)  # the words alone, for searching
    revision = models.PositiveIntegerField("version", default=0)  # grows with each change
    created_at = models.DateTimeField("commencés le", auto_now_add=True)
    shown_at = models.DateTimeField("montrés depuis", null=True, blank=True)
    removed_at = models.DateTimeField("retirés le", null=True, blank=True, editable=False)
    folded = folded_column("text")

    objects = CaptionTrackQuerySet.as_manager()

    class Meta:
        verbose_name = "sous-titres"
        verbose_name_plural = "sous-titres"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["film", "language"], condition=Q(removed_at__isnull=True), name="captions_once_a_language"
            ),
        ]

    def __str__(self) -> str:
        return self.get_language_display()

    @property
    def cues(self) -> list[Cue]:
        return [Cue(*row) for row in self.rows]

    @cues.setter
    def cues(self, cues: Iterable[Cue]) -> None:
        """Write the captions, their words and the next revision on the row; the caller saves it."""
        kept = sorted(cues)
        self.rows = [[cue.start_ms, cue.end_ms, cue.text] for cue in kept]
        self.text = "\n".join(bare(cue.text) for cue in kept)
        self.revision += 1

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def is_shown(self) -> bool:
        return self.shown_at is not None and bool(self.rows)
