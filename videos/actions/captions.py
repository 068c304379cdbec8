"""Caption a film: start, bring a file, type, shift, show, remove."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from circo import jobs
from circo.errors import Refusal
from circo.models import Person
from videos import queries
from videos.captions import rules
from videos.captions.rules import Cue
from videos.consents.rules import Audience
from videos.models import CaptionSource, CaptionTrack, Film, FilmState, Language

CHANGED = ["rows", "former_rows", "text", "revision", "source"]
LAST = 9  # the rank of what is done once nothing else waits
NOT_MINE = "Seule la personne qui a déposé un film écrit ses sous-titres."


class Outdated(Refusal):
    """The captions were changed elsewhere since they were read. Nothing is written."""


def _own_film(film: Film, by: Person) -> None:
    if film.author_id != by.pk:
        raise Refusal(NOT_MINE)


def _own_track(track: CaptionTrack, by: Person) -> CaptionTrack:
    """The row, locked, as it is now."""
    mine = CaptionTrack.objects.editable_by(by).select_related("film").select_for_update(of=("self",))
    held = mine.filter(pk=track.pk).first()
    if held is None:
        raise Refusal(NOT_MINE)
    return held


def _stays_captioned(track: CaptionTrack) -> None:
    """Refuse to take away the last captions of a film that is open beyond its group."""
    others = CaptionTrack.objects.shown().filter(film_id=track.film_id).exclude(pk=track.pk)
    if track.is_shown and rules.needed(Audience(track.film.audience)) and not others.exists():
        raise Refusal("Ce film est ouvert au-delà de votre groupe\u00a0: il garde ses sous-titres.")


@transaction.atomic
def start_captions(*, film: Film, language: Language, by: Person) -> CaptionTrack:
    """Open the captions of a film in one language, empty; asked again, the same ones.

    Raises: Refusal if the film is not one's own.
    """
    _own_film(film, by)
    return CaptionTrack.objects.get_or_create(film=film, language=language, removed_at=None)[0]


@transaction.atomic
def import_captions(*, film: Film, language: Language, data: bytes, by: Person) -> tuple[CaptionTrack, Sequence[int]]:
    """Put the captions of a file in place of those of that language, which `undo_captions` brings back.

    Returns the track, and the numbers of the lines that could not be read.
    Raises: Refusal if the film is not one's own, or if the file holds no captions.
    """
    found = rules.read(data)
    track = _own_track(start_captions(film=film, language=language, by=by), by)
    _replace_all(track, found.cues, CaptionSource.UPLOADED)
    return track, found.bad_lines


def _replace_all(track: CaptionTrack, cues: Sequence[Cue], source: str) -> None:
    track.former_rows = track.rows or track.former_rows
    track.cues, track.source = list(cues), source
    track.save(update_fields=CHANGED)


@transaction.atomic
def save_captions(
    *, track: CaptionTrack, first: int, count: int, cues: Sequence[Cue], revision: int, by: Person
) -> CaptionTrack:
    """Put `cues` in place of the `count` captions from index `first`, as they were at `revision`.

    Raises: Outdated if they changed since; Refusal if they are not one's own, or too many.
    """
    held = _own_track(track, by)
    if held.revision != revision:
        raise Outdated(
            "Ces sous-titres ont changé sur un autre écran. Ce que vous avez tapé est encore là\u00a0: "
            "enregistrez de nouveau pour le garder."
        )
    kept = held.cues
    kept[first : first + count] = cues
    if len(kept) > rules.CUES_MAX:
        raise Refusal(f"Un film porte au plus {rules.CUES_MAX} sous-titres.")
    if not kept:
        _stays_captioned(held)
    if sorted(kept) != held.cues:
        held.cues = kept
        held.save(update_fields=CHANGED)
    return held


@transaction.atomic
def shift_captions(*, track: CaptionTrack, by_ms: int, by: Person) -> CaptionTrack:
    """Move all the captions of a track; `undo_captions` moves them back.

    Raises: Refusal if they are not one's own, or if one would leave the film.
    """
    held = _own_track(track, by)
    _replace_all(held, rules.shifted(held.cues, by_ms), held.source)
    return held


@transaction.atomic
def undo_captions(*, track: CaptionTrack, by: Person) -> CaptionTrack:
    """Bring back the captions of before the last file, shift or listening; again, and they come back.

    Raises: Refusal if they are not one's own, or if there is nothing to bring back.
    """
    held = _own_track(track, by)
    if held.former_rows is None:
        raise Refusal("Il n’y a pas de version précédente.")
    former = [Cue(*row) for row in held.former_rows]
    if not former:
        _stays_captioned(held)
    held.former_rows = held.rows
    held.cues = former
    held.save(update_fields=CHANGED)
    return held


@transaction.atomic
def show_captions(*, track: CaptionTrack, shown: bool, by: Person) -> CaptionTrack:
    """Show the captions to whoever watches the film, or keep them for oneself.

    Raises: Refusal if they are not one's own, or empty.
    """
    held = _own_track(track, by)
    if shown and not held.rows:
        raise Refusal("Écrivez au moins un sous-titre avant de les montrer.")
    if not shown:
        _stays_captioned(held)
    held.shown_at = (held.shown_at or timezone.now()) if shown else None
    held.save(update_fields=["shown_at"])
    return held


@transaction.atomic
def remove_captions(*, track: CaptionTrack, by: Person) -> None:
    """Take captions away; `restore_captions` brings them back for some minutes.

    Raises: Refusal if they are not one's own.
    """
    held = _own_track(track, by)
    _stays_captioned(held)
    held.removed_at = timezone.now()
    held.save(update_fields=["removed_at"])


@transaction.atomic
def restore_captions(*, track: CaptionTrack, by: Person) -> None:
    """Bring back captions that one has just removed.

    Raises: Refusal if they are not one's own, removed too long ago, or replaced since.
    """
    held = queries.removed_tracks(by).select_for_update(of=("self",)).filter(pk=track.pk).first()
    if held is None:
        raise Refusal("Ces sous-titres ne peuvent plus être remis.")
    if CaptionTrack.objects.editable_by(by).filter(film_id=held.film_id, language=held.language).exists():
        raise Refusal("D’autres sous-titres de cette langue ont pris leur place.")
    held.removed_at = None
    held.save(update_fields=["removed_at"])


@transaction.atomic
def ask_captions(*, film: Film, by: Person) -> None:
    """Have the speech engine of this house hear a film, to propose its captions in French.

    Raises: Refusal if there is no engine, if the film is not one's own, or if its captions are shown already.
    """
    _own_film(film, by)
    if not settings.SPEECH_ENGINE:
        raise Refusal("Cette plateforme n’a pas de reconnaissance de la parole.")
    if film.state != FilmState.READY:
        raise Refusal("Attendez que le film soit prêt.")
    if CaptionTrack.objects.shown().filter(film=film, language=Language.FRENCH).exists():
        raise Refusal("Ce film a déjà des sous-titres, que vos collègues lisent.")
    # After the films that wait: nobody waits for this one to be watched.
    jobs.ask(queries.SPEECH, str(film.pk), rank=LAST, owner_key=str(by.pk), cost=film.duration_s or 1)
