"""Common Cartridge 1.1: valid by the published models and rules, and its questions are the same when read again."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from circo.errors import Refusal
from tests.trainings.packages import qti_reader
from tests.trainings.packages.mbz import as_zip, course
from tests.trainings.packages.paths import MULTIPLE, ORDER, PATH, SHORT, SINGLE
from tests.trainings.packages.test_gift import SAMPLE as GIFT
from tests.trainings.packages.test_moodle_xml import SAMPLE as MOODLE_XML
from trainings.outlines import Module, Outline, Step
from trainings.packages import backups, cartridge, gift, moodle_xml, qti
from trainings.packages.rules import fault_of
from trainings.paths.rules import StepKind
from trainings.quizzes.rules import Choice, Question, QuestionKind

MODELS = {
    name: etree.DTD(str(Path(__file__).parent / f"schemas/cc11/{name}.dtd")) for name in ("manifest", "qti", "weblink")
}
NS = {"cp": cartridge.CP, "q": qti.ASI}
TYPES = {"webcontent", "imswl_xmlv1p1", "imsqti_xmlv1p2/imscc_xmlv1p1/assessment"}
PROFILES = "'cc.multiple_choice.v0p1 cc.multiple_response.v0p1 cc.true_false.v0p1 cc.fib.v0p1 '"

# The published Schematron rules that bear on what we write: where each applies, and what must be true there.
MANIFEST_RULES = {
    "items of the table have a title": ("//cp:item//cp:item", "cp:title"),
    "the first item has none": ("//cp:organization/cp:item", "not(cp:title) and not(@identifierref)"),
    "2a-2d": ("//cp:resource[@type='imswl_xmlv1p1']", "count(cp:file)=1 and not(@href) and not(cp:dependency)"),
    "3a-3c": ("//cp:resource[contains(@type, '/assessment')]", "count(cp:file)=1 and not(@href)"),
    "5g, 10a, 10b": ("//cp:resource[@type='webcontent']", "@href = cp:file/@href"),
    "8b": ("//cp:item[@identifierref]", "not(cp:item)"),
    "9a": ("//cp:file", "not(@href = preceding-sibling::cp:file/@href)"),
}
OF = "ancestor::q:item/"
SIMPLE = "count(q:presentation/q:response_str)=0 and count(.//q:render_fib)=0 and count(.//q:varsubstring)=0"
LABELS = "q:presentation/q:response_lid/q:render_choice/q:response_label"
QTI_RULES = {
    "1j": ("//q:assessment/q:qtimetadata", "q:qtimetadatafield[q:fieldlabel='cc_profile']/q:fieldentry='cc.exam.v0p1'"),
    "1b": (
        "//q:assessment/q:qtimetadata",
        "q:qtimetadatafield[q:fieldlabel='qmd_assessmenttype']/q:fieldentry='Examination'",
    ),
    "1c": (
        "//q:assessment/q:qtimetadata",
        "q:qtimetadatafield[q:fieldlabel='qmd_scoretype']/q:fieldentry='Percentage'",
    ),
    "1k-1s": ("//q:qtimetadatafield", "not(q:fieldlabel = preceding-sibling::*/q:fieldlabel)"),
    "2b, 2f": (
        "//q:itemmetadata/q:qtimetadata",
        f"contains({PROFILES}, concat(q:qtimetadatafield[q:fieldlabel='cc_profile']/q:fieldentry, ' '))",
    ),
    "2d": ("//q:itemmetadata", ".//q:qtimetadatafield[q:fieldlabel='qmd_scoringpermitted']/q:fieldentry='Yes'"),
    "3a-3f": (
        "//q:item[.//q:fieldentry='cc.true_false.v0p1']",
        f"{SIMPLE} and count({LABELS})=2 and q:presentation/q:response_lid/@rcardinality='Single'",
    ),
    "4a-4f": (
        "//q:item[.//q:fieldentry='cc.multiple_choice.v0p1']",
        f"{SIMPLE} and count({LABELS})>2 and q:presentation/q:response_lid/@rcardinality='Single'",
    ),
    "5a-5f": (
        "//q:item[.//q:fieldentry='cc.multiple_response.v0p1']",
        f"{SIMPLE} and count({LABELS})>1 and q:presentation/q:response_lid/@rcardinality='Multiple'",
    ),
    "6a-6d": (
        "//q:item[.//q:fieldentry='cc.fib.v0p1']",
        "not(.//q:response_lid) and not(.//q:render_choice) and not(.//q:varsubstring)",
    ),
    "3e, 4e, 5e, 6c": ("//q:varequal", f"@respident = {OF}q:presentation/*/@ident"),
    "9a": ("//q:item[.//q:response_lid]//q:varequal", f". = {OF}q:presentation//q:response_label/@ident"),
    "12c": ("//q:displayfeedback", f"@linkrefid = {OF}q:itemfeedback/@ident"),
    "12d": ("//q:itemfeedback", "@ident = ../q:resprocessing//q:displayfeedback/@linkrefid"),
    "13a": ("//q:item", "not(@ident = preceding-sibling::q:item/@ident)"),
}


def faults(root, model, rules):
    """What the models and the rules say against a document."""
    said = [] if MODELS[model].validate(root) else [str(line) for line in MODELS[model].error_log]
    for name, (context, test) in rules.items():
        said += [
            name for node in root.xpath(context, namespaces=NS) if not node.xpath(f"boolean({test})", namespaces=NS)
        ]
    return said


def written(outline):
    out = io.BytesIO()
    left_out = cartridge.write(outline, out)
    return zipfile.ZipFile(out), left_out


def check(package):
    root = etree.fromstring(package.read("imsmanifest.xml"))
    assert faults(root, "manifest", MANIFEST_RULES) == []
    assert {node.get("type") for node in root.iter(f"{{{cartridge.CP}}}resource")} <= TYPES
    for node in root.iter(f"{{{cartridge.CP}}}resource"):
        file = node.find("cp:file", NS).get("href")
        if node.get("type") == cartridge.TEST_TYPE:
            assert faults(etree.fromstring(package.read(file)), "qti", QTI_RULES) == []
        if node.get("type") == cartridge.LINK_TYPE:
            assert faults(etree.fromstring(package.read(file)), "weblink", {}) == []
    listed = {node.get("href") for node in root.iter(f"{{{cartridge.CP}}}file")}
    assert listed | {"imsmanifest.xml"} == set(package.namelist())
    return root


def test_the_cartridge_is_valid():
    package, left_out = written(PATH)
    root = check(package)
    titles = root.xpath("//cp:organization/cp:item/cp:item/cp:item/cp:title/text()", namespaces=NS)
    assert titles == [
        "Présentation du module",
        "Pourquoi",
        "Regarder",
        "La consigne en CP",
        "Vérifier",
        "Noter",
        "Voir",
    ]
    assert [str(one) for one in left_out] == [
        "«\u00a0Vérifier\u00a0»\u00a0: «\u00a0Dans l’ordre\u00a0?\u00a0»\u00a0: la norme n’a pas de question "
        "«\u00a0à remettre dans l’ordre\u00a0»."
    ]


def test_pages_hold_no_script_and_a_film_is_an_address():
    package, _ = written(PATH)
    pages = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".html"))
    assert "<script" not in pages
    assert b'href="https://partages.example/films/1"' in package.read("liens/film-01-02-1.xml")
    assert not [name for name in package.namelist() if name.startswith("fichiers/") and name.endswith((".html", ".js"))]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('rcardinality="Single"', 'rcardinality="Ordered"', "3a-3f"),
        (">C0</", ">C9</", "9a"),
        ('general_fb" />', 'other_fb" />', "12c"),
        ("cc.exam.v0p1", "cc.exam", "1j"),
        ("<setvar", "<addvar", ""),
    ],
)
def test_models_and_rules_see_faults(old, new, rule):
    two = replace(SINGLE, choices=SINGLE.choices[:2])
    content = (
        qti.assessment("Titre", [two], "T")
        .decode()
        .replace(old, new)
        .replace("</setvar", f"</{new[1:]}" if not rule else "</setvar")
    )
    found = faults(etree.fromstring(content.encode()), "qti", QTI_RULES)
    assert found
    assert not rule or rule in found


def test_a_path_without_a_step_is_refused():
    with pytest.raises(Refusal, match="rien à exporter"):
        written(Outline("Vide", modules=(Module("M"),)))


def kept(questions):
    """Write questions in a cartridge, check it, and read them again."""
    package, _ = written(Outline("P", modules=(Module("M", steps=(Step(StepKind.QUIZ, "Q", questions=questions),)),)))
    check(package)
    return qti_reader.read(package.read("tests/test-01-01.xml"))


@pytest.mark.parametrize("question", [SINGLE, MULTIPLE, SHORT, replace(SINGLE, choices=SINGLE.choices[:2])])
def test_a_question_comes_back(question):
    right = question.kind is QuestionKind.SHORT
    expected = replace(
        question, choices=tuple(replace(one, is_right=one.is_right or right) for one in question.choices)
    )
    assert kept([question]) == [expected]


@pytest.mark.parametrize(
    "read",
    [
        lambda: gift.read(GIFT.encode())[0],
        lambda: moodle_xml.read(MOODLE_XML.encode())[0],
        lambda: [
            one
            for module in backups.read(as_zip(course()))[0].modules
            for step in module.steps
            for one in step.questions
        ],
    ],
    ids=["GIFT", "Moodle XML", "mbz"],
)
def test_what_came_from_elsewhere_goes_on_unchanged(read):
    questions = [question for question in read() if question.kind is not QuestionKind.ORDER]
    assert len(questions) >= 2
    assert kept(questions) == questions


def test_a_course_goes_through_whole():
    outline, _ = backups.read(as_zip(course()))
    package, left_out = written(outline)
    check(package)
    assert not left_out


words = st.text(st.characters(exclude_categories=("C", "Z")) | st.sampled_from("<>&\"' "), min_size=1, max_size=15).map(
    lambda text: " ".join(text.split())
)
comments = st.just("") | words
choices = st.lists(st.builds(Choice, words, st.booleans(), comments), min_size=2, max_size=5)
asked = st.builds(
    lambda kind, text, offered, feedback: Question(kind, text, tuple(offered), feedback),
    st.sampled_from([QuestionKind.SINGLE, QuestionKind.MULTIPLE]),
    words,
    choices,
    comments,
)
short = st.builds(
    lambda text, wordings, feedback: Question(
        QuestionKind.SHORT, text, tuple(Choice(one, True, said) for one, said in wordings), feedback
    ),
    words,
    st.lists(st.tuples(words, comments), min_size=1, max_size=3),
    comments,
)


@given(st.lists((asked | short).filter(lambda question: not fault_of(question)), min_size=1, max_size=4))
def test_any_question_comes_back(questions):
    assert kept(questions) == questions


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_gives_a_valid_cartridge(title, text):
    step = Step(StepKind.QUIZ, title, text, questions=(replace(SHORT, text=text, feedback=text), ORDER))
    package, _ = written(Outline(title, text, (Module(title, text, 1, (step,)),)))
    check(package)
