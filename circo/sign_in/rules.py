"""Pure rules of signing in: how long a visit may last, which passwords are too close to their owner."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

SESSION_MAX = timedelta(hours=12)  # ProConnect's own session lasts as long
IDLE_MAX = timedelta(minutes=60)  # for those whose role asks for a second factor
SEEN_EVERY = timedelta(minutes=1)  # a visit is noted at most once a minute
# What a browser calls itself, the most particular first: Edge says Chrome, Chrome says Safari, all say Mozilla.
BROWSERS = [("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")]
DEVICES = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
]
INVITATION_LIFE = timedelta(days=7)
SHORTEST_WORD = 4  # letters; a shorter name is in too many words
LEFT_WITHOUT_OWN_WORDS = 8  # letters and digits that a password keeps once its owner's words are taken out


def session_is_over(now: datetime, *, signed_in_at: datetime, seen_at: datetime, idles: bool) -> bool:
    """Tell whether a visit has lasted too long, or slept too long when its person may not sleep (`idles`)."""
    return now - signed_in_at >= SESSION_MAX or (idles and now - seen_at >= IDLE_MAX)


def plain_letters(text: str) -> str:
    """Lower the case and drop accents and signs: « Élodie-Anne » becomes « elodieanne »."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9]", "", spread)


def own_words_in(password: str, words: Iterable[str]) -> list[str]:
    """Return the words that `password` leans on, when too few letters are left without them."""
    left, found = plain_letters(password), []
    for word in sorted(words, key=len, reverse=True):
        plain = plain_letters(word)
        if len(plain) >= SHORTEST_WORD and plain in left:
            left = left.replace(plain, "")
            found.append(word)
    return found if len(left) < LEFT_WITHOUT_OWN_WORDS else []


def device_name(user_agent: str) -> str:
    """Name a browser and its device in two words that its owner recognises: « Firefox, Windows »."""
    names = [next((name for mark, name in marks if mark in user_agent), "") for marks in (BROWSERS, DEVICES)]
    return ", ".join(name for name in names if name) or "Navigateur inconnu"
