"""Pure rules of what comes from other platforms: which questions are taken, and what is said of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from trainings.quizzes import rules as quizzes
from trainings.quizzes.rules import Choice, Question, QuestionKind

QUESTIONS_MAX = 1000  # of one file
RIGHT, ABOVE_0 = 99.999, 0.001  # percent of the mark: Moodle keeps seven digits
TRUE, FALSE = "Vrai", "Faux"

# Moodle's kinds of questions that we have none for, as teachers know them.
OTHER_KINDS = {
    "calculated": "question calculée",
    "calculatedmulti": "question calculée",
    "calculatedsimple": "question calculée",
    "cloze": "texte à trous",
    "ddimageortext": "glisser-déposer sur une image",
    "ddmarker": "glisser-déposer sur une image",
    "ddwtos": "glisser-déposer dans un texte",
    "description": "description, sans question",
    "essay": "réponse rédigée",
    "gapselect": "mots à choisir dans un texte",
    "match": "appariement",
    "matching": "appariement",
    "multianswer": "texte à trous",
    "numerical": "réponse chiffrée",
    "random": "question tirée au hasard",
    "randomsamatch": "appariement",
}

PARTLY_RIGHT = "les réponses en partie justes comptent désormais comme fausses."
WILDCARD = "les réponses admises qui contiennent un astérisque ne sont pas reprises."
TWO_RIGHT = "deux réponses étaient justes, et une seule à choisir\u00a0: elle demande désormais de cocher les deux."
FILES = "ses images, sons et fichiers ne sont pas repris."
TOO_MANY = f"le fichier a plus de {QUESTIONS_MAX} questions\u00a0: les suivantes ne sont pas reprises."


@dataclass(frozen=True)
class LeftOut:
    """What was not taken as it was: where it stood in the file, and what became of it, in French."""

    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}\u00a0: {self.why}"


@dataclass(frozen=True)
class Answer:
    """One answer as Moodle keeps it. `percent`: of the mark; of `ordering`, the rank."""

    text: str
    percent: float = 0
    feedback: str = ""


@dataclass(frozen=True)
class Asked:
    """One question as Moodle keeps it, its texts already plain."""

    kind: str
    text: str
    answers: Sequence[Answer] = field(default=())
    feedback: str = ""
    is_single: bool = True
    has_files: bool = False


def question_of(asked: Asked) -> tuple[Question | None, list[str]]:
    """Make of Moodle's question ours, if there is a like one, and say what was lost.

    Source: Moodle's marks: 100 is right; less is partly right; of many to tick, whatever is above 0 is to be ticked.
    """
    notes = [FILES] if asked.has_files else []
    match asked.kind:
        case "multichoice":
            question = _multichoice(asked, notes)
        case "truefalse":
            question = _choice(QuestionKind.SINGLE, asked, right_from=ABOVE_0)
        case "shortanswer":
            question = _short(asked, notes)
        case "ordering":
            answers = sorted(asked.answers, key=lambda answer: answer.percent)
            choices = tuple(Choice(answer.text) for answer in answers)
            question = Question(QuestionKind.ORDER, asked.text, choices, asked.feedback)
        case _:
            what = OTHER_KINDS.get(asked.kind, f"type «\u00a0{asked.kind[:40]}\u00a0»")
            return None, [f"ce genre de question ne se reprend pas ({what})."]
    if fault := fault_of(question):
        return None, [*notes, f"elle n’est pas reprise. {fault}"]
    return question, notes


def fault_of(question: Question) -> str:
    """Say in French what keeps a question out: what no question may have, or more text than ours may hold."""
    if len(question.text) > quizzes.TEXT_MAX:
        return f"Son texte dépasse {quizzes.TEXT_MAX} signes."
    if len(question.choices) > quizzes.CHOICES_MAX:
        return f"Elle a plus de {quizzes.CHOICES_MAX} réponses."
    longest = quizzes.ANSWER_MAX if question.kind is QuestionKind.SHORT else quizzes.CHOICE_MAX
    if any(len(choice.text) > longest for choice in question.choices):
        return f"Une de ses réponses dépasse {longest} signes."
    if any(
        len(text) > quizzes.FEEDBACK_MAX for text in (question.feedback, *(one.feedback for one in question.choices))
    ):
        return f"Un de ses commentaires dépasse {quizzes.FEEDBACK_MAX} signes."
    return quizzes.fault_of(question)


def _choice(kind: QuestionKind, asked: Asked, *, right_from: float) -> Question:
    choices = tuple(Choice(answer.text, answer.percent >= right_from, answer.feedback) for answer in asked.answers)
    return Question(kind, asked.text, choices, asked.feedback)


def _multichoice(asked: Asked, notes: list[str]) -> Question:
    if not asked.is_single:
        return _choice(QuestionKind.MULTIPLE, asked, right_from=ABOVE_0)
    if any(0 < answer.percent < RIGHT for answer in asked.answers):
        notes.append(PARTLY_RIGHT)
    question = _choice(QuestionKind.SINGLE, asked, right_from=RIGHT)
    if sum(choice.is_right for choice in question.choices) > 1:
        notes.append(TWO_RIGHT)
        return Question(QuestionKind.MULTIPLE, question.text, question.choices, question.feedback)
    return question


def _short(asked: Asked, notes: list[str]) -> Question:
    """Only what is fully right stays; the wrong wordings that Moodle lists carry a comment alone."""
    if any(0 < answer.percent < RIGHT for answer in asked.answers):
        notes.append(PARTLY_RIGHT)
    right = [answer for answer in asked.answers if answer.percent >= RIGHT]
    if any("*" in answer.text for answer in right):
        notes.append(WILDCARD)
    kept: dict[str, Choice] = {}
    for answer in right:
        if "*" not in answer.text:
            kept.setdefault(quizzes.folded(answer.text), Choice(answer.text, is_right=True, feedback=answer.feedback))
    return Question(QuestionKind.SHORT, asked.text, tuple(kept.values()), asked.feedback)
