"""A film as a stream, made here in two sizes with its sound, and served to one page under the film's own addresses.

The playlists are written by hand: they may grow, and gain a better picture, while somebody watches.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from django.conf import settings

from tests.videos.films import FFMPEG

SECONDS = 20
SEGMENT_S = 2
SIZES = {"low": "160x90", "high": "320x180"}


@cache
def folder() -> Path:
    """The segments, made once for the process: two of them may share the folder of the tests."""
    made = Path(mkdtemp(prefix="stream-", dir=settings.DATA_DIR))
    for name, size in SIZES.items():
        _make(
            made, name, f"testsrc2=size={size}:rate=25:duration={SECONDS}", ["-c:v", "libx264", "-preset", "ultrafast"]
        )
    _make(made, "audio", f"sine=frequency=440:duration={SECONDS}", ["-c:a", "aac"])
    return made


def _make(made: Path, name: str, source: str, codecs: list[str]) -> None:
    hls = ["-f", "hls", "-hls_time", str(SEGMENT_S), "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4"]
    names = ["-hls_fmp4_init_filename", f"{name}-init.mp4", "-hls_segment_filename", f"{name}-%05d.m4s"]
    picture = ["-pix_fmt", "yuv420p", "-g", "50", "-keyint_min", "50", "-sc_threshold", "0"] if name != "audio" else []
    argv = [FFMPEG, "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", source, *codecs, *picture, *hls, *names]
    subprocess.run([*argv, f"{name}.m3u8"], check=True, cwd=made)


@dataclass
class Stream:
    """What the film holds now: `levels` of pictures, the first of them up to `until` segments (None: whole)."""

    levels: list[str] = field(default_factory=lambda: ["low", "high"])
    until: int | None = None
    asked: list[str] = field(default_factory=list)
    delay_ms: dict[str, int] = field(default_factory=dict)  # by beginning of a name
    withdrawn: str = ""  # pictures that are not given any more; who asks for them finds the others in the list

    def text(self, name: str) -> str | None:
        if name == "master.m3u8":
            return self._master()
        if not name.endswith(".m3u8"):
            return None
        whole = (folder() / name).read_text()
        if self.until is None:
            return whole
        head, *parts = re.split(r"(?=#EXTINF)", whole.replace("#EXT-X-ENDLIST\n", "").replace(":VOD", ":EVENT"))
        return head + "".join(parts[: self.until])

    def _master(self) -> str:
        lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
        lines.append('#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="son",NAME="Son",DEFAULT=YES,AUTOSELECT=YES,URI="audio.m3u8"')
        for name in self.levels:
            rate, codecs = {"low": 200_000, "high": 600_000}[name], "avc1.42c01e,mp4a.40.2"
            lines.append(
                f'#EXT-X-STREAM-INF:BANDWIDTH={rate},RESOLUTION={SIZES[name]},FRAME-RATE=25,CODECS="{codecs}",AUDIO="son"'
            )
            lines.append(f"{name}.m3u8")
        return "\n".join(lines) + "\n"

    def serve(self, page) -> Stream:
        """Answer in the place of the film's own addresses."""
        page.route("**/media/**", self._answer)
        return self

    def _answer(self, route) -> None:
        name = route.request.url.rpartition("/")[2]
        self.asked.append(name)
        wait = next((ms for begins, ms in self.delay_ms.items() if name.startswith(begins)), 0)
        if wait:
            route.request.frame.page.wait_for_timeout(wait)
        if self.withdrawn and name.startswith(f"{self.withdrawn}-"):
            self.levels = [level for level in self.levels if level != self.withdrawn] or self.levels
            route.fulfill(status=404)
            return
        text = self.text(name)
        if text is not None:
            route.fulfill(body=text, content_type="application/vnd.apple.mpegurl")
        elif (folder() / name).exists():
            route.fulfill(path=folder() / name, content_type="video/mp4")
        else:
            route.continue_()
