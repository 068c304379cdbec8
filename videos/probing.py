"""Ask what a stranger's file holds, in a confined process, and decide whether it is a film that we prepare."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from threading import Event
from typing import Any

from circo.errors import Refusal
from videos import rules, runner
from videos.plans.rules import Source

SCRIPT = Path(__file__).with_name("probe_script.py")
BYTES_A_SECOND = 20 * 1024**2  # at least, from a slow disk: every packet is read once
COSTLY = "Ce fichier demande trop de calcul pour être préparé. Déposez le fichier tel que la caméra l’a créé."
REFUSALS = {
    "unreadable": "Ce fichier n’est pas un film que nous savons lire. "
    "Déposez le fichier tel que le téléphone ou la caméra l’a créé (MP4, MOV…).",
    "no_picture": "Ce fichier ne contient pas d’image\u00a0: c’est un enregistrement sonore. "
    "Choisissez le film lui-même.",
    "incomplete": "Il manque la fin de ce film\u00a0: l’enregistrement ou la copie s’est interrompu. "
    "Déposez à nouveau le fichier d’origine.",
}
# Formats whose header knows the duration; the others guess it from the bit rate.
TRUSTED = ("mov", "matroska", "avi")
# Sought to the picture, these come out right; others get a new container first, or are decoded from the beginning.
SEEKABLE = ("mov", "matroska", "avi", "ogg")
WORTH_SAVING_S = 1.0  # of a film that lacks its end


class NotYet(Exception):
    """The bytes that have arrived do not tell what the film holds."""


def probe(source: Path, folder: Path, lost: Event | None = None, *, arrived: int | None = None) -> Source:
    """Return what `source` holds; `arrived` is how many of its bytes are there, if it is still on its way.

    Raises: Refusal, in words that the author can act on, if it is no film or costs too much; NotYet if only the whole
    file can tell.
    """
    wall_s = 30 + source.stat().st_size / BYTES_A_SECOND
    limits = runner.Limits(wall_s=wall_s, stall_s=wall_s, cpu_s=int(wall_s), memory_bytes=2 * 1024**3)
    argv = [sys.executable, "-I", str(SCRIPT), str(source), *([str(arrived)] if arrived is not None else [])]
    try:
        ended = runner.run(argv, limits=limits, reads=[source, SCRIPT.parent], folder=folder, lost=lost)
    except runner.Overrun as error:
        raise Refusal(COSTLY) from error
    if ended.code != 0:  # the library itself fell over this file: so it would again
        raise Refusal(REFUSALS["unreadable"])
    found = json.loads(ended.output)
    if found.get("refused") == "not_yet" or (arrived is not None and found.get("refused")):
        raise NotYet
    return judge(found)


def judge(found: dict[str, Any]) -> Source:
    """Make of the probe's answer what we know of the source, or a refusal.

    Raises: Refusal.
    """
    if code := found.get("refused"):
        raise Refusal(REFUSALS[code])
    video = found["video"]
    shown = rules.shown_size(
        video["width"], video["height"], pixel_ratio=video["pixel_ratio"], rotation=video["rotation"]
    )
    end_s, audio_end_s = video["end_s"], found["audio_end_s"] or 0.0
    if end_s <= 0:
        raise Refusal(REFUSALS["unreadable"])
    rules.check_budget(shown, duration_s=max(end_s, audio_end_s), frames=video["frames"])
    return Source(
        container=found["format"],
        video=video["index"],
        video_codec=video["codec"],
        pixel_format=video["pixel_format"],
        shown=shown,
        rate=rules.output_rate(video["rate"]),
        source_rate=video["rate"],
        end_s=end_s,
        keyframe_gap_s=video["keyframe_gap_s"],
        frame_gap_s=max(video["frame_gap_s"], video["start_s"]),
        bit_rate=int(8 * video["size"] / end_s),
        transfer=video["transfer"],
        interlaced=video["interlaced"],
        audio=found["audio"] if audio_end_s > 0 else None,
        audio_end_s=audio_end_s,
        seeks=found["format"].startswith(SEEKABLE) and found["declared_s"] is not None,
        lacks_its_end=_lacks_its_end(found, end_s, audio_end_s),
        video_bytes=tuple(video["bytes_by_second"]),
        audio_bytes=tuple(found["audio_bytes"]),
    )


def _lacks_its_end(found: dict[str, Any], end_s: float, audio_end_s: float) -> bool:
    """Tell whether the file was cut.

    Raises: Refusal if what is left of it is not worth watching.
    """
    declared_s = found["declared_s"] or 0.0
    declares = found["format"].startswith(TRUSTED) and not found["indexed"]
    cut = found["video"]["cut"] or (declares and rules.lacks_its_end(declared_s, max(end_s, audio_end_s)))
    if cut and end_s < WORTH_SAVING_S:
        raise Refusal(REFUSALS["incomplete"])
    return bool(cut)
