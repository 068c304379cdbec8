"""A filter for durations: `7 h 30`."""

from __future__ import annotations

from django import template

from circo.hours import rules

register = template.Library()
register.filter("duration", rules.in_words)
