"""HLS playlists: what ffmpeg wrote, read again and doubted; the master playlist, written by us."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from videos.rules import Size

_EXTINF = re.compile(r"^#EXTINF:([0-9.]+),", re.MULTILINE)
AUDIO_CODEC = "mp4a.40.2"


class Truncated(Exception):
    """A rendition that is not whole, whatever ffmpeg's exit code said."""


@dataclass(frozen=True)
class Rendition:
    """One whole rendition on the disk. Rates are in bits a second."""

    playlist: str
    duration_s: float
    peak_rate: int
    average_rate: int


def read(folder: Path, playlist: str, *, expected_s: float) -> Rendition:
    """Read a rendition that ffmpeg has just written.

    Raises: Truncated if its end is not marked, if a file is missing or empty, or if it lasts over 2 % (at least 0.3 s)
    less than `expected_s`.
    """
    file = folder / playlist
    text = file.read_text() if file.exists() else ""
    if "#EXT-X-ENDLIST" not in text:
        raise Truncated(f"{playlist}: no end")
    names = [line for line in text.splitlines() if line and not line.startswith("#")]
    lengths = [float(length) for length in _EXTINF.findall(text)]
    init = folder / playlist.replace(".m3u8", "-init.mp4")
    sizes = [(folder / name).stat().st_size if (folder / name).exists() else 0 for name in names]
    if not names or len(names) != len(lengths) or 0 in sizes or not init.exists() or not init.stat().st_size:
        raise Truncated(f"{playlist}: a segment is missing or empty")
    duration_s = sum(lengths)
    if duration_s < expected_s - max(0.3, 0.02 * expected_s):
        raise Truncated(f"{playlist}: {duration_s:.2f} s of {expected_s:.2f} s")
    peak = max(8 * size / max(length, 0.1) for size, length in zip(sizes, lengths, strict=True))
    return Rendition(playlist, duration_s, int(peak), int(8 * sum(sizes) / max(duration_s, 0.1)))


def avc_codec(init: bytes) -> str:
    """Return the name that players expect of the H.264 in an initialisation segment: `avc1.64001f`.

    Raises: Truncated if there is none.
    """
    at = init.find(b"avcC")
    if at < 0 or len(init) < at + 8:
        raise Truncated("no H.264 in the initialisation segment")
    return f"avc1.{init[at + 5 : at + 8].hex()}"


def master(folder: Path, pictures: Sequence[tuple[Size, Rendition]], sound: Rendition | None, rate: int) -> str:
    """Write the playlist that names the others."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if sound:
        media = f'TYPE=AUDIO,GROUP-ID="son",NAME="Son",DEFAULT=YES,AUTOSELECT=YES,URI="{sound.playlist}"'
        lines.append(f"#EXT-X-MEDIA:{media}")
    for size, picture in pictures:
        codecs = avc_codec((folder / picture.playlist.replace(".m3u8", "-init.mp4")).read_bytes())
        peak = picture.peak_rate + (sound.peak_rate if sound else 0)
        average = picture.average_rate + (sound.average_rate if sound else 0)
        attributes = [
            f"BANDWIDTH={peak}",
            f"AVERAGE-BANDWIDTH={average}",
            f"RESOLUTION={size.width}x{size.height}",
            f"FRAME-RATE={rate:.3f}",
            f'CODECS="{codecs}{"," + AUDIO_CODEC if sound else ""}"',
            *(['AUDIO="son"'] if sound else []),
        ]
        lines += [f"#EXT-X-STREAM-INF:{','.join(attributes)}", picture.playlist]
    return "\n".join(lines) + "\n"
