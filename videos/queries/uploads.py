"""The uploads under way."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone

from circo.models import Person
from videos import rules
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

    A refused film counts as long as its file is kept, a removed one until it is erased.
    """
    kept = Film.objects.filter(author_id=person.pk).exclude(state=FilmState.REFUSED, upload=None)
    waiting = waiting_uploads(person).aggregate(bytes=Sum("size_bytes"))["bytes"] or 0
    return waiting + (kept.aggregate(bytes=Sum("size_bytes"))["bytes"] or 0)


def same_film(upload: Upload) -> Film | None:
    """One's own film whose file had the same size and the same ends as this upload, the latest one."""
    if not upload.fingerprint:
        return None
    twins = (
        Film.objects.kept()
        .filter(author_id=upload.owner_id, size_bytes=upload.size_bytes, fingerprint=upload.fingerprint)
        .exclude(state=FilmState.REFUSED)
    )
    return twins.exclude(pk=upload.film_id).first() if upload.film_id else twins.first()


@dataclass(frozen=True)
class DepositPage:
    """What the page of the deposit shows beside its form. Each upload has its film, if it was described."""

    uploads: list[Upload]
    max_bytes: int
    quota: str  # how much is used; nothing where there is no limit, or no film


def deposit_page(person: Person) -> DepositPage:
    """Read what a person has under way, and how much her or his films weigh."""
    most, used = settings.FILM_STORED_QUOTA_BYTES, stored_bytes(person)
    return DepositPage(
        uploads=list(open_uploads(person).select_related("film")),
        max_bytes=settings.FILM_MAX_BYTES,
        quota=f"Vos films occupent {rules.file_size(used)} sur {rules.file_size(most)}." if most and used else "",
    )
