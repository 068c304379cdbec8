"""A path as plain data: what is read from other platforms' packages, and what is written to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from trainings.paths.rules import StepKind
from trainings.quizzes.rules import Question


@dataclass(frozen=True)
class File:
    """A document or a picture of a step: `name` as people see it, `alt` in place of a picture."""

    name: str
    content: bytes
    alt: str = ""


@dataclass(frozen=True)
class FilmLink:
    """An excerpt as others may have it: a title and an address of the platform, never the film."""

    title: str
    url: str
    seconds: float


@dataclass(frozen=True)
class Step:
    """`text` is Markdown."""

    kind: StepKind
    title: str
    text: str = ""
    questions: Sequence[Question] = field(default=())
    files: Sequence[File] = field(default=())
    films: Sequence[FilmLink] = field(default=())
    pass_percent: int = 0


@dataclass(frozen=True)
class Module:
    title: str
    aim: str = ""
    minutes: int = 0  # announced
    steps: Sequence[Step] = field(default=())


@dataclass(frozen=True)
class Outline:
    title: str
    summary: str = ""
    modules: Sequence[Module] = field(default=())
