"""The uploads under way."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from circo.models import Person
from videos.models import Upload


def open_uploads(person: Person) -> models.QuerySet[Upload]:
    """What a person may go on sending, described or not, or has sent and not described: newest first."""
    going = Q(film=None) | Q(offset_bytes__lt=F("size_bytes"))
    return Upload.objects.visible_to(person).open_at(timezone.now()).filter(going).fetch_mode(models.FETCH_RAISE)


def waiting_uploads(person: Person) -> models.QuerySet[Upload]:
    """What a person began to send and has not described yet, newest first."""
    return Upload.objects.visible_to(person).open_at(timezone.now()).filter(film=None).fetch_mode(models.FETCH_RAISE)
