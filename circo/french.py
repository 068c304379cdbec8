"""What a French sentence does to a name that comes into it."""

from __future__ import annotations

import unicodedata

VOWELS = frozenset("aeiouœæ")  # neither h nor y: « de Hugo », « de Yann » are never wrong


def of(name: object) -> str:
    """Write « de » before a name: `d’Amina`, `de Bruno`, `d’É. F.`."""
    text = str(name)
    first = unicodedata.normalize("NFD", text)[:1].lower()
    return f"d’{text}" if first in VOWELS else f"de {text}"
