"""What was removed, and can come back no more, is erased from the tables."""

from __future__ import annotations

from django.utils import timezone

from networks.mentoring import rules
from networks.models import MentoringGoal, MentoringMessage


def forget_removed() -> int:
    """Erase for good what was removed and can come back no more; return how many rows."""
    before = timezone.now() - rules.UNDO
    gone, _ = MentoringMessage.objects.filter(removed_at__lt=before).delete()
    goals, _ = MentoringGoal.objects.filter(removed_at__lt=before).delete()
    return gone + goals
