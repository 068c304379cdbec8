"""Pure rules of the record that protects a film: what it lacks, when it ends, how a pupil is named."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from circo.errors import Refusal

WARNED_BEFORE = timedelta(days=60)
PURGED_AFTER = timedelta(days=30)  # once the record has ended
PEOPLE_MAX = 300  # of one project: a whole school
HOLDERS_MAX = 4  # of parental authority over one pupil
YEARS_MAX = 3  # the life of a group
KEY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that one takes for another when copying from paper
KEY_LENGTH = 27  # 31 letters: 133 bits


class Audience(IntEnum):
    """Circles, from the narrowest to the widest."""

    PRIVATE = 0
    GROUP = 10
    NETWORK = 20
    DISTRICT = 30


AUDIENCE_LABELS = {
    Audience.PRIVATE: "moi, et personne d’autre",
    Audience.GROUP: "le groupe",
    Audience.NETWORK: "le réseau",
    Audience.DISTRICT: "la circonscription",
}


class Answer(StrEnum):
    PENDING = "PENDING"
    AGREED = "AGREED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


NO = (Answer.REFUSED, Answer.WITHDRAWN)


class Basis(StrEnum):
    """What makes the recording lawful: the consent of all holders, unless the data-protection officer decided."""

    ALL_HOLDERS = "ALL_HOLDERS"
    ONE_HOLDER = "ONE_HOLDER"
    PUBLIC_TASK = "PUBLIC_TASK"


@dataclass(frozen=True)
class Signature:
    """The answer of one person who may sign."""

    answer: Answer = Answer.PENDING
    ends_on: date | None = None  # earlier than the project, if that person wished so

    def holds(self, on: date) -> bool:
        return self.answer == Answer.AGREED and (self.ends_on is None or on <= self.ends_on)


@dataclass(frozen=True)
class Figure:
    """Somebody who can be recognised in the film. `hidden`: absent from this film, or blurred in it."""

    pupil: bool
    signatures: Sequence[Signature]
    assented: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Record:
    """All that decides whether a film may be shown to others."""

    basis: Basis
    declared: bool  # the teacher declared the list of people whole
    informed_on: date | None
    recorded_from: date
    ends_on: date
    audience: Audience  # the widest circle that people agreed to
    covers_group: bool  # the film's group is in the circle that people were told of
    figures: Sequence[Figure] = field(default_factory=tuple)


class Lack(StrEnum):
    """One thing that keeps a film from being shown."""

    PROJECT = "PROJECT"
    DECLARED = "DECLARED"
    INFORMED = "INFORMED"
    ENDED = "ENDED"
    PRIVATE = "PRIVATE"
    TOO_WIDE = "TOO_WIDE"
    OTHER_GROUP = "OTHER_GROUP"
    PEOPLE = "PEOPLE"


def basis(kind: Basis | None, starts_on: date | None, ends_on: date | None, today: date) -> Basis:
    """Return what makes a recording lawful today: a decision of the officer while it is in force, else all holders."""
    if kind is None or starts_on is None or today < starts_on or (ends_on is not None and today > ends_on):
        return Basis.ALL_HOLDERS
    return kind


def agrees(figure: Figure, basis: Basis, today: date) -> bool:
    """Tell whether somebody may be shown. One refusal is enough to say no, whatever the basis.

    Source: docs/decisions/0010-consents.md (law 2024-120: parents protect the image in common).
    """
    if any(signature.answer in NO for signature in figure.signatures):
        return False
    if basis == Basis.PUBLIC_TASK:
        return True
    if figure.pupil and not figure.assented:
        return False
    held = [signature.holds(today) for signature in figure.signatures]
    return any(held) if basis == Basis.ONE_HOLDER else bool(held) and all(held)


def last_day(recorded_from: date) -> date:
    """Return the last day that a film may be shown, whatever people agreed to.

    Source: docs/decisions/0010-consents.md (31 August of the next year, three years at the very most).
    """
    return min(date(recorded_from.year + 1, 8, 31), _years_after(recorded_from, YEARS_MAX))


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def oldest_recording(today: date) -> date:
    """Return the first day whose recordings `last_day` still lets be shown: `last_day(d) >= today` from it on."""
    return date(today.year - 1 if today <= date(today.year, 8, 31) else today.year, 1, 1)


def expires_on(recorded_from: date, ends: Iterable[date]) -> date:
    """Return the last day on which a film is shown: the earliest of all that people agreed to, and of the law."""
    return min([last_day(recorded_from), *ends])


def lacks(record: Record | None, wanted: Audience, today: date) -> list[Lack]:
    """Say what keeps a film from being shown to `wanted` today; nothing if its record is complete."""
    if record is None:
        return [Lack.PROJECT]
    ended = today > expires_on(record.recorded_from, [record.ends_on])
    faults = [
        (Lack.DECLARED, not record.declared),
        (Lack.INFORMED, record.basis == Basis.PUBLIC_TASK and (record.informed_on or date.max) > today),
        (Lack.PEOPLE, any(not (one.hidden or agrees(one, record.basis, today)) for one in record.figures)),
        (Lack.OTHER_GROUP, not record.covers_group),
        (Lack.TOO_WIDE, wanted > record.audience),
        (Lack.ENDED, ended),
        (Lack.PRIVATE, wanted == Audience.PRIVATE),
    ]
    return [lack for lack, is_lacking in faults if is_lacking]


_LETTER, _BETWEEN = r"([^\W\d_])", r"(?:\.[ -]?|[ -])"
# Three letters in a row may be a name (Léo): they need something between them. Two in a row are written in haste.
_INITIALS = re.compile(rf"{_LETTER}(?:{_BETWEEN}?{_LETTER}\.?|{_BETWEEN}{_LETTER}{_BETWEEN}{_LETTER}\.?)(?: ?([1-9]))?")


def initials(text: str) -> str:
    """Write a pupil's initials as `A. B.`, with a digit for a namesake (`A. B. 2`).

    Raises: Refusal for anything longer: a pupil is never named here.
    """
    found = _INITIALS.fullmatch(" ".join(text.split()))
    if found is None or not all(letter.isalpha() for letter in found.groups()[:4] if letter):  # « ¼ » is a word to `\w`
        raise Refusal("Écrivez deux ou trois initiales par élève, par exemple «\u00a0A.\u00a0B.\u00a0», jamais un nom.")
    letters = [f"{letter.upper()}." for letter in found.groups()[:4] if letter]
    return " ".join([*letters, *([found[5]] if found[5] else [])])


def the_district(name: str) -> str:
    """Name a district in a sentence: many are called « Circonscription de… » already."""
    is_said = name.lower().startswith("circonscription")
    return f"la {name[0].lower()}{name[1:]}" if is_said else f"la circonscription {name}"


def new_key() -> str:
    """Make the secret of a withdrawal link, that a family can copy from paper."""
    return "".join(secrets.choice(KEY_LETTERS) for _ in range(KEY_LENGTH))
