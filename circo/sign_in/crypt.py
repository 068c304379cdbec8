"""Secrets of second factors, encrypted in the database with a key made from SECRET_KEY."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

PURPOSE = b"circo.sign_in.crypt"


def _box() -> MultiFernet:
    """The key of today first, then those of SECRET_KEY_FALLBACKS, which still open what they closed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(PURPOSE + key.encode()).digest() for key in keys)  # the key is already long and random
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def close(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def reopen(text: str) -> str:
    return _box().decrypt(text.encode()).decode()
