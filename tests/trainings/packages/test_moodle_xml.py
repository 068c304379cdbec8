"""Moodle XML: as Moodle 4.1 writes it."""

import io

import pytest

from circo.errors import Refusal
from trainings.packages import moodle_xml
from trainings.quizzes.rules import Choice, Question, QuestionKind

SAMPLE = """<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<!-- question: 0  -->
  <question type="category">
    <category><text>$course$/top/Cycle 3</text></category>
    <info format="moodle_auto_format"><text></text></info>
  </question>
<!-- question: 12  -->
  <question type="multichoice">
    <name><text>Salutation</text></name>
    <questiontext format="html">
      <text><![CDATA[<p><img src="@@PLUGINFILE@@/bonjour.png" alt="une bulle">Quelle <b>langue</b> ?</p>]]></text>
<file name="bonjour.png" path="/" encoding="base64">iVBORw0KGgo=</file>
    </questiontext>
    <generalfeedback format="html"><text><![CDATA[<p>Merci.</p>]]></text></generalfeedback>
    <defaultgrade>1.0000000</defaultgrade>
    <penalty>0.3333333</penalty>
    <hidden>0</hidden>
    <idnumber></idnumber>
    <single>true</single>
    <shuffleanswers>true</shuffleanswers>
    <answernumbering>abc</answernumbering>
    <correctfeedback format="html"><text>Votre réponse est correcte.</text></correctfeedback>
    <answer fraction="100" format="html">
      <text><![CDATA[<p>le français</p>]]></text>
      <feedback format="html"><text><![CDATA[<p>Oui&nbsp;!</p>]]></text></feedback>
    </answer>
    <answer fraction="0" format="html">
      <text><![CDATA[<p>l’anglais</p>]]></text>
      <feedback format="html"><text></text></feedback>
    </answer>
  </question>
  <question type="multichoice">
    <name><text>Couleurs</text></name>
    <questiontext format="html"><text><![CDATA[<p>Lesquelles ?</p>]]></text></questiontext>
    <single>false</single>
    <answer fraction="50" format="html"><text>rouge</text><feedback><text></text></feedback></answer>
    <answer fraction="50" format="html"><text>jaune</text><feedback><text></text></feedback></answer>
    <answer fraction="-50" format="html"><text>carré</text><feedback><text></text></feedback></answer>
  </question>
  <question type="truefalse">
    <name><text>Soleil</text></name>
    <questiontext format="html"><text>Le soleil tourne.</text></questiontext>
    <answer fraction="0" format="moodle_auto_format"><text>true</text><feedback><text>Non.</text></feedback></answer>
    <answer fraction="100" format="moodle_auto_format"><text>false</text><feedback><text></text></feedback></answer>
  </question>
  <question type="shortanswer">
    <name><text>Capitale</text></name>
    <questiontext format="moodle_auto_format"><text>La capitale de l’Italie ?</text></questiontext>
    <usecase>0</usecase>
    <answer fraction="100" format="moodle_auto_format"><text>Rome</text><feedback><text></text></feedback></answer>
    <answer fraction="50" format="moodle_auto_format"><text>Roma</text><feedback><text></text></feedback></answer>
  </question>
  <question type="ordering">
    <name><text>Étapes</text></name>
    <questiontext format="html"><text>Dans l’ordre ?</text></questiontext>
    <layouttype>VERTICAL</layouttype>
    <answer fraction="2.0000000" format="html"><text>semer</text></answer>
    <answer fraction="1.0000000" format="html"><text>labourer</text></answer>
    <answer fraction="10.0000000" format="html"><text>récolter</text></answer>
  </question>
  <question type="essay">
    <name><text>Rédaction</text></name>
    <questiontext format="html"><text>Racontez.</text></questiontext>
  </question>
  <question type="stack"><name><text/></name><questiontext><text>x</text></questiontext></question>
</quiz>
"""


def test_each_kind_is_taken_or_said():
    questions, left_out = moodle_xml.read(io.BytesIO(SAMPLE.encode()))

    assert questions == [
        Question(
            QuestionKind.SINGLE,
            "[image\u00a0: une bulle] Quelle langue ?",
            (Choice("le français", True, "Oui\u00a0!"), Choice("l’anglais")),
            "Merci.",
        ),
        Question(
            QuestionKind.MULTIPLE, "Lesquelles ?", (Choice("rouge", True), Choice("jaune", True), Choice("carré"))
        ),
        Question(QuestionKind.SINGLE, "Le soleil tourne.", (Choice("Vrai", False, "Non."), Choice("Faux", True))),
        Question(QuestionKind.SHORT, "La capitale de l’Italie ?", (Choice("Rome", True),)),
        Question(QuestionKind.ORDER, "Dans l’ordre ?", (Choice("labourer"), Choice("semer"), Choice("récolter"))),
    ]
    assert [str(one).replace("\u00a0", " ") for one in left_out] == [
        "Question 1, « Salutation » : ses images, sons et fichiers ne sont pas repris.",
        "Question 4, « Capitale » : les réponses en partie justes comptent désormais comme fausses.",
        "Question 6, « Rédaction » : ce genre de question ne se reprend pas (réponse rédigée).",
        "Question 7 : ce genre de question ne se reprend pas (type « stack »).",
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<quiz/>",
        b"<quiz><question type='category'/></quiz>",
        b"Question ? {=a ~b}",
        b'<!DOCTYPE quiz [<!ENTITY a "b">]><quiz><question type="essay"><name>&a;</name></question></quiz>',
    ],
)
def test_what_is_no_moodle_xml_is_refused(content):
    with pytest.raises(Refusal):
        moodle_xml.read(content)


@pytest.mark.parametrize("fraction", ["", "x", "nan", "inf", "1e400"])
def test_a_mark_that_is_none_is_no_mark(fraction):
    xml = f"""<quiz><question type="multichoice"><questiontext><text>Q</text></questiontext>
      <answer fraction="{fraction}"><text>a</text></answer><answer fraction="0"><text>b</text></answer>
      <answer fraction="100"><text>c</text></answer></question></quiz>"""
    questions, _ = moodle_xml.read(xml.encode())
    assert not questions or questions[0].choices[-1].is_right


def test_no_file_is_endless():
    one = "<question type='truefalse'><questiontext><text>Q</text></questiontext></question>"
    _, left_out = moodle_xml.read(f"<quiz>{one * 1500}</quiz>".encode())
    assert "1000 questions" in left_out[-1].why
