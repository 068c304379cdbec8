"""The uploads under way."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone

from circo.models import Person
from videos.models import Film, FilmState, Upload


def open_uploads(person: Person) -> models.QuerySet[Upload]:
    """What a person may go on sending, described or not, or has sent and not described: newest first."""
    going = Q(film=None) | Q(offset_bytes__lt=F("size_bytes"))
    return Upload.objects.visible_to(person).open_at(timezone.now()).filter(going).fetch_mode(models.FETCH_RAISE)


def waiting_uploads(person: Person) -> models.QuerySet[Upload]:
    """What a person began to send and has not described yet, newest first."""
    return Upload.objects.visible_to(person).open_at(timezone.now()).filter(film=None).fetch_mode(models.FETCH_RAISE)


def stored_bytes(person: Person) -> int:
    """The weight of a person's films: of the files as they were deposited, or are on their way.

    A refused film counts as long as its file is kept.
    """
    kept = Film.objects.editable_by(person).exclude(state=FilmState.REFUSED, upload=None)
    waiting = waiting_uploads(person).aggregate(bytes=Sum("size_bytes"))["bytes"] or 0
    return waiting + (kept.aggregate(bytes=Sum("size_bytes"))["bytes"] or 0)


def same_film(upload: Upload) -> Film | None:
    """One's own film whose file had the same size and the same ends as this upload, the latest one."""
    if not upload.fingerprint:
        return None
    twins = Film.objects.filter(
        author_id=upload.owner_id, size_bytes=upload.size_bytes, fingerprint=upload.fingerprint
    ).exclude(state=FilmState.REFUSED)
    return twins.exclude(pk=upload.film_id).first() if upload.film_id else twins.first()
