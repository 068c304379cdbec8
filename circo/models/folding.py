"""Texts compared as a person types them: no accent, no capital, no hyphen; the same in Python, SQLite and PostgreSQL.

Source: docs/decisions/0007-search.md
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, F, Func, GeneratedField, TextField, Value
from django.db.models.functions import Concat

MOST_CHARACTERS = 100  # of what is searched: beyond it is a paste by mistake, or an attack
MOST_WORDS = 6
# These letters are written in the columns of `folded_column`: to change one takes a migration that makes them anew.
_PAIRS = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ĳ": "ij", "Ĳ": "ij", "ŉ": "n"}
_STROKES = {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ħ": "h", "Ħ": "h", "ı": "i"}
_SPACES = "'’‘ʼ-‐‑–—.,;:/()\u00a0\u202f\u2009\t\r\n"
_COMBINING = "\u0300\u0301\u0302\u0303\u0308\u030a\u030c\u0327"  # macOS writes é as two characters


def _plain_letters() -> dict[str, str]:
    """The Latin letters with an accent, each with its bare letter."""
    bare = {letter: unicodedata.normalize("NFKD", letter)[0] for letter in map(chr, range(0x00C0, 0x0180))}
    return {letter: plain for letter, plain in bare.items() if plain.isascii() and plain.isalpha()}


_ONE_FOR_ONE = {**_plain_letters(), **_STROKES, **dict.fromkeys(_SPACES, " ")}
for _letters in _PAIRS:
    _ONE_FOR_ONE.pop(_letters, None)
FROM = "".join(_ONE_FOR_ONE) + _COMBINING  # what has no counterpart in TO is dropped
TO = "".join(_ONE_FOR_ONE.values())
_TABLE = str.maketrans({**_PAIRS, **_ONE_FOR_ONE, **dict.fromkeys(_COMBINING, "")})


def fold(text: str) -> str:
    """Return a text without accents, capitals and hyphens: `Val-de-Reuil` and `val de reuil` fold alike."""
    return text.translate(_TABLE).lower()


def words_of(text: str) -> list[str]:
    """Return the folded words to look for: the first few of a bounded text, never a control character."""
    printable = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", " ", text[:MOST_CHARACTERS])
    return fold(printable).split()[:MOST_WORDS]


class Fold(Func):
    """The database's own `fold`."""

    arity = 1
    function = "fold"  # SQLite: registered on each connection by `install`
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, tuple]:
        # Translated before it is lowered: under the "C" collation lower() knows no accent.
        template = "%(expressions)s"
        params: list[str] = []
        for letters, plain in _PAIRS.items():
            template, params = f"replace({template}, %%s, %%s)", [*params, letters, plain]
        sql, own = self.as_sql(compiler, connection, template=f"lower(translate({template}, %%s, %%s))", **context)
        return sql, (*own, *params, FROM, TO)


def folded_column(*fields: str) -> GeneratedField:
    """A column that the database keeps by itself: these fields of the row, folded, with a space between them."""
    first, *others = fields
    parts = [F(first), *(part for field in others for part in (Value(" "), F(field)))]
    whole = Concat(*parts, output_field=CharField()) if others else F(first)
    return GeneratedField(expression=Fold(whole), output_field=TextField(), db_persist=True)


def _fold_value(text: str | None) -> str | None:
    return text and fold(text)


def install(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Teach `fold` to a new SQLite connection (receiver of Django's `connection_created`)."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("fold", 1, _fold_value, deterministic=True)
