"""Cut an excerpt out of a film, without touching the film."""

from __future__ import annotations

from django.db import transaction

from circo.errors import Refusal
from circo.models import Person
from videos import rules
from videos.actions import owned
from videos.models import Excerpt, Film

NOT_YOURS = "Seule la personne qui a fait cet extrait peut le changer."


def _check(film: Film, title: str, in_s: float, out_s: float, by: Person) -> None:
    if not Film.objects.visible_to(by).watchable().filter(pk=film.pk).exists():
        raise Refusal("Ce film n’est plus visible pour vous.")
    if not title.strip():
        raise Refusal("Donnez un titre à cet extrait.")
    if not 0 <= in_s < out_s <= (film.duration_s or 0) + 1:
        raise Refusal("L’extrait se place dans le film, la fin après le début.")


@transaction.atomic
def make_excerpt(*, film: Film, title: str, note: str, in_s: float, out_s: float, shared: bool, by: Person) -> Excerpt:
    """Keep a part of a film that one sees, for oneself or for whoever sees the film.

    Raises: Refusal if one does not see the film, without a title, or if the part is not in the film.
    """
    _check(film, title, in_s, out_s, by)
    owned.check_count(
        film.excerpts.filter(author=by), rules.EXCERPTS_OF_ONE_MAX, "Vous avez déjà beaucoup d’extraits de ce film."
    )
    return film.excerpts.create(
        author=by, title=title.strip()[: rules.TITLE_MAX], note=note.strip(), in_s=in_s, out_s=out_s, shared=shared
    )


@transaction.atomic
def change_excerpt(
    *, excerpt: Excerpt, title: str, note: str, in_s: float, out_s: float, shared: bool, by: Person
) -> Excerpt:
    """Change one's own excerpt.

    Raises: Refusal if it is not one's own, or as `make_excerpt`.
    """
    mine = Excerpt.objects.editable_by(by).select_related("film").select_for_update(of=("self",))
    held = mine.filter(pk=excerpt.pk).first()
    if held is None:
        raise Refusal(NOT_YOURS)
    _check(held.film, title, in_s, out_s, by)
    held.title, held.note = title.strip()[: rules.TITLE_MAX], note.strip()
    held.in_s, held.out_s, held.shared = in_s, out_s, shared
    held.save(update_fields=["title", "note", "in_s", "out_s", "shared"])
    return held


def remove_excerpt(*, excerpt: Excerpt, by: Person) -> None:
    """Take one's own excerpt away; `restore_excerpt` brings it back for some minutes.

    Raises: Refusal if it is not one's own.
    """
    owned.remove(excerpt, by, NOT_YOURS)


def restore_excerpt(*, excerpt: Excerpt, by: Person) -> None:
    """Bring back one's own excerpt that one has just removed.

    Raises: Refusal if it is not one's own, or if it was too long ago.
    """
    owned.restore(excerpt, by, "Cet extrait ne peut plus être remis.")
