"""HLS playlists, written from the rows of the renditions each time they are asked for: they grow while a film is
prepared.

Pure but for the rows it is given. Source: RFC 8216; docs/decisions/0011-pipeline.md
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from videos.models import Rendition
from videos.plans import rules as plans

AUDIO_CODEC = "mp4a.40.2"
MASTER = "master.m3u8"
HEAD = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]


def segment(name: str, number: int) -> str:
    """The name of one segment of a rendition, from 0."""
    return f"{name}-{number:05d}.m4s"


def init(name: str) -> str:
    return f"{name}-init.mp4"


def avc_codec(init_segment: bytes) -> str:
    """Return the name that players expect of the H.264 in an initialisation segment: `avc1.64001f`.

    Raises: ValueError if there is none.
    """
    at = init_segment.find(b"avcC")
    if at < 0 or len(init_segment) < at + 8:
        raise ValueError("no H.264 in the initialisation segment")
    return f"avc1.{init_segment[at + 5 : at + 8].hex()}"


def master(renditions: Sequence[Rendition]) -> str:
    """Write the playlist that names the others."""
    sound = next((one for one in renditions if one.name == plans.AUDIO and one.lengths), None)
    lines = list(HEAD)
    if sound:
        media = f'TYPE=AUDIO,GROUP-ID="son",NAME="Son",DEFAULT=YES,AUTOSELECT=YES,URI="{sound.name}.m3u8"'
        lines.append(f"#EXT-X-MEDIA:{media}")
    for one in plans.offered(renditions):
        attributes = [
            f"BANDWIDTH={one.peak_rate + (sound.peak_rate if sound else 0)}",
            f"AVERAGE-BANDWIDTH={one.average_rate + (sound.average_rate if sound else 0)}",
            f"RESOLUTION={one.width}x{one.height}",
            f"FRAME-RATE={one.rate:.3f}",
            f'CODECS="{one.codecs}{"," + AUDIO_CODEC if sound else ""}"',
            *(['AUDIO="son"'] if sound else []),
        ]
        lines += [f"#EXT-X-STREAM-INF:{','.join(attributes)}", f"{one.name}.m3u8"]
    return "\n".join(lines) + "\n"


def media(rendition: Rendition) -> str:
    """Write the playlist of one rendition: closed once it is whole, else one that players ask for again."""
    longest = max(rendition.lengths, default=plans.SEGMENT_S)
    lines = [
        *HEAD,
        f"#EXT-X-TARGETDURATION:{max(math.ceil(longest - 0.01), plans.SEGMENT_S)}",
        "#EXT-X-MEDIA-SEQUENCE:0",
    ]
    lines.append(f"#EXT-X-PLAYLIST-TYPE:{'VOD' if rendition.is_whole else 'EVENT'}")
    if not rendition.is_whole:
        lines.append("#EXT-X-START:TIME-OFFSET=0")
    lines.append(f'#EXT-X-MAP:URI="{init(rendition.name)}"')
    for number, length in enumerate(rendition.lengths):
        lines += [f"#EXTINF:{length:.6f},", segment(rendition.name, number)]
    if rendition.is_whole:
        lines.append("#EXT-X-ENDLIST")
    return "\n".join(lines) + "\n"


def text_of(name: str, renditions: Sequence[Rendition]) -> str | None:
    """The playlist of that name; None if there is none."""
    if name == MASTER:
        return master(renditions) if plans.offered(renditions) else None
    found = next((one for one in renditions if f"{one.name}.m3u8" == name and one.lengths), None)
    return media(found) if found else None
