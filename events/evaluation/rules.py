"""Pure rules of evaluations: the questions, the scale, how answers are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WORDS_MAX = 1000  # characters
SHOWN_FROM = 5  # answers: below, one would guess who said what
QUESTIONS = {
    "useful": "Ce que j’ai vécu me servira en classe",
    "workshops": "Les ateliers répondaient à mes questions",
    "meetings": "J’ai échangé avec des collègues que je connaissais peu",
    "organised": "L’organisation était bonne (accueil, lieux, horaires)",
}
SCALE = {1: "pas du tout", 2: "plutôt non", 3: "plutôt oui", 4: "tout à fait"}


@dataclass(frozen=True)
class Part:
    """One answer of the scale to one question, as a part of a bar: shares of the width."""

    value: int
    words: str
    count: int
    x: str
    width: str


@dataclass(frozen=True)
class Bar:
    """What was answered to one question."""

    question: str
    parts: Sequence[Part]

    @property
    def total(self) -> int:
        return sum(part.count for part in self.parts)

    @property
    def summary(self) -> str:
        """The same in one sentence, for whoever reads rather than looks."""
        said = ", ".join(f"{part.count} {part.words}" for part in self.parts)
        return f"{self.question}\u00a0: {said}."


def bars(answers: Sequence[Mapping[str, int | None]]) -> list[Bar]:
    """Draw the answers to each question; who did not answer one is not in its bar."""
    found = []
    for name, question in QUESTIONS.items():
        counts = {value: sum(1 for one in answers if one[name] == value) for value in SCALE}
        total, x, parts = sum(counts.values()), 0.0, []
        for value, words in SCALE.items():
            width = 100 * counts[value] / total if total else 0.0
            parts.append(Part(value, words, counts[value], f"{x:.2f}%", f"{width:.2f}%"))
            x += width
        found.append(Bar(question, parts))
    return found
