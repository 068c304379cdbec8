"""What is made of a film: its ladder of renditions, and the pieces in which it is encoded, by as many workers as there
are.

Pure. A piece begins and ends on the grid of the segments, so that whoever encodes it, and when, its bytes are the same
and the pieces join exactly. The first piece is short, in one rendition alone: the film plays a few seconds after it
arrived.
Source: docs/decisions/0011-pipeline.md
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from videos.rules import Size, rendition_sizes

SEGMENT_S = 4
KEYFRAME_S = 2  # a segment holds whole groups of pictures
SIDES = (1080, 720, 480, 360)
MAX_RATES = {1080: 4_500_000, 720: 2_500_000, 480: 1_200_000, 360: 700_000}  # bits a second, by the short side
FIRST_SIDE = 480  # what is playable first, where the source itself is not
FIRST_S = 2
PIECE_S = 32  # a lost worker costs one of them at the most
PIECE_MIN_S = 8  # a shorter one would cost more to begin than it brings
SHARES = 8  # a film is cut into so many at least, so that several workers end a short one together
TAIL_S = 8  # a shorter end is joined to the piece before it
GROWTH = 10  # of pieces that decode from the beginning, so that all of it costs a little more than once
UNSOUGHT_PIECE_S = 1200  # of those, the longest: a worker must end it within its time
COPY_SIDE_MAX = 1088  # a film of 1080 lines is stored with 8 more
COPY_RATE_MAX = 61.0  # pictures a second
COPY_KEYFRAME_GAP_MAX_S = 10.0
KEPT_COPY_BIT_RATE_MAX = 8_000_000  # a heavier original gives way to our own largest rendition
LEAD_S = 1  # decoded before a piece, and dropped: pictures and clocks are then those of the whole film
LEAD_MAX_S = 8
ORIGINAL = "original"
AUDIO = "audio"


@dataclass(frozen=True)
class Source:
    """What a stranger's file holds. Times are in seconds from its beginning; `bit_rate` of the pictures, in bits a
    second.

    `video_bytes[t]` is how many bytes of the file hold every picture of the first `t` seconds, `audio_bytes[t]`
    likewise; they are empty where the file has no index of its own.
    """

    container: str
    video: int
    video_codec: str
    pixel_format: str
    shown: Size
    rate: int
    source_rate: float
    end_s: float
    keyframe_gap_s: float
    frame_gap_s: float
    bit_rate: int
    transfer: int
    interlaced: bool
    audio: int | None = None
    audio_end_s: float = 0.0
    seeks: bool = True  # a piece may be sought, and comes out the same
    lacks_its_end: bool = False
    video_bytes: tuple[int, ...] = ()
    audio_bytes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Rung:
    """One rendition of the ladder. `max_rate` is in bits a second."""

    name: str
    width: int
    height: int
    max_rate: int


@dataclass(frozen=True)
class Piece:
    """Some seconds of the film in some renditions. `needs_bytes` of the source hold all of it (None: the whole
    file)."""

    number: int
    part: int
    start_s: int
    length_s: int | None  # None: to the end
    first_segment: int
    rungs: tuple[str, ...]
    needs_bytes: int | None = None

    @property
    def key(self) -> str:
        return f"{self.number}.{self.part}"

    @property
    def is_last(self) -> bool:
        return self.length_s is None


@dataclass(frozen=True)
class Plan:
    """All that is to be made of one source. `copied`: its own pictures are published at once, as they are."""

    source: Source
    rungs: tuple[Rung, ...]
    pieces: tuple[Piece, ...]
    copied: bool
    keeps_copy: bool

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Plan:
        source = dict(stored["source"])
        source |= {"shown": Size(**source["shown"])}
        source |= {name: tuple(source[name]) for name in ("video_bytes", "audio_bytes")}
        pieces = tuple(Piece(**(piece | {"rungs": tuple(piece["rungs"])})) for piece in stored["pieces"])
        rungs = tuple(Rung(**rung) for rung in stored["rungs"])
        return cls(Source(**source), rungs, pieces, stored["copied"], stored["keeps_copy"])

    def piece(self, key: str) -> Piece:
        """The piece of that key.

        Raises: StopIteration if there is none.
        """
        return next(piece for piece in self.pieces if piece.key == key)

    @property
    def first_key(self) -> str:
        """The key of the piece that goes before everything else; none if the source itself is what plays first."""
        return "0.0" if self.pieces[0].length_s == FIRST_S or not self.copied else ""

    def rung(self, name: str) -> Rung:
        return next(rung for rung in self.rungs if rung.name == name)

    def seconds(self, piece: Piece) -> float:
        """How much of the film a piece holds."""
        return self.source.end_s - piece.start_s if piece.length_s is None else piece.length_s


def is_copyable(source: Source) -> bool:
    """Tell whether browsers play the pictures of this source as they are, and may enter them often enough."""
    return (
        source.video_codec == "h264"
        and source.pixel_format in ("yuv420p", "yuvj420p")
        and not source.interlaced
        and source.seeks
        and not source.lacks_its_end
        and source.shown.short_side <= COPY_SIDE_MAX
        and source.source_rate <= COPY_RATE_MAX
        and source.keyframe_gap_s <= COPY_KEYFRAME_GAP_MAX_S
    )


def ladder(source: Source, *, copy_is_top: bool) -> tuple[Rung, ...]:
    """The renditions to encode, the largest first: all of them, or those below the original when it is kept."""
    sizes = rendition_sizes(source.shown, SIDES)
    rungs = [Rung(f"video-{size.short_side}", size.width, size.height, _max_rate(size)) for size in sizes]
    return tuple(rungs[1:] if copy_is_top else rungs)


def _max_rate(size: Size) -> int:
    return next((rate for side, rate in MAX_RATES.items() if size.short_side > side * 0.75), min(MAX_RATES.values()))


def make(source: Source, *, is_early: bool = False, may_copy: bool = True) -> Plan:
    """Decide what is made of a source, and in which pieces. `is_early`: it still arrives, so that no copy helps yet."""
    copied = may_copy and is_copyable(source)
    quick_start = is_early or not copied
    light = source.bit_rate <= KEPT_COPY_BIT_RATE_MAX
    keeps_copy = copied and light and len(ladder(source, copy_is_top=True)) > 0
    rungs = ladder(source, copy_is_top=keeps_copy)
    bounds = _bounds(source, quick_start=quick_start)
    return Plan(source, rungs, tuple(_pieces(source, rungs, bounds, quick_start=quick_start)), copied, keeps_copy)


def lead_s(source: Source) -> int:
    """How long before a piece one must begin to decode, so that the picture shown at its start is known."""
    return max(LEAD_S, int(source.frame_gap_s) + 2) if source.frame_gap_s > LEAD_S * 0.9 else LEAD_S


def is_sought(source: Source) -> bool:
    """Tell whether pieces may be sought; else each decodes from the beginning, which is always exact."""
    return source.seeks and lead_s(source) <= LEAD_MAX_S


def longest_piece_s(source: Source) -> int:
    """How many seconds a piece of a sought film may last: whole segments of them."""
    return min(PIECE_S, max(PIECE_MIN_S, int(source.end_s / SHARES) // SEGMENT_S * SEGMENT_S))


def _bounds(source: Source, *, quick_start: bool) -> list[int]:
    """The seconds at which pieces begin."""
    longest = longest_piece_s(source)
    starts, at = [0], FIRST_S if quick_start else longest
    step = at
    while source.end_s - at >= _worth_a_piece(source, at):
        starts.append(at)
        if is_sought(source):
            step = min(max(2 * step, SEGMENT_S), longest)
        else:
            step = min(GROWTH * at // SEGMENT_S * SEGMENT_S, UNSOUGHT_PIECE_S)
        at += step
    return starts


def _worth_a_piece(source: Source, at: int) -> float:
    """How many seconds must be left at `at` for a piece of their own."""
    if at == FIRST_S:
        return 1 / source.rate
    return TAIL_S if is_sought(source) else max(TAIL_S, min(3 * at, UNSOUGHT_PIECE_S // 2))


def _pieces(source: Source, rungs: Sequence[Rung], starts: list[int], *, quick_start: bool) -> list[Piece]:
    found: list[Piece] = []
    segment = 0
    names = tuple(rung.name for rung in rungs)
    first = _first_rung(rungs)
    for number, start_s in enumerate(starts):
        length_s = starts[number + 1] - start_s if number + 1 < len(starts) else None
        end_s = source.end_s if length_s is None else start_s + length_s
        piece = Piece(number, 0, start_s, length_s, segment, names, _bytes_until(source.video_bytes, end_s, length_s))
        if number == 0 and quick_start and len(names) > 1:
            rest = tuple(name for name in names if name != first)
            found += [replace(piece, rungs=(first,)), replace(piece, part=1, rungs=rest)]
        else:
            found.append(piece)
        segment += segments_of(length_s) if length_s is not None else 0
    return found


def _first_rung(rungs: Sequence[Rung]) -> str:
    small = [rung.name for rung in rungs if min(rung.width, rung.height) <= FIRST_SIDE]
    return (small or [rungs[-1].name])[0]


def short_by_s(end_s: float) -> float:
    """How much may be missing of a film of `end_s` seconds before its author is told that it lacks its end."""
    return max(1.0, 0.02 * end_s)


def segments_of(length_s: float) -> int:
    """How many segments a piece of that length is cut into."""
    return max(1, -int(-length_s // SEGMENT_S))


def _bytes_until(held: tuple[int, ...], end_s: float, length_s: int | None) -> int | None:
    """How much of the file must be there for a piece that ends at `end_s`; None for all of it."""
    at = int(end_s) + 2  # pictures are stored a little before or after their turn
    return held[at] if length_s is not None and at < len(held) else None


def seconds_within(held: Sequence[int], byte_count: int) -> int:
    """How many whole seconds from the beginning lie in the first `byte_count` bytes, by an index of bytes a second."""
    known = 0
    for second, needed in enumerate(held):
        if needed > byte_count:
            break
        known = second
    return known


class Offer(Protocol):
    """What is asked of a rendition to know whether it is offered: its published `seconds`; a sound has no width."""

    name: str
    width: int
    height: int
    seconds: float
    is_whole: bool
    is_kept: bool


def offered[One: Offer](renditions: Sequence[One]) -> list[One]:
    """The renditions of pictures to offer now, the largest first.

    While a film is prepared, only those that reach as far as any: a player that chose a shorter one would stop there.
    """
    pictures = [one for one in renditions if one.width and one.seconds]
    kept = [one for one in pictures if one.is_kept]
    furthest = max((one.seconds for one in pictures), default=0.0)
    chosen = kept if kept and all(one.is_whole for one in kept) else pictures
    reaching = [one for one in chosen if one.seconds > furthest - 0.5 or one.is_whole]
    return sorted(reaching, key=lambda one: (-one.height, one.name))
