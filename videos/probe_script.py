"""Run as a script in a confined process: read a stranger's file with PyAV and print what it holds, as JSON.

A header may lie about the duration and the size: an MP4 or MOV is read by its index of samples, which cannot be longer
than the file; of any other file, every packet is looked at. The first pictures are decoded.
Arguments: the file; how many of its bytes have arrived, if it is still on its way.
"""

import itertools
import json
import os
import struct
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
BOXES_MAX = 100  # looked at, of a file that does not open
SECONDS_MAX = 4200  # of the curve of bytes: more than the longest film


class Track:
    """What is seen of one stream. Times are in its own time base."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.default = bool(stream.disposition & Disposition.default)
        self.tries = 0
        self.pictures: list[av.VideoFrame] = []
        self.starts: list[int] = []
        self.keys: list[int] = []
        self.last: int | None = None
        self.size = 0
        self.bytes_by_second: list[int] = []
        self.cut = False  # some of it lies beyond the end of the file

    @property
    def first(self) -> int | None:
        return min(self.starts, default=None)

    def look(self, packet: av.Packet) -> None:
        """Decode the first pictures; a damaged one is passed over."""
        self.tries += 1
        if len(self.pictures) < PICTURES and self.tries <= ENOUGH_TRIES:
            with suppress(av.error.FFmpegError):
                self.pictures += packet.decode()

    @property
    def is_seen(self) -> bool:
        return len(self.pictures) >= PICTURES or self.tries > ENOUGH_TRIES

    def note(self, packet: av.Packet) -> None:
        at = packet.pts if packet.pts is not None else packet.dts
        self.size += packet.size
        if at is None:
            return
        self.starts.append(at)
        end = at + (packet.duration or 0)
        self.last = end if self.last is None else max(self.last, end)
        if packet.is_keyframe:
            self.keys.append(at)

    def seconds(self, ticks: int) -> float:
        return float(ticks * self.stream.time_base)


def candidates(container: av.container.InputContainer, kind: str, codecs: str) -> dict[int, Track]:
    """The streams of a kind that we know how to decode, cover pictures left out."""
    known = set(codecs.split(","))
    found = {}
    for stream in getattr(container.streams, kind):
        context = stream.codec_context
        if context is None or context.name not in known or stream.disposition & Disposition.attached_pic:
            continue
        context.options = {"max_pixels": str(white_lists.MAX_PIXELS)}
        found[stream.index] = Track(stream)
    return found


def has_index(container: av.container.InputContainer, tracks: list[Track]) -> bool:
    """Tell whether the file's own index names every sample: an MP4 or MOV that is not in fragments."""
    return container.format.name.startswith("mov") and all(
        0 < track.stream.frames == len(track.stream.index_entries) for track in tracks
    )


def read_index(track: Track, size: int, *, curve: bool) -> None:
    """Fill a track from the index. Samples stand there in the order of decoding."""
    base = track.stream.time_base
    entries, begins = list(track.stream.index_entries), track.stream.start_time or 0
    if not entries:
        return
    delay = max(begins - entries[0].timestamp, 0)  # pictures are shown that much after they are decoded
    furthest = 0
    for entry in entries:
        if entry.pos + entry.size > size:
            track.cut = True
            break
        track.starts.append(entry.timestamp + delay)
        track.size += entry.size
        furthest = max(furthest, entry.pos + entry.size)
        if entry.is_keyframe:
            track.keys.append(entry.timestamp + delay)
        if curve:
            at_s = min(max(int(entry.timestamp * base), 0), SECONDS_MAX)
            track.bytes_by_second += [furthest] * (at_s + 1 - len(track.bytes_by_second))
            track.bytes_by_second[at_s] = furthest
    if track.starts:
        usual = (track.starts[-1] - track.starts[0]) // max(len(track.starts) - 1, 1)
        track.last = track.starts[-1] + max(usual, 1)
        if len(track.starts) == 1 and track.stream.duration:
            track.last = track.starts[0] + track.stream.duration


def see_pictures(container: av.container.InputContainer, video: dict[int, Track]) -> None:
    for packet in container.demux([track.stream for track in video.values()]):
        if packet.size:
            video[packet.stream_index].look(packet)
        if all(track.is_seen for track in video.values()):
            return


def scan(container: av.container.InputContainer, video: dict[int, Track], audio: dict[int, Track]) -> None:
    """Look at every packet."""
    for number, packet in enumerate(container.demux()):
        if number > PACKETS_MAX:
            raise ValueError("too many packets")
        track = video.get(packet.stream_index) or audio.get(packet.stream_index)
        if track is None or packet.is_discard or not packet.size:
            continue
        track.note(packet)
        if packet.stream_index in video and not track.is_seen:
            track.look(packet)


def best(found: dict[int, Track], *, pictures: bool) -> Track | None:
    """The default stream if it holds something, else the one that holds the most."""
    full = [track for track in found.values() if (track.pictures if pictures else track.starts)]
    return max(full, key=lambda track: (track.default, len(track.starts)), default=None)


def widest(times: list[int]) -> int:
    """The longest time between two neighbours."""
    times = sorted(times)
    return max((after - before for before, after in itertools.pairwise(times)), default=0)


def described(track: Track, start: Fraction) -> dict[str, Any]:
    stream, frame = track.stream, track.pictures[0]
    ratio = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio or 1
    first, last = track.first or 0, track.last or 0
    return {
        "index": stream.index,
        "codec": stream.codec_context.name,
        "pixel_format": frame.format.name,
        "width": frame.width,
        "height": frame.height,
        "pixel_ratio": float(ratio) if ratio > 0 else 1.0,
        "rotation": int(frame.rotation),
        "rate": float(stream.average_rate or stream.guessed_rate or 0),
        "frames": len(track.starts),
        "start_s": track.seconds(first) - float(start),
        "end_s": track.seconds(last) - float(start),
        "keyframe_gap_s": track.seconds(widest([*track.keys, last])) if track.keys else 1e6,
        "frame_gap_s": track.seconds(widest([*track.starts, last])),
        "size": track.size,
        "transfer": int(frame.color_trc),
        "interlaced": any(image.interlaced_frame for image in track.pictures),
        "bytes_by_second": track.bytes_by_second,
        "cut": track.cut,
    }


def start_of(container: av.container.InputContainer, tracks: list[Track]) -> Fraction:
    if container.start_time is not None:
        return Fraction(container.start_time, av.time_base)
    return min(track.first * track.stream.time_base for track in tracks if track.first is not None)


def lacks_its_index(path: str) -> bool:
    """Tell whether this is an MP4 or MOV that was cut before its index, which a camera writes last."""
    kinds: list[bytes] = []
    at, size = 0, os.path.getsize(path)
    with Path(path).open("rb") as file:
        while at + 16 <= size and len(kinds) < BOXES_MAX:
            file.seek(at)
            length, kind, long = struct.unpack(">I4sQ", file.read(16))
            kinds.append(kind)
            at += max(long if length == 1 else length or size, 8)
    return kinds[:1] == [b"ftyp"] and b"mdat" in kinds and b"moov" not in kinds


def probe(path: str, arrived: int | None = None) -> dict[str, Any]:
    try:
        container = av.open(f"file:{path}", options=white_lists.CONTAINER)
    except (av.error.FFmpegError, ValueError):
        return {"refused": "incomplete" if lacks_its_index(path) else "unreadable"}
    with container:
        video = candidates(container, "video", white_lists.VIDEO_CODECS)
        audio = candidates(container, "audio", white_lists.AUDIO_CODECS)
        tracks, indexed = [*video.values(), *audio.values()], False
        try:
            indexed = has_index(container, tracks) and bool(tracks)
            if not indexed and arrived is not None:
                return {"refused": "not_yet"}
            if indexed:
                see_pictures(container, video)
                for track in tracks:
                    read_index(track, os.path.getsize(path), curve=arrived is not None)
            else:
                scan(container, video, audio)
        except (av.error.FFmpegError, ValueError):
            return {"refused": "unreadable"}
        seen, heard = best(video, pictures=True), best(audio, pictures=False)
        if seen is None or seen.last is None:
            return {"refused": "no_picture" if heard and not video else "unreadable"}
        start = start_of(container, tracks)
        return {
            "format": container.format.name,
            "indexed": indexed,
            "declared_s": container.duration / av.time_base if container.duration else None,
            "video": described(seen, start),
            "audio": heard.stream.index if heard else None,
            "audio_end_s": heard.seconds(heard.last) - float(start) if heard and heard.last is not None else None,
            "audio_bytes": heard.bytes_by_second if heard else [],
        }


if __name__ == "__main__":
    av.logging.set_level(None)
    print(json.dumps(probe(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None)))  # noqa: T201 (its answer)
