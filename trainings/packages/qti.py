"""QTI 1.2.1 as Common Cartridge narrows it: our questions as a test of a cartridge.

Source: the rules of the profile's schema: a choice of two is a true-or-false, of three or more a multiple choice; a
short answer is a blank to fill, right if it is any of the wordings; nothing is like things to put in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from xml.etree.ElementTree import Element, SubElement, tostring

from trainings.packages.pages import xml_text
from trainings.quizzes.rules import Question, QuestionKind

ASI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
GENERAL = "general_fb"
RESPONSE = "reponse"


def is_known(question: Question) -> bool:
    return question.kind is not QuestionKind.ORDER


def assessment(title: str, questions: Sequence[Question], name: str) -> bytes:
    """Write a test. `questions`: all of a known kind."""
    root = Element("questestinterop", {"xmlns": ASI})
    test = SubElement(root, "assessment", {"ident": name, "title": xml_text(title)})
    _metadata(
        test,
        cc_profile="cc.exam.v0p1",
        qmd_assessmenttype="Examination",
        qmd_scoretype="Percentage",
        qmd_feedbackpermitted="Yes",
        cc_maxattempts="unlimited",
    )
    section = SubElement(test, "section", {"ident": f"{name}-S"})
    for rank, question in enumerate(questions, 1):
        _item(section, question, f"{name}-Q{rank}")
    return tostring(root, encoding="UTF-8", xml_declaration=True)


def _profile(question: Question) -> str:
    if question.kind is QuestionKind.SHORT:
        return "cc.fib.v0p1"
    if question.kind is QuestionKind.MULTIPLE:
        return "cc.multiple_response.v0p1"
    return "cc.true_false.v0p1" if len(question.choices) == 2 else "cc.multiple_choice.v0p1"


def _item(section: Element, question: Question, name: str) -> None:
    item = SubElement(section, "item", {"ident": name})
    _metadata(
        SubElement(item, "itemmetadata"),
        cc_profile=_profile(question),
        qmd_scoringpermitted="Yes",
        qmd_computerscored="Yes",
    )
    presentation = SubElement(item, "presentation")
    _say(presentation, question.text)
    if question.kind is QuestionKind.SHORT:
        asked = SubElement(presentation, "response_str", {"ident": RESPONSE, "rcardinality": "Single"})
        SubElement(asked, "render_fib", {"prompt": "Box"})
    else:
        cardinality = "Multiple" if question.kind is QuestionKind.MULTIPLE else "Single"
        asked = SubElement(presentation, "response_lid", {"ident": RESPONSE, "rcardinality": cardinality})
        offered = SubElement(asked, "render_choice")
        for rank, choice in enumerate(question.choices):
            _say(SubElement(offered, "response_label", {"ident": f"C{rank}"}), choice.text)
    _mark(item, question)
    for rank, choice in enumerate(question.choices):
        _feedback(item, f"C{rank}_fb", choice.feedback)
    _feedback(item, GENERAL, question.feedback)


def _mark(item: Element, question: Question) -> None:
    """What shows a comment and goes on, then what gives the mark."""
    marking = SubElement(item, "resprocessing")
    score = {"varname": "SCORE", "vartype": "Decimal", "minvalue": "0", "maxvalue": "100"}
    SubElement(SubElement(marking, "outcomes"), "decvar", score)
    if xml_text(question.feedback).strip():
        condition = SubElement(marking, "respcondition", {"continue": "Yes"})
        SubElement(SubElement(condition, "conditionvar"), "other")
        SubElement(condition, "displayfeedback", {"feedbacktype": "Response", "linkrefid": GENERAL})
    for rank, choice in enumerate(question.choices):
        if xml_text(choice.feedback).strip():
            condition = SubElement(marking, "respcondition", {"continue": "Yes"})
            _equal(SubElement(condition, "conditionvar"), _answer(question, rank))
            SubElement(condition, "displayfeedback", {"feedbacktype": "Response", "linkrefid": f"C{rank}_fb"})
    condition = SubElement(marking, "respcondition", {"continue": "No"})
    wanted = SubElement(condition, "conditionvar")
    if question.kind is QuestionKind.MULTIPLE:
        wanted = SubElement(wanted, "and")
    for rank, choice in enumerate(question.choices):
        if choice.is_right or question.kind is QuestionKind.SHORT:
            _equal(wanted, _answer(question, rank))
        elif question.kind is QuestionKind.MULTIPLE:
            _equal(SubElement(wanted, "not"), _answer(question, rank))
    SubElement(condition, "setvar", {"varname": "SCORE", "action": "Set"}).text = "100"


def _answer(question: Question, rank: int) -> str:
    return xml_text(question.choices[rank].text) if question.kind is QuestionKind.SHORT else f"C{rank}"


def _equal(condition: Element, answer: str) -> None:
    SubElement(condition, "varequal", {"respident": RESPONSE}).text = answer


def _feedback(item: Element, name: str, text: str) -> None:
    if xml_text(text).strip():
        _say(SubElement(SubElement(item, "itemfeedback", {"ident": name}), "flow_mat"), text)


def _say(parent: Element, text: str) -> None:
    """A plain text as HTML: what reads cartridges takes it for that in any case."""
    html = "<br>".join(escape(line, quote=False) for line in xml_text(text).splitlines())
    SubElement(SubElement(parent, "material"), "mattext", {"texttype": "text/html"}).text = html


def _metadata(parent: Element, **fields: str) -> None:
    metadata = SubElement(parent, "qtimetadata")
    for label, entry in fields.items():
        line = SubElement(metadata, "qtimetadatafield")
        SubElement(line, "fieldlabel").text = label
        SubElement(line, "fieldentry").text = entry
