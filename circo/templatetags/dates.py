"""A filter for days: Django writes `1 décembre`, one says `1er décembre`."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone

from circo.dates import day_in_words

register = template.Library()


@register.filter(expects_localtime=True)
def day(value: date | datetime | None) -> str:
    """Say a day as one says it aloud, with its year when it is not this one."""
    if value is None:
        return ""
    return day_in_words(value.date() if isinstance(value, datetime) else value, timezone.localdate())
