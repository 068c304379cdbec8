"""What an author does with a film that is there."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from circo import jobs
from circo.errors import Refusal
from circo.models import Notice, Person
from circo.rules import GradeLevel, levels_in_order
from videos import announcing, erasing, pausing, queries, rules
from videos.actions import owned
from videos.consents.rules import Audience
from videos.models import Film, FilmState, Subject, Upload


@transaction.atomic
def describe_film(*, film: Film, title: str, levels: Iterable[str] = (), subject: str = "", by: Person) -> Film:
    """Change the title of a film, and say for which levels and in which subject it is. The circle stays as it is.

    Raises: Refusal if it is not one's own, without a title, or for a level or a subject that there is not.
    """
    film = owned.locked(film, by, "Seule la personne qui a déposé un film peut le décrire.")
    if not title.strip():
        raise Refusal("Donnez un titre à ce film.")
    chosen = set(levels)
    if chosen - set(GradeLevel) or subject not in ("", *Subject):
        raise Refusal("Choisissez des niveaux et un domaine de la liste.")
    film.title = title.strip()[: rules.TITLE_MAX]
    film.levels, film.subject = levels_in_order(chosen), subject
    film.save(update_fields=["title", "levels", "subject"])
    return film


@transaction.atomic
def withdraw_film(*, film: Film, by: Person) -> Film:
    """Keep a film for oneself at once. Nothing of it is lost: to share it again is to choose its circle again.

    Raises: Refusal if it is not one's own.
    """
    film = owned.locked(film, by, "Seule la personne qui a déposé un film dit qui peut le voir.")
    film.audience = Audience.PRIVATE
    film.save(update_fields=["audience"])
    announcing.take_back(film)
    return film


@transaction.atomic
def remove_film(*, film: Film, by: Person) -> bool:
    """Take a film away from everybody at once; `restore_film` brings it back for some days.

    False if it is gone for good: a film that never was ready leaves nothing to bring back.

    Raises: Refusal if it is not one's own.
    """
    pausing.pause(film.pk)  # undone, if it is not one's own
    film = owned.locked(film, by, "Seule la personne qui a déposé un film peut le supprimer.")
    if film.ready_at is None:
        erasing.erase_film(film)
        return False
    film.removed_at = timezone.now()
    film.save(update_fields=["removed_at"])
    Notice.objects.filter(path__startswith=reverse("videos:film_page", args=[film.pk])).delete()
    return True


@transaction.atomic
def restore_film(*, film: Film, by: Person) -> Film:
    """Bring back a film that one has removed, with all that is of it: those who may see it today see it again.

    Raises: Refusal if it is not one's own, or if it was too long ago.
    """
    held = Film.objects.restorable_by(by).select_for_update(of=("self",)).filter(pk=film.pk).first()
    if held is None:
        raise Refusal("Ce film ne peut plus être remis.")
    held.removed_at = None
    held.save(update_fields=["removed_at"])
    pausing.go_on(held)
    announcing.announce(held)
    return held


@transaction.atomic
def erase_film(*, film: Film, by: Person) -> None:
    """Erase a film for good, removed before or not, its comments and all its files.

    Whatever a worker is making of it is dropped.

    Raises: Refusal if it is not one's own.
    """
    if film.author_id != by.pk:
        raise Refusal("Seule la personne qui a déposé un film peut le supprimer.")
    erasing.erase_film(film)


@transaction.atomic
def allow_download(*, film: Film, allowed: bool, by: Person) -> Film:
    """Let those who see a film keep a copy of it, or not any more: what was taken away stays away.

    Raises: Refusal if it is not one's own.
    """
    film = owned.locked(film, by, "Seule la personne qui a déposé un film peut permettre de le télécharger.")
    film.download_allowed = allowed
    film.save(update_fields=["download_allowed"])
    return film


@transaction.atomic
def retry_film(*, film: Film, by: Person) -> Film:
    """Prepare again a film that was given up by our fault.

    Raises: Refusal if it is not one's own, if the film itself is at fault, or if its bytes are gone.
    """
    refusal = "Ce film ne peut pas être préparé de nouveau. Déposez-le à nouveau."
    held = owned.locked(film, by, refusal)
    if held.state != FilmState.REFUSED or not held.can_retry:
        raise Refusal(refusal)
    upload = Upload.objects.editable_by(by).filter(film=held).first()
    if upload is None or not upload.is_complete:
        raise Refusal("Le fichier de ce film n’est plus là. Déposez-le à nouveau.")
    held.state, held.refusal, held.can_retry = FilmState.PROCESSING, "", False
    held.save(update_fields=["state", "refusal", "can_retry"])
    jobs.ask(queries.PREPARE, str(held.pk), rank=0, owner_key=str(by.pk))
    return held
