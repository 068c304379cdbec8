"""The filters of French: « de » or « d’ » before a name, and the plural, which begins at two."""

from __future__ import annotations

from django import template

from circo import french

register = template.Library()
register.filter("of", french.of)
register.filter("pluralize", french.ending)  # in the place of Django’s, which writes « 0 messages »
