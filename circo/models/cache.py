"""Rows of the cache (see circo/caches.py)."""

from __future__ import annotations

from django.db import models


class CacheEntry(models.Model):
    """One remembered value, until its time. Nothing here is the truth about anything: it may vanish at any moment."""

    key = models.CharField(max_length=255, primary_key=True)
    value = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "entrée du cache"
        verbose_name_plural = "entrées du cache"
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
