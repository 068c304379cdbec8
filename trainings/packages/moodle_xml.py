"""Moodle XML, the file in which Moodle keeps questions: to ours, and what is left out question by question."""

from __future__ import annotations

from typing import IO
from xml.etree.ElementTree import Element

from circo.archives import elements
from circo.errors import Refusal
from trainings.packages import texts
from trainings.packages.rules import FALSE, QUESTIONS_MAX, TOO_MANY, TRUE, Answer, Asked, LeftOut, question_of
from trainings.quizzes.rules import Question

NO_QUESTION = "Ce fichier ne contient aucune question au format XML de Moodle."
HTML_FORMATS = {"html", "moodle_auto_format", "1", "0", ""}  # by name in an exchange, by number in a backup


def read(source: IO[bytes] | bytes) -> tuple[list[Question], list[LeftOut]]:
    """Read the questions of a Moodle XML file. Raises: Refusal if it is not one, or is hostile."""
    questions: list[Question] = []
    left_out: list[LeftOut] = []
    number = 0
    for node in elements(source, "question"):
        if node.get("type") == "category":
            continue
        number += 1
        if number > QUESTIONS_MAX:
            left_out.append(LeftOut(f"Question {number}", TOO_MANY))
            break
        where = shown_place(number, node.findtext("name/text") or "")
        question, notes = taken(node)
        questions += [question] if question else []
        left_out += [LeftOut(where, note) for note in notes]
    if not number:
        raise Refusal(NO_QUESTION)
    return questions, left_out


def shown_place(number: int, name: str) -> str:
    """Say which question it is, by its rank and its name in Moodle."""
    name = " ".join(name.split())[:80]
    return f"Question {number}, «\u00a0{name}\u00a0»" if name else f"Question {number}"


def taken(node: Element) -> tuple[Question | None, list[str]]:
    """Make of one `question` ours, or say why not."""
    try:
        return question_of(_asked(node))
    except Refusal as refusal:
        return None, [f"elle n’est pas reprise. {refusal}"]


def _asked(node: Element) -> Asked:
    kind = node.get("type", "")
    answers = [_answer(answer, kind) for answer in node.findall("answer")]
    return Asked(
        kind,
        _text(node.find("questiontext")) or _text(node.find("name")),
        answers,
        _text(node.find("generalfeedback")),
        is_single=(node.findtext("single") or "true").strip() in ("true", "1"),
        has_files=any(texts.has_media(text.text or "") for text in node.iter("text")),
    )


def _answer(node: Element, kind: str) -> Answer:
    text = _text(node)
    if kind == "truefalse":
        text = {"true": TRUE, "false": FALSE}.get(text.lower(), text)
    return Answer(text, number(node.get("fraction")), _text(node.find("feedback")))


def number(written: str | None) -> float:
    """A mark as Moodle writes it; 0 if it is none."""
    try:
        return float(written or 0)
    except ValueError:
        return 0.0


def _text(node: Element | None) -> str:
    if node is None:
        return ""
    return said(node.findtext("text") or "", node.get("format", ""))


def said(written: str, how: str) -> str:
    """A text of Moodle's as one reads it. `how`: the name of its format, or its number."""
    if how in ("html", "1") or (how in HTML_FORMATS and texts.looks_like_html(written)):
        return texts.plain(written)
    return "\n".join(line.strip() for line in written.strip().splitlines())
