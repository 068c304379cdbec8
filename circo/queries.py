"""Reads of the ground's own pages."""

from __future__ import annotations

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from circo.models import Notice, Person


def notices_page(person: Person) -> QuerySet[Notice]:
    """One's notices: the unread ones first, then the newest."""
    is_read = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())
    return Notice.objects.visible_to(person).annotate(is_read=is_read).order_by("is_read", "-created_at", "-pk")
