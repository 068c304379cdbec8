"""Pure rules of questions: what each kind needs, and whether an answer is right."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

TEXT_MAX, CHOICE_MAX, FEEDBACK_MAX, ANSWER_MAX = 2000, 500, 1000, 500
CHOICES_MAX = 12
QUESTIONS_MAX = 60  # of one step
PASS_PERCENT = 60


class QuestionKind(StrEnum):
    SINGLE = "SINGLE"
    MULTIPLE = "MULTIPLE"
    ORDER = "ORDER"
    SHORT = "SHORT"


KIND_LABELS = {
    QuestionKind.SINGLE: "une seule bonne réponse",
    QuestionKind.MULTIPLE: "plusieurs bonnes réponses",
    QuestionKind.ORDER: "à remettre dans l’ordre",
    QuestionKind.SHORT: "réponse courte",
}


@dataclass(frozen=True)
class Choice:
    """One answer offered; of ORDER, one thing to place, in the right order; of SHORT, one wording that is accepted."""

    text: str
    is_right: bool = False
    feedback: str = ""


@dataclass(frozen=True)
class Question:
    """One question as plain data: its texts are plain too, and keep their lines."""

    kind: QuestionKind
    text: str
    choices: Sequence[Choice] = field(default=())
    feedback: str = ""  # whatever was answered


def fault_of(question: Question) -> str:
    """Say in French what keeps a question from being asked; empty if nothing does."""
    texts = [folded(choice.text) for choice in question.choices]
    right = sum(choice.is_right for choice in question.choices)
    if not question.text.strip():
        return "La question n’est pas écrite."
    if not all(texts):
        return "Une réponse est vide."
    if len(set(texts)) < len(texts):
        return "Deux réponses sont les mêmes."
    if question.kind is QuestionKind.SHORT:
        return "" if texts else "Aucune réponse n’est acceptée\u00a0: écrivez-en une au moins."
    if len(texts) < 2:
        return "Il faut au moins deux réponses à proposer."
    if question.kind is QuestionKind.SINGLE and right != 1:
        return "Dites laquelle des réponses est la bonne, et une seule."
    if question.kind is QuestionKind.MULTIPLE and not right:
        return "Aucune réponse n’est juste\u00a0: cochez-en une au moins."
    return ""


def folded(text: str) -> str:
    """What two wordings of one answer have in common: neither case, accents, final point nor spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(bare.split()).rstrip(" .!")


def is_right(question: Question, answer: Sequence[str]) -> bool:
    """Tell whether an answer is right.

    `answer`: of SHORT, the one wording; else the ranks of the choices, as text; of ORDER, all of them in order.
    Source: Moodle's shortanswer compares without case; the accents are ours, as phones leave them out.
    """
    if question.kind is QuestionKind.SHORT:
        return any(folded(choice.text) == folded(one) for one in answer[:1] for choice in question.choices)
    ranks = [str(rank) for rank in range(len(question.choices))]
    if question.kind is QuestionKind.ORDER:
        return list(answer) == ranks
    return set(answer) == {rank for rank, choice in zip(ranks, question.choices, strict=True) if choice.is_right}


def percent(right: int, asked: int) -> int:
    """The part of the questions that were answered rightly, as learners and other platforms read it: 0 to 100."""
    return 100 * right // asked if asked else 100
