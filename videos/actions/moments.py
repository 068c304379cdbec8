"""Comment a film at the second."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from circo import notices
from circo.errors import Refusal
from circo.models import Person
from videos import queries, rules
from videos.models import Film, Moment, MomentKind


@transaction.atomic
def comment(*, film: Film, at_s: float, kind: MomentKind, text: str, by: Person) -> Moment:
    """Write a comment at one second of a ready film, and tell its author.

    Raises: Refusal if the film is not one that `by` sees ready, if there is no text, or no such second.
    """
    if not Film.objects.visible_to(by).watchable().filter(pk=film.pk).exists():
        raise Refusal("Ce film ne peut pas être commenté.")
    if not text.strip():
        raise Refusal("Écrivez votre commentaire.")
    if not 0 <= at_s <= (film.duration_s or 0) + 1:
        raise Refusal("Ce commentaire est posé hors du film.")
    moment = film.moments.create(author=by, at_s=at_s, kind=kind, text=text.strip()[: rules.MOMENT_MAX])
    if film.author_id != by.pk:
        notices.tell_many(
            Person.objects.filter(pk=film.author_id, is_active=True),
            kind=queries.FILM_COMMENTED,
            key=f"moment-{moment.pk}",
            title=f"{by} a commenté l’un de vos films",
            text=f"{film.title}, à {moment.timecode}",
            path=f"{reverse('videos:film_page', args=[film.pk])}#moment-{moment.pk}",
        )
    return moment


def remove_moment(*, moment: Moment, by: Person) -> None:
    """Take one's own comment away; `restore_moment` brings it back for some minutes.

    Raises: Refusal if it is not one's own.
    """
    if moment.author_id != by.pk:
        raise Refusal("Seul l’auteur d’un commentaire peut le retirer.")
    moment.deleted_at = timezone.now()
    moment.save(update_fields=["deleted_at"])


def restore_moment(*, moment: Moment, by: Person) -> None:
    """Bring back one's own comment that one has just removed.

    Raises: Refusal if it is not one's own, or if it was removed too long ago.
    """
    if not Moment.objects.restorable_by(by, timezone.now()).filter(pk=moment.pk).exists():
        raise Refusal("Ce commentaire ne peut plus être remis.")
    moment.deleted_at = None
    moment.save(update_fields=["deleted_at"])
