"""Put what workers made where it is watched, and count what is there: the film plays from its first segments on.

Everything here is written under the lock of the film's preparation, inside the transaction that ends or keeps a job.
Source: docs/decisions/0011-pipeline.md
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from circo import jobs
from circo.errors import Outside
from circo.jobs import LeaseLost
from videos import boxes, paths, playlists, queries, storing, working
from videos.models import DonePiece, Film, FilmState, Preparation, Rendition
from videos.plans import rules as plans
from videos.plans.rules import Plan


@dataclass(frozen=True)
class Segment:
    """Some seconds of one rendition. `length_s` is exact; `number` is its place in the film."""

    number: int
    length_s: float
    data: bytes


def in_segments(
    pieces: boxes.Pieces, *, first: int, start_s: float, length_s: float = plans.SEGMENT_S
) -> list[Segment]:
    """Group fragments into segments of `length_s` seconds at least, each at its place in the whole film."""
    found: list[Segment] = []
    group: list[boxes.Fragment] = []
    at = round(start_s * pieces.timescale)
    for fragment in pieces.fragments:
        group.append(fragment)
        if sum(one.ticks for one in group) >= (length_s - 0.001) * pieces.timescale:
            found.append(_joined(group, first + len(found), at, pieces.timescale))
            group = []
    if group:
        found.append(_joined(group, first + len(found), at, pieces.timescale))
    return found


def _joined(group: Sequence[boxes.Fragment], number: int, at: int, timescale: int) -> Segment:
    moved = [boxes.moved(one.data, ticks=at, number=number + 1) for one in group]
    return Segment(number, sum(one.ticks for one in group) / timescale, b"".join(moved))


def write(folder: Path, name: str, init: bytes, segments: Iterable[Segment]) -> list[str]:
    """Write the files of a rendition into `folder`, and return their names."""
    names = [playlists.init(name)]
    (folder / names[0]).write_bytes(init)
    for one in segments:
        names.append(playlists.segment(name, one.number))
        (folder / names[-1]).write_bytes(one.data)
    return names


def keep(folder: Path, names: Iterable[str], film_id: UUID, output: str) -> None:
    """Move files to the folder of the film, kept before this returns; the same bytes may be there already.

    Raises: LeaseLost if the film is gone.
    """
    storing.put_all(folder, names, paths.output_key(film_id, output))
    if not Film.objects.filter(pk=film_id).exists():
        # Removed meanwhile, and its folder with it, perhaps before we wrote: of the two, the last one removes it.
        storing.delete(paths.film_key(film_id))
        raise LeaseLost


def locked(film_id: UUID, output: str) -> tuple[Preparation, Film]:
    """Lock the preparation of a film, and the film.

    Raises: LeaseLost if the film is gone, or is being prepared anew.
    """
    preparation = Preparation.objects.select_for_update().filter(film_id=film_id, output=output).first()
    film = Film.objects.select_for_update(of=("self",)).filter(pk=film_id).first()
    if preparation is None or film is None or film.state not in (FilmState.UPLOADING, FilmState.PROCESSING):
        raise LeaseLost
    return preparation, film


def remember_init(film_id: UUID, output: str, name: str, init: bytes) -> None:
    """Note how a rendition begins. Each piece begins alike, or a player that goes from one to the next would fail.

    Raises: Outside if this one does not; LeaseLost if the film is gone.
    """
    digest = hashlib.sha256(init).hexdigest()
    rows = renditions(film_id, output).filter(name=name)
    codecs = playlists.avc_codec(init) if name != plans.AUDIO else playlists.AUDIO_CODEC
    if not rows.filter(init_digest="").update(init_digest=digest, codecs=codecs):
        known = rows.values_list("init_digest", flat=True).first()
        if known is None:  # removed meanwhile
            raise LeaseLost
        if known != digest:
            raise Outside(working.TOOL_FAILED)


def grow(film_id: UUID, output: str, name: str, lengths: Sequence[float], *, is_whole: bool) -> None:
    """Write how far a rendition reaches; never less far than it did."""
    seconds = sum(lengths)
    rows = renditions(film_id, output).filter(name=name, seconds__lte=seconds, is_whole=False)
    rows.update(lengths=[round(length, 6) for length in lengths], seconds=seconds, is_whole=is_whole)


def piece_done(preparation: Preparation, plan: Plan) -> None:
    """Make each rendition reach as far as its pieces are done without a gap."""
    done = {piece.key: piece.lengths for piece in DonePiece.objects.filter(preparation=preparation)}
    for rung in plan.rungs:
        lengths: list[float] = []
        for piece in (piece for piece in plan.pieces if rung.name in piece.rungs):
            if piece.key not in done:
                break
            lengths += done[piece.key]
            if not piece.is_last and sum(done[piece.key]) < plan.seconds(piece) - 0.01:  # broken from there on
                break
        if lengths:
            grow(preparation.film_id, preparation.output, rung.name, lengths, is_whole=False)


def advance(preparation: Preparation, film: Film, plan: Plan) -> None:
    """Open the film as soon as something of it plays, and ask for its last step once everything is done."""
    if film.playable_at is None and _plays(preparation, plan):
        film.output, film.playable_at, film.duration_s = preparation.output, timezone.now(), plan.source.end_s
        film.width, film.height = plan.source.shown.width, plan.source.shown.height
        film.save(update_fields=["output", "playable_at", "duration_s", "width", "height"])
    if preparation.is_early or not _is_done(preparation, plan):
        return
    jobs.ask(queries.FINISH, str(film.pk), rank=0, owner_key=str(film.author_id))


def _plays(preparation: Preparation, plan: Plan) -> bool:
    published = renditions(preparation.film_id, preparation.output).filter(seconds__gt=0)
    names = set(published.values_list("name", flat=True))
    heard = plan.source.audio is None or plans.AUDIO in names or preparation.sound_done
    return heard and bool(names - {plans.AUDIO})


def _is_done(preparation: Preparation, plan: Plan) -> bool:
    if (plan.copied and not preparation.copy_done) or (plan.source.audio is not None and not preparation.sound_done):
        return False
    return DonePiece.objects.filter(preparation=preparation).count() == len(plan.pieces)


def renditions(film_id: UUID, output: str) -> QuerySet[Rendition]:
    """The renditions of one preparation."""
    return Rendition.objects.filter(film_id=film_id, output=output)
