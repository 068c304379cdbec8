"""Comments at the second."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from circo.models import Person
from videos.models import Moment


def restorable_moments(person: Person) -> models.QuerySet[Moment]:
    """The comments that a person has just removed."""
    return Moment.objects.restorable_by(person, timezone.now()).fetch_mode(models.FETCH_RAISE)
