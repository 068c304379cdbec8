"""Sheets and reports: cover plan, observation, project of innovation, what a year was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from circo.documents.letters.base import Letter


@dataclass(frozen=True)
class Covered:
    """One class to cover, and by whom; an empty `substitute` says why in `note`."""

    half_day: str  # « matin »
    teacher: str
    school: str
    levels: str  # « CE1, 24 élèves »
    substitute: str = ""
    attached_to: str = ""  # school of attachment, and the distance
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CoverPlan(Letter):
    """Which substitute takes which class, on one day."""

    template: ClassVar[str] = "cover_plan"

    day: str  # « mardi 17 novembre 2026 »
    reason: str
    state: str  # « proposé à la cellule remplacement »
    rows: tuple[Covered, ...]
    reference: str = ""

    @property
    def title(self) -> str:
        return "Plan de remplacement"


@dataclass(frozen=True)
class Fact:
    at: str  # « 9 h 05 », « 3 min 20 »
    pupils: str = ""
    teacher: str = ""


@dataclass(frozen=True, kw_only=True)
class ObservationReport(Letter):
    """What a pair saw together. It holds no mark and no judgement, and belongs to the pair."""

    template: ClassVar[str] = "observation_report"

    observers: tuple[str, ...]
    observed: str
    day: str
    classroom: str  # « CE1, 22 élèves présents, école Jean-Moulin »
    focus: str  # agreed before
    context: str = ""
    facts: tuple[Fact, ...] = ()
    keeps: str = ""  # what I take away
    questions: str = ""
    analysis: str = ""  # together
    next_step: str = ""
    seen_by: str = "les deux personnes concernées"

    @property
    def title(self) -> str:
        return "Compte rendu d’observation"


type Prose = str | tuple[Mapping[str, object], ...]  # as typed, or with its lists and bold words: see layout.typ


@dataclass(frozen=True)
class Indicator:
    name: str
    before: str = ""
    after: str = ""
    drawing: str = ""  # SVG, without letters
    summary: str = ""  # what the drawing shows, in words


@dataclass(frozen=True, kw_only=True)
class ProjectSheet(Letter):
    """The sheet of an experiment, for the innovation unit (CARDIE)."""

    template: ClassVar[str] = "project_sheet"

    project: str
    schools: tuple[str, ...]
    team: tuple[str, ...]
    referent: str
    finding: Prose  # constat
    objectives: tuple[str, ...]
    actions: tuple[str, ...]
    derogation: str = ""  # reference and authority; empty: none is asked
    indicators: tuple[Indicator, ...] = ()
    calendar: tuple[tuple[str, str], ...] = ()  # (« octobre », « premières séances »)
    evaluation: str = ""
    school_council: str = ""  # when it was consulted
    outcome: Prose = ""  # at the end
    question: Prose = ""
    hypothesis: Prose = ""
    classes: tuple[str, ...] = ()
    keeps: Prose = ""  # what the team keeps of it
    is_review: bool = False

    @property
    def title(self) -> str:
        return "Bilan d’une expérimentation" if self.is_review else "Fiche de projet d’innovation"


@dataclass(frozen=True)
class Section:
    title: str
    text: str = ""
    header: tuple[str, ...] = ()  # of a table, if there is one
    rows: tuple[tuple[str, ...], ...] = ()
    blocks: tuple[Mapping[str, object], ...] = ()  # text with its lists and bold words: see layout.typ


@dataclass(frozen=True, kw_only=True)
class Report(Letter):
    """A report of some pages: figures first, then sections."""

    template: ClassVar[str] = "report"

    heading: str  # « Bilan de l’année 2026-2027 »
    summary: str = ""
    figures: tuple[tuple[str, str], ...] = ()  # (« 312 », « enseignants inscrits »)
    sections: tuple[Section, ...] = ()

    @property
    def title(self) -> str:
        return self.heading
