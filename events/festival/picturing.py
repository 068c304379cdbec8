"""Verbs of the pictures of a festival, and of its visitors once counted."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from circo.attaching import pictures, reading
from circo.errors import Refusal
from circo.models import Person
from events.festival.locking import prepared
from events.festival.rules import PICTURES_MOST, PictureKind
from events.models import Festival, FestivalPicture

KEPT_FOR = timedelta(days=7)  # a removed picture, before its file goes
SIDE = 1280  # pixels: of a picture on a phone's page
NOT_AGREED = "Une photo se montre si chaque personne que l’on reconnaît est d’accord\u00a0: confirmez-le, ou renoncez."


@transaction.atomic
def add(*, festival: Festival, kind: PictureKind, file: UploadedFile, words: str, agreed: bool, by: Person) -> None:
    """Keep a photo, or a site plan in the place of the one before.

    Raises: Refusal if one does not prepare the festival, nobody confirms the agreements, or it is no picture.
    """
    held = prepared(festival, by)
    if kind is PictureKind.PHOTO and not agreed:
        raise Refusal(NOT_AGREED)
    if held.pictures.filter(removed_at=None).count() >= PICTURES_MOST:
        raise Refusal(f"Une fête montre au plus {PICTURES_MOST}\u00a0photos\u00a0: retirez-en.")
    reading.checked_size(file)
    file.seek(0)
    content = pictures.made_again(file.read(), side=SIDE)
    if kind is PictureKind.PLAN:
        held.pictures.filter(kind=kind, removed_at=None).update(removed_at=timezone.now())
    now = timezone.now()
    picture = FestivalPicture(
        festival=held, kind=kind, words=words.strip(), added_by=by, agreed_at=now if kind is PictureKind.PHOTO else None
    )
    default_storage.save(picture.key, ContentFile(content))
    picture.save(force_insert=True)


@transaction.atomic
def remove(*, picture: FestivalPicture, by: Person) -> None:
    """Take a picture away at once; its file goes some days later. Twice changes nothing.

    Raises: Refusal.
    """
    prepared(picture.festival, by)
    FestivalPicture.objects.filter(pk=picture.pk, removed_at=None).update(removed_at=timezone.now())


@transaction.atomic
def restore(*, picture: FestivalPicture, by: Person) -> None:
    """Put back a picture that was taken away.

    Raises: Refusal if another plan stands in its place.
    """
    held = prepared(picture.festival, by)
    if picture.kind == PictureKind.PLAN and held.pictures.filter(kind=picture.kind, removed_at=None).exists():
        raise Refusal("Un autre plan a pris sa place.")
    FestivalPicture.objects.filter(pk=picture.pk).update(removed_at=None)


def forget_removed() -> None:
    """Delete the files that were taken away some days ago. Safe to run twice."""
    for picture in FestivalPicture.objects.filter(removed_at__lt=timezone.now() - KEPT_FOR).order_by("removed_at"):
        key = picture.key
        picture.delete()
        default_storage.delete(key)


@transaction.atomic
def count_visitors(*, festival: Festival, visitors: int, by: Person) -> None:
    """Write how many people came.

    Raises: Refusal if one does not prepare the festival.
    """
    held = prepared(festival, by)
    held.visitors = visitors
    held.save()
