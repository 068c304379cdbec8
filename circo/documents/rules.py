"""Pure rules of documents: French spaces, what may be printed, dates in words, codes of verification."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum
from itertools import groupby

from circo.rules import DAYS, MONTHS

NO_BREAK, NARROW = "\u00a0", "\u202f"
UNPRINTABLE = "\ufffd"  # shown where a character cannot be
CHARACTERS_MAX = 300_000  # of one document's data: a hundred pages

# Codes of verification: no letter that is taken for another; O, I and L are read as the digits that they recall.
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 28  # of 32 letters: 140 bits
ISSUED_KEPT_YEARS = 5
LETTERS_MAX = 1000  # of one batch
BATCHES_AT_ONCE_MAX, BATCHES_MAX = 5, 100  # of one person: being made, and kept
BATCH_CHARACTERS_MAX = 5_000_000
_MISREAD = str.maketrans("OIL", "011", " -\u2010\u2011\u2013.\u00a0\u202f\t\n")

# Marks that turn the direction of what follows: in a name, they would turn the sentence around it as well.
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])
_SPACES = (
    (re.compile(r" (?=[;!?](?:\W|$))"), NARROW),
    (re.compile(r" (?=[:»%€])|(?<=«) |(?<=\bn°) |(?<=\d) (?=\d{3}(?!\d))"), NO_BREAK),
)


def readable(text: str) -> str:
    """Return a text as it can be printed: composed, with French spaces, a visible mark for each control character.

    Words, punctuation and marks of any mark-up stay as they were typed; only spaces change their width.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).translate(_TURNS)
    for pattern, space in _SPACES:
        text = pattern.sub(space, text)
    if text.replace(NO_BREAK, "").replace(NARROW, "").isprintable():  # nearly all, ten times faster
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\n\t":
        return character
    return UNPRINTABLE if unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") else character


def day(on: date) -> str:
    """Say a day: `1er décembre 2026`."""
    return f"{'1er' if on.day == 1 else on.day}{NO_BREAK}{MONTHS[on.month - 1]}{NO_BREAK}{on.year}"


def weekday(on: date) -> str:
    """Say a day with its name: `mardi 1er décembre 2026`."""
    return f"{DAYS[on.weekday()]} {day(on)}"


def hour(at: time) -> str:
    """Say an hour: `9 h`, `13 h 30`."""
    return f"{at.hour}{NO_BREAK}h" + (f"{NO_BREAK}{at.minute:02d}" if at.minute else "")


def duration(minutes: int) -> str:
    """Say how long something lasts: `6 h`, `1 h 30`, `45 min`."""
    hours, left = divmod(minutes, 60)
    if not hours:
        return f"{left}{NO_BREAK}min"
    return f"{hours}{NO_BREAK}h" + (f"{NO_BREAK}{left:02d}" if left else "")


@dataclass(frozen=True)
class Slot:
    """Some hours of one day."""

    on: date
    starts: time
    ends: time

    def __str__(self) -> str:
        return f"{weekday(self.on)}, de {hour(self.starts)} à {hour(self.ends)}"


def days(slots: Sequence[Slot]) -> list[str]:
    """Say when something takes place, one line a day: `mardi 17 novembre 2026, de 9 h à 12 h et de 13 h 30 à 16 h`."""
    return [
        f"{weekday(on)}, " + " et ".join(f"de {hour(slot.starts)} à {hour(slot.ends)}" for slot in same_day)
        for on, same_day in groupby(sorted(slots, key=lambda slot: (slot.on, slot.starts)), key=lambda slot: slot.on)
    ]


def typeset(value: object) -> object:
    """Return what a template reads for this value: plain JSON, in which every text is ready to be printed.

    Raises: TypeError for a value that has no way to be printed.
    """
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return typeset(value.value)
        case str() | Slot():
            return readable(f"{value}")
        case date():
            return day(value)
        case time():
            return hour(value)
        case Decimal() | float():
            return f"{value:f}".rstrip("0").rstrip(".").replace(".", ",") if value else "0"
        case Mapping():
            return ready(value)
        case list() | tuple():
            return [typeset(inner) for inner in value]
    if is_dataclass(value):
        return ready({field.name: getattr(value, field.name) for field in fields(value)})
    raise TypeError(f"{type(value).__name__} cannot be printed")


def ready(fields: Mapping[str, object]) -> dict[str, object]:
    """Return what a template reads, field by field."""
    return {str(name): typeset(value) for name, value in fields.items()}


def code_of(typed: str) -> str | None:
    """Return the code that somebody typed or read aloud, without its hyphens; None if it cannot be one."""
    code = typed[:200].upper().translate(_MISREAD)
    return code if len(code) == CODE_LENGTH and set(code) <= set(CODE_LETTERS) else None


def grouped(code: str) -> str:
    """Write a code by groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
