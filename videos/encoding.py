"""Encode one piece of a film in its renditions: the work of the job « film-piece », by any worker, in any order."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from threading import Event
from uuid import UUID

from circo.errors import Outside, Refusal
from circo.jobs import Run
from videos import boxes, commands, pictures, playlists, probing, publishing, runner, working
from videos.blurring import masks
from videos.blurring.masks import Mask
from videos.models import DonePiece, Preparation
from videos.plans import rules as plans
from videos.plans.rules import Piece, Plan
from videos.publishing import Segment

logger = logging.getLogger(__name__)
CPU_A_SECOND = 20  # of a film: 4K at 60 images a second on a slow machine
WALL_MAX_S = 6600  # below the worker's own limit


def subject(film_id: UUID, output: str, key: str) -> str:
    """The subject of the job that encodes a piece."""
    return f"{film_id}:{output}:{key}"


def encode(run: Run) -> None:
    """Encode one piece, doubt it, publish it.

    Raises: Refusal if it cannot be decoded; Outside if the disk or a tool fails; LeaseLost if it is no longer ours to
    do.
    """
    film, output, key = run.subject_id.split(":")
    preparation = Preparation.objects.filter(film_id=film, output=output).first()
    if preparation is None:  # finished, refused or removed meanwhile
        with run.finish():
            return
    plan = Plan.from_json(preparation.plan)
    piece, began = plan.piece(key), time.monotonic()
    with working.folder(run, f"{film}.{output}.{key}") as folder, working.source(UUID(film), folder) as source:
        mask = masks.write(folder, UUID(film), plan, piece) if preparation.is_blurring else None
        encode_into(folder, source, plan, piece, run.lost, mask=mask)
        made = {rung: cut(folder, rung, plan, piece) for rung in piece.rungs}
        lengths = _one_length(piece, made)
        _doubt_the_end(run, plan, piece, sum(lengths))
        for rung, (init, segments) in made.items():
            publishing.remember_init(UUID(film), output, rung, init)
            publishing.keep(folder, publishing.write(folder, rung, init, segments), UUID(film), output)
        with run.finish():
            preparation, row = publishing.locked(UUID(film), output)
            sizes = {rung: [len(one.data) for one in segments] for rung, (_, segments) in made.items()}
            DonePiece.objects.get_or_create(
                preparation=preparation,
                key=key,
                defaults={"lengths": lengths, "sizes": sizes, "wall_s": time.monotonic() - began},
            )
            publishing.piece_done(preparation, plan)
            publishing.advance(preparation, row, plan)
        if piece.number == 0:
            pictures.early_poster(UUID(film), output, piece.rungs[0], folder)


def encode_into(
    folder: Path, source: Path, plan: Plan, piece: Piece, lost: Event | None = None, *, mask: Mask | None = None
) -> None:
    """Run ffmpeg on one piece, in `folder`; what `mask` covers is hidden.

    Raises: Refusal if ffmpeg cannot, or takes for ever; Outside if the machine is at fault; LeaseLost.
    """
    decoded_s = plan.seconds(piece) + (8 if plan.source.seeks else piece.start_s)
    limits = runner.Limits(
        wall_s=min(120 + CPU_A_SECOND * decoded_s, WALL_MAX_S), cpu_s=int(60 + CPU_A_SECOND * decoded_s)
    )
    reads = [source, *([mask.file] if mask else [])]
    working.run(commands.piece(source, plan, piece, mask), limits=limits, reads=reads, folder=folder, lost=lost)


def cut(folder: Path, rung: str, plan: Plan, piece: Piece) -> tuple[bytes, list[Segment]]:
    """Take what ffmpeg wrote of one rendition apart, and doubt it.

    Raises: Outside if a picture is missing, whatever the exit code said: it is 0 on a full disk too.
    """
    try:
        taken = boxes.split((folder / commands.piece_file(rung)).read_bytes())
        playlists.avc_codec(taken.init)
    except (OSError, ValueError) as error:
        raise working.fault_of(error) from error
    pictures = sum(fragment.samples for fragment in taken.fragments)
    wanted = None if piece.length_s is None else piece.length_s * plan.source.rate
    if wanted is not None and pictures not in (wanted, 0):
        logger.warning("piece %s of %s: %s pictures of %s", piece.key, rung, pictures, wanted)
        raise Outside(working.TOOL_FAILED)
    if not pictures and piece.number == 0:
        raise Refusal(probing.REFUSALS["unreadable"])
    return taken.init, publishing.in_segments(taken, first=piece.first_segment, start_s=piece.start_s)


def _doubt_the_end(run: Run, plan: Plan, piece: Piece, seconds: float) -> None:
    """Nobody knows how many pictures the last piece has. Where it is far too short, it is made once more: what is so
    again is the film's fault, of which its author is told.

    Raises: Outside the first time.
    """
    lacks_s = plan.seconds(piece) - seconds
    is_short = lacks_s > plans.short_by_s(plan.source.end_s) and not plan.source.lacks_its_end
    if piece.is_last and is_short and run.mine().filter(attempt=1).exists():
        logger.warning("piece %s: %.1f s are missing at the end", piece.key, lacks_s)
        raise Outside(working.TOOL_FAILED)


def _one_length(piece: Piece, made: dict[str, tuple[bytes, list[Segment]]]) -> list[float]:
    """The lengths of the segments, the same in each rendition.

    Raises: Outside if they differ.
    """
    found = [[one.length_s for one in segments] for _, segments in made.values()]
    if any(lengths != found[0] for lengths in found):
        logger.warning("piece %s: the renditions differ in length: %s", piece.key, found)
        raise Outside(working.TOOL_FAILED)
    return found[0]
