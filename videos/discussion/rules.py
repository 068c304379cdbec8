"""Pure rules of a discussion: what a text may hold, whom it mentions, how a timeline is drawn."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from circo.errors import Refusal
from videos.rules import MOMENT_MAX

DRAFT_MAX = 20_000  # characters: more than may be published, for nothing typed is lost
MENTIONS_MAX = 20  # people named in one text
GONE = "une personne partie"  # in the place of a name that was erased
A_PAGE = 40  # moments
PLACES = 30  # of a timeline: what is closer than that is one mark
POINT_S = 3.0  # how long a point stays on the screen as a caption

DIRECTIONS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Return what a person typed without what nobody sees: control characters, and those that turn the text around."""
    text = DIRECTIONS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    seen = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs", "Co"))
    return unicodedata.normalize("NFC", seen).strip()


def checked(text: str) -> str:
    """Return a text that may be published.

    Raises: Refusal if nothing is left of it, or if it is too long.
    """
    text = clean(text)
    if not any(unicodedata.category(sign)[0] in "LNPS" for sign in text):
        raise Refusal("Écrivez votre commentaire.")
    if len(text) > MOMENT_MAX:
        raise Refusal(f"Un commentaire compte au plus {MOMENT_MAX} signes\u00a0; celui-ci en compte {len(text)}.")
    return text


def check_times(at_s: float, ends_at_s: float | None, *, duration_s: float) -> None:
    """Refuse a place that is not in the film.

    Units:  seconds from the beginning of the film.
    Raises: Refusal, in words that say what to change.
    """
    for second in (at_s, ends_at_s):
        if second is not None and not (math.isfinite(second) and 0 <= second <= duration_s + 1):
            raise Refusal("Ce commentaire est posé hors du film.")
    if ends_at_s is not None and ends_at_s <= at_s:
        raise Refusal("La fin du passage vient après son début.")


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
        raise Refusal(f"Mentionnez au plus {MENTIONS_MAX} personnes dans un commentaire.")
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


@dataclass(frozen=True)
class Dot:
    """One moment as a timeline sees it."""

    pk: int
    at_s: float
    ends_at_s: float | None
    kind: str


@dataclass(frozen=True)
class Mark:
    """One mark on the timeline: a moment alone, or several that stand too close to be told apart."""

    at_s: float
    dots: tuple[Dot, ...]

    @property
    def kind(self) -> str:
        """The kind of all of them, or nothing if they differ."""
        kinds = {dot.kind for dot in self.dots}
        return kinds.pop() if len(kinds) == 1 else ""


def marks(dots: Sequence[Dot], *, duration_s: float, places: int = PLACES) -> list[Mark]:
    """Gather what stands too close together. `dots` come in the order of the film.

    Bound: at most `places` marks and one or two; a mark stands at the first of its moments.
    """
    width = duration_s / places
    gathered: list[list[Dot]] = []
    for dot in dots:
        if gathered and dot.at_s - gathered[-1][0].at_s < width:
            gathered[-1].append(dot)
        else:
            gathered.append([dot])
    return [Mark(group[0].at_s, tuple(group)) for group in gathered]


def bands(dots: Iterable[Dot]) -> dict[str, list[tuple[float, float]]]:
    """The intervals of each kind, those that touch made one: what a timeline draws as bands."""
    drawn: dict[str, list[tuple[float, float]]] = {}
    for dot in sorted((dot for dot in dots if dot.ends_at_s is not None), key=lambda dot: dot.at_s):
        end = dot.ends_at_s or dot.at_s
        line = drawn.setdefault(dot.kind, [])
        if line and dot.at_s <= line[-1][1]:
            line[-1] = (line[-1][0], max(line[-1][1], end))
        else:
            line.append((dot.at_s, end))
    return drawn
