"""The last step of a preparation, « film-finish »: small pictures, the film in one file, and the doubt."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from circo import jobs
from circo.errors import Outside
from circo.jobs import Run
from videos import (
    announcing,
    commands,
    paths,
    pictures,
    playlists,
    publishing,
    queries,
    rules,
    runner,
    storing,
    working,
)
from videos.blurring import applying
from videos.models import DonePiece, FilmState, Preparation, Rendition, Upload
from videos.plans import rules as plans
from videos.plans.rules import Plan

logger = logging.getLogger(__name__)
FILE_SIDE = 720  # of the film in one file


def finish(run: Run) -> None:
    """Check everything, draw what is drawn from it, and declare the film ready.

    Raises: Outside if anything is missing; LeaseLost if the film is gone, or being prepared anew.
    """
    film_id = UUID(run.subject_id)
    preparation = Preparation.objects.filter(film_id=film_id, is_early=False).first()
    if preparation is None:
        with run.finish():
            return
    plan, output = Plan.from_json(preparation.plan), preparation.output
    rows = list(publishing.renditions(film_id, output))
    duration_s = check(preparation, plan, rows)
    with working.folder(run, str(film_id)) as folder:
        sheet, names = draw(film_id, output, plan, rows, folder, duration_s)
        publishing.keep(folder, names, film_id, output)
    with run.finish():
        preparation, film = publishing.locked(film_id, output)
        film.state, film.ready_at, film.duration_s, film.sprite = FilmState.READY, timezone.now(), duration_s, sheet
        lacks_s = plan.source.end_s - duration_s
        film.lacks_its_end = film.lacks_its_end or lacks_s > plans.short_by_s(plan.source.end_s)
        film.save(update_fields=["state", "ready_at", "duration_s", "sprite", "lacks_its_end"])
        if preparation.is_blurring:
            applying.applied(film, output)
        _close(preparation, rows)
        Upload.objects.filter(film=film).update(expires_at=timezone.now() + rules.SOURCE_KEPT_FOR)
        jobs.forget_all(f"{film_id}:", kinds=[queries.PIECE, queries.COPY, queries.SOUND])
        preparation.delete()
        announcing.announce(film)


def check(preparation: Preparation, plan: Plan, rows: Sequence[Rendition]) -> float:
    """Doubt everything that is published, and return how long the film lasts, in seconds.

    Raises: Outside if a file is missing or empty, or a rendition shorter than the others.
    """
    stored = storing.sizes(paths.output_key(preparation.film_id, preparation.output))
    ladder = [row for row in rows if row.name in {rung.name for rung in plan.rungs}]
    pictures_s = {row.seconds for row in ladder}
    if len(pictures_s) != 1 or 0 in pictures_s:
        logger.warning("film %s: renditions of different lengths: %s", preparation.film_id, pictures_s)
        raise Outside(working.TOOL_FAILED)
    for row in rows:
        names = [playlists.init(row.name), *(playlists.segment(row.name, n) for n in range(len(row.lengths)))]
        if row.lengths and not all(stored.get(name) for name in names):
            logger.warning("film %s: a file of %s is missing or empty", preparation.film_id, row.name)
            raise Outside(working.TOOL_FAILED)
    return pictures_s.pop()


def draw(
    film_id: UUID, output: str, plan: Plan, rows: Sequence[Rendition], folder: Path, duration_s: float
) -> tuple[dict[str, int], list[str]]:
    """Draw the small pictures, the shape of the sound, and the film in one file; return the sheet and the names."""
    ladder = sorted((row for row in rows if row.name in {rung.name for rung in plan.rungs}), key=lambda row: row.height)
    smallest = pictures.joined(film_id, output, ladder[0].name, folder, segments=len(ladder[0].lengths))
    sheet = pictures.draw_sprite(smallest, plan, duration_s, folder)
    good = next((row for row in reversed(ladder) if min(row.width, row.height) <= FILE_SIDE), ladder[0])
    whole = pictures.joined(film_id, output, good.name, folder, segments=len(good.lengths))
    pictures.draw_poster(whole, folder, at_s=min(pictures.POSTER_AT_S, duration_s / 3))
    names = [pictures.POSTER, pictures.SPRITE, rules.DOWNLOAD_NAME]
    sound = next((row for row in rows if row.name == plans.AUDIO and row.lengths), None)
    heard = pictures.joined(film_id, output, sound.name, folder, segments=len(sound.lengths)) if sound else None
    if heard:
        pictures.draw_waveform(heard, duration_s, folder)
        names.append(pictures.WAVEFORM)
    limits = runner.Limits(wall_s=1800, cpu_s=600)
    reads = [whole, *([heard] if heard else [])]
    working.run(commands.whole(whole, heard, rules.DOWNLOAD_NAME), limits=limits, reads=reads, folder=folder)
    if not (folder / rules.DOWNLOAD_NAME).stat().st_size:
        raise Outside(working.TOOL_FAILED)
    return sheet, names


def _close(preparation: Preparation, rows: Sequence[Rendition]) -> None:
    """Mark the renditions as whole, with the rates that they really have; a heavy original gives way."""
    done = list(DonePiece.objects.filter(preparation=preparation))
    for row in rows:
        row.is_whole = True
        of_row = [piece for piece in done if row.name in piece.sizes]
        sizes = [size for piece in of_row for size in piece.sizes[row.name]]
        lengths = [length for piece in of_row for length in piece.lengths]
        if sizes:
            row.average_rate = int(8 * sum(sizes) / max(sum(lengths), 0.1))
            # A short last segment says nothing of the line that the film needs.
            row.peak_rate = max(
                int(8 * size / max(length, plans.KEYFRAME_S)) for size, length in zip(sizes, lengths, strict=True)
            )
    Rendition.objects.bulk_update(rows, ["is_whole", "average_rate", "peak_rate"])
