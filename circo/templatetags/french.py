"""The filter that writes « de » or « d’ » before a name."""

from __future__ import annotations

from django import template

from circo import french

register = template.Library()
register.filter("of", french.of)
