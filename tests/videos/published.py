"""What was published of a film, read back as a player reads it."""

from __future__ import annotations

import array
import io
import struct
from urllib.parse import urljoin

import av

from tests.videos.films import folder_of
from videos import boxes, paths, playlists
from videos.models import Film


def playlist(film: Film, name: str) -> str:
    text = playlists.text_of(name, list(film.renditions.published()))
    assert text is not None, f"no {name}"
    return text


def names_in(text: str) -> list[str]:
    return [urljoin("", line) for line in text.splitlines() if line and not line.startswith("#")]


def levels(film: Film) -> list[str]:
    """The names of the renditions of pictures that a player may choose, the largest first."""
    return [name.removesuffix(".m3u8") for name in names_in(playlist(film, "master.m3u8"))]


def rendition(film: Film, name: str) -> av.container.InputContainer:
    """One rendition, from its first segment to its last."""
    folder = folder_of(paths.output_key(film.pk, film.output))
    listed = names_in(playlist(film, f"{name}.m3u8"))
    whole = b"".join((folder / one).read_bytes() for one in [playlists.init(name), *listed])
    return av.open(io.BytesIO(whole))


def frames(film: Film, name: str) -> list[tuple[float, av.VideoFrame]]:
    """Each picture with its second, as a browser counts it; libav adds the delay of the first one to all."""
    begins = starts_at(film, name)
    with rendition(film, name) as container:
        decoded = list(container.decode(video=0))
    return [(float(one.time) - float(decoded[0].time) + begins, one) for one in decoded]


def starts_at(film: Film, name: str) -> float:
    """The second at which the first picture shown stands, by the boxes: what a browser goes by."""
    folder = folder_of(paths.output_key(film.pk, film.output))
    first = (folder / playlists.segment(name, 0)).read_bytes()
    (decoded,) = struct.unpack_from(">Q", first, next(boxes.inner(first, b"tfdt")).body + 4)
    run = next(boxes.inner(first, b"trun"))
    flags, count = struct.unpack_from(">II", first, run.body)
    at = run.body + 8 + 4 * bool(flags & 0x1) + 4 * bool(flags & 0x4)
    fields = [bit for bit in (0x100, 0x200, 0x400, 0x800) if flags & bit]
    duration_at, shift_at = (fields.index(bit) if bit in fields else None for bit in (0x100, 0x800))
    pieces = boxes.split((folder / playlists.init(name)).read_bytes() + first)
    default = pieces.fragments[0].ticks // pieces.fragments[0].samples  # of samples that do not say it
    shown = []
    for number in range(min(count, 30)):
        sample = at + 4 * len(fields) * number
        shift = struct.unpack_from(">i", first, sample + 4 * shift_at)[0] if shift_at is not None else 0
        shown.append(decoded + shift)
        decoded += default if duration_at is None else struct.unpack_from(">I", first, sample + 4 * duration_at)[0]
    return min(shown) / pieces.timescale


def sound(film: Film) -> array.array:
    """The samples of the left channel, from the beginning of the film."""
    samples = array.array("f")
    with rendition(film, "audio") as container:
        for frame in container.decode(audio=0):
            assert samples or frame.pts == 0
            samples.frombytes(bytes(frame.planes[0])[: 4 * frame.samples])
    return samples
