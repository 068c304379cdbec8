"""Secrets of second factors, encrypted in the database with a key made from SECRET_KEY."""

from __future__ import annotations

from circo.models.sealed import box

PURPOSE = b"circo.sign_in.crypt"


def close(text: str) -> str:
    return box(PURPOSE).encrypt(text.encode()).decode()


def reopen(text: str) -> str:
    return box(PURPOSE).decrypt(text.encode()).decode()
