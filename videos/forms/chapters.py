"""The chapters of a film as they are typed."""

from __future__ import annotations

from django.http import QueryDict

from videos import rules
from videos.models import Film
from videos.queries.watching import ChapterRow, chapter_rows


class ChapterSheet:
    """Rows of a time and a title. A row without title is gone."""

    def __init__(self, film: Film, rows: list[ChapterRow]) -> None:
        self.film, self.typed = film, rows

    @classmethod
    def read(cls, film: Film, data: QueryDict) -> ChapterSheet:
        pairs = zip(data.getlist("at"), data.getlist("title"), strict=False)
        kept = [(at.strip()[:20], " ".join(title.replace("\0", "").split())) for at, title in pairs]
        return cls(
            film,
            [ChapterRow(at, title, _fault(film, at, title)) for at, title in kept if title][: rules.CHAPTERS_MAX + 1],
        )

    @property
    def is_valid(self) -> bool:
        return not any(row.fault for row in self.typed)

    @property
    def chapters(self) -> list[tuple[float, str]]:
        return [(rules.seconds_of(row.at), row.title) for row in self.typed]

    @property
    def rows(self) -> list[ChapterRow]:
        return chapter_rows(self.typed)


def _fault(film: Film, at: str, title: str) -> str:
    if len(title) > rules.CHAPTER_MAX:
        return f"{rules.CHAPTER_MAX} signes au plus."
    try:
        at_s = rules.seconds_of(at)
    except ValueError:
        return "Écrivez le moment comme sur le lecteur\u00a0: 0:03, ou 1:02:03 après une heure."
    return (
        ""
        if at_s <= (film.duration_s or 0)
        else f"Le film dure {film.duration}\u00a0: choisissez un moment avant la fin."
    )
