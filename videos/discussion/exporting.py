"""The moments of a film as a table for spreadsheets, as captions for players, and on paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from circo.documents.letters.base import Letter
from circo.imports import exporting
from videos.discussion.rules import POINT_S
from videos.models import Film, Moment, MomentCircle

TITLES = ("début", "fin", "sorte", "auteur", "lu par", "commentaire", "état", "réponse à", "écrit le")


def to_csv(film: Film, moments: Sequence[Moment], reader: str) -> bytes:
    """One line per moment, its replies under it; no cell can run as a formula."""
    lines: list[Sequence[object]] = [TITLES]
    for moment in moments:
        settled = "réglé" if moment.settled_at else "ouvert"
        end = stamp(moment.ends_at_s) if moment.ends_at_s is not None else ""
        place = (stamp(moment.at_s), end)
        readers = _readers(moment)
        what = (moment.get_kind_display(), moment.author, readers, moment.text, settled, "")
        lines.append((*place, *what, f"{moment.created_at:%Y-%m-%d %H:%M}"))
        for reply in moment.said:  # type: ignore[attr-defined]  # the query puts it there
            said = ("réponse", reply.author, readers, reply.text, "", moment.author)
            lines.append((*place, *said, f"{reply.created_at:%Y-%m-%d %H:%M}"))
    return exporting.to_csv(lines)


def _readers(moment: Moment) -> str:
    """Who reads a moment, as its reader is told: of the two of a pair, « moi » is its author."""
    if moment.circle == MomentCircle.PAIR and not moment.is_mine:  # type: ignore[attr-defined]  # the query puts it there
        return f"{moment.author} et vous"
    return moment.get_circle_display()


def stamp(seconds: float) -> str:
    """Write a place in a film as WebVTT does: `00:00:03.000`."""
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def to_vtt(film: Film, moments: Sequence[Moment], reader: str) -> bytes:
    """One cue per moment: a passage as long as it lasts, a point for three seconds.

    Source: W3C, WebVTT: no blank line nor `-->` in a cue, `&` and `<` escaped.
    """
    cues = ["WEBVTT", f"NOTE\n{_one_line(film.title)}"]
    for moment in moments:
        end = moment.ends_at_s if moment.ends_at_s is not None else moment.at_s + POINT_S
        words = [f"<v {_voice(str(moment.author))}>{_cue(moment.get_kind_display())}\u00a0: {_cue(moment.text)}"]
        words += [f"<v {_voice(str(reply.author))}>{_cue(reply.text)}" for reply in moment.said]  # type: ignore[attr-defined]
        cues.append(f"{moment.pk}\n{stamp(moment.at_s)} --> {stamp(end)}\n" + "\n".join(words))
    return ("\n\n".join(cues) + "\n").encode()


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("-->", "→")


def _cue(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    kept = "\n".join(line for line in lines if line)
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _voice(name: str) -> str:
    return _one_line(name).replace("&", "&amp;").replace(">", "").replace("<", "")


@dataclass(frozen=True)
class Words:
    """What one person said in answer."""

    author: str
    text: str


@dataclass(frozen=True)
class Row:
    """One moment on paper."""

    place: str
    author: str
    kind: str
    text: str
    replies: tuple[Words, ...]


@dataclass(frozen=True, kw_only=True)
class DiscussionPaper(Letter):
    """What was said of a film, to be read around a table."""

    template: ClassVar[str] = "discussion"

    film: str
    seen: str  # who read it so
    rows: tuple[Row, ...]

    @property
    def title(self) -> str:
        return "Discussion d’un film"


def paper(film: Film, moments: Sequence[Moment], reader: str) -> DiscussionPaper:
    """Put on paper what `reader` reads of a discussion."""
    rows = (
        Row(
            place=moment.passage,
            author=str(moment.author),
            kind=moment.get_kind_display() + (", réglé" if moment.settled_at else ""),
            text=moment.text,
            replies=tuple(Words(str(reply.author), reply.text) for reply in moment.said),  # type: ignore[attr-defined]
        )
        for moment in moments
    )
    return DiscussionPaper(film=film.title, seen=f"Tel que {reader} le lit.", rows=tuple(rows))


def to_pdf(film: Film, moments: Sequence[Moment], reader: str) -> bytes:
    """Typeset a discussion: a tagged PDF/UA.

    Raises: Refusal if there is too much to print.
    """
    return paper(film, moments, reader).pdf()
