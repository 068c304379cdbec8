"""The command line that makes of a source its renditions, its sound and its poster, decoding it once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ffmpeg
import imageio_ffmpeg

from videos import rules, white_lists
from videos.probing import Source
from videos.rules import Size

BIT_RATES = {480: 1_200_000, 240: 400_000}  # at most, by the short side
AUDIO_BIT_RATE = 128_000
PQ, HLG = 16, 18  # transfer characteristics of HDR films, as ITU-T H.273 numbers them
TO_LAST_S = rules.DURATION_MAX_S + 60  # where an output ends even if the source does not
PLAIN = {"map_metadata": -1, "map_chapters": -1, "fflags": "+bitexact", "t": TO_LAST_S}


def transcode(source: Path, plan: Source) -> list[str]:
    """Return the argument list; outputs are named relative to the folder in which it runs. No shell, no user text."""
    film = ffmpeg.input(f"file:{source}", **white_lists.INPUT)
    sizes = rules.rendition_sizes(plan.shown)
    copies = _upright(film[str(plan.video)], plan).filter_multi_output("split", len(sizes) + 1)
    outputs = [_rendition(copies.stream(n), size, n + 1, plan) for n, size in enumerate(sizes)]
    outputs.append(_poster(copies.stream(len(sizes)), sizes[0], plan))
    if plan.audio is not None:
        outputs.append(_sound(film[str(plan.audio)]))
    whole = ffmpeg.merge_outputs(*outputs).global_args(
        *("-nostdin", "-hide_banner", "-y", "-v", "error"),
        *("-progress", "pipe:1", "-stats_period", "1", "-filter_complex_threads", "1"),
    )
    return whole.compile(cmd=imageio_ffmpeg.get_ffmpeg_exe())


def _upright(picture: Any, plan: Source) -> Any:
    if plan.interlaced:
        picture = picture.filter("yadif", deint="interlaced")
    if plan.transfer in (HLG, PQ):
        picture = _standard_colours(picture, plan.transfer)
    return picture.filter("fps", plan.rate, start_time=0)


def _standard_colours(picture: Any, transfer: int) -> Any:
    """Bring a phone's HDR to what every screen shows; without it the picture looks washed out."""
    read = {"min": "bt2020nc", "pin": "bt2020", "tin": "arib-std-b67" if transfer == HLG else "smpte2084"}
    shown = {"t": "bt709", "m": "bt709", "p": "bt709", "r": "tv"}
    if transfer == HLG:
        return picture.filter("zscale", **read, **shown)
    linear = picture.filter("zscale", **read, t="linear", npl=100).filter("format", "gbrpf32le")
    mapped = linear.filter("zscale", p="bt709").filter("tonemap", "hable", desat=0)
    return mapped.filter("zscale", t="bt709", m="bt709", r="tv")


def _scaled(picture: Any, size: Size) -> Any:
    # The size is told, not computed by ffmpeg: anamorphic, rotated and changing sources all come out right.
    scaled = picture.filter("scale", size.width, size.height, flags="bicubic", out_color_matrix="bt709", out_range="tv")
    return scaled.filter("setsar", 1).filter("format", "yuv420p")


def _hls(name: str) -> dict[str, Any]:
    return {
        "f": "hls",
        "hls_time": rules.SEGMENT_S,
        "hls_playlist_type": "vod",
        "hls_segment_type": "fmp4",
        "avoid_negative_ts": "disabled",  # else the pictures come some hundredths of a second after the sound
        "hls_flags": "independent_segments",
        "hls_fmp4_init_filename": f"{name}-init.mp4",
        "hls_segment_filename": f"{name}-%05d.m4s",
    }


def _rendition(copy: Any, size: Size, number: int, plan: Source) -> Any:
    most = next((rate for side, rate in BIT_RATES.items() if size.short_side > side * 0.75), min(BIT_RATES.values()))
    keyframes = 2 * plan.rate  # every two seconds, so that segments end where they should
    return ffmpeg.output(
        _scaled(copy, size),
        f"video-{number}.m3u8",
        **{
            "c:v": "libx264",
            "preset": "veryfast",
            "profile:v": "high",
            "crf": 23,
            "maxrate": most,
            "bufsize": 2 * most,
        },
        **{"x264-params": f"keyint={keyframes}:min-keyint={keyframes}:scenecut=0:open-gop=0", "flags:v": "+bitexact"},
        **{"colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709", "color_range": "tv", "threads": 2},
        **_hls(f"video-{number}"),
        **PLAIN,
    )


def _poster(copy: Any, size: Size, plan: Source) -> Any:
    early = copy.filter("select", f"gte(t,{min(1.0, plan.end_s / 3):.3f})")
    scaled = early.filter("scale", size.width, size.height, flags="bicubic", out_range="pc").filter("setsar", 1)
    return ffmpeg.output(
        scaled.filter("format", "yuvj420p"),
        "poster.jpg",
        **{"f": "image2", "update": 1, "frames:v": 1, "c:v": "mjpeg", "q:v": 4},
        **PLAIN,
    )


def _sound(heard: Any) -> Any:
    return ffmpeg.output(
        heard.filter("aresample", 48000, **{"async": 1000, "first_pts": 0}),
        "audio.m3u8",
        **{"c:a": "aac", "ac": 2, "b:a": AUDIO_BIT_RATE, "flags:a": "+bitexact"},
        **_hls("audio"),
        **PLAIN,
    )
