"""What authors take away and bring, from outside: packages, courses, questions of a file."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from circo import jobs
from circo.logs import security
from circo.models import Job, Notice
from tests.networks.salon_things import picture
from tests.trainings.packages.mbz import as_tar, as_zip, course, sha1, stored
from tests.trainings.written import draft_of, module_of, publish, step_of
from tests.videos.films import film_of
from trainings import documents
from trainings.models import LearningPath, PathTransfer, PathVersion, Question
from trainings.packages import cartridge, scorm
from trainings.paths.rules import StepKind
from trainings.transfers import running
from trainings.transfers.rules import TransferState

PDF = b"%PDF-1.7\n%%EOF"
COURSE, SEND = reverse("trainings:course_new"), reverse("trainings:course_send")
GIFT = """::Langue:: Quelle langue ? { =le français#Oui ~l'anglais }

Racontez. {}

Capitale ? { =Rome =roma }
"""


def url(name: str, *args: object) -> str:
    return reverse(f"trainings:{name}", args=args)


def work() -> None:
    for pk in Job.objects.filter(kind__in=(running.TAKE, running.BRING)).values_list("pk", flat=True):
        jobs.run(pk)


@pytest.fixture
def said(monkeypatch):
    """What the security log says."""
    lines: list[str] = []
    monkeypatch.setattr(security, "handle", lambda record: lines.append(record.getMessage()))
    return lines


@pytest.fixture
def version(world):
    version = draft_of(world.here, world.trainer)
    module = module_of(version, minutes=30)
    module.statements.create(rank=1, text="Je sais relancer.")
    reading = step_of(module, text="**Lisez** ceci.")
    documents.keep(step=reading, name="fiche.pdf", content=PDF)
    watch = step_of(module, StepKind.WATCH, "Regarder")
    film = film_of(world.trainer, world.here.group, title="Le film secret de Claire")
    excerpt = watch.excerpts.create(rank=1, film=film, title="Le silence", in_s=0, out_s=120)
    watch.questions.create(rank=1, kind="SHORT", text="Combien ?", choices=[["12", False, ""]], excerpt=excerpt, at_s=3)
    quiz = step_of(module, StepKind.QUIZ, "Ordonner")
    quiz.questions.create(rank=1, kind="ORDER", text="Dans l’ordre", choices=[["un", False, ""], ["deux", False, ""]])
    step_of(module, StepKind.LOG, "Mon journal")
    return version


def took(client, version: PathVersion, form: str) -> PathTransfer:
    answer = client.post(url("export_ask", version.path_id), {"form": form})
    transfer = PathTransfer.objects.get()
    assert answer.url == url("transfer_page", transfer.pk)
    assert "En attente" in client.get(answer.url).content.decode()
    work()
    return transfer


@pytest.mark.parametrize("form", ["SCORM", "CARTRIDGE"])
def test_a_path_is_taken_away_with_all_that_may_leave(world, sign_in, version, form):
    client = sign_in(world.trainer)
    transfer = took(client, version, form)
    page = client.get(url("transfer_page", transfer.pk)).content.decode()
    assert "Votre paquet est prêt." in page
    for words in ("les films restent sur la plateforme", "« Mon journal »", "se situer au début"):
        assert words.replace(" »", "\u00a0»").replace("« ", "«\u00a0") in page, words
    assert ("à remettre dans l’ordre" in page) is (form == "CARTRIDGE")
    answer = client.get(url("transfer_download", transfer.pk))
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="mener-une-dictee-negociee-')
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        whole = {name: archive.read(name) for name in archive.namelist()}
    assert "imsmanifest.xml" in whole
    assert PDF in whole.values()
    text = b"\n".join(one for one in whole.values() if not one.startswith(b"%PDF")).decode()
    assert (
        f"http://localhost:8000{url('path_show', version.path_id)}" in text or url("path_show", version.path_id) in text
    )
    assert "<strong>Lisez</strong> ceci." in text
    assert "secret" not in text  # of the film, neither the title nor the file
    assert Notice.objects.get(person=world.trainer).path == url("transfer_page", transfer.pk)


def test_the_published_version_can_be_taken_beside_the_draft(world, sign_in, version):
    publish(version)
    draft = PathVersion.objects.create(path=version.path, number=2, title="Autrement")
    client = sign_in(world.adviser)
    assert "version 1, publiée" in client.get(url("export_new", version.path_id)).content.decode()
    client.post(url("export_ask", version.path_id), {"form": "SCORM", "version": version.pk})
    assert PathTransfer.objects.get().version == version
    other = draft_of(world.here)
    answer = client.post(url("export_ask", version.path_id), {"form": "SCORM", "version": other.pk})
    assert (answer.status_code, PathTransfer.objects.count()) == (422, 1)
    assert draft.number == 2


def test_an_empty_path_says_why_and_three_wait_at_most(world, sign_in):
    version = draft_of(world.here)
    client = sign_in(world.trainer)
    transfer = took(client, version, "SCORM")
    assert scorm.EMPTY == cartridge.EMPTY
    assert scorm.EMPTY in client.get(url("transfer_page", transfer.pk)).content.decode()
    for _ in range(3):
        client.post(url("export_ask", version.path_id), {"form": "SCORM"})
    refused = client.post(url("export_ask", version.path_id), {"form": "SCORM"})
    assert refused.status_code == 422
    assert "déjà en préparation" in refused.content.decode()


def test_who_leaves_the_team_takes_nothing_any_more(world, sign_in, version):
    client = sign_in(world.trainer)
    client.post(url("export_ask", version.path_id), {"form": "SCORM"})
    LearningPath.objects.update(district=world.there.district)
    work()
    transfer = PathTransfer.objects.get()
    assert (transfer.state, transfer.file) == (TransferState.FAILED, "")


def test_a_package_is_ones_own_and_goes_after_a_week(world, sign_in, version, django_capture_on_commit_callbacks):
    client = sign_in(world.trainer)
    transfer = took(client, version, "SCORM")
    transfer.refresh_from_db()
    assert sign_in(world.adviser).get(url("transfer_download", transfer.pk)).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        running.purge()
    assert default_storage.exists(transfer.file)
    PathTransfer.objects.update(asked_at=timezone.now() - timedelta(days=8))
    with django_capture_on_commit_callbacks(execute=True):
        running.purge()
    assert not PathTransfer.objects.exists()
    assert not default_storage.exists(transfer.file)


# --- Courses ----------------------------------------------------------------------------------------------------------
def brought(client, content: bytes, name: str = "consigne.mbz"):
    answer = client.post(SEND, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return PathTransfer.objects.get()


def whole_course() -> dict:
    """A course whose picture a browser reads."""
    files = course()
    content = picture()
    listed = stored(12, content, 112, "mod_page", "content", "classe.jpg")
    files["files.xml"] = files["files.xml"].replace("</files>", f"{listed}</files>")
    files["activities/page_12/page.xml"] = files["activities/page_12/page.xml"].replace(
        "vue%20a.png?time=1", "classe.jpg"
    )
    files[f"files/{sha1(content)[:2]}/{sha1(content)}"] = content
    return files


@pytest.mark.parametrize("packed", [as_zip, as_tar])
def test_a_course_becomes_a_draft_with_its_report(world, sign_in, packed, django_capture_on_commit_callbacks):
    client = sign_in(world.adviser)
    assert "Reprendre un cours" in client.get(COURSE).content.decode()
    transfer = brought(client, packed(whole_course()).read())
    key = transfer.file
    assert default_storage.exists(key)
    with django_capture_on_commit_callbacks(execute=True):
        work()
    transfer.refresh_from_db()
    version = transfer.version
    assert (version.title, version.is_draft, version.path.district) == (
        "Comprendre la consigne",
        True,
        world.here.district,
    )
    assert [one.title for one in version.modules.all()] == ["Présentation", "En classe"]
    steps = {(one.title, one.kind): one for module in version.modules.all() for one in module.steps.all()}
    quiz = steps["Test final", "QUIZ"]
    assert [one.text for one in quiz.questions.all()] == ["Quelle langue ?", "Le soleil tourne."]
    kept = steps["Lire une consigne", "READING"].documents.order_by("name")
    assert [(one.name, one.alt) for one in kept] == [("classe.jpg", "la classe"), ("fiche.pdf", "")]
    assert not default_storage.exists(key)
    page = client.get(url("transfer_page", transfer.pk)).content.decode()
    for words in ("données de participants", "un forum", "Ouvrir le brouillon"):
        assert words in page
    assert "amina@" not in page
    assert client.get(url("path_page", version.path_id)).status_code == 200


def climbing() -> bytes:
    return as_zip(course() | {"../dehors": "x"}).read()


def crowded() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(40_000):
            archive.writestr(str(number), b"")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (climbing, "un fichier dont le nom n’est pas admis"),
        (crowded, "trop de fichiers"),
        (lambda: as_zip({"a": "b"}).read(), "n’est pas la sauvegarde d’un cours"),
        (lambda: b"MZ\x90\x00", "n’est pas une archive"),
    ],
)
def test_a_hostile_course_is_refused_told_and_removed(
    world, sign_in, said, content, words, django_capture_on_commit_callbacks
):
    client = sign_in(world.adviser)
    transfer = brought(client, content())
    key = transfer.file
    with django_capture_on_commit_callbacks(execute=True):
        work()
    page = client.get(url("transfer_page", transfer.pk)).content.decode()
    assert words in page
    assert not default_storage.exists(key)
    assert not LearningPath.objects.exists()
    assert [line for line in said if f"person {world.adviser.pk} refused" in line]


def test_a_course_that_is_too_big_is_thrown_away_as_it_comes(world, sign_in, settings):
    settings.COURSE_MAX_BYTES = 100_000
    answer = sign_in(world.adviser).post(SEND, {"file": SimpleUploadedFile("gros.mbz", b"PK\x03\x04" + b"a" * 300_000)})
    assert answer.status_code == 422
    assert "dépasse" in answer.content.decode()
    assert not PathTransfer.objects.exists()


def test_courses_need_a_token_and_a_district_of_ones_own(world, sign_in):
    wary = Client(enforce_csrf_checks=True)
    wary.force_login(world.adviser)
    assert wary.post(SEND, {"file": SimpleUploadedFile("a.mbz", b"PK\x03\x04")}).status_code == 403
    answer = sign_in(world.superuser).post(
        SEND, {"file": SimpleUploadedFile("a.mbz", b"PK\x03\x04"), "district": 10**9}
    )
    assert answer.status_code == 422


# --- Questions --------------------------------------------------------------------------------------------------------
@pytest.fixture
def quiz(world):
    quiz = step_of(module_of(draft_of(world.here, world.trainer)), StepKind.QUIZ, "Répondre")
    quiz.questions.create(rank=1, kind="SHORT", text="Déjà là ?", choices=[["oui", False, ""]])
    return quiz


def tried(client, quiz, content: str, name: str = "questions.txt"):
    return client.post(url("questions_try", quiz.pk), {"file": SimpleUploadedFile(name, content.encode())})


def test_questions_of_a_file_are_shown_added_and_taken_out_again(world, sign_in, quiz):
    client = sign_in(world.trainer)
    answer = tried(client, quiz, GIFT)
    page = answer.content.decode()
    assert "2 questions à ajouter" in page
    assert "Ligne 3" in page
    assert quiz.questions.count() == 1  # nothing is written yet
    added = client.post(url("questions_add", quiz.pk), {"questions": answer.context["sealed"]})
    assert [one.text for one in quiz.questions.all()] == ["Déjà là ?", "Quelle langue ?", "Capitale ?"]
    assert quiz.questions.all()[1].choices == [["le français", True, "Oui"], ["l'anglais", False, ""]]
    page = client.get(added.url)
    assert "2 questions ajoutées." in page.content.decode()
    client.post(page.context["undo_added"])
    assert [one.text for one in quiz.questions.all()] == ["Déjà là ?"]


def test_moodle_xml_is_read_too_and_never_its_entities(world, sign_in, quiz, said):
    client = sign_in(world.trainer)
    question = "<question type='truefalse'><questiontext><text>Vrai ?</text></questiontext>"
    question += "<answer fraction='100'><text>true</text></answer><answer fraction='0'><text>false</text></answer>"
    answer = tried(client, quiz, f"<?xml version='1.0'?>\n<quiz>{question}</question></quiz>", "banque.xml")
    assert "1 question à ajouter" in answer.content.decode()
    assert not said
    hostile = '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    answer = tried(client, quiz, f"<?xml version='1.0'?>{hostile}<quiz>{question}&x;</question></quiz>", "banque.xml")
    assert answer.status_code == 422
    assert "XML" in answer.content.decode()
    assert "questions brought by person" in said[0]


def test_questions_are_added_to_the_step_and_by_the_person_they_were_shown_to(world, sign_in, quiz):
    sealed = tried(sign_in(world.trainer), quiz, GIFT).context["sealed"]
    other = step_of(quiz.module, StepKind.QUIZ, "Autre")
    sign_in(world.adviser).post(url("questions_add", quiz.pk), {"questions": sealed})
    client = sign_in(world.trainer)
    for step, text in ((other, sealed), (quiz, sealed + "x"), (quiz, ""), (quiz, "a:b:c")):
        client.post(url("questions_add", step.pk), {"questions": text})
    assert Question.objects.count() == 1
    publish(quiz.module.version)
    assert client.post(url("questions_add", quiz.pk), {"questions": sealed}).status_code == 404


def test_a_step_holds_no_more_questions_than_it_may(world, sign_in, quiz):
    client = sign_in(world.trainer)
    many = "\n\n".join(f"Question {number} ? {{ =a{number} }}" for number in range(100))
    answer = tried(client, quiz, many)
    assert "59 questions à ajouter" in answer.content.decode()
    assert "60 questions au plus" in answer.content.decode()
    client.post(url("questions_add", quiz.pk), {"questions": answer.context["sealed"]})
    client.post(url("questions_add", quiz.pk), {"questions": answer.context["sealed"]})
    assert quiz.questions.count() == 60


def test_only_steps_of_questions_take_a_file(world, sign_in, quiz):
    reading = step_of(quiz.module)
    assert sign_in(world.trainer).get(url("questions_bring", reading.pk)).status_code == 404
