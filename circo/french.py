"""What a French sentence does to a name that comes into it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sized

VOWELS = frozenset("aeiouœæ")  # neither h nor y: « de Hugo », « de Yann » are never wrong


def of(name: object) -> str:
    """Write « de » before a name: `d’Amina`, `de Bruno`, `d’É. F.`."""
    text = str(name)
    first = unicodedata.normalize("NFD", text)[:1].lower()
    return f"d’{text}" if first in VOWELS else f"de {text}"


def ending(count: Sized | float | str, endings: str = "s") -> str:
    """The ending of a word for so many: in French the plural begins at two, `0 message`, `1,5 heure`, `2 messages`.

    `endings`: that of the plural, or both, separated by a comma.
    """
    number = len(count) if isinstance(count, Sized) and not isinstance(count, str) else float(count)  # type: ignore[arg-type]
    one, _, many = endings.rpartition(",")
    return many if abs(number) >= 2 else one
