"""How a message is drawn: the same for every reader, but for what it quotes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from circo import writing
from circo.models import Person
from networks.models import Post, Quote
from networks.salons import quoting, rules
from networks.salons.rules import Reaction


@dataclass(frozen=True)
class Tally:
    """One reaction to a message, and who gave it."""

    reaction: Reaction
    people: Sequence[Person]

    @property
    def ids(self) -> str:
        return " ".join(str(person.pk) for person in self.people)

    @property
    def names(self) -> str:
        return ", ".join(str(person) for person in self.people)


@dataclass(frozen=True)
class Drawn:
    """One message as templates read it. `cards` is None where no reader is known: the page asks for them."""

    post: Post
    cards: Mapping[int, quoting.Card | None] | None = None

    @cached_property
    def html(self) -> SafeString:
        return writing.to_html(self.post.text)

    @property
    def author(self) -> str:
        return str(self.post.author) if self.post.author else rules.GONE

    @property
    def parent_author(self) -> str:
        parent = self.post.parent
        return str(parent.author) if parent and parent.author else rules.GONE

    @cached_property
    def tallies(self) -> list[Tally]:
        given: dict[Reaction, list[Person]] = {}
        for one in self.post.reactions.all():
            given.setdefault(Reaction(one.code), []).append(one.person)
        return [Tally(one, given[one]) for one in Reaction if one in given]

    @property
    def reactions(self) -> list[Reaction]:
        return list(Reaction)

    @cached_property
    def quotes(self) -> list[tuple[Quote, quoting.Card | None]]:
        return [(quote, (self.cards or {}).get(quote.pk)) for quote in self.post.quotes.all()]


def drawn_for(person: Person, posts: Iterable[Post]) -> list[Drawn]:
    """These messages as one person reads them, each with its cards."""
    listed = list(posts)
    cards = quoting.cards_of(person, [quote for post in listed for quote in post.quotes.all()])
    return [Drawn(post, cards) for post in listed]


def told(post: Post) -> dict[str, Any]:
    """A message as it goes to every open page at once: nothing of it depends on who reads."""
    html = render_to_string("networks/salons/post.html", {"drawn": Drawn(post)})
    return {"seq": post.seq, "changed": post.changed_seq, "html": html}
