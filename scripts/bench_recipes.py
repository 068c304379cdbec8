"""Bare ffmpeg, and the recipes of other platforms, for the benchmark of films: parameters read in their sources."""

from __future__ import annotations

import subprocess
from pathlib import Path

from videos.commands import FFMPEG
from videos.plans.rules import Plan, Rung


def run(folder: Path, *arguments: str | Path) -> None:
    """Run ffmpeg in `folder`."""
    command = [FFMPEG, "-nostdin", "-hide_banner", "-y", "-v", "error", *map(str, arguments)]
    subprocess.run(command, check=True, cwd=folder)


def bare(folder: Path, source: Path, plan: Plan, *, seconds: float | None = None) -> None:
    """One command for the renditions of `plan`."""
    names = [f"v{number}" for number in range(len(plan.rungs))]
    scaled = ";".join(
        f"[s{n}]scale={rung.width}:{rung.height}:flags=bicubic,setsar=1,format=yuv420p[{name}]"
        for n, (name, rung) in enumerate(zip(names, plan.rungs, strict=True))
    )
    split = "".join(f"[s{n}]" for n in range(len(names)))
    graph = f"[0:v:0]fps={plan.source.rate},split={len(names)}{split};{scaled}"
    outputs: list[str] = []
    for name, rung in zip(names, plan.rungs, strict=True):
        outputs += ["-map", f"[{name}]", *encoder(rung, plan.source.rate), "-f", "null", "-"]
    run(folder, "-i", source, *(["-t", str(seconds)] if seconds else []), "-filter_complex", graph, *outputs)


def encoder(rung: Rung, rate: int) -> list[str]:
    ceiling = ["-maxrate", str(rung.max_rate), "-bufsize", str(2 * rung.max_rate)]
    key = f"keyint={2 * rate}:min-keyint={2 * rate}:scenecut=0:open-gop=0"
    return ["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", "23", *ceiling, "-x264-params", key]


def peertube(folder: Path, source: Path, plan: Plan, seconds: int) -> None:
    """One process a resolution, each decoding the source again (packages/ffmpeg, default profile)."""
    for rung in plan.rungs:
        size = f"scale=w={rung.width}:h={rung.height},format=yuv420p"
        video = ["-c:v", "libx264", "-preset", "veryfast", "-b_strategy", "1", "-bf", "16", "-g", "60"]
        rates = ["-maxrate", str(rung.max_rate), "-bufsize", str(2 * rung.max_rate)]
        hls = ["-hls_time", "4", "-hls_list_size", "0", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4"]
        target = ["-f", "hls", *hls, "-hls_flags", "single_file", f"{rung.name}.m3u8"]
        run(folder, "-i", source, "-t", str(seconds), "-vf", size, *video, *rates, "-c:a", "aac", *target)


def esup_pod(folder: Path, source: Path, plan: Plan, seconds: int) -> None:
    """MP4 in two sizes, then HLS in three sizes, encoded again, preset slow (encoding_settings.py)."""
    common = ["-t", str(seconds), "-c:v", "libx264", "-preset", "slow", "-crf", "20", "-c:a", "aac", "-ar", "48000"]
    for height in (360, 720):
        run(folder, "-i", source, *common, "-vf", f"scale=-2:{height}", "-movflags", "+faststart", f"pod-{height}.mp4")
    for height in (360, 720, 1080):
        hls = ["-hls_time", "2", "-hls_playlist_type", "vod", "-hls_flags", "single_file"]
        run(folder, "-i", source, *common, "-vf", f"scale=-2:{height}", *hls, f"pod-{height}.m3u8")
    run(folder, "-i", source, "-t", str(seconds), "-vn", "-c:a", "libmp3lame", "-q:a", "2", "pod.mp3")


def mediacms(folder: Path, source: Path, plan: Plan, seconds: int) -> None:
    """Chunks cut at keyframes, one process a chunk and a resolution, preset medium, lanczos, sound in each chunk."""
    run(folder, "-i", source, "-t", str(seconds), "-c", "copy", "-f", "segment", "-segment_time", "240", "cms-%03d.mkv")
    for chunk in sorted(folder.glob("cms-*.mkv")):
        for rung in plan.rungs:
            video = ["-vf", f"scale={rung.width}:{rung.height}:flags=lanczos", "-c:v", "libx264", "-preset", "medium"]
            rates = ["-crf", "23", "-maxrate", str(rung.max_rate), "-bufsize", str(2 * rung.max_rate)]
            run(folder, "-i", chunk, *video, *rates, "-g", "60", "-c:a", "aac", f"{chunk.stem}-{rung.name}.mp4")
        chunk.unlink()
