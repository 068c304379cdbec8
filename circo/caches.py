"""Django's cache as rows of the database: for allauth's counters and used codes, which must survive without Redis.

Unlike Django's own database cache: values are JSON, never pickles (ASVS 1.5.2); reading never writes; nothing is thrown
away before its time, so that nobody makes the counters forget by filling the table.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import transaction
from django.utils import timezone

from circo.models import CacheEntry

FOR_EVER = timedelta(days=3650)
SWEEP_ONE_IN = 100  # writes


class RowCache(BaseCache):
    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def _live(self, key: str):
        return CacheEntry.objects.filter(pk=key, expires_at__gt=timezone.now())

    def _until(self, timeout: Any) -> datetime:
        end = self.get_backend_timeout(timeout)
        return timezone.now() + FOR_EVER if end is None else datetime.fromtimestamp(end, tz=UTC)

    def get(self, key, default=None, version=None):
        key = self.make_and_validate_key(key, version=version)
        return next(iter(self._live(key).values_list("value", flat=True)), default)

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        key = self.make_and_validate_key(key, version=version)
        if secrets.randbelow(SWEEP_ONE_IN) == 0:
            CacheEntry.objects.filter(expires_at__lte=timezone.now()).delete()
        CacheEntry.objects.update_or_create(pk=key, defaults={"value": value, "expires_at": self._until(timeout)})

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        """Remember a value unless one is there; of two callers at once, one alone is told yes."""
        key = self.make_and_validate_key(key, version=version)
        with transaction.atomic():
            CacheEntry.objects.filter(pk=key, expires_at__lte=timezone.now()).delete()
            fresh = {"value": value, "expires_at": self._until(timeout)}
            return CacheEntry.objects.get_or_create(pk=key, defaults=fresh)[1]

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        key = self.make_and_validate_key(key, version=version)
        return bool(self._live(key).update(expires_at=self._until(timeout)))

    def delete(self, key, version=None):
        key = self.make_and_validate_key(key, version=version)
        return bool(CacheEntry.objects.filter(pk=key).delete()[0])

    def has_key(self, key, version=None):
        return self._live(self.make_and_validate_key(key, version=version)).exists()

    def clear(self):
        CacheEntry.objects.all().delete()
