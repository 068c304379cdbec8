"""What was said and made of a film, for its author alone: to know what would go with it, and what it gave rise to.

Never who watched, nor how often: nothing here may serve to judge anybody.
Source: docs/decisions/0018-library.md
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from circo.models import Person
from videos.models import (
    CaptionTrack,
    Chapter,
    Collection,
    CollectionItem,
    Excerpt,
    Film,
    Moment,
    MomentCircle,
    MomentKind,
    ObservationRound,
    Reply,
)
from videos.queries.finding import shown_in_sheets

MANY = {
    "question encore ouverte": "questions encore ouvertes",
    "observation avec une grille": "observations avec une grille",
    "fiche de pratique": "fiches de pratique",
    "piste de sous-titres": "pistes de sous-titres",
}


@dataclass(frozen=True)
class Figures:
    """Counts, of what the author reads; notes that people keep for themselves are not among them."""

    comments: int
    replies: int
    people: int  # who wrote them
    questions: int  # still open
    excerpts: int
    rounds: int
    sheets: int
    collections: int
    tracks: int
    chapters: int

    @property
    def in_words(self) -> list[str]:
        """What there is, each with its count, as people read it; what there is not is left out."""
        written = " et ".join(_each((self.comments, "commentaire"), (self.replies, "réponse")))
        return [
            *([f"{written}, de {_counted(self.people, 'personne')}"] if written else []),
            *_each(
                (self.questions, "question encore ouverte"),
                (self.excerpts, "extrait"),
                (self.rounds, "observation avec une grille"),
                (self.tracks, "piste de sous-titres"),
                (self.chapters, "chapitre"),
            ),
        ]

    @property
    def places_in_words(self) -> list[str]:
        """Where the film is shown; these places stay without it."""
        named = ((self.sheets, "fiche de pratique"), (self.collections, "collection"))
        return _each(*named)


def _each(*named: tuple[int, str]) -> list[str]:
    return [_counted(count, name) for count, name in named if count]


def _counted(count: int, name: str) -> str:
    return f"{count}\u00a0{MANY.get(name, f'{name}s') if count > 1 else name}"


def figures(film: Film, person: Person) -> Figures:
    """Count what there is of `film`, one of this person's own, among what this person reads."""
    said = Moment.objects.in_circle_of(person).filter(film_id=film.pk).exclude(circle=MomentCircle.PRIVATE)
    moments = list(said.order_by().values_list("author_id", "kind", "settled_at"))
    replies = list(Reply.objects.under(said).order_by().values_list("author_id", flat=True))
    of_film = Q(film_id=film.pk) | Q(excerpt__film_id=film.pk, excerpt__removed_at=None)
    seen = Collection.objects.visible_to(person).order_by().values("pk")
    items = CollectionItem.objects.filter(of_film, removed_at=None, collection__in=seen).order_by()
    return Figures(
        comments=len(moments),
        replies=len(replies),
        people=len({author for author, _, _ in moments} | set(replies)),
        questions=sum(kind == MomentKind.QUESTION and settled is None for _, kind, settled in moments),
        excerpts=Excerpt.objects.open_to(person).filter(film_id=film.pk).count(),
        rounds=ObservationRound.objects.editable_by(person).filter(film_id=film.pk).count(),
        sheets=len({one.sheet_id for one in shown_in_sheets(person, [film.pk])}),
        collections=items.values("collection_id").distinct().count(),
        tracks=CaptionTrack.objects.editable_by(person).filter(film_id=film.pk).count(),
        chapters=Chapter.objects.filter(film_id=film.pk).count(),
    )
