"""Say, for each picture of a piece of film, what of it is hidden: a small grey film, laid over the large one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from PIL import Image, ImageDraw

from videos.blurring import rules
from videos.models import HiddenArea
from videos.plans.rules import Piece, Plan

LONG_SIDE = 240  # cells
NAME = "hidden.gray"
SPARE_S = 2.0  # beyond the end of the piece: its pictures end, not its mask


@dataclass(frozen=True)
class Mask:
    """A file of raw pictures, one byte a cell: 255 where the film is hidden, 0 where it is seen."""

    file: Path
    width: int
    height: int


def write(folder: Path, film_id: UUID, plan: Plan, piece: Piece) -> Mask | None:
    """Write the mask of a piece into `folder`; None if nothing of the piece is hidden."""
    end_s = piece.start_s + plan.seconds(piece)
    areas = HiddenArea.objects.filter(blurring=film_id).chosen().between(piece.start_s, end_s)
    seconds = plan.seconds(piece) + SPARE_S
    hidden = [  # of ways that cross the whole film, what this piece reads alone is held
        (start_s, last_s, rules.within(path, piece.start_s, piece.start_s + seconds))
        for start_s, last_s, path in areas.values_list("start_s", "end_s", "path").iterator(chunk_size=100)
    ]
    if not hidden:
        return None
    width, height = cells(plan.source.shown.width, plan.source.shown.height)
    with (folder / NAME).open("wb") as file:
        for number in range(math.ceil(seconds * plan.source.rate)):
            at_s = piece.start_s + number / plan.source.rate
            shown = [rules.box_at(path, at_s) for start_s, last_s, path in hidden if start_s <= at_s <= last_s]
            file.write(picture(shown, width, height))
    return Mask(folder / NAME, width, height)


def cells(width: int, height: int) -> tuple[int, int]:
    """The size of the mask of a picture of `width` × `height` pixels."""
    scale = LONG_SIDE / max(width, height)
    return max(round(width * scale), 2), max(round(height * scale), 2)


def picture(boxes: Iterable[rules.Box], width: int, height: int) -> bytes:
    """One picture of the mask. Areas cover every cell that they touch, and one more: edges are softened outwards."""
    drawn = Image.new("L", (width, height))
    draw = ImageDraw.Draw(drawn)
    for box in boxes:
        draw.rectangle(_touched(box, width, height), fill=255)
    return drawn.tobytes()


def _touched(box: rules.Box, width: int, height: int) -> Sequence[int]:
    left, top = math.floor(box.x * width) - 1, math.floor(box.y * height) - 1
    right, bottom = math.ceil((box.x + box.width) * width), math.ceil((box.y + box.height) * height)
    return left, top, right, bottom
