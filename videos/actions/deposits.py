"""Send the bytes of a film, describe it, queue its preparation."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from circo import jobs
from circo.errors import Refusal
from circo.models import Person
from networks.models import MutualisationGroup
from videos import arrivals, preparing, queries, rules
from videos.actions.owned import check_count
from videos.actions.protecting import protect
from videos.consents.rules import Audience
from videos.models import Film, FilmState, RecordingProject, Upload, kept_until
from videos.receiving import Fault, NotTaken, Readable
from videos.tus import Checksum


@transaction.atomic
def start_upload(*, size_bytes: int, file_name: str, by: Person, fingerprint: str = "") -> Upload:
    """Open an upload of `size_bytes`, before any byte is received; asked again, the same one.

    `fingerprint` is what a browser says of the bytes: a film that is on its way already is not sent a second time.

    Raises: NotTaken if the film is empty or too big, if too much is on its way already, or if the disk is full.
    """
    if size_bytes == 0:
        raise NotTaken(Fault.LENGTH, "Ce fichier est vide.")
    if size_bytes > settings.FILM_MAX_BYTES:
        raise NotTaken(Fault.TOO_BIG, f"Un film pèse au plus {rules.file_size(settings.FILM_MAX_BYTES)}.")
    Person.objects.select_for_update().get(pk=by.pk)  # two tabs at once count each other
    upload = Upload(owner=by, size_bytes=size_bytes, file_name=rules.file_label(file_name), fingerprint=fingerprint)
    if going := _under_way(upload, by):
        return going
    _check_quotas(by, size_bytes)
    arrivals.place().check_room(size_bytes)
    upload.save(force_insert=True)
    return upload


def _under_way(upload: Upload, by: Person) -> Upload | None:
    """The upload of the same bytes by the same person, if there is one."""
    going = queries.open_uploads(by).filter(size_bytes=upload.size_bytes, fingerprint=upload.fingerprint)
    if upload.fingerprint:  # another tab, or another browser
        return going.first()
    # The answer to a first request may be lost with the network: without this, each try leaves an empty upload behind.
    return going.filter(film=None, offset_bytes=0, file_name=upload.file_name).first()


def _check_quotas(person: Person, size_bytes: int) -> None:
    # Arrived and not described, too: or one person fills the disk, film after film.
    going = queries.open_uploads(person)
    sent = going.aggregate(bytes=Sum("size_bytes"))["bytes"] or 0
    if going.count() >= rules.UNFINISHED_MAX or sent + size_bytes > settings.FILM_QUOTA_BYTES:
        raise NotTaken(Fault.QUOTA, "Trop d’envois sont en cours. Terminez-les, ou annulez-en un.")
    most, used = settings.FILM_STORED_QUOTA_BYTES, queries.stored_bytes(person)
    if most and used + size_bytes > most:
        told = f"Vos films occupent {rules.file_size(used)} sur {rules.file_size(most)}"
        raise NotTaken(
            Fault.QUOTA, f"{told}\u00a0: celui-ci n’y tient plus. Supprimez un film devenu inutile, puis effacez-le."
        )


def receive(
    *, upload_id: UUID, offset: int, stream: Readable, length: int, checksum: Checksum | None, by: Person
) -> Upload:
    """Take one chunk, whole or not at all. The last one of a described film queues its preparation.

    Raises: NotTaken if another request is writing, if the chunk does not begin where the last one ended, goes beyond
    the announced size, arrives cut or damaged, or if the disk is full; Upload.DoesNotExist if it was removed meanwhile.
    """
    place = arrivals.place()
    with place.only_writer(upload_id):
        upload = Upload.objects.editable_by(by).get(pk=upload_id)
        if offset != upload.offset_bytes:
            raise NotTaken(Fault.OFFSET, f"L’envoi en est à l’octet {upload.offset_bytes}.")
        if offset + length > upload.size_bytes:
            raise NotTaken(Fault.LENGTH, "Ce fichier est plus grand qu’annoncé.")
        if upload.is_complete:  # nothing to add: a worker may be reading it, and its film be ready
            return upload
        place.check_room(length)
        try:
            place.append(upload, offset=offset, stream=stream, length=length, checksum=checksum)
        except NotTaken:
            if not _index_holds(upload, offset, length):
                _forget_index(upload_id)
            raise
        holds = _index_holds(upload, offset, length)
        if offset + length == upload.size_bytes:
            place.seal(upload_id)
        return _advance(upload_id, offset + length, index_holds=holds)


def _index_holds(upload: Upload, offset: int, length: int) -> bool:
    """Tell whether the index that was sent ahead is still what lies there, once a chunk has been written over it."""
    start, size = upload.index_offset, upload.index_bytes
    if start is None or size is None or offset >= start + size or offset + length <= start:
        return True
    return arrivals.place().range_digest(upload, offset=start, length=size) == upload.index_sha256


@transaction.atomic
def _forget_index(upload_id: UUID) -> None:
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    upload.index_offset, upload.index_bytes, upload.index_sha256, upload.index_changed = None, None, "", True
    upload.save(update_fields=["index_offset", "index_bytes", "index_sha256", "index_changed"])


@transaction.atomic
def _advance(upload_id: UUID, offset: int, *, index_holds: bool) -> Upload:
    # The row is locked here and in `deposit`: whichever of "all received" and "described" comes second queues the film.
    # Locked without a join: PostgreSQL would give the row as it is now, and the film as it was before the wait.
    if not index_holds:
        _forget_index(upload_id)
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    is_first = upload.offset_bytes == 0
    upload.offset_bytes = offset
    upload.expires_at = kept_until()
    upload.save(update_fields=["offset_bytes", "expires_at"])
    if upload.is_complete and upload.film:
        _queue(upload.film)
    elif upload.film:
        preparing.more_arrived(upload, is_first=is_first)
    return upload


def receive_index(
    *, upload_id: UUID, offset: int, stream: Readable, length: int, checksum: Checksum | None, by: Person
) -> Upload:
    """Take the range that holds the film's index before what comes before it, so that the film can be read early.

    Sent again, it is taken again, once: an index that has changed helps nobody. The bytes of that range are sent once
    more in their turn, and must be the same.

    Raises: NotTaken as `receive`, and if the range is too long, or lies where bytes have arrived already.
    Source: docs/decisions/0016-index-first.md
    """
    if not 0 < length <= rules.INDEX_MAX_BYTES:
        raise NotTaken(Fault.LENGTH, f"Un index pèse au plus {rules.file_size(rules.INDEX_MAX_BYTES)}.")
    place = arrivals.place()
    with place.only_writer(upload_id):
        upload = Upload.objects.editable_by(by).get(pk=upload_id)
        if upload.index_changed:
            raise NotTaken(Fault.LENGTH, "L’index de ce film a déjà changé\u00a0: il arrivera à son tour.")
        if offset < upload.contiguous:
            raise NotTaken(Fault.OFFSET, f"L’envoi en est à l’octet {upload.offset_bytes}.")
        if offset + length > upload.size_bytes:
            raise NotTaken(Fault.LENGTH, "Ce fichier est plus grand qu’annoncé.")
        place.check_room(length)
        try:
            digest = place.put_index(upload, offset=offset, stream=stream, length=length, checksum=checksum)
        except NotTaken:
            if not _index_holds(upload, offset, length):
                _forget_index(upload_id)
            raise
        return _note_index(upload_id, offset, length, digest)


@transaction.atomic
def _note_index(upload_id: UUID, offset: int, length: int, digest: str) -> Upload:
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    before = (upload.index_offset, upload.index_bytes, upload.index_sha256)
    if upload.has_index and before != (offset, length, digest):
        upload.index_changed = True
    upload.index_offset, upload.index_bytes, upload.index_sha256 = offset, length, digest
    upload.save(update_fields=["index_offset", "index_bytes", "index_sha256", "index_changed"])
    if upload.film:
        preparing.more_arrived(upload)
    return upload


def keep_file(*, file: Readable, size_bytes: int, file_name: str, by: Person, fingerprint: str = "") -> Upload:
    """Take a whole film at once: from a form sent without JavaScript, or from a file that is there.

    Raises: NotTaken, as `start_upload` and `receive`.
    """
    upload = start_upload(size_bytes=size_bytes, file_name=file_name, by=by, fingerprint=fingerprint)
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
    transaction.on_commit(lambda: arrivals.place().discard(upload_id), robust=True)


@transaction.atomic
def deposit(
    *,
    upload: Upload,
    title: str,
    group: MutualisationGroup,
    project: RecordingProject | None = None,
    replaces: Film | None = None,
    by: Person,
) -> Film:
    """Make a film of an upload, arrived or still on its way. Depositing it twice returns the same film.

    Without a recording project, or with one whose record is not complete, the film is its author's alone. So is one
    that is to replace another, until its author says so (`replace_film`).

    Raises: Refusal if there is no title, if `by` is not a member of the group, if the upload, the project or the film
    to replace is not one's own, if that film is of another group, or if the families were told of another.
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
    lately = Film.objects.filter(author=by, created_at__gt=timezone.now() - timedelta(days=1))
    check_count(
        lately, rules.FILMS_A_DAY_MAX, "Vous avez déposé beaucoup de films aujourd’hui. Déposez celui-ci demain."
    )
    film = Film(
        author=by,
        group=group,
        title=title.strip()[: rules.TITLE_MAX],
        size_bytes=held.size_bytes,
        fingerprint=held.fingerprint,
    )
    if replaces is not None:
        _take_the_place(film, replaces, by)
    if project is not None:
        protect(film, project, Audience.PRIVATE if replaces else Audience.GROUP)
    film.save(force_insert=True)
    held.film = film
    held.save(update_fields=["film"])
    if held.is_complete:
        _queue(film)
    else:
        preparing.more_arrived(held, is_first=True)
    return film


def _take_the_place(film: Film, old: Film, by: Person) -> None:
    """Write on `film`, without saving it, which film it will replace, and what that one says of itself."""
    if not Film.objects.editable_by(by).filter(pk=old.pk).exists():
        raise Refusal("Le film à remplacer n’est plus là.")
    if film.group_id != old.group_id:
        raise Refusal("Un film en remplace un autre dans le même groupe.")
    film.replaces, film.audience = old, Audience.PRIVATE
    film.levels, film.subject = old.levels, old.subject


def _queue(film: Film) -> None:
    film.state = FilmState.PROCESSING
    film.save(update_fields=["state"])
    jobs.ask(queries.PREPARE, str(film.pk), rank=0, owner_key=str(film.author_id))
