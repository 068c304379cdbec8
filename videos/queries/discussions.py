"""What the discussion beside a film shows: its timeline, one page of its moments, and what one was writing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.http import urlencode

from circo.models import Person
from circo.rules import number_in
from videos.discussion import rules as discussion
from videos.discussion.rules import Dot, Mark
from videos.models import Film, Moment, MomentCircle, MomentKind, Reply
from videos.queries.moments import moments_of, restorable_moments, restorable_replies, state_text, with_replies
from videos.queries.readers import circles_offered, readers
from videos.rules import timecode

LANES = {kind: place for place, kind in enumerate(MomentKind.values)}
LANE_TOP, LANE_HEIGHT = 32, 4  # pixels


@dataclass(frozen=True)
class Choice:
    """What the reader of a discussion narrows it to; nothing: all of it."""

    kind: str = ""
    author_id: int | None = None
    unsettled: bool = False

    def keeps(self, row: Mapping[str, Any]) -> bool:
        return (
            (not self.kind or row["kind"] == self.kind)
            and (self.author_id is None or row["author_id"] == self.author_id)
            and (not self.unsettled or row["settled_at"] is None)
        )

    @property
    def parameters(self) -> dict[str, str]:
        """The choice as the parameters of an address."""
        asked = {"sorte": self.kind, "par": str(self.author_id or ""), "ouverts": "1" if self.unsettled else ""}
        return {name: value for name, value in asked.items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.parameters)


@dataclass(frozen=True)
class Drawn:
    """One mark as SVG draws it. `x` is its place; `count` is more than 1 for a crowd."""

    x: str
    mark: Mark
    title: str

    @property
    def count(self) -> int:
        return len(self.mark.dots)

    @property
    def pk(self) -> int:
        return self.mark.dots[0].pk


@dataclass(frozen=True)
class Timeline:
    """The moments on the line of the film: marks, and the bands of the passages."""

    marks: list[Drawn]
    bands: list[tuple[str, int, str, str]]  # kind, y, x, width

    @property
    def height(self) -> int:
        return LANE_TOP + LANE_HEIGHT * len(LANES) if self.bands else LANE_TOP - 2


def timeline(rows: list[dict[str, Any]], duration_s: float) -> Timeline:
    """Draw the rows on a line as long as the film."""
    names = {row["pk"]: f"{row['author__first_name']} {row['author__last_name']}" for row in rows}
    dots = [Dot(row["pk"], row["at_s"], row["ends_at_s"], row["kind"]) for row in rows]
    whole = duration_s or 1

    def share(seconds: float) -> str:
        return f"{min(max(100 * seconds / whole, 0), 100):.2f}%"

    gathered = discussion.marks(dots, duration_s=whole)
    drawn = [Drawn(share(mark.at_s), mark, _title(mark, names)) for mark in gathered]
    bands = [
        (kind, LANE_TOP + LANE_HEIGHT * LANES[kind], share(start), share(min(end, whole) - start))
        for kind, passages in discussion.bands(dots).items()
        for start, end in passages
    ]
    return Timeline(drawn, bands)


def _title(mark: Mark, names: Mapping[int, str]) -> str:
    if len(mark.dots) == 1:
        dot = mark.dots[0]
        return f"{timecode(dot.at_s)}, {MomentKind(dot.kind).label}, {names[dot.pk]}"
    return f"{len(mark.dots)} commentaires, de {timecode(mark.at_s)} à {timecode(mark.dots[-1].at_s)}"


@dataclass(frozen=True)
class DiscussionPage:
    """The discussion of one film, as one person reads it. Each moment has `is_mine`, `of_my_film` and `said`."""

    film: Film
    person: Person
    rows: list[dict[str, Any]]  # all that this person reads, in the order of the film
    shown: list[dict[str, Any]]  # those that the choice keeps
    choice: Choice
    page: Page
    moments: list[Moment]
    removed: Moment | None  # the comment just taken away, which can be brought back
    removed_reply: Reply | None
    new_id: int | None  # the comment just written
    done: str  # what has just been done, to be said aloud
    changed: bool  # the timeline is drawn anew with the list

    @cached_property
    def state(self) -> str:
        """See `state_of_discussion`."""
        return state_text(self.film.pk, max((row["number"] for row in self.rows), default=0), len(self.rows))

    @cached_property
    def timeline(self) -> Timeline:
        return timeline(self.shown, self.film.duration_s or 0)

    @property
    def authors(self) -> list[tuple[int, str]]:
        """Whoever wrote something that this person reads, by name."""
        names = {row["author_id"]: f"{row['author__first_name']} {row['author__last_name']}" for row in self.rows}
        return sorted(names.items(), key=lambda entry: (entry[1], entry[0]))

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return list(MomentKind.choices)

    @property
    def address(self) -> str:
        """The address of this page of the list."""
        query = "&".join(part for part in (self.choice.query, f"page={self.page.number}") if part)
        return f"{reverse('videos:film_discussion', args=[self.film.pk])}?{query}"

    @cached_property
    def people(self) -> list[str]:
        """Who may be mentioned: whoever reads what is written to the widest circle offered."""
        widest = circles_offered(self.film, self.person)[-1]
        return [str(one) for one in readers(self.film, widest, self.person.pk).exclude(pk=self.person.pk)]

    @property
    def from_s(self) -> float:
        """Where this page of the list begins in the film; the first page, at the very beginning."""
        return self.moments[0].at_s if self.moments and self.page.has_previous() else 0.0

    @property
    def to_s(self) -> float:
        """Where the next page begins in the film; after the last, never."""
        last = self.page.end_index()
        return self.shown[last]["at_s"] if last < len(self.shown) else 1e6


def discussion_page(film: Film, person: Person, *, asked: Mapping[str, str] = MappingProxyType({})) -> DiscussionPage:
    """Read the discussion of `film`, a row of `films(person).watchable()`.

    `asked` may narrow it (`sorte`, `par`, `ouverts`), name a page (`page`) or the second whose page it wants (`a`), the
    comment just written (`nouveau`), the comment or reply just removed (`retire`, `reponse`), what was done (`fait`).
    """
    columns = ("pk", "at_s", "ends_at_s", "kind", "number", "settled_at", "author_id")
    of_film = moments_of(film.pk, person)
    rows = list(of_film.values(*columns, "author__first_name", "author__last_name").order_by("at_s", "pk"))
    choice = choice_of(asked)
    shown = [row for row in rows if choice.keeps(row)]
    page = Paginator(shown, discussion.A_PAGE).get_page(_page_of(asked, shown))
    listed = with_replies(of_film.filter(pk__in=[row["pk"] for row in page]), person)
    removed_id, reply_id = number_in(asked.get("retire")), number_in(asked.get("reponse"))
    removed = restorable_moments(person).filter(film_id=film.pk, pk=removed_id) if removed_id else None
    removed_reply = restorable_replies(person).filter(moment__film_id=film.pk, pk=reply_id) if reply_id else None
    return DiscussionPage(
        film=film,
        person=person,
        rows=rows,
        shown=shown,
        choice=choice,
        page=page,
        moments=list(listed),
        removed=removed.first() if removed else None,
        removed_reply=removed_reply.first() if removed_reply else None,
        new_id=number_in(asked.get("nouveau")),
        done=DONE.get(asked.get("fait", ""), ""),
        changed=bool(asked),
    )


DONE = {
    "modifie": "Commentaire modifié.",
    "regle": "Commentaire marqué comme réglé.",
    "rouvert": "Commentaire rouvert.",
    "publie": "Commentaire publié.",
    "repondu": "Réponse publiée.",
    "reponse-modifiee": "Réponse modifiée.",
    "remis": "Remis en place.",
}


def choice_of(asked: Mapping[str, str]) -> Choice:
    """Read what an address narrows a discussion to; what it does not know narrows nothing."""
    kind = asked.get("sorte", "")
    return Choice(
        kind=kind if kind in MomentKind.values else "",
        author_id=number_in(asked.get("par")),
        unsettled=asked.get("ouverts") == "1",
    )


def _page_of(asked: Mapping[str, str], shown: list[dict[str, Any]]) -> str:
    """The page asked for: by its number, by a comment that it holds, or by a second of the film."""
    ids = [row["pk"] for row in shown]
    for name in ("nouveau", "commentaire"):
        if (pk := number_in(asked.get(name))) in ids:
            return str(ids.index(pk) // discussion.A_PAGE + 1)
    second = asked.get("a", "")
    if re.fullmatch(r"\d{1,6}(\.\d{1,9})?", second, re.ASCII):
        before = sum(row["at_s"] <= float(second) for row in shown)
        return str(max(before - 1, 0) // discussion.A_PAGE + 1)
    return asked.get("page", "")


def circle_choices(film: Film, person: Person, *, held: str = "") -> list[tuple[str, str]]:
    """The circles to choose from, as people read them; the one that a comment holds (`held`) stays among them."""
    labels = {MomentCircle.GROUP: f"le groupe « {film.group} »"}
    offered = circles_offered(film, person)
    return [(one.value, labels.get(one, one.label)) for one in MomentCircle if one in offered or one == held]
