"""Captions of films: what their author edits, what who watches reads, what is lacking before a film goes further."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef

from circo.models import Job, JobState, Person
from videos.captions import rules
from videos.captions.rules import Cue
from videos.models import CaptionTrack, Film, Language
from videos.queries.kinds import SPEECH
from videos.rules import timecode

ROWS_A_PAGE = 100
ROWS_TO_ADD = 3


def has_captions() -> Exists:
    """An annotation for films: whether captions of theirs are shown to who watches."""
    return Exists(CaptionTrack.objects.shown().filter(film=OuterRef("pk")).order_by())


def captions_missing(film: Film) -> bool:
    """Tell whether a film has no captions to show yet: it may not be opened beyond its group.

    Source: docs/decisions/0015-watching-and-captions.md
    """
    return not CaptionTrack.objects.shown().filter(film_id=film.pk).exists()


def own_tracks(person: Person) -> models.QuerySet[CaptionTrack]:
    """The captions that a person may edit, each with its film."""
    return CaptionTrack.objects.editable_by(person).select_related("film").fetch_mode(models.FETCH_RAISE)


def removed_tracks(person: Person) -> models.QuerySet[CaptionTrack]:
    """The captions that a person has just removed, each with its film."""
    rows = CaptionTrack.objects.restorable_by(person)
    return rows.select_related("film").fetch_mode(models.FETCH_RAISE)


@dataclass(frozen=True)
class CaptionsPage:
    """What the author of a film sees of its captions: one track a language, and the ways to begin another."""

    film: Film
    tracks: list[CaptionTrack]
    removed: CaptionTrack | None
    has_engine: bool
    listening: int | None  # percent, while the engine works
    fault: str  # why the engine stopped

    @property
    def languages_left(self) -> list[tuple[str, str]]:
        taken = {track.language for track in self.tracks}
        return [choice for choice in Language.choices if choice[0] not in taken]

    @property
    def listening_text(self) -> str:
        return f"{self.listening}\u00a0%" if self.listening else "L’écoute va commencer."


def captions_page(film: Film, person: Person, *, removed_id: int | None = None) -> CaptionsPage:
    job = Job.objects.filter(kind=SPEECH, subject_id=str(film.pk)).first() if settings.SPEECH_ENGINE else None
    going = job is not None and job.state in (JobState.QUEUED, JobState.RUNNING)
    removed = removed_tracks(person).filter(film_id=film.pk, pk=removed_id).first() if removed_id else None
    return CaptionsPage(
        film=film,
        tracks=list(own_tracks(person).filter(film_id=film.pk)),
        removed=removed,
        has_engine=bool(settings.SPEECH_ENGINE),
        listening=round(100 * job.progress) if job and going else None,
        fault=job.error if job and job.state == JobState.FAILED else "",
    )


@dataclass(frozen=True)
class CueRow:
    """One caption in the editor, as it is typed."""

    number: int
    start: str
    end: str
    text: str
    fault: str = ""
    hints: Sequence[str] = ()
    start_s: float = 0.0


@dataclass(frozen=True)
class CaptionsEditor:
    """One page of the captions of a track: `first` is the index of the first of them, `count` how many are replaced."""

    track: CaptionTrack
    rows: list[CueRow]
    first: int
    count: int
    number: int  # of the page, from 1
    pages: list[tuple[int, str, bool]]  # number, from when, current

    signs, line = rules.SIGNS_A_SECOND, rules.LINE_SIGNS

    @property
    def blank(self) -> list[CueRow]:
        return [CueRow(0, "", "", "")] * ROWS_TO_ADD


def editor(track: CaptionTrack, number: int = 1) -> CaptionsEditor:
    """Read one page of the captions of a track."""
    cues = track.cues
    last = max(1, -(-len(cues) // ROWS_A_PAGE))
    number = min(max(number, 1), last)
    first = (number - 1) * ROWS_A_PAGE
    shown = cues[first : first + ROWS_A_PAGE]
    pages = [(n, rules.clock(cues[(n - 1) * ROWS_A_PAGE].start_ms), n == number) for n in range(1, last + 1) if cues]
    return CaptionsEditor(
        track=track,
        rows=cue_rows(shown, cues[first + len(shown) : first + len(shown) + 1], first=first),
        first=first,
        count=len(shown),
        number=number,
        pages=pages if last > 1 else [],
    )


def cue_rows(cues: Sequence[Cue], following: Sequence[Cue] = (), *, first: int = 0) -> list[CueRow]:
    """Captions as rows to type in, each with its hints."""
    nexts = [*cues[1:], *following, None]
    return [
        CueRow(
            number=first + at + 1,
            start=rules.clock(cue.start_ms),
            end=rules.clock(cue.end_ms),
            text=cue.text,
            hints=rules.hints(cue, nexts[at]),
            start_s=cue.start_ms / 1000,
        )
        for at, cue in enumerate(cues)
    ]


@dataclass(frozen=True)
class SaidRow:
    """One caption, to be read."""

    start_s: float
    clock: str
    words: str


def transcript(track: CaptionTrack) -> list[SaidRow]:
    """What is said in a film, in order."""
    return [SaidRow(cue.start_ms / 1000, timecode(cue.start_ms / 1000), rules.bare(cue.text)) for cue in track.cues]
