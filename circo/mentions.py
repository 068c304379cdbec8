"""What people write to one another: texts without what nobody sees, and whom they call after an `@`. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from circo.errors import Refusal

MENTIONS_MAX = 20  # people named in one text
GONE = "une personne partie"  # in the place of a name that was erased

DIRECTIONS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Return what a person typed without what nobody sees: control characters, and those that turn the text around."""
    text = DIRECTIONS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    seen = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs", "Co"))
    return unicodedata.normalize("NFC", seen).strip()


def _folded(text: str) -> str:
    """Without accents or capitals, and of the same length: a name is looked for where it stands."""
    plain = (unicodedata.normalize("NFD", sign)[0].lower() for sign in text)
    return "".join(sign if len(sign) == 1 else "?" for sign in plain)


def mentioned[Key](text: str, names: Mapping[Key, str]) -> list[Key]:
    """Return whom a text names after an `@`: the whole name, or a first name that only one of them bears.

    Raises: Refusal if it names more people than one may call at once.
    """
    found = {key: None for key, _, _ in _called(text, names.items())}
    if len(found) > MENTIONS_MAX:
        raise Refusal(f"Mentionnez au plus {MENTIONS_MAX} personnes à la fois.")
    return list(found)


def _called[Key](text: str, names: Iterable[tuple[Key, str]]) -> Iterator[tuple[Key, int, int]]:
    """Whom a text names after each `@`, and between which signs the name stands."""
    calls, folded = known_as(names), _folded(text)
    lengths = sorted({len(call) for call in calls}, reverse=True)  # the whole name before the first name
    for place in re.finditer("@", folded):
        start = place.end()
        for length in lengths:
            called = calls.get(folded[start : start + length])
            if called is not None and not folded[start + length : start + length + 1].isalnum():
                yield called, start, start + length
                break


def strangers[Key](text: str, names: Mapping[Key, str]) -> list[str]:
    """Return the words after an `@` that call nobody of these names, or several: as typed, one word each."""
    known = {start for _, start, _ in _called(text, names.items())}
    calls = re.finditer(r"(?:^|(?<=[\s(«]))@([^\W\d_][\w’'-]*)", text)
    return [call[1] for call in calls if call.start(1) not in known]


def unnamed(text: str, names: Iterable[str], others: Iterable[str]) -> str:
    """Return a text that calls somebody by none of these names after an `@`, and the others as before."""
    kept, at = "", 0
    everybody = [*((0, name) for name in names), *enumerate(others, start=1)]
    for called, start, end in _called(text, everybody):
        if called == 0:
            kept, at = kept + text[at:start] + GONE, end
    return kept + text[at:]


def known_as[Key](names: Iterable[tuple[Key, str]]) -> dict[str, Key]:
    """The folded names that call exactly one person: the whole name, and the first word of it. One may have several."""
    calls: dict[str, set[Key]] = {}
    for key, name in names:
        whole = _folded(name)
        for call in {whole, whole.split(" ")[0]}:
            calls.setdefault(call, set()).add(key)
    return {call: keys.pop() for call, keys in calls.items() if call and len(keys) == 1}
