"""What is drawn of a film, from our own renditions: its poster, the sheet of its timeline, the shape of its sound."""

from __future__ import annotations

import array
import json
import sys
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from circo.errors import Outside, Refusal
from videos import commands, paths, playlists, publishing, runner, storing, working
from videos.plans.rules import Plan

QUICK = runner.Limits(wall_s=120, cpu_s=60)
SLOW = runner.Limits(wall_s=1800, cpu_s=1200)
PEAKS = 1000  # of the shape of the sound
POSTER, SPRITE, WAVEFORM = "poster.jpg", "sprite.jpg", "waveform.json"
POSTER_AT_S = 1.0


def early_poster(film_id: UUID, output: str, name: str, folder: Path) -> None:
    """Draw the poster from the first segment, so that a film that plays has a face; without one it plays as well."""
    if POSTER in storing.sizes(paths.output_key(film_id, output)):
        return
    with suppress(Outside, Refusal):
        begins = joined(film_id, output, name, folder, segments=1)
        draw_poster(begins, folder, at_s=0.5)
        publishing.keep(folder, [POSTER], film_id, output)


def joined(film_id: UUID, output: str, name: str, folder: Path, *, segments: int, first: int = 0) -> Path:
    """Put the beginning and some segments of a rendition in one file, as a player does.

    Raises: Outside if one is not there.
    """
    target = folder / f"{name}.joined.mp4"
    names = [playlists.init(name), *(playlists.segment(name, number) for number in range(first, first + segments))]
    try:
        with target.open("wb") as file:
            for one in names:
                storing.fetch(paths.media_key(film_id, output, one), file)
    except OSError as error:
        raise working.fault_of(error) from error
    return target


def draw_poster(rendition: Path, folder: Path, *, at_s: float) -> None:
    """Draw the poster into `folder`.

    Raises: Outside if nothing comes out.
    """
    working.run(commands.poster(rendition, at_s), limits=QUICK, reads=[rendition], folder=folder)
    drawn = folder / POSTER
    if not drawn.exists() or not drawn.stat().st_size:
        raise Outside(working.TOOL_FAILED)


def draw_sprite(rendition: Path, plan: Plan, duration_s: float, folder: Path) -> dict[str, int]:
    """Draw the sheet of small pictures into `folder`, and say how to read it (sizes in pixels).

    Raises: Outside if nothing comes out.
    """
    interval_s = max(2, -int(-duration_s // commands.SPRITES_MAX))
    count = max(1, -int(-duration_s // interval_s))
    shown = plan.source.shown
    width = max(2, 2 * round(commands.SPRITE_HEIGHT * shown.width / shown.height / 2))
    argv = commands.sprite(rendition, interval_s=interval_s, width=width, count=count)
    working.run(argv, limits=SLOW, reads=[rendition], folder=folder)
    if not (folder / SPRITE).exists():
        raise Outside(working.TOOL_FAILED)
    sheet = {"interval_s": interval_s, "columns": commands.SPRITE_COLUMNS, "count": count}
    return sheet | {"width": width, "height": commands.SPRITE_HEIGHT}


class Peaks:
    """The loudest of each stretch of a sound, as it flows."""

    def __init__(self, duration_s: float) -> None:
        self.stretch = max(1, int(duration_s * commands.PEAKS_RATE / PEAKS))
        self.found: list[int] = []
        self.left = array.array("h")
        self.odd = b""

    def push(self, block: bytes) -> None:
        block = self.odd + block
        whole = len(block) // 2 * 2
        self.odd = block[whole:]
        samples = array.array("h", block[:whole])
        if sys.byteorder == "big":
            samples.byteswap()
        self.left += samples
        while len(self.left) >= self.stretch:
            part, self.left = self.left[: self.stretch], self.left[self.stretch :]
            self.found.append(max(*part, -min(part), 0))

    def shape(self) -> list[int]:
        """From 0 to 100, the loudest of the film being 100."""
        if self.left:
            self.found.append(max(*self.left, -min(self.left), 0))
        most = max(self.found, default=0) or 1
        return [round(100 * peak / most) for peak in self.found[:PEAKS]]


def draw_waveform(sound: Path, duration_s: float, folder: Path) -> None:
    """Write the shape of the sound into `folder`."""
    peaks = Peaks(duration_s)
    working.run(commands.peaks(sound), limits=SLOW, reads=[sound], folder=folder, on_bytes=peaks.push)
    (folder / WAVEFORM).write_text(json.dumps(peaks.shape()))
