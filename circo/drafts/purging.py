"""Drafts that nobody will take up again."""

from __future__ import annotations

from datetime import datetime

from circo.models import FormDraft


def purge(*, now: datetime) -> int:
    """Erase the drafts untouched for a month, and those set aside for a day; return how many."""
    return FormDraft.objects.stale(now).delete()[0]
