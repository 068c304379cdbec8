"""What was taken away of the catalogue, and can no longer come back."""

from __future__ import annotations

from django.utils import timezone

from trainings.models import PathReview
from videos.rules import RESTORABLE_FOR


def sweep() -> int:
    """Delete the words that were taken away too long ago to come back; return how many."""
    rows = PathReview.objects.filter(removed_at__lt=timezone.now() - RESTORABLE_FOR)
    return rows.delete()[0]
