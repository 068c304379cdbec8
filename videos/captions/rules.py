"""Pure rules of captions: reading WebVTT and SRT as people make them, writing them safely, what reads well.

A file of captions comes from a stranger, and ends in colleagues' browsers: what is kept of it is times and text. We
write the WebVTT that is served ourselves; of all markup, italics and bold alone come out.
Source: docs/decisions/0015-watching-and-captions.md
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from circo.errors import Refusal
from videos.consents.rules import Audience
from videos.rules import DURATION_MAX_S

FILE_MAX_BYTES = 1024**2
CUES_MAX = 3000
NAMED_MAX = 50  # lines that could not be read, said one by one
TEXT_MAX = 500  # characters of one caption
LATEST_MS = int(DURATION_MAX_S * 1000)
SHORTEST_MS = 100  # below it nobody reads anything, and no player shows it for sure

# What reads well: the usual guide of captioners, shown as a hint and never imposed.
SIGNS_A_SECOND = 20
LINE_SIGNS = 42
LINES = 2

TIME = r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?"
TIMING = re.compile(rf"\s*{TIME}\s*--+>\s*{TIME}(?:\s.*)?", re.ASCII)
BESIDE = re.compile(r"(?:WEBVTT|NOTE|STYLE|REGION)(?:\s|$)")
KEPT_TAG = re.compile(r"</?[ib]>")
VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]{1,60})>")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<\d[\d:.]*>")
OVERRIDE = re.compile(r"\{\\[^{}]*\}")  # of SubStation, which many SRT files carry
NO_SIGN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
ENCODINGS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, order=True)
class Cue:
    """One caption. Times are in milliseconds; the text has one to a few lines, `<i>` and `<b>` as its only markup."""

    start_ms: int
    end_ms: int
    text: str


@dataclass
class Reading:
    """What was read of a file: its captions in order, and the lines that could not be."""

    cues: list[Cue] = field(default_factory=list)
    bad_lines: list[int] = field(default_factory=list)


def decode(data: bytes) -> str:
    """Read the bytes of a file as text: UTF-8, UTF-16 with its mark, else Windows-1252, as old tools write."""
    for mark, encoding in ENCODINGS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read(data: bytes) -> Reading:
    """Read a file of captions, WebVTT or SRT, however it was made.

    Raises: Refusal if it is too big, or holds no caption.
    """
    if len(data) > FILE_MAX_BYTES:
        raise Refusal("Ce fichier est trop lourd pour être des sous-titres\u00a0: 1\u00a0Mo au plus.")
    lines = decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").split("\n")
    is_vtt = lines[0].lstrip("\ufeff").startswith("WEBVTT")
    found = Reading()
    for number, block in _blocks(lines):
        _read_block(number, block, found, is_vtt=is_vtt)
    if not found.cues:
        raise Refusal(
            "Ce fichier ne contient pas de sous-titres que nous savons lire. Choisissez un fichier WebVTT ou SRT."
        )
    if len(found.cues) > CUES_MAX:
        raise Refusal(f"Ce fichier contient plus de {CUES_MAX} sous-titres.")
    found.cues.sort()
    return found


def left_out(lines: Sequence[int]) -> str:
    """Say which lines of a file could not be read; one at least."""
    if len(lines) == 1:
        return f"La ligne {lines[0]} du fichier n’a pas pu être lue. Le reste est là."
    named = ", ".join(map(str, lines[:NAMED_MAX]))
    more = f", et {len(lines) - NAMED_MAX}\u00a0de plus" if len(lines) > NAMED_MAX else ""
    return f"Ces lignes du fichier n’ont pas pu être lues\u00a0: {named}{more}. Le reste est là."


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Each run of lines that are not blank, with the number of its first line."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _read_block(number: int, block: Sequence[str], found: Reading, *, is_vtt: bool) -> None:
    timed = [at for at, line in enumerate(block) if TIMING.fullmatch(line)]
    if not timed:
        if BESIDE.match(block[0].lstrip("\ufeff")):
            return
        if any("-->" in line for line in block[:2]):
            found.bad_lines.append(number)
        elif block[0].strip().isdecimal() and len(block) == 1:
            return  # the number of a caption that is not there
        elif not is_vtt and found.cues and not block[0].strip().isdecimal():
            _add_to_last(found, block)  # a blank line inside a caption
        else:
            found.bad_lines.append(number)  # words without a time
        return
    for at, following in zip(timed, [*timed[1:], len(block) + 1], strict=True):
        # The line before a timing is the name or the number of its caption.
        text = block[at + 1 : following - 1] if following <= len(block) else block[at + 1 :]
        cue = _cue(block[at], text)
        if cue:
            found.cues.append(cue)
        else:
            found.bad_lines.append(number + at)


def _add_to_last(found: Reading, lines: Sequence[str]) -> None:
    last = found.cues[-1]
    found.cues[-1] = Cue(last.start_ms, last.end_ms, clean("\n".join([last.text, plain("\n".join(lines))])))


def _cue(timing: str, lines: Sequence[str]) -> Cue | None:
    match = TIMING.fullmatch(timing)
    if match is None:
        return None
    start_ms, end_ms = _milliseconds(*match.groups()[:4]), _milliseconds(*match.groups()[4:])
    text = clean(plain("\n".join(lines)))
    return Cue(start_ms, end_ms, text) if text and not fault(start_ms, end_ms) else None


def _milliseconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int:
    whole = 3600 * int(hours or 0) + 60 * int(minutes) + int(seconds)
    return 1000 * whole + int((fraction or "").ljust(3, "0")[:3])


def fault(start_ms: int, end_ms: int) -> str:
    """Say what is wrong with the times of a caption, or nothing."""
    if not 0 <= start_ms <= LATEST_MS or end_ms > LATEST_MS:
        return "Ce sous-titre est hors du film."
    if end_ms < start_ms + SHORTEST_MS:
        return "La fin vient après le début."
    return ""


def plain(text: str) -> str:
    """Take the markup of WebVTT and SRT away, but for italics and bold; a named voice becomes « Amina : »."""
    text = VOICE.sub(lambda voice: f"{voice[1].strip()}\u00a0: ", OVERRIDE.sub("", text))
    text = TAG.sub(lambda tag: tag[0].lower() if KEPT_TAG.fullmatch(tag[0].lower()) else "", text)
    return html.unescape(text)


def clean(text: str) -> str:
    """Make of what a person typed the text of a caption: no control character, no blank line, no excess."""
    text = NO_SIGN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (" ".join(line.split(" ")).strip() for line in text.replace("\t", " ").split("\n"))
    return "\n".join(line for line in lines if line)[:TEXT_MAX].strip()


def bare(text: str) -> str:
    """The words alone, on one line: for searching and for reading."""
    return " ".join(KEPT_TAG.sub("", text).split())


def stamp(ms: int, *, comma: bool = False) -> str:
    """Write a time as files of captions do: `00:01:02.500`."""
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{',' if comma else '.'}{rest:03d}"


def clock(ms: int) -> str:
    """Write a time as people type it: `0:03`, `1:02:03,25`."""
    seconds, rest = divmod(ms, 1000)
    hours, minutes = divmod(seconds // 60, 60)
    whole = f"{hours}:{minutes:02d}:{seconds % 60:02d}" if hours else f"{minutes}:{seconds % 60:02d}"
    return f"{whole},{rest:03d}".rstrip("0") if rest else whole


def _escaped(text: str) -> str:
    """Text that no player takes for anything else than text, italics and bold."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"&lt;(/?[ib])&gt;", r"<\1>", safe)


def webvtt(cues: Iterable[Cue]) -> str:
    """Write captions as WebVTT, with nothing in it but times and text."""
    parts = [f"{stamp(cue.start_ms)} --> {stamp(cue.end_ms)}\n{_escaped(cue.text)}\n" for cue in cues]
    return "\n".join(["WEBVTT\n", *parts])


def srt(cues: Iterable[Cue]) -> str:
    """Write captions as SRT, to be taken elsewhere."""
    parts = []
    for number, cue in enumerate(cues, start=1):
        timing = f"{stamp(cue.start_ms, comma=True)} --> {stamp(cue.end_ms, comma=True)}"
        parts.append(f"{number}\n{timing}\n{cue.text.replace('-->', '→')}\n")
    return "\n".join(parts)


def shifted(cues: Sequence[Cue], by_ms: int) -> list[Cue]:
    """Move every caption, sooner or later.

    Raises: Refusal if one would leave the film.
    """
    if not cues:
        return []
    first, last = min(cue.start_ms for cue in cues), max(cue.end_ms for cue in cues)
    if first + by_ms < 0:
        raise Refusal(f"Le premier sous-titre commencerait avant le film\u00a0: avancez-les de {clock(first)} au plus.")
    if last + by_ms > LATEST_MS:
        raise Refusal("Le dernier sous-titre finirait après le film.")
    return [Cue(cue.start_ms + by_ms, cue.end_ms + by_ms, cue.text) for cue in cues]


def hints(cue: Cue, following: Cue | None = None) -> list[str]:
    """Say, in a few words each, what makes a caption hard to read. Advice: nothing is refused for it.

    Units: at most `SIGNS_A_SECOND` signs a second, `LINES` lines of `LINE_SIGNS` signs.
    """
    said = []
    shown = KEPT_TAG.sub("", cue.text)
    if len(shown.replace("\n", " ")) > SIGNS_A_SECOND * (cue.end_ms - cue.start_ms) / 1000:
        said.append("trop rapide à lire")
    if shown.count("\n") >= LINES:
        said.append("plus de deux lignes")
    if any(len(line) > LINE_SIGNS for line in shown.split("\n")):
        said.append("ligne longue")
    if following and following.start_ms < cue.end_ms:
        said.append("chevauche le suivant")
    return said


def needed(audience: Audience) -> bool:
    """Tell whether a film needs captions to be shown to that circle: beyond its group, the author is not there to say.

    Source: docs/decisions/0015-watching-and-captions.md
    """
    return audience > Audience.GROUP
