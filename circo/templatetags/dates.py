"""Filters for days and hours: Django writes `1 décembre` and `09:00`, one says `1er décembre` and `9 h`."""

from __future__ import annotations

from datetime import date, datetime, time

from django import template
from django.utils import timezone

from circo import dates
from circo.dates import day_in_words

register = template.Library()


@register.filter(expects_localtime=True)
def day(value: date | datetime | None) -> str:
    """Say a day as one says it aloud, with its year when it is not this one."""
    if value is None:
        return ""
    return day_in_words(value.date() if isinstance(value, datetime) else value, timezone.localdate())


@register.filter(expects_localtime=True)
def clock(value: time | datetime | None) -> str:
    """Say an hour as one says it aloud."""
    if value is None:
        return ""
    return dates.clock(value.time() if isinstance(value, datetime) else value)
