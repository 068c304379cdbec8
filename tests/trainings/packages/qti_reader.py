"""Reads the test of a cartridge by itself, as another platform would: to questions again."""

import re
from html import unescape

from lxml import etree

from trainings.packages.qti import ASI
from trainings.quizzes.rules import Choice, Question, QuestionKind

NS = {"q": ASI}
KINDS = {
    "cc.multiple_choice.v0p1": QuestionKind.SINGLE,
    "cc.true_false.v0p1": QuestionKind.SINGLE,
    "cc.multiple_response.v0p1": QuestionKind.MULTIPLE,
    "cc.fib.v0p1": QuestionKind.SHORT,
}


def text(node, path):
    found = node.xpath(f"string({path}//q:mattext)", namespaces=NS)
    return unescape(re.sub("<[^>]*>", "", found.replace("<br>", "\n")))


def question(item):
    def one(path):
        return item.xpath(path, namespaces=NS)

    kind = KINDS[one("string(q:itemmetadata//q:fieldentry[../q:fieldlabel='cc_profile'])")]
    scored = "q:resprocessing/q:respcondition[q:setvar=100]/q:conditionvar"
    right = [node.text for node in one(f"{scored}/q:varequal | {scored}/q:and/q:varequal")]
    shown = {
        node.xpath("string(q:conditionvar/q:varequal)", namespaces=NS): text(
            item, f"q:itemfeedback[@ident='{node.find('q:displayfeedback', NS).get('linkrefid')}']"
        )
        for node in one("q:resprocessing/q:respcondition[q:displayfeedback][q:conditionvar/q:varequal]")
    }
    if kind is QuestionKind.SHORT:
        choices = tuple(Choice(wording, True, shown.get(wording, "")) for wording in right)
    else:
        labels = one("q:presentation//q:response_label")
        choices = tuple(
            Choice(text(label, "."), label.get("ident") in right, shown.get(label.get("ident"), "")) for label in labels
        )
    return Question(
        kind, text(item, "q:presentation/q:material"), choices, text(item, "q:itemfeedback[@ident='general_fb']")
    )


def read(content):
    return [question(item) for item in etree.fromstring(content).iter(f"{{{ASI}}}item")]
