"""Pure rules of the library: what one may narrow it by, and which films that leaves.

Source: docs/decisions/0018-library.md
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SHORT_S, LONG_S = 5 * 60.0, 15 * 60.0
LENGTHS = {"court": "moins de 5\u00a0minutes", "moyen": "de 5 à 15\u00a0minutes", "long": "plus de 15\u00a0minutes"}
ORDERS = {
    "recents": "les plus récents",
    "anciens": "les plus anciens",
    "titre": "par titre",
    "courts": "les plus courts",
}
MINE, TO_DISCUSS = "miens", "a-discuter"
WORDS, VIEW, ORDER, PAGE = "q", "vue", "tri", "page"  # names in the address, as those of FILTERS
LEVEL, SUBJECT, LENGTH, NETWORK, GROUP, YEAR = FILTERS = ("niveau", "domaine", "duree", "reseau", "groupe", "annee")
NARROWING = (WORDS, VIEW, *FILTERS)


@dataclass(frozen=True, slots=True)
class Card:
    """What the rules read of one film that somebody sees."""

    key: Any
    title: str  # folded
    deposited: float  # an instant
    duration_s: float | None
    levels: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    network: str = ""
    group: str = ""
    year: str = ""
    is_mine: bool = False
    is_to_discuss: bool = False
    is_found: bool = True  # holds the words that are looked for
    is_named: bool = False  # holds them all in its title and its author's name


def length_of(duration_s: float | None) -> str:
    """Say which of LENGTHS a film is; nothing while its duration is not known."""
    if duration_s is None:
        return ""
    return "court" if duration_s < SHORT_S else "moyen" if duration_s <= LONG_S else "long"


def is_wanted(card: Card, chosen: Mapping[str, str]) -> bool:
    """Tell whether a film is among those that are asked for: all that is chosen narrows together."""
    told: dict[str, Collection[str]] = {
        LEVEL: card.levels,
        SUBJECT: card.subjects,
        LENGTH: (length_of(card.duration_s),),
        NETWORK: (card.network,),
        GROUP: (card.group,),
        YEAR: (card.year,),
    }
    if WORDS in chosen and not card.is_found:
        return False
    if VIEW in chosen and not (card.is_mine if chosen[VIEW] == MINE else card.is_to_discuss):
        return False
    return all(chosen[name] in told[name] for name in FILTERS if name in chosen)


def in_order(cards: Iterable[Card], order: str) -> list[Card]:
    """Sort films as asked; without an order, those that are named so first, and always the newest first."""
    newest = sorted(cards, key=lambda card: -card.deposited)
    if order == "anciens":
        return newest[::-1]
    if order == "titre":
        return sorted(newest, key=lambda card: card.title)
    if order == "courts":
        return sorted(newest, key=lambda card: (card.duration_s is None, card.duration_s))
    return newest if order == "recents" else sorted(newest, key=lambda card: not card.is_named)


def wanted(cards: Iterable[Card], chosen: Mapping[str, str]) -> list[Card]:
    """Return the films that are asked for, in the order that is asked for."""
    return in_order((card for card in cards if is_wanted(card, chosen)), chosen.get(ORDER, ""))


def without(chosen: Mapping[str, str], *names: str) -> dict[str, str]:
    """Return what is chosen, but for these names."""
    return {name: value for name, value in chosen.items() if name not in names}


def relaxed(cards: Sequence[Card], chosen: Mapping[str, str]) -> list[tuple[str, int]]:
    """For each thing chosen that hides films by itself: its name, and how many films there would be without it."""
    counts = [
        (name, sum(is_wanted(card, without(chosen, name)) for card in cards)) for name in NARROWING if name in chosen
    ]
    return [(name, count) for name, count in counts if count]
