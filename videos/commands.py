"""The command lines of ffmpeg: pieces of a film in all their renditions, its pictures as they are, its sound, its
small pictures.

ffmpeg-python builds the graphs and the argument lists; `videos.runner` starts them. No shell, and no text of a
stranger's.
Source: docs/decisions/0011-pipeline.md
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ffmpeg
import imageio_ffmpeg

from videos import rules, white_lists
from videos.blurring.masks import Mask
from videos.plans import rules as plans
from videos.plans.rules import Piece, Plan, Rung, Source

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
AUDIO_BIT_RATE = 128_000
PRIMING_SAMPLES = 1024  # of ffmpeg's own AAC encoder
PQ, HLG = 16, 18  # transfer characteristics of HDR films, as ITU-T H.273 numbers them
TIMESCALE = 90_000
TO_LAST_S = rules.DURATION_MAX_S + 60  # where an output ends even if the source does not
FRAGMENTED = "+cmaf+empty_moov+default_base_moof+negative_cts_offsets+skip_trailer"
ALIVE = ("-progress", "pipe:1", "-stats_period", "5")  # a tool that says nothing any more is stuck
PLAIN = {"map_metadata": -1, "map_chapters": -1, "fflags": "+bitexact"}
# Quiet voices are raised, loud ones hardly lowered: a class filmed from its back is heard on a phone.
LEVELLED = {"expansion": 6, "raise": 0.0001, "link": 1}
SPRITE_HEIGHT, SPRITE_COLUMNS, SPRITES_MAX = 90, 10, 300
PEAKS_RATE = 8000
BLUR_CELLS = 10  # of the long side, whose colours alone are left of what is hidden


def _compiled(output: Any, *more: str) -> list[str]:
    options = ("-nostdin", "-hide_banner", "-y", "-v", "error", "-filter_complex_threads", "1", *more)
    return output.global_args(*options).compile(cmd=FFMPEG)


def _input(source: Path, **options: Any) -> Any:
    return ffmpeg.input(f"file:{source}", **options, **white_lists.INPUT)


# --- The pieces ---------------------------------------------------------------------------------------------------
def piece_file(rung: str) -> str:
    """The name of what ffmpeg writes of one rendition, in the folder where it runs."""
    return f"{rung}.mp4"


def piece(source: Path, plan: Plan, part: Piece, mask: Mask | None = None) -> list[str]:
    """Encode one piece in its renditions, decoding it once; files are named by `piece_file`. `mask`: what is hidden."""
    told, picture = plan.source, pictures_of(source, plan, part)
    if mask is not None:
        picture = _hidden(picture, mask, plan.rungs[0], told.rate)
    rungs = [plan.rung(name) for name in part.rungs]
    if len(rungs) == 1:
        return _compiled(_rendition(picture, rungs[0], told.rate, part), *ALIVE)
    copies = picture.filter_multi_output("split", len(rungs))
    outputs = [_rendition(copies.stream(n), rung, told.rate, part) for n, rung in enumerate(rungs)]
    return _compiled(ffmpeg.merge_outputs(*outputs), *ALIVE)


def pictures_of(source: Path, plan: Plan, part: Piece) -> Any:
    """The pictures of one piece, as the encoders receive them before they are scaled."""
    told = plan.source
    lead = _lead_s(told, part)
    sought = {"ss": part.start_s - lead} if part.start_s and plans.is_sought(told) else {}
    film = _input(source, **sought, threads=1)
    return _in_time(film[str(told.video)], told, part, lead)


def _lead_s(source: Source, part: Piece) -> int:
    return min(plans.lead_s(source), part.start_s) if plans.is_sought(source) else part.start_s


def _in_time(picture: Any, source: Source, part: Piece, lead_s: int) -> Any:
    """The pictures of a piece, one for each tick of the output's clock, as if the whole film had been decoded."""
    if source.interlaced:
        picture = picture.filter("yadif", deint="interlaced")
    picture = picture.filter("fps", source.rate, start_time=0)
    if lead_s:
        picture = picture.filter("trim", start=lead_s).filter("setpts", "PTS-STARTPTS")
    if not part.is_last:  # a picture that cannot be decoded near its end must not shorten a piece
        picture = picture.filter("tpad", stop=-1, stop_mode="clone")
    return _standard_colours(picture, source.transfer) if source.transfer in (HLG, PQ) else picture


def _standard_colours(picture: Any, transfer: int) -> Any:
    """Bring a phone's HDR to what every screen shows; without it the picture looks washed out."""
    read = {"min": "bt2020nc", "pin": "bt2020", "tin": "arib-std-b67" if transfer == HLG else "smpte2084"}
    shown = {"t": "bt709", "m": "bt709", "p": "bt709", "r": "tv"}
    if transfer == HLG:
        return picture.filter("zscale", **read, **shown)
    linear = picture.filter("zscale", **read, t="linear", npl=100).filter("format", "gbrpf32le")
    mapped = linear.filter("zscale", p="bt709").filter("tonemap", "hable", desat=0)
    return mapped.filter("zscale", t="bt709", m="bt709", r="tv")


def _scaled(picture: Any, width: int, height: int, **options: Any) -> Any:
    # The size is told, not computed by ffmpeg: anamorphic, rotated and changing sources all come out right.
    return picture.filter("scale", width, height, flags="bicubic", **options).filter("setsar", 1)


def _hidden(picture: Any, mask: Mask, largest: Rung, rate: int) -> Any:
    """The picture with what the mask covers replaced by a few mean colours: its details are gone, not disguised."""
    size = (largest.width, largest.height)
    scale = BLUR_CELLS / max(size)
    cells = [max(round(side * scale), 2) for side in size]
    whole = _scaled(picture, *size).filter("format", "yuv420p").filter_multi_output("split", 2)
    few = whole.stream(1).filter("scale", *cells, flags="area").filter("scale", *size, flags="bilinear")
    raw = {"f": "rawvideo", "pix_fmt": "gray", "s": f"{mask.width}x{mask.height}", "framerate": rate}
    covered = ffmpeg.input(f"file:{mask.file}", protocol_whitelist="file", **raw)["0"]
    seen_through = ffmpeg.filter([few, covered.filter("scale", *size, flags="bilinear")], "alphamerge", shortest=1)
    return ffmpeg.filter([whole.stream(0), seen_through], "overlay", format="yuv420", shortest=1)


def _rendition(copy: Any, rung: Rung, rate: int, part: Piece) -> Any:
    shown = _scaled(copy, rung.width, rung.height, out_color_matrix="bt709", out_range="tv").filter("format", "yuv420p")
    keyframes = plans.KEYFRAME_S * rate
    length = {"t": TO_LAST_S} if part.length_s is None else {"frames:v": part.length_s * rate}
    return ffmpeg.output(
        shown,
        piece_file(rung.name),
        **{"c:v": "libx264", "preset": "veryfast", "profile:v": "high", "crf": 23, "threads": 1},
        **{"maxrate": rung.max_rate, "bufsize": 2 * rung.max_rate, "flags:v": "+bitexact"},
        **{"x264-params": f"keyint={keyframes}:min-keyint={keyframes}:scenecut=0:open-gop=0"},
        **{"colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709", "color_range": "tv"},
        **{"video_track_timescale": TIMESCALE, "f": "mp4", "movflags": f"{FRAGMENTED}+frag_keyframe"},
        **length,
        **PLAIN,
    )


# --- What flows: the pictures as they are, and the sound -----------------------------------------------------------
def copy(source: Path, plan: Plan) -> list[str]:
    """Write the source's own pictures, in fragments that begin with a keyframe, to the standard output."""
    film = _input(source)
    return _compiled(
        ffmpeg.output(
            film[str(plan.source.video)],
            "pipe:1",
            **{"c": "copy", "f": "mp4", "movflags": f"{FRAGMENTED}+frag_keyframe", "t": TO_LAST_S},
            **{"video_track_timescale": TIMESCALE},
            **PLAIN,
        )
    )


def sound(source: Path, plan: Plan, *, until_s: float | None = None) -> list[str]:
    """Write the whole sound, in fragments of a second, to the standard output; it is never cut into pieces."""
    film = _input(source, **({} if until_s is None else {"t": until_s}))
    heard = film[str(plan.source.audio)].filter("aresample", 48000, **{"async": 1000, "first_pts": 0})
    stereo = heard.filter("aformat", channel_layouts="stereo").filter("speechnorm", **LEVELLED)
    # The encoder begins with that much of nothing: what follows it is then at its own time, with no edit list.
    stereo = stereo.filter("atrim", start_sample=PRIMING_SAMPLES).filter("asetpts", "N/SR/TB")
    return _compiled(
        ffmpeg.output(
            stereo,
            "pipe:1",
            **{"c:a": "aac", "b:a": AUDIO_BIT_RATE, "flags:a": "+bitexact", "t": TO_LAST_S},
            **{"f": "mp4", "movflags": FRAGMENTED, "frag_duration": 1_000_000},
            **PLAIN,
        )
    )


def voice(sound_file: Path, *, semitones: int) -> list[str]:
    """Write a sound of ours anew to the standard output, the voices `semitones` higher (or lower, below 0) or as they
    are; it lasts as long.
    """
    film = ffmpeg.input(f"file:{sound_file}", **white_lists.INPUT)["a:0"]
    encoder: dict[str, Any] = {"c:a": "copy"}
    if semitones:
        ratio = 2 ** (semitones / 12)
        film = film.filter("asetrate", round(48000 * ratio)).filter("aresample", 48000).filter("atempo", 1 / ratio)
        film = film.filter("atrim", start_sample=PRIMING_SAMPLES).filter("asetpts", "N/SR/TB")
        encoder = {"c:a": "aac", "b:a": AUDIO_BIT_RATE, "flags:a": "+bitexact"}
    written = {"f": "mp4", "movflags": FRAGMENTED, "frag_duration": 1_000_000}
    return _compiled(ffmpeg.output(film, "pipe:1", **encoder, **written, **PLAIN))


def repacked(source: Path, plan: Plan, target: str) -> list[str]:
    """Put the chosen streams of a source that cannot be sought in a container that can, as they are."""
    film = _input(source, copyts=None, start_at_zero=None, fflags="+genpts")
    tracks = [plan.source.video, *([] if plan.source.audio is None else [plan.source.audio])]
    streams = [film[str(track)] for track in tracks]
    return _compiled(ffmpeg.output(*streams, target, **{"c": "copy", "f": "matroska", "t": TO_LAST_S}, **PLAIN))


# --- Small pictures, peaks, and the film in one file ----------------------------------------------------------------
def poster(rendition: Path, at_s: float) -> list[str]:
    """Draw one picture of a rendition of ours."""
    film = ffmpeg.input(f"file:{rendition}", ss=f"{at_s:.3f}", **white_lists.INPUT)
    drawn = film["v:0"].filter("scale", "iw", "ih", out_range="pc").filter("format", "yuvj420p")
    return _compiled(
        ffmpeg.output(drawn, "poster.jpg", **{"f": "image2", "update": 1, "frames:v": 1, "q:v": 4}, **PLAIN)
    )


def sprite(rendition: Path, *, interval_s: int, width: int, count: int) -> list[str]:
    """Draw one small picture every `interval_s` seconds, from keyframes alone, in rows of ten."""
    film = ffmpeg.input(f"file:{rendition}", skip_frame="nokey", **white_lists.INPUT)
    seen = film["v:0"].filter("fps", f"1/{interval_s}", start_time=0, round="up")
    small = seen.filter("scale", width, SPRITE_HEIGHT, flags="bicubic", out_range="pc").filter("format", "yuvj420p")
    sheet = small.filter("tile", f"{SPRITE_COLUMNS}x{-(-count // SPRITE_COLUMNS)}")
    return _compiled(
        ffmpeg.output(sheet, "sprite.jpg", **{"f": "image2", "update": 1, "frames:v": 1, "q:v": 6}, **PLAIN)
    )


def peaks(sound_file: Path) -> list[str]:
    """Write the sound as numbers to the standard output: one channel, signed 16 bits, PEAKS_RATE a second."""
    film = ffmpeg.input(f"file:{sound_file}", **white_lists.INPUT)
    return _compiled(ffmpeg.output(film["a:0"], "pipe:1", **{"f": "s16le", "ac": 1, "ar": PEAKS_RATE}))


def whole(pictures: Path, sound_file: Path | None, target: str) -> list[str]:
    """Put a rendition and the sound in one file, which any player opens and which begins before it is all there."""
    streams = [ffmpeg.input(f"file:{pictures}", **white_lists.INPUT)["v:0"]]
    if sound_file:
        streams.append(ffmpeg.input(f"file:{sound_file}", **white_lists.INPUT)["a:0"])
    return _compiled(ffmpeg.output(*streams, target, **{"c": "copy", "f": "mp4", "movflags": "+faststart"}, **PLAIN))
