"""A text that the database holds sealed: nobody reads it in a table, a dump or a backup, and nobody searches it.

Source: docs/decisions/0025-mentoring-privacy.md
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models

PURPOSE = b"circo.models.sealed"
UNREADABLE = "Ce texte ne peut plus être lu\u00a0: la clé qui le fermait a changé."


def box(purpose: bytes) -> MultiFernet:
    """What closes and opens for one purpose: the key of today first, then those of SECRET_KEY_FALLBACKS, which still
    open what they closed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(purpose + key.encode()).digest() for key in keys)  # the key is already long and random
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SealedField(models.Field):
    """Text in Python, a sealed one in the database. Empty stays empty; no lookup, no form, no plain serialisation."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | {"editable": False})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        options.pop("editable", None)
        return name, path, args, options

    def get_internal_type(self) -> str:
        return "TextField"

    def get_prep_value(self, value: Any) -> str:
        return box(PURPOSE).encrypt(str(value).encode()).decode() if value else ""

    def from_db_value(self, value: str | None, *_: Any) -> str:
        if not value:
            return ""
        try:
            return box(PURPOSE).decrypt(value.encode()).decode()
        except InvalidToken:
            return UNREADABLE

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def get_lookup(self, lookup_name: str) -> Any:
        raise FieldError("a sealed text cannot be searched")
