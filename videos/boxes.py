"""Fragmented MP4, box by box: cut what ffmpeg wrote into segments, and put each at its place in the whole film.

Pure: bytes in, bytes out. A piece is encoded as if it began at 0; players need to know where it really begins.
Source: ISO/IEC 14496-12 (moof, mfhd, tfdt, trun).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

HEAD_MAX = 1024 * 1024  # no head of ours comes near it
CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"moof", b"traf", b"mvex"})


class Broken(ValueError):
    """Not the boxes that we expect of our own encoder: a full disk, or a tool that died."""


@dataclass(frozen=True)
class Box:
    """One box of `data[start:end]`; its content begins at `body`."""

    kind: bytes
    start: int
    body: int
    end: int


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """Walk the boxes that lie side by side in `data[start:end]`.

    Raises: Broken if one says that it is longer than its room.
    """
    end = len(data) if end is None else end
    while start < end:
        if end - start < 8:
            raise Broken("a box without a head")
        size, kind = struct.unpack_from(">I4s", data, start)
        body = start + 8
        if size == 1:
            if end - start < 16:
                raise Broken("a box without a head")
            (size,) = struct.unpack_from(">Q", data, body)
            body += 8
        if size < body - start or start + size > end:
            raise Broken(f"{kind!r} goes beyond its room")
        yield Box(kind, start, body, start + size)
        start += size


def inner(data: bytes, kind: bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """Find each box of that kind, at any depth."""
    for box in boxes(data, start, end):
        if box.kind == kind:
            yield box
        elif box.kind in CONTAINERS:
            yield from inner(data, kind, box.body, box.end)


@dataclass(frozen=True)
class Fragment:
    """One `moof` and its `mdat`: pictures that begin with a keyframe, or some sound, `ticks` long."""

    data: bytes
    samples: int
    ticks: int


@dataclass(frozen=True)
class Pieces:
    """A fragmented file, taken apart. `timescale` is in ticks a second."""

    init: bytes
    timescale: int
    fragments: list[Fragment]


def split(data: bytes) -> Pieces:
    """Take a fragmented MP4 of one track apart.

    Raises: Broken if its head or the end of a fragment is missing.
    """
    top = list(boxes(data))
    heads = [box for box in top if box.kind in (b"ftyp", b"moov")]
    if [box.kind for box in heads] != [b"ftyp", b"moov"]:
        raise Broken("no head")
    init = b"".join(data[box.start : box.end] for box in heads)
    pairs = [box for box in top if box.kind in (b"moof", b"mdat")]
    if [box.kind for box in pairs] != [b"moof", b"mdat"] * (len(pairs) // 2):
        raise Broken("a fragment without its data")
    default = _default_ticks(init)
    moofs, mdats = pairs[::2], pairs[1::2]
    found = [_fragment(data, moof, mdat, default) for moof, mdat in zip(moofs, mdats, strict=True)]
    return Pieces(init, timescale(init), found)


def timescale(init: bytes) -> int:
    """Return the ticks a second of the only track.

    Raises: Broken if there is none.
    """
    for box in inner(init, b"mdhd"):
        long = init[box.body] == 1
        (ticks,) = struct.unpack_from(">I", init, box.body + (20 if long else 12))
        return int(ticks)
    raise Broken("no timescale")


def _default_ticks(init: bytes) -> int:
    for box in inner(init, b"trex"):
        return int(struct.unpack_from(">I", init, box.body + 12)[0])
    return 0


def _fragment(data: bytes, moof: Box, mdat: Box, default: int) -> Fragment:
    samples = ticks = 0
    for traf in (box for box in boxes(data, moof.body, moof.end) if box.kind == b"traf"):
        for box in boxes(data, traf.body, traf.end):
            if box.kind == b"tfhd":
                default = _ticks_of_header(data, box, default)
            elif box.kind == b"trun":
                count, lasted = _run(data, box, default)
                samples, ticks = samples + count, ticks + lasted
    return Fragment(data[moof.start : mdat.end], samples, ticks)


def _ticks_of_header(data: bytes, box: Box, default: int) -> int:
    flags = struct.unpack_from(">I", data, box.body)[0] & 0xFFFFFF
    at = box.body + 8 + (8 if flags & 0x1 else 0) + (4 if flags & 0x2 else 0)
    return int(struct.unpack_from(">I", data, at)[0]) if flags & 0x8 else default


def _run(data: bytes, box: Box, default: int) -> tuple[int, int]:
    flags, count = struct.unpack_from(">II", data, box.body)
    flags &= 0xFFFFFF
    if not flags & 0x100:
        return int(count), int(count) * default
    at = box.body + 8 + (4 if flags & 0x1 else 0) + (4 if flags & 0x4 else 0)
    step = 4 * sum(bool(flags & bit) for bit in (0x100, 0x200, 0x400, 0x800))
    if at + step * count > box.end:
        raise Broken("a run goes beyond its room")
    return int(count), sum(struct.unpack_from(">I", data, at + step * number)[0] for number in range(count))


def moved(fragment: bytes, *, ticks: int, number: int) -> bytes:
    """Return the same fragment, `ticks` later and as number `number` of the film (from 1).

    Raises: Broken if it holds no time.
    """
    changed = bytearray(fragment)
    found = 0
    for box in inner(fragment, b"mfhd"):
        struct.pack_into(">I", changed, box.body + 4, number)
    for box in inner(fragment, b"tfdt"):
        form = ">Q" if fragment[box.body] == 1 else ">I"
        (at,) = struct.unpack_from(form, fragment, box.body + 4)
        struct.pack_into(form, changed, box.body + 4, at + ticks)
        found += 1
    if not found:
        raise Broken("a fragment without a time")
    return bytes(changed)


def whole_ends(data: bytes, kinds: tuple[bytes, bytes]) -> int | None:
    """Return where the first box of the second kind ends, if `data` begins with both, whole; None if more must come.

    Raises: Broken if `data` begins with something else.
    """
    at = 0
    for kind in kinds:
        while True:
            if len(data) - at < 16:
                return None
            size, found = struct.unpack_from(">I4s", data, at)
            if size == 1:
                (size,) = struct.unpack_from(">Q", data, at + 8)
            if size < 8 or found not in (*kinds, b"styp", b"sidx", b"prft", b"free", b"mfra"):
                raise Broken(f"{found!r} between fragments")
            if at + size > len(data):
                return None
            at += size
            if found == kind:
                break
    return at
