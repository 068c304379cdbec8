"""What an author does with a film that is there."""

from __future__ import annotations

from django.db import transaction

from circo import jobs
from circo.errors import Refusal
from circo.models import Person
from videos import queries
from videos.models import Film, FilmState, Upload
from videos.removing import remove_film


@transaction.atomic
def delete_film(*, film: Film, by: Person) -> None:
    """Remove a film, its comments and all its files; whatever a worker is making of it is dropped.

    Raises: Refusal if it is not one's own.
    """
    if film.author_id != by.pk:
        raise Refusal("Seul l’auteur d’un film peut le supprimer.")
    remove_film(film)


@transaction.atomic
def allow_download(*, film: Film, allowed: bool, by: Person) -> Film:
    """Let those who see a film keep a copy of it, or not any more: what was taken away stays away.

    Raises: Refusal if it is not one's own.
    """
    film = Film.objects.select_for_update(of=("self",)).get(pk=film.pk)
    if film.author_id != by.pk:
        raise Refusal("Seul l’auteur d’un film peut permettre de le télécharger.")
    film.download_allowed = allowed
    film.save(update_fields=["download_allowed"])
    return film


@transaction.atomic
def retry_film(*, film: Film, by: Person) -> Film:
    """Prepare again a film that was given up by our fault.

    Raises: Refusal if it is not one's own, if the film itself is at fault, or if its bytes are gone.
    """
    held = Film.objects.editable_by(by).select_for_update(of=("self",)).filter(pk=film.pk).first()
    if held is None or held.state != FilmState.REFUSED or not held.can_retry:
        raise Refusal("Ce film ne peut pas être préparé de nouveau. Déposez-le à nouveau.")
    upload = Upload.objects.editable_by(by).filter(film=held).first()
    if upload is None or not upload.is_complete:
        raise Refusal("Le fichier de ce film n’est plus là. Déposez-le à nouveau.")
    held.state, held.refusal, held.can_retry = FilmState.PROCESSING, "", False
    held.save(update_fields=["state", "refusal", "can_retry"])
    jobs.ask(queries.PREPARE, str(held.pk), rank=0, owner_key=str(by.pk))
    return held
