"""All the films that a person sees, in the few columns that the rules of the library read: the gate is asked once.

Source: docs/decisions/0018-library.md
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q
from django.utils import timezone

from circo.models import Person
from circo.rules import school_year_bounds
from networks.models import MutualisationGroup
from videos.library.rules import Card
from videos.models import Film, Moment, MomentCircle, MomentKind
from videos.queries import finding
from videos.queries.finding import Shown

SEEN = ("pk", "author_id", "group_id", "group__network_id", "duration_s", "created_at", "levels", "subject")
NAMED = ("folded", "author__folded", "playable_at")


@dataclass(frozen=True)
class Shelf:
    """All the films that a person sees, as the rules of the library read them, and the groups they are of."""

    cards: list[Card]
    groups: list[MutualisationGroup]
    watched: set[UUID]  # those of which something plays
    sheets: Sequence[Shown]


def shelf(person: Person, words: Sequence[str], *, told: bool = False, discussed: bool = False) -> Shelf:
    """Read all the films that a person sees. `words` (folded) are looked for in each text that this person reads.

    `told`: read what sheets say of them; `discussed`: whether they wait to be discussed.
    """
    rows = list(Film.objects.visible_to(person).values_list(*SEEN, *NAMED))
    watched = {row[0] for row in rows if row[-1]}
    sheets = finding.shown_in_sheets(person, watched) if told or words else []
    talks = talks_about(person, watched) if discussed else {}
    cards = [_card(person, row, talks.get(row[0])) for row in rows]
    if sheets:
        cards = _with_sheets(cards, sheets)
    if words:
        texts = finding.films_holding(person, watched, words, sheets)
        cards = [_looked_for(card, f"{row[-3]} {row[-2]}", words, texts) for card, row in zip(cards, rows, strict=True)]
    groups = MutualisationGroup.objects.filter(pk__in={row[2] for row in rows}).select_related("network")
    return Shelf(cards, list(groups), watched, sheets)


def _card(person: Person, row: tuple[Any, ...], talk: Talk | None) -> Card:
    pk, author, group, network, duration, deposited, levels, subject, folded, _, playable = row
    is_mine = author == person.pk
    return Card(
        key=pk,
        title=folded,
        deposited=deposited.timestamp(),
        duration_s=duration,
        levels=frozenset(levels),
        subjects=frozenset([subject] if subject else ()),
        network=str(network),
        group=str(group),
        year=str(school_year_bounds(timezone.localdate(deposited))[0].year),
        is_mine=is_mine,
        is_to_discuss=bool(playable) and (talk or Talk()).is_waiting(is_mine=is_mine),
    )


def _with_sheets(cards: Sequence[Card], sheets: Sequence[Shown]) -> list[Card]:
    """What the sheets that show a film say of it counts as if its author had said it."""
    of: dict[UUID, list[Shown]] = {}
    for one in sheets:
        of.setdefault(one.film_id, []).append(one)
    return [
        replace(
            card,
            levels=card.levels.union(*(one.levels for one in of[card.key])),
            subjects=card.subjects.union(one.subject for one in of[card.key]),
        )
        if card.key in of
        else card
        for card in cards
    ]


def _looked_for(card: Card, name: str, words: Sequence[str], texts: Sequence[set[UUID]]) -> Card:
    named = [word in name for word in words]
    found = [here or card.key in there for here, there in zip(named, texts, strict=True)]
    return replace(card, is_named=all(named), is_found=all(found))


# --- What is said of them --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Talk:
    """How a film is discussed, among what one reads; nobody's own notes count."""

    comments: int = 0
    questions: int = 0  # not settled
    by_others: int = 0  # by others than the film's author

    def is_waiting(self, *, is_mine: bool) -> bool:
        """Tell whether it is to be discussed: a question is open, or it is a colleague's and nobody said anything."""
        return bool(self.questions) or not (is_mine or self.by_others)


def talks_about(person: Person, films: Collection[UUID]) -> dict[UUID, Talk]:
    """The discussion of each of `films`, which the caller has narrowed to those that this person watches."""
    said = Moment.objects.in_circle_of(person).filter(film_id__in=films).exclude(circle=MomentCircle.PRIVATE)
    counts = {
        "comments": Count("pk"),
        "questions": Count("pk", filter=Q(kind=MomentKind.QUESTION, settled_at=None)),
        "by_others": Count("pk", filter=~Q(author_id=F("film__author_id"))),
    }
    rows = said.order_by().values("film_id").annotate(**counts)
    return {film_id: Talk(*told) for film_id, *told in rows.values_list("film_id", *counts)}
