"""How the portal says a deadline and a number in words."""

from __future__ import annotations

from datetime import date

from circo.dates import day_in_words
from circo.rules import DAYS

NUMBERS = ("Aucune", "Une", "Deux", "Trois", "Quatre", "Cinq", "Six", "Sept", "Huit", "Neuf", "Dix")
A_WEEK = 7  # days within which a weekday's name is enough
PRESSING = 2  # days under which a deadline is shown in chalk


def deadline_in_words(due_on: date | None, today: date) -> str:
    """Say by when something waits; nothing when it goes at one's own pace."""
    if due_on is None:
        return ""
    left = (due_on - today).days
    if left < 0:
        return f"attendu depuis le {day_in_words(due_on, today)}"
    if left <= 1:
        return ("aujourd’hui", "demain")[left]
    if left < A_WEEK:
        return f"pour {DAYS[due_on.weekday()]}"
    return f"pour le {day_in_words(due_on, today)}"


def is_pressing(due_on: date | None, today: date) -> bool:
    """Tell whether a deadline is past, or comes within two days."""
    return due_on is not None and (due_on - today).days <= PRESSING


def things_in_words(count: int) -> str:
    """Say how many things wait for somebody, in one sentence."""
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return f"{number} chose{'s' if count > 1 else ''} vous attend{'ent' if count > 1 else ''}."
