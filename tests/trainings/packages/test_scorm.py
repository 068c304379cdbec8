"""SCORM 1.2: the manifest is valid by the published schemas, and the pages are whole and inert."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from circo.errors import Refusal
from tests.trainings.packages.paths import PATH, SHORT
from trainings.outlines import File, Module, Outline, Step
from trainings.packages import pages, scorm
from trainings.paths.rules import StepKind
from trainings.quizzes.rules import Choice, Question, QuestionKind

SCHEMAS = Path(__file__).parent / "schemas/scorm12"
# ADL's schema takes IMS's in: what says both is one schema.
SCHEMA = etree.XMLSchema(etree.parse(SCHEMAS / "adlcp_rootv1p2.xsd"))
CP = f"{{{scorm.CP}}}"


def written(outline):
    out = io.BytesIO()
    scorm.write(outline, out)
    return zipfile.ZipFile(out)


@pytest.fixture(scope="module")
def package():
    return written(PATH)


def manifest_of(package):
    return etree.fromstring(package.read("imsmanifest.xml"))


def test_the_manifest_is_valid(package):
    SCHEMA.assertValid(manifest_of(package))


@pytest.mark.parametrize(
    ("old", "new"), [("title>", "titre>"), ('identifier="MODULE-1"', ""), ('"sco"', '"scoo"'), ("resources>", "files>")]
)
def test_the_schema_sees_faults(package, old, new):
    broken = package.read("imsmanifest.xml").decode().replace(old, new)
    assert not SCHEMA.validate(etree.fromstring(broken.encode()))


def test_each_module_is_a_sco_and_each_file_is_there(package):
    root = manifest_of(package)
    assert [node.text for node in root.iter(f"{CP}title")] == [PATH.title, "Lire une consigne", "Essayer"]
    resources = {node.get("identifier"): node for node in root.iter(f"{CP}resource")}
    for item in root.iter(f"{CP}item"):
        sco = resources[item.get("identifierref")]
        assert sco.get(f"{{{scorm.ADL}}}scormtype") == "sco"
        assert sco.get("href") == sco.find(f"{CP}file").get("href")
        assert sco.find(f"{CP}dependency").get("identifierref") in resources
    listed = {node.get("href") for node in root.iter(f"{CP}file")} | {"imsmanifest.xml"}
    assert listed == set(package.namelist())
    assert len(package.namelist()) == len(set(package.namelist()))


def test_no_file_of_the_package_can_act(package):
    assert {name for name in package.namelist() if name.startswith("fichiers/")} == {
        "fichiers/001-vue-a-plat.png",
        "fichiers/002-fiche.pdf",
        "fichiers/003-x.bin",
    }


def test_pages_hold_no_script_of_anybody_and_call_nobody(package):
    for name in ("module-01.html", "module-02.html"):
        page = package.read(name).decode()
        scripts = re.findall(r"<script[^>]*>", page)
        assert scripts == [
            '<script src="commun/parcours.js" defer>',
            '<script id="reponses" type="application/json">',
        ]
        assert not re.search(r"\son\w+=|\sstyle=|javascript:", page)
        assert not re.findall(r'(?:src|href)="(?!#|commun/|fichiers/|https://(?:eduscol|partages)\.example)', page)
    for name in (pages.STYLE, pages.SCRIPT):
        assert "http" not in package.read(name).decode()


def test_a_film_is_an_address(package):
    page = package.read("module-01.html").decode()
    assert (
        '<a href="https://partages.example/films/1" target="_blank" rel="noopener">La consigne en CP</a> (2 min)'
        in page
    )


def test_the_same_path_gives_the_same_bytes():
    one, other = io.BytesIO(), io.BytesIO()
    scorm.write(PATH, one)
    scorm.write(PATH, other)
    assert one.getvalue() == other.getvalue()


def test_a_path_of_200_files_is_no_matter():
    steps = tuple(Step(StepKind.READING, f"{n}", files=(File(f"f{n}.pdf", b"%%PDF-%d" % n),)) for n in range(200))
    package = written(Outline("Gros", modules=(Module("M", steps=steps),)))
    SCHEMA.assertValid(manifest_of(package))
    assert len(package.namelist()) == 200 + 4


def test_a_path_without_a_step_is_refused():
    for outline in (Outline("Vide"), Outline("Vide", modules=(Module("M"),))):
        with pytest.raises(Refusal, match="rien à exporter"):
            written(outline)


texts = st.text(max_size=40)


@given(texts, texts, texts)
def test_any_text_gives_a_valid_package(title, text, choice):
    question = replace(SHORT, text=text, choices=(Choice(choice),))
    step = Step(StepKind.QUIZ, title, text, questions=(question,), files=(File(title, b"x", text),))
    package = written(Outline(title, text, (Module(title, text, 1, (step,)),)))
    SCHEMA.assertValid(manifest_of(package))


@given(st.lists(st.text(min_size=1, max_size=5), min_size=2, max_size=8, unique=True))
def test_the_order_shown_is_never_the_right_one(items):
    question = Question(QuestionKind.ORDER, "?", tuple(Choice(item) for item in items))
    assert pages.mixed(question) != list(range(len(items)))
    assert sorted(pages.mixed(question)) == list(range(len(items)))
