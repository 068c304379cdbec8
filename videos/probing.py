"""Ask what a stranger's file holds, in a confined process, and decide whether it is a film that we prepare."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from circo.errors import Refusal
from videos import rules, runner
from videos.rules import Size

SCRIPT = Path(__file__).with_name("probe_script.py")
BYTES_A_SECOND = 20 * 1024**2  # at least, from a slow disk: every packet is read once
COSTLY = "Ce fichier demande trop de calcul pour être préparé. Déposez le fichier tel que la caméra l’a créé."
REFUSALS = {
    "unreadable": "Ce fichier n’est pas un film que nous savons lire. "
    "Déposez le fichier tel que le téléphone ou la caméra l’a créé (MP4, MOV…).",
    "no_picture": "Ce fichier ne contient pas d’image\u00a0: c’est un enregistrement sonore.",
    "incomplete": "Il manque la fin de ce film\u00a0: l’enregistrement ou la copie s’est interrompu. "
    "Déposez à nouveau le fichier d’origine.",
}
# Formats whose header knows the duration; the others guess it from the bit rate.
TRUSTED = ("mov", "matroska", "avi")


@dataclass(frozen=True)
class Source:
    """What is to be prepared. Ends are counted from the beginning of the file."""

    video: int
    audio: int | None
    shown: Size
    rate: int
    end_s: float
    audio_end_s: float
    transfer: int
    interlaced: bool


def probe(source: Path, folder: Path, lost: Event | None = None) -> Source:
    """Return what `source` holds.

    Raises: Refusal, in words that the author can act on, if it is no film or costs too much.
    """
    wall_s = 30 + source.stat().st_size / BYTES_A_SECOND
    limits = runner.Limits(wall_s=wall_s, stall_s=wall_s, cpu_s=int(wall_s), memory_bytes=2 * 1024**3)
    argv = [sys.executable, "-I", str(SCRIPT), str(source)]
    try:
        ended = runner.run(argv, limits=limits, reads=[source, SCRIPT.parent], folder=folder, lost=lost)
    except runner.Overrun as error:
        raise Refusal(COSTLY) from error
    if ended.code != 0:  # the library itself fell over this file: so it would again
        raise Refusal(REFUSALS["unreadable"])
    return judge(json.loads(ended.output))


def judge(found: dict[str, Any]) -> Source:
    """Make of the probe's answer a plan, or a refusal.

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
    declared_s = found["declared_s"] or 0.0
    if found["format"].startswith(TRUSTED) and rules.lacks_its_end(declared_s, max(end_s, audio_end_s)):
        raise Refusal(REFUSALS["incomplete"])
    return Source(
        video=video["index"],
        audio=found["audio"] if audio_end_s > 0 else None,
        shown=shown,
        rate=rules.output_rate(video["rate"]),
        end_s=end_s,
        audio_end_s=audio_end_s,
        transfer=video["transfer"],
        interlaced=video["interlaced"],
    )
