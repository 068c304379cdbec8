"""The questions of a course backup: which ones its tests ask, and what became of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from xml.etree.ElementTree import Element

from circo.archives import Archive, elements
from circo.errors import Refusal
from trainings.packages import texts
from trainings.packages.moodle_xml import number, said, shown_place
from trainings.packages.rules import FALSE, TRUE, Answer, Asked, LeftOut, question_of
from trainings.quizzes.rules import Question

NULL = "$@NULL@$"  # what Moodle writes for nothing
BANK = "questions.xml"

type Taken = tuple[Question | None, list[LeftOut]]


def text_of(node: Element | None, path: str = ".") -> str:
    """The text of an element of a backup."""
    found = node.findtext(path) if node is not None else None
    return "" if found is None or found == NULL else found


def asked_by(archive: Archive, test: str) -> Iterator[str]:
    """What a test asks, in its order: entries of the bank since Moodle 4.0, questions before; "" for one by chance."""
    found = []
    for node in elements(archive.open(test), "question_instance"):
        slot = number(text_of(node, "slot"))
        if entry := text_of(node, "question_reference/questionbankentryid"):
            found.append((slot, f"entry {entry}"))
        else:
            key = text_of(node, "questionid") or text_of(node, "question")
            found.append((slot, f"question {key}" if key else ""))
    yield from (key for _, key in sorted(found, key=lambda one: one[0]))


def taken(archive: Archive, wanted: Collection[str]) -> dict[str, Taken]:
    """Read these questions of the bank, by the keys of `asked_by`, and no other."""
    found: dict[str, Taken] = {}
    if not wanted or BANK not in archive.names:
        return found
    for node in elements(archive.open(BANK), "question_bank_entry", "question"):
        key = f"{'question' if node.tag == 'question' else 'entry'} {node.get('id')}"
        if key in wanted and (question := _latest(node)) is not None:
            found[key] = _taken(len(found) + 1, question)
    return found


def _latest(node: Element) -> Element | None:
    """The question itself, or the last version of an entry of the bank."""
    if node.tag == "question":
        return node
    versions = node.findall("question_version/question_versions")
    newest = max(versions, key=lambda one: number(text_of(one, "version")), default=None)
    return newest.find("questions/question") if newest is not None else None


def _taken(rank: int, node: Element) -> tuple[Question | None, list[LeftOut]]:
    where = shown_place(rank, text_of(node, "name"))
    where = where[0].lower() + where[1:]
    try:
        question, notes = question_of(_asked(node))
    except Refusal as refusal:
        question, notes = None, [f"elle n’est pas reprise. {refusal}"]
    return question, [LeftOut(where, note) for note in notes]


def _asked(node: Element) -> Asked:
    kind = text_of(node, "qtype")
    scale = 1 if kind == "ordering" else 100
    true = text_of(node, "plugin_qtype_truefalse_question/truefalse/trueanswer")
    answers = []
    for answer in node.iter("answer"):
        text = said(text_of(answer, "answertext"), text_of(answer, "answerformat"))
        if kind == "truefalse" and true:
            text = TRUE if answer.get("id") == true else FALSE
        feedback = said(text_of(answer, "feedback"), text_of(answer, "feedbackformat"))
        answers.append(Answer(text, scale * number(text_of(answer, "fraction")), feedback))
    return Asked(
        kind,
        said(text_of(node, "questiontext"), text_of(node, "questiontextformat")) or text_of(node, "name"),
        answers,
        said(text_of(node, "generalfeedback"), text_of(node, "generalfeedbackformat")),
        is_single=text_of(node, "plugin_qtype_multichoice_question/multichoice/single") != "0",
        has_files=any(texts.has_media(one.text or "") for one in node.iter() if len(one) == 0),
    )
