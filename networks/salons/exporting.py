"""The minutes of a salon, as one person reads it: text to keep or to print, without the documents."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from circo.dates import day_in_words
from circo.models import Person
from networks.models import Salon
from networks.salons import drawing, queries, rules

SEALED = "(un passage qui n’est pas ouvert à vous)"


def minutes(salon: Salon, person: Person) -> Iterator[str]:
    """Write a salon in Markdown, the last messages if there are very many. What is hidden or removed is left out.

    Bound: `rules.EXPORTED_MAX` messages.
    """
    yield f"# {salon.title}\n\n{salon.place}\n"
    after, day = max(0, salon.last_seq - rules.EXPORTED_MAX), ""
    while True:
        stretch = queries.stretch(salon, after=after)
        for drawn in drawing.drawn_for(person, [post for post in stretch.posts if post.is_shown]):
            written = timezone.localtime(drawn.post.created_at)
            today = day_in_words(written.date(), timezone.localdate())
            yield f"\n## {today}\n" if today != day else ""
            day = today
            yield _of_one(drawn, f"{written:%H:%M}")
        if not stretch.has_newer:
            return
        after = stretch.last


def _of_one(drawn: drawing.Drawn, hour: str) -> str:
    answer = f", en réponse à {drawn.parent_author}" if drawn.post.parent else ""
    lines = [f"**{drawn.author}**, {hour}{answer}\u00a0:", "", drawn.post.text]
    for _, card in drawn.quotes:
        lines += ["", f"> {card.title}, {card.detail}" if card else f"> {SEALED}"]
    lines += [f"- Document\u00a0: {file.name}" for file in drawn.post.files.all()]
    return "\n" + "\n".join(lines) + "\n"
