"""Send the bytes of a film, describe it, queue its preparation."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from circo import jobs
from circo.errors import Refusal
from circo.models import Person
from networks.models import MutualisationGroup
from videos import queries, receiving, rules
from videos.actions.protecting import protect
from videos.models import Film, FilmState, RecordingProject, Upload, kept_until
from videos.receiving import Fault, NotTaken, Readable
from videos.tus import Checksum


@transaction.atomic
def start_upload(*, size_bytes: int, file_name: str, by: Person) -> Upload:
    """Open an upload of `size_bytes`, before any byte is received; asked again, the same one.

    Raises: NotTaken if the film is empty or too big, if too much is on its way already, or if the disk is full.
    """
    if size_bytes == 0:
        raise NotTaken(Fault.LENGTH, "Ce fichier est vide.")
    if size_bytes > settings.FILM_MAX_BYTES:
        raise NotTaken(Fault.TOO_BIG, f"Un film pèse au plus {rules.file_size(settings.FILM_MAX_BYTES)}.")
    Person.objects.select_for_update().get(pk=by.pk)  # two tabs at once count each other
    going = queries.open_uploads(by)  # arrived and not described, too: or one person fills the disk, film after film
    label = rules.file_label(file_name)
    # The answer to a first request may be lost with the network: without this, each try leaves an empty upload behind.
    asked_before = going.filter(film=None, offset_bytes=0, size_bytes=size_bytes, file_name=label).first()
    if asked_before is not None:
        return asked_before
    sent = going.aggregate(bytes=Sum("size_bytes"))["bytes"] or 0
    if going.count() >= rules.UNFINISHED_MAX or sent + size_bytes > settings.FILM_QUOTA_BYTES:
        raise NotTaken(Fault.QUOTA, "Trop d’envois sont en cours. Terminez-les, ou annulez-en un.")
    receiving.check_room(size_bytes)
    return Upload.objects.create(owner=by, size_bytes=size_bytes, file_name=label)


def receive(
    *, upload_id: UUID, offset: int, stream: Readable, length: int, checksum: Checksum | None, by: Person
) -> Upload:
    """Take one chunk, whole or not at all. The last one of a described film queues its preparation.

    Raises: NotTaken if another request is writing, if the chunk does not begin where the last one ended, goes beyond
    the announced size, arrives cut or damaged, or if the disk is full; Upload.DoesNotExist if it was removed meanwhile.
    """
    with receiving.only_writer(upload_id):
        upload = Upload.objects.editable_by(by).get(pk=upload_id)
        if offset != upload.offset_bytes:
            raise NotTaken(Fault.OFFSET, f"L’envoi en est à l’octet {upload.offset_bytes}.")
        if offset + length > upload.size_bytes:
            raise NotTaken(Fault.LENGTH, "Ce fichier est plus grand qu’annoncé.")
        if upload.is_complete:  # nothing to add: a worker may be reading it, and its film be ready
            return upload
        receiving.check_room(length)
        receiving.append(upload_id, offset=offset, stream=stream, length=length, checksum=checksum)
        if offset + length == upload.size_bytes:
            receiving.seal(upload_id)
        return _advance(upload_id, offset + length)


@transaction.atomic
def _advance(upload_id: UUID, offset: int) -> Upload:
    # The row is locked here and in `deposit`: whichever of "all received" and "described" comes second queues the film.
    # Locked without a join: PostgreSQL would give the row as it is now, and the film as it was before the wait.
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    upload.offset_bytes = offset
    upload.expires_at = kept_until()
    upload.save(update_fields=["offset_bytes", "expires_at"])
    if upload.is_complete and upload.film:
        _queue(upload.film)
    return upload


def keep_file(*, file: Readable, size_bytes: int, file_name: str, by: Person) -> Upload:
    """Take a whole film at once, from a form sent without JavaScript.

    Raises: NotTaken, as `start_upload` and `receive`.
    """
    upload = start_upload(size_bytes=size_bytes, file_name=file_name, by=by)
    return receive(upload_id=upload.pk, offset=0, stream=file, length=size_bytes, checksum=None, by=by)


@transaction.atomic
def drop_upload(*, upload_id: UUID, by: Person) -> None:
    """Give up an upload. A film that was described and waited for it stays, refused, with what was typed.

    Raises: Refusal if the film is already being prepared; Upload.DoesNotExist if it is not one's own.
    """
    upload = Upload.objects.editable_by(by).select_for_update().get(pk=upload_id)
    if film := upload.film:
        if film.state != FilmState.UPLOADING:
            raise Refusal("Ce film est déjà arrivé\u00a0: supprimez le film lui-même.")
        film.state, film.refusal = FilmState.REFUSED, "Vous avez annulé l’envoi."
        film.save(update_fields=["state", "refusal"])
    upload.delete()
    transaction.on_commit(lambda: receiving.discard(upload_id))


@transaction.atomic
def deposit(
    *, upload: Upload, title: str, group: MutualisationGroup, project: RecordingProject | None = None, by: Person
) -> Film:
    """Make a film of an upload, arrived or still on its way. Depositing it twice returns the same film.

    Without a recording project, or with one whose record is not complete, the film is its author's alone.

    Raises: Refusal if there is no title, if `by` is not a member of the group, if the upload or the project is not
    one's own, or if the families were told of another group.
    """
    if not title.strip():
        raise Refusal("Donnez un titre à ce film.")
    if not MutualisationGroup.objects.of_member(by).filter(pk=group.pk).exists():
        raise Refusal("Choisissez un groupe dont vous êtes membre cette année.")
    mine = Upload.objects.editable_by(by).open_at(timezone.now())
    held = mine.select_for_update().filter(pk=upload.pk).first()
    if held is None:
        raise Refusal("Cet envoi n’existe plus. Choisissez à nouveau le fichier.")
    if held.film:
        return held.film
    film = Film(author=by, group=group, title=title.strip()[: rules.TITLE_MAX])
    if project is not None:
        protect(film, project)
    film.save(force_insert=True)
    held.film = film
    held.save(update_fields=["film"])
    if held.is_complete:
        _queue(film)
    return film


def _queue(film: Film) -> None:
    film.state = FilmState.PROCESSING
    film.save(update_fields=["state"])
    jobs.ask(queries.TRANSCODE, str(film.pk))
