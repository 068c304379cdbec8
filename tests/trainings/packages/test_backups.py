"""A backup of a M@gistère course becomes a path, and what is left out is said."""

import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circo.archives import MIB
from circo.attaching import rules as attaching
from circo.errors import Refusal
from tests.trainings.packages import mbz
from tests.trainings.packages.mbz import PDF, PNG, as_tar, as_zip, course
from trainings.outlines import File, Module, Outline, Step
from trainings.packages import backups
from trainings.paths.rules import StepKind
from trainings.quizzes.rules import Choice, Question, QuestionKind

EXPECTED = Outline(
    "Comprendre la consigne",
    "Six semaines.",
    (
        Module(
            "Présentation",
            steps=(
                Step(StepKind.READING, "Présentation", "Bienvenue", files=(File("logo.png", PNG),)),
                Step(StepKind.READING, "Un mot d’accueil", "Bonjour à **toutes**."),
            ),
        ),
        Module(
            "En classe",
            steps=(
                Step(StepKind.READING, "Le site Éduscol", "[Le site Éduscol](<https://eduscol.example/a?b=1&c>)"),
                Step(
                    StepKind.READING,
                    "Lire une consigne",
                    "# Pourquoi\n\nVoir et l’autre page, la fiche, .",
                    files=(File("vue a.png", PNG, "la classe"), File("fiche.pdf", PDF)),
                ),
                Step(StepKind.READING, "Test final", "Courage !"),
                Step(
                    StepKind.QUIZ,
                    "Test final",
                    questions=(
                        Question(
                            QuestionKind.SINGLE,
                            "Quelle langue ?",
                            (Choice("le français", True, "Oui"), Choice("l’anglais")),
                        ),
                        Question(QuestionKind.SINGLE, "Le soleil tourne.", (Choice("Vrai"), Choice("Faux", True))),
                    ),
                    pass_percent=60,
                ),
                Step(StepKind.READING, "La fiche", files=(File("fiche.pdf", PDF),)),
                Step(StepKind.READING, "Annexes", files=(File("plan.png", PNG),)),
            ),
        ),
    ),
)
LEFT_OUT = [
    "Sauvegarde : la sauvegarde contient des données de participants : elles n’ont pas été lues.",
    "« Lire une consigne » : un film, un son ou une page intégrés ne sont pas repris.",
    "« Lire une consigne » : des liens vers d’autres pages du cours ne mènent plus nulle part : leur texte est gardé.",
    "« Lire une consigne » : « perdue.png » n’est pas dans la sauvegarde.",
    "« Test final », question 3, « Récit » : ce genre de question ne se reprend pas (réponse rédigée).",
    "« Test final » : des questions tirées au hasard ne sont pas reprises.",
    "« Test final » : une question du test n’est pas dans la sauvegarde.",
    f"« Annexes » : « texte.docx » n’est pas repris. {attaching.UNKNOWN}",
    f"« Annexes » : « page.html » n’est pas repris. {attaching.UNKNOWN}",
    "« Annexes » : « film.mp4 » n’est pas repris : il dépasse 10 Mo.",
    "« Annexes » : « absent.pdf » n’est pas dans la sauvegarde.",
    "« Vos questions » : un forum : cela ne se reprend pas.",
    "« Une nouveauté » : une activité « tuile » : cela ne se reprend pas.",
]


def said(left_out):
    return [str(one).replace("\u00a0", " ") for one in left_out]


@pytest.mark.parametrize("packed", [as_zip, as_tar])
def test_a_course_becomes_a_path(packed):
    outline, left_out = backups.read(packed(course()))
    assert outline == EXPECTED
    assert said(left_out) == LEFT_OUT


def test_what_participants_did_is_never_read():
    trap = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'  # refused wherever it is read
    files = course()
    with pytest.raises(Refusal):
        backups.read(as_zip(files | {"files.xml": trap}))

    outline, _ = backups.read(as_zip(files | {"users.xml": trap, "activities/quiz_14/grades.xml": trap}))

    assert outline == EXPECTED


def test_backups_of_moodle_3_name_their_questions():
    files = course()
    files["activities/quiz_14/quiz.xml"] = mbz.activity(
        "quiz",
        14,
        "<name>T</name><intro>$@NULL@$</intro><question_instances>"
        "<question_instance id='1'><slot>1</slot><questionid>504</questionid></question_instance></question_instances>",
    )
    files["questions.xml"] = f"<question_categories><question_category id='1'><questions>{mbz.SHORT}</questions>" + (
        "</question_category></question_categories>"
    )
    steps = [step for step in backups.read(as_zip(files))[0].modules[1].steps if step.kind is StepKind.QUIZ]
    assert [question.text for question in steps[0].questions] == ["Capitale ?"]


def test_a_damaged_file_stays_out():
    files = course()
    name = f"files/{mbz.sha1(PDF)[:2]}/{mbz.sha1(PDF)}"
    outline, left_out = backups.read(as_zip(files | {name: PDF + b"%%EOF"}))
    assert "« La fiche » : « fiche.pdf » n’est pas repris : son contenu est abîmé." in said(left_out)
    assert all(file.content == PNG for module in outline.modules for step in module.steps for file in step.files)


def test_a_size_that_lies_is_refused():
    files = course()
    heavy = bytes(12 * MIB)
    files["files.xml"] = f"<files>{mbz.stored(1, heavy, 115, 'mod_resource', 'content', 'a.pdf', size=10)}</files>"
    files[f"files/{mbz.sha1(heavy)[:2]}/{mbz.sha1(heavy)}"] = heavy
    with pytest.raises(Refusal, match="trop grosse"):
        backups.read(as_zip(files))


def test_a_hash_is_no_path():
    files = course()
    files["files.xml"] = files["files.xml"].replace(mbz.sha1(PDF), "../../../../etc/passwd")
    outline, _ = backups.read(as_zip(files))
    assert not [
        file for module in outline.modules for step in module.steps for file in step.files if file.content == PDF
    ]


def test_long_texts_and_long_sections_are_cut_in_parts():
    files = course()
    paragraph = "&lt;p&gt;" + "mot " * 1000 + "&lt;/p&gt;"
    files["activities/label_11/label.xml"] = mbz.activity("label", 11, f"<intro>{paragraph * 12}</intro>")
    listed = "".join(
        f"<activity><moduleid>11</moduleid><sectionid>2</sectionid><modulename>label</modulename><title>t{n}</title>"
        "<directory>activities/label_11</directory></activity>"
        for n in range(20)
    )
    files["moodle_backup.xml"] = files["moodle_backup.xml"].replace("</activities>", f"{listed}</activities>")
    outline, _ = backups.read(as_zip(files))
    assert [step.title for step in outline.modules[0].steps[1:]] == [f"Un mot d’accueil ({n}/3)" for n in (1, 2, 3)]
    assert [module.title for module in outline.modules[1:]] == ["En classe (1/2)", "En classe (2/2)"]
    assert max(len(step.text) for module in outline.modules for step in module.steps) <= 20_000


def test_more_sections_than_a_path_has_are_said():
    files = course()
    sections = "".join(
        f"<section><sectionid>{n}</sectionid><directory>sections/section_{n}</directory></section>"
        for n in range(3, 40)
    )
    files["moodle_backup.xml"] = files["moodle_backup.xml"].replace("</sections>", f"{sections}</sections>")
    for n in range(3, 40):
        files[f"sections/section_{n}/section.xml"] = (
            f"<section id='{n}'><number>{n}</number><name>S{n}</name><summary>Texte {n}.</summary></section>"
        )
    outline, left_out = backups.read(as_zip(files))
    assert len(outline.modules) == 30
    assert sum("au plus 30 modules" in one.why for one in left_out) == 9


def test_a_huge_course_is_bounded():
    files = course()
    listed = "".join(
        "<activity><moduleid>11</moduleid><sectionid>1</sectionid><modulename>label</modulename><title>t</title>"
        "<directory>activities/label_11</directory></activity>"
        for _ in range(20_000)
    )
    sections = "".join("<section><directory>sections/section_1</directory></section>" for _ in range(2000))
    backup = files["moodle_backup.xml"].replace("</activities>", f"{listed}</activities>")
    files["moodle_backup.xml"] = backup.replace("</sections>", f"{sections}</sections>")
    began = time.perf_counter()
    outline, left_out = backups.read(as_zip(files))
    assert len(outline.modules) == 30
    assert any("1800 activités" in one.why for one in left_out)
    assert time.perf_counter() - began < 30


@pytest.mark.parametrize(
    "change",
    [
        {"moodle_backup.xml": None},
        {"moodle_backup.xml": "<x/>"},
        {"moodle_backup.xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><information>&b;</information>'},
        {"files.xml": "<files><file>"},
        {"questions.xml": "pas du XML"},
        {"../evil": "x"},
    ],
)
def test_what_is_no_backup_is_refused(change):
    files = {name: content for name, content in (course() | change).items() if content is not None}
    with pytest.raises(Refusal):
        backups.read(as_zip(files))


def test_other_files_are_refused():
    for content in (b"", b"GIF89a", PDF):
        with pytest.raises(Refusal):
            backups.read(io.BytesIO(content))


NAMES = [name for name in course() if name.endswith(".xml")]


@given(st.data())
def test_any_damage_is_a_refusal_or_a_path(data):
    files = course()
    name = data.draw(st.sampled_from(NAMES))
    text = files[name]
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 40))
    files[name] = text[:at] + data.draw(st.text(st.sampled_from("<>/0-9 &;\"'a"), max_size=6)) + text[at + cut :]
    try:
        outline, _ = backups.read(as_zip(files))
    except Refusal:
        return
    assert isinstance(outline, Outline)
