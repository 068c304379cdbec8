"""What one does while watching: stop at a second; and, for the author, cut the film in chapters."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from circo.errors import Refusal
from circo.models import Person
from videos import rules
from videos.models import Chapter, Film, PlaybackPosition


def keep_position(*, film: Film, at_s: float, by: Person) -> None:
    """Remember where `by` stopped in a film. At its beginning or its end there is nothing to remember.

    Raises: Refusal if the film is not one that `by` may watch now.
    """
    if not Film.objects.visible_to(by).watchable().filter(pk=film.pk).exists():
        raise Refusal("Ce film n’est plus visible pour vous.")
    if rules.resume_at(at_s, film.duration_s) is None:
        PlaybackPosition.objects.filter(film=film, person=by).delete()
        return
    PlaybackPosition.objects.update_or_create(film=film, person=by, defaults={"at_s": at_s})


@transaction.atomic
def set_chapters(*, film: Film, chapters: Sequence[tuple[float, str]], by: Person) -> None:
    """Write the chapters of one's own film in place of those that it has.

    Raises: Refusal if the film is not one's own, or if a chapter has no title, no place, or the place of another.
    """
    if film.author_id != by.pk:
        raise Refusal("Seule la personne qui a déposé un film écrit ses chapitres.")
    if len(chapters) > rules.CHAPTERS_MAX:
        raise Refusal(f"Un film porte au plus {rules.CHAPTERS_MAX} chapitres.")
    if any(not title.strip() or not 0 <= at_s <= (film.duration_s or 0) for at_s, title in chapters):
        raise Refusal("Un chapitre a un titre, et commence dans le film.")
    if len({at_s for at_s, _ in chapters}) < len(chapters):
        raise Refusal("Deux chapitres commencent au même moment.")
    film.chapters.all().delete()
    Chapter.objects.bulk_create(
        Chapter(film=film, at_s=at_s, title=title.strip()[: rules.CHAPTER_MAX]) for at_s, title in chapters
    )
