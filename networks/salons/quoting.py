"""What a message may quote: things of the apps above, which register how one is found and how each reader sees it.

The rights of the quoted thing apply to each reader, each time: who does not see it gets a sealed card, without a title,
a name or a picture. A message that goes to many at once carries no card: each page asks for its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from circo.errors import Refusal
from circo.models import Person
from networks.models import Quote


@dataclass(frozen=True)
class Card:
    """What one reader sees of a quoted thing. `picture` is the address of an image, if there is one."""

    title: str
    detail: str
    url: str
    label: str = ""  # what kind of thing it is
    picture: str = ""


SEALED = None  # the card of who does not see the thing


@dataclass(frozen=True)
class Quotable:
    """One kind of thing: `resolve(person, ids)` gives the cards of those that the person sees, by id as a text;
    `lookup(person, address)` the id of the thing of that address, if the person sees it."""

    kind: str
    label: str
    resolve: Callable[[Person, set[str]], Mapping[str, Card]]
    lookup: Callable[[Person, str], str | None]


_QUOTABLES: dict[str, Quotable] = {}


def register_quotable(quotable: Quotable) -> None:
    """Make a kind of thing quotable; called in `AppConfig.ready()`."""
    _QUOTABLES[quotable.kind] = quotable


def labels() -> list[str]:
    return [quotable.label for quotable in _QUOTABLES.values()]


def found(person: Person, address: str) -> tuple[str, str]:
    """The kind and the id of the thing of that address.

    Raises: Refusal if nothing that may be quoted, and that the person sees, has it.
    """
    for quotable in _QUOTABLES.values():
        if (pk := quotable.lookup(person, address.strip())) is not None:
            return quotable.kind, pk
    named = " ou ".join(labels()) or "rien pour l’instant"
    raise Refusal(
        f"Cette adresse ne mène à rien que vous puissiez citer. Collez celle d’un de vos contenus\u00a0: {named}."
    )


def card_at(person: Person, address: str) -> Card:
    """What a person sees of the thing of that address.

    Raises: Refusal as `found` does.
    """
    kind, pk = found(person, address)
    return _QUOTABLES[kind].resolve(person, {pk})[pk]


def cards_of(person: Person, quotes: Iterable[Quote]) -> dict[int, Card | None]:
    """What a person sees of each of these quotes, by their number; None: it is not open to that person."""
    listed = list(quotes)
    cards: dict[int, Card | None] = {quote.pk: SEALED for quote in listed}
    for kind in {quote.kind for quote in listed} & _QUOTABLES.keys():
        of_kind = [quote for quote in listed if quote.kind == kind]
        seen = _QUOTABLES[kind].resolve(person, {quote.object_id for quote in of_kind})
        for quote in of_kind:
            cards[quote.pk] = seen.get(quote.object_id)
    return cards
