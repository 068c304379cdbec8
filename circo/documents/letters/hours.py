"""The statement of the 18 hours of one person, for one school year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from circo.documents.letters.base import Letter


@dataclass(frozen=True)
class HoursLine:
    """One entry: when, what, on what account, how long, and who signed it how far."""

    on: str
    label: str
    origin: str  # « Rencontres de groupe »
    kind: str  # « formation continue, à distance, en direct »
    duration: str
    state: str  # « validées le 12 mars 2027 »


@dataclass(frozen=True)
class HoursSum:
    """What the entries of one kind make together."""

    kind: str
    duration: str
    validated: str
    part: str  # of what is owed: « 28 % »


@dataclass(frozen=True, kw_only=True)
class HoursStatement(Letter):
    """Say what somebody did of the 18 hours in a school year, line by line, and what is left.

    Source: circulaire 2016-115 of 19 August 2016 (at least half of continuing training); décret 2017-444.
    """

    template: ClassVar[str] = "hours_statement"

    name: str
    school_year: str  # « 2026-2027 »
    done: str  # in words, as the pages say it: « 15 h sur 18 h, dont 9 h de formation continue »
    quality: str = ""  # « professeur des écoles, école Jean-Moulin »
    quota: str = ""  # « 14 h, pour une quotité de 75 % »
    validated: str = ""
    formation: str = ""
    self_paced: str = ""
    left: str = ""
    derogation: str = ""  # reference and authority; empty: none is in force
    sums: tuple[HoursSum, ...] = ()
    lines: tuple[HoursLine, ...] = ()
    note: str = ""  # what is not told line by line

    @property
    def title(self) -> str:
        return "Relevé des 18 heures"

    @property
    def label(self) -> str:
        return self.name
