"""Look for words in all that a person may read of the films that this person sees, and say where they were found.

The caller gives the films, just narrowed to those that the person sees: the gate is asked once a page. Each text has
its own rights besides: captions that are shown, comments of one's circles, sheets that one reads.
Source: docs/decisions/0018-library.md
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, Max, Q, QuerySet, When
from django.urls import reverse

from circo.french import of
from circo.models import Person
from circo.models.folding import fold
from videos import rules
from videos.captions.rules import bare
from videos.models import CaptionTrack, Excerpt, Moment, PracticeSheet, Reply

BEFORE, AFTER = 40, 90  # characters shown around the first word found
Part = tuple[str, bool]  # some text, and whether it is what was looked for


@dataclass(frozen=True)
class Hit:
    """A place where words were found: the sentence that says it, the text around them, and where it leads."""

    place: str
    parts: Sequence[Part]
    url: str


@dataclass(frozen=True)
class Shown:
    """A sheet that a person reads, and a film that it shows."""

    sheet_id: int
    film_id: UUID
    title: str
    levels: Sequence[str]
    subject: str


# --- Sheets that show films ------------------------------------------------------------------------------------------
def shown_in_sheets(person: Person, films: Collection[UUID]) -> list[Shown]:
    """The sheets that a person reads, with each of `films` that they show, whole or by an excerpt open to them."""
    by_film = PracticeSheet.films.through.objects.filter(film_id__in=films)
    excerpts = Excerpt.objects.open_to(person).filter(film_id__in=films).order_by()
    by_excerpt = PracticeSheet.excerpts.through.objects.filter(excerpt__in=excerpts.values("pk"))
    links = {*by_film.values_list("practicesheet_id", "film_id").order_by()}
    links |= {*by_excerpt.values_list("practicesheet_id", "excerpt__film_id").order_by()}
    names = ("pk", "title", "levels", "subject")
    rows = PracticeSheet.objects.visible_to(person).filter(pk__in={sheet_id for sheet_id, _ in links})
    read = {pk: told for pk, *told in rows.values_list(*names)}
    return [Shown(sheet_id, film_id, *read[sheet_id]) for sheet_id, film_id in sorted(links) if sheet_id in read]


# --- Which films hold the words --------------------------------------------------------------------------------------
def films_holding(
    person: Person, films: Collection[UUID], words: Sequence[str], sheets: Sequence[Shown]
) -> list[set[UUID]]:
    """For each of `words` (folded), those of `films` of which a text that this person reads holds it."""
    found: list[set[UUID]] = [set() for _ in words]
    read = Moment.objects.in_circle_of(person).filter(film_id__in=films)
    for rows, film in (
        (CaptionTrack.objects.shown().filter(film_id__in=films), "film_id"),
        (read, "film_id"),
        (Reply.objects.under(read), "moment__film_id"),
    ):
        for key, *holds in _held(rows, film, words):
            for place, held in zip(found, holds, strict=True):
                if held:
                    place.add(key)
    told = PracticeSheet.objects.filter(pk__in={one.sheet_id for one in sheets})  # narrowed by `shown_in_sheets`
    by_sheet = {key: holds for key, *holds in _held(told, "pk", words)}
    for one in sheets:
        for place, held in zip(found, by_sheet.get(one.sheet_id, ()), strict=False):
            if held:
                place.add(one.film_id)
    return found


def _held(rows: QuerySet[Any], key: str, words: Sequence[str]) -> QuerySet[Any, Any]:
    """For each value of `key`, 1 or 0 for each word: whether one of its rows holds it."""
    holds = {
        f"word_{number}": Max(Case(When(folded__contains=word, then=1), default=0, output_field=IntegerField()))
        for number, word in enumerate(words)
    }
    return rows.filter(_any(words)).order_by().values(key).annotate(**holds).values_list(key, *holds)


def _any(words: Sequence[str]) -> Q:
    return reduce(or_, (Q(folded__contains=word) for word in words))


# --- Where they were found -------------------------------------------------------------------------------------------
def hits(
    person: Person, films: Collection[UUID], words: Sequence[str], sheets: Sequence[Shown]
) -> dict[UUID, list[Hit]]:
    """Where the words stand in each of `films`: the best place of each sort of text."""
    found: dict[UUID, list[Hit]] = {}
    read = Moment.objects.in_circle_of(person).filter(film_id__in=films)
    for places in (
        _in_captions(films, words),
        _in_moments(read, words),
        _in_replies(read, words),
        _in_sheets(films, words, sheets),
    ):
        best: dict[UUID, tuple[int, Hit]] = {}
        for film_id, score, hit in places:
            if score > best.get(film_id, (0, None))[0]:
                best[film_id] = (score, hit)
        for film_id, (_, hit) in best.items():
            found.setdefault(film_id, []).append(hit)
    return found


Places = Iterator[tuple[UUID, int, Hit]]  # the film, how many of the words stand there, the place


def _at(film_id: UUID, second: float) -> str:
    return reverse("videos:film_page", args=[film_id], query={"t": f"{second:.1f}"})


def _in_captions(films: Collection[UUID], words: Sequence[str]) -> Places:
    rows = CaptionTrack.objects.shown().filter(_any(words), film_id__in=films)
    for track in rows.only("film_id", "rows"):
        for cue in track.cues:
            text, second = bare(cue.text), cue.start_ms / 1000
            place = f"Dans les sous-titres, à {rules.timecode(second)}"
            yield track.film_id, score_of(text, words), Hit(place, around(text, words), _at(track.film_id, second))


def _in_moments(read: QuerySet[Moment], words: Sequence[str]) -> Places:
    for one in read.filter(_any(words)).select_related("author"):
        place = f"Dans un commentaire {of(one.author)}, à {one.timecode}"
        yield one.film_id, score_of(one.text, words), Hit(place, around(one.text, words), _at(one.film_id, one.at_s))


def _in_replies(read: QuerySet[Moment], words: Sequence[str]) -> Places:
    for one in Reply.objects.under(read).filter(_any(words)).select_related("author", "moment"):
        film_id, second = one.moment.film_id, one.moment.at_s
        place = f"Dans une réponse {of(one.author)}, à {one.moment.timecode}"
        yield film_id, score_of(one.text, words), Hit(place, around(one.text, words), _at(film_id, second))


def _in_sheets(films: Collection[UUID], words: Sequence[str], sheets: Sequence[Shown]) -> Places:
    shown = [one for one in sheets if one.film_id in films]
    rows = PracticeSheet.objects.filter(_any(words), pk__in={one.sheet_id for one in shown})
    texts = {row.pk: row for row in rows}
    for one in shown:
        if sheet := texts.get(one.sheet_id):
            parts = (sheet.title, sheet.context, sheet.intention, sheet.course, sheet.keeps)
            text = max(parts, key=lambda part: score_of(part, words))
            place = f"Dans la fiche «\u00a0{sheet.title}\u00a0»"
            url = reverse("videos:sheet_page", args=[sheet.pk])
            yield one.film_id, score_of(text, words), Hit(place, around(text, words), url)


def score_of(text: str, words: Sequence[str]) -> int:
    """How many of the words (folded) stand in a text."""
    folded = fold(text)
    return sum(word in folded for word in words)


def around(text: str, words: Sequence[str]) -> list[Part]:
    """Cut a text around the first of the words (folded) that it holds, with each word told apart."""
    folded, places = "", []
    for place, sign in enumerate(text):
        folded += (one := fold(sign))
        places += [place] * len(one)
    marks = sorted((at, at + len(word)) for word in words for at in _all(folded, word))
    begin, end = _bounds(text, places[marks[0][0]] if marks else 0)
    parts: list[Part] = [("…", False)] if begin else []
    at = begin
    for first, after in marks:
        start, stop = max(places[first], at), min(places[after - 1] + 1, end)
        if start >= stop:  # stands in another word, or beyond what is shown
            continue
        parts += [(text[at:start], False), (text[start:stop], True)]
        at = stop
    parts.append((text[at:end] + ("…" if end < len(text) else ""), False))
    return [part for part in parts if part[0]]


def _all(folded: str, word: str) -> Iterator[int]:
    at = folded.find(word)
    while at >= 0:
        yield at
        at = folded.find(word, at + 1)


def _bounds(text: str, place: int) -> tuple[int, int]:
    """What is shown of a text around one of its places: whole words, if they are not too long."""
    begin, end = max(place - BEFORE, 0), min(place + AFTER, len(text))
    if begin and (space := text.find(" ", begin, place)) >= 0:
        begin = space + 1
    if end < len(text) and (space := text.rfind(" ", place + 1, end)) >= 0:
        end = space
    return begin, end
