"""What the player of a film needs beside the film itself: captions, chapters, and where one stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.db import models

from circo.models import Person
from videos import rules
from videos.models import CaptionTrack, Chapter, Film, PlaybackPosition

CHAPTERS_TO_ADD = 3


@dataclass(frozen=True)
class ChapterRow:
    """One chapter, as it is typed."""

    at: str
    title: str
    fault: str = ""


def chapter_rows(typed: Sequence[ChapterRow]) -> list[ChapterRow]:
    """Rows to type in, with some empty ones."""
    return [*typed, *[ChapterRow("", "")] * CHAPTERS_TO_ADD]


@dataclass(frozen=True)
class Watching:
    """What stands around the picture. `resume_s` is where this person stopped, when it is worth going on from there."""

    tracks: list[CaptionTrack]
    chapters: list[Chapter]
    ticks: list[str]  # the place of each chapter on the timeline, as SVG writes it
    resume_s: float | None
    asked: bool  # the address names a second: it is where the film begins
    sprite: str  # JSON, or nothing

    @property
    def chapter_rows(self) -> list[ChapterRow]:
        return chapter_rows([ChapterRow(chapter.timecode, chapter.title) for chapter in self.chapters])

    @property
    def resume(self) -> str:
        return rules.timecode(self.resume_s) if self.resume_s is not None else ""


def watching(film: Film, person: Person, asked: Mapping[str, str] = MappingProxyType({})) -> Watching:
    """Read what the player of `film` shows to `person`."""
    tracks = CaptionTrack.objects.visible_to(person).in_player().filter(film_id=film.pk)
    stopped = PlaybackPosition.objects.visible_to(person).filter(film_id=film.pk).values_list("at_s", flat=True).first()
    parts = list(Chapter.objects.visible_to(person).filter(film_id=film.pk).fetch_mode(models.FETCH_RAISE))
    whole = film.duration_s or 1
    return Watching(
        tracks=list(tracks.fetch_mode(models.FETCH_RAISE)),
        chapters=parts,
        ticks=[f"{min(100 * one.at_s / whole, 100):.2f}%" for one in parts],
        resume_s=rules.resume_at(stopped, film.duration_s) if stopped is not None else None,
        asked="t" in asked,
        sprite=json.dumps(film.sprite) if film.sprite else "",
    )


def chapters(film: Film) -> models.QuerySet[Chapter]:
    """The chapters of a film that the caller has narrowed to its scope."""
    return Chapter.objects.filter(film_id=film.pk).fetch_mode(models.FETCH_RAISE)
