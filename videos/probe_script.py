"""Run as a script in a confined process: read a stranger's file with PyAV and print what it holds, as JSON.

Every packet is looked at (a header may lie about the duration); the first pictures are decoded (and about the size).
"""

import json
import sys
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))  # -I leaves it out

import av
import white_lists  # beside this script: the package would bring Django along
from av.stream import Disposition

PACKETS_MAX = 5_000_000
PICTURES = 3  # decoded at the beginning
ENOUGH_TRIES = 200  # packets without a picture: nothing will come


def candidates(container: av.container.InputContainer, kind: str, codecs: str) -> dict[int, dict[str, Any]]:
    """The streams of a kind that we know how to decode, cover pictures left out."""
    known = set(codecs.split(","))
    found = {}
    for stream in getattr(container.streams, kind):
        context = stream.codec_context
        if context is None or context.name not in known or stream.disposition & Disposition.attached_pic:
            continue
        context.options = {"max_pixels": str(white_lists.MAX_PIXELS)}
        default = bool(stream.disposition & Disposition.default)
        found[stream.index] = {
            "stream": stream,
            "default": default,
            "packets": 0,
            "first": None,
            "last": None,
            "pictures": [],
        }
    return found


def note(seen: dict[str, Any], packet: av.Packet) -> None:
    at = packet.pts if packet.pts is not None else packet.dts
    if at is None or packet.time_base is None:
        return
    start = at * packet.time_base
    end = start + (packet.duration or 0) * packet.time_base
    seen["first"] = start if seen["first"] is None else min(seen["first"], start)
    seen["last"] = end if seen["last"] is None else max(seen["last"], end)


def look(seen: dict[str, Any], packet: av.Packet) -> None:
    """Decode the first pictures of a stream; a damaged one is passed over."""
    if len(seen["pictures"]) >= PICTURES or seen["packets"] > ENOUGH_TRIES:
        return
    with suppress(av.error.FFmpegError):
        seen["pictures"] += packet.decode()


def scan(container: av.container.InputContainer, video: dict[int, Any], audio: dict[int, Any]) -> None:
    for number, packet in enumerate(container.demux()):
        if number > PACKETS_MAX:
            raise ValueError("too many packets")
        seen = video.get(packet.stream_index) or audio.get(packet.stream_index)
        if seen is None or packet.is_discard:
            continue
        if packet.size:
            seen["packets"] += 1
            note(seen, packet)
        if packet.stream_index in video:
            look(seen, packet)


def best(found: dict[int, dict[str, Any]], worth: str) -> dict[str, Any] | None:
    """The default stream if it holds something, else the one that holds the most."""
    full = [seen for seen in found.values() if seen[worth]]
    return max(full, key=lambda seen: (seen["default"], seen["packets"]), default=None)


def picture(seen: dict[str, Any], start: Fraction) -> dict[str, Any]:
    stream, frame = seen["stream"], seen["pictures"][0]
    ratio = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio or 1
    return {
        "index": stream.index,
        "codec": stream.codec_context.name,
        "width": frame.width,
        "height": frame.height,
        "pixel_ratio": float(ratio) if ratio > 0 else 1.0,
        "rotation": int(frame.rotation),
        "rate": float(stream.average_rate or stream.guessed_rate or 0),
        "frames": seen["packets"],
        "end_s": float((seen["last"] or 0) - start),
        "transfer": int(frame.color_trc),
        "interlaced": any(image.interlaced_frame for image in seen["pictures"]),
    }


def probe(path: str) -> dict[str, Any]:
    try:
        container = av.open(f"file:{path}", options=white_lists.CONTAINER)
    except (av.error.FFmpegError, ValueError):
        return {"refused": "unreadable"}
    with container:
        video = candidates(container, "video", white_lists.VIDEO_CODECS)
        audio = candidates(container, "audio", white_lists.AUDIO_CODECS)
        try:
            scan(container, video, audio)
        except (av.error.FFmpegError, ValueError):
            return {"refused": "unreadable"}
        seen, heard = best(video, "pictures"), best(audio, "packets")
        if seen is None or seen["last"] is None:
            return {"refused": "no_picture" if heard and not video else "unreadable"}
        starts = [one["first"] for one in (*video.values(), *audio.values()) if one["first"] is not None]
        start = Fraction(container.start_time, av.time_base) if container.start_time is not None else min(starts)
        return {
            "format": container.format.name,
            "declared_s": container.duration / av.time_base if container.duration else None,
            "video": picture(seen, start),
            "audio": heard["stream"].index if heard else None,
            "audio_end_s": float(heard["last"] - start) if heard and heard["last"] is not None else None,
        }


if __name__ == "__main__":
    av.logging.set_level(None)
    print(json.dumps(probe(sys.argv[1])))  # noqa: T201 (its answer)
