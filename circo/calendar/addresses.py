"""The private addresses of agendas: made from a random part that is kept and from the key of the server, never kept."""

from __future__ import annotations

import base64
import hashlib
import secrets

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from circo.access import Permission
from circo.models import CalendarFeed, Person

NONCE_BYTES = 32
_SALT = "circo.calendar.addresses"


def new_nonce() -> str:
    return secrets.token_urlsafe(NONCE_BYTES)


def secret_of(person_id: int, nonce: str) -> str:
    """Derive the secret of an address: 256 bits, the same each time, that no copy of the database tells."""
    made = salted_hmac(_SALT, f"{person_id}:{nonce}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def address_of(feed: CalendarFeed) -> str:
    """Return the whole address of an agenda; empty once it is closed, or when the server's key has changed since."""
    secret = secret_of(feed.person_id, feed.nonce)
    if feed.closed_at is not None or digest_of(secret) != feed.digest:
        return ""
    return f"{settings.SITE_URL}{reverse('calendar:feed', args=[secret])}"


def reader_of(secret: str) -> Person | None:
    """Return whose agenda an address opens; None for an unknown or closed one, or of somebody who uses nothing here."""
    feed = (
        CalendarFeed.objects.filter(digest=digest_of(secret), closed_at__isnull=True).select_related("person").first()
    )
    if feed is None or not feed.person.reach().can(Permission.USE_PORTAL):
        return None
    return feed.person
