"""What steps hold, from outside: documents, questions, parts of films."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.house.routes import picture
from tests.trainings.written import draft_of, module_of, publish, step_of
from tests.videos.excerpts import excerpt_of
from tests.videos.films import film_of
from trainings import contents, documents
from trainings.models import Question, RemovedPart, StepDocument, StepExcerpt, StoredDocument
from trainings.paths.rules import StepKind
from videos.consents.rules import Audience

PDF = b"%PDF-1.7\n%%EOF"
SINGLE = {
    "text": "Qui relance ?",
    "kind": "SINGLE",
    "choice_0": "L’élève",
    "right_0": "on",
    "said_0": "Oui.",
    "choice_1": "Le maître",
    "feedback": "Regardez la fin.",
}


@pytest.fixture
def version(world):
    return draft_of(world.here, world.trainer)


@pytest.fixture
def client(world, sign_in):
    return sign_in(world.trainer)


def url(name: str, pk: object) -> str:
    return reverse(f"trainings:{name}", args=[pk])


def sent(content: bytes = PDF, name: str = "Fiche élève.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


# --- Documents --------------------------------------------------------------------------------------------------------
def test_a_document_is_attached_read_by_those_who_see_the_step_and_by_nobody_else(world, version, client, sign_in):
    step = step_of(module_of(version))
    client.post(url("document_attach", step.pk), {"file": sent()})
    document = StepDocument.objects.get()
    assert (document.name, document.kind, document.size_bytes) == ("Fiche élève.pdf", "pdf", len(PDF))
    answer = client.get(url("step_document", document.pk))
    assert answer.getvalue() == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert sign_in(world.amina).get(url("step_document", document.pk)).status_code == 404
    publish(version)
    assert sign_in(world.amina).get(url("step_document", document.pk)).status_code == 200
    assert sign_in(world.denis).get(url("step_document", document.pk)).status_code == 404


def test_a_picture_needs_words_and_is_made_again(version, client):
    step = step_of(module_of(version))
    answer = client.post(url("document_attach", step.pk), {"file": sent(picture(), "tableau.png")})
    assert answer.status_code == 422
    assert "Dites ce que montre cette image" in answer.content.decode()
    assert not StepDocument.objects.exists()
    client.post(url("document_attach", step.pk), {"file": sent(picture(), "tableau.png"), "alt": "Le tableau."})
    document = StepDocument.objects.get()
    assert (document.name, document.alt) == ("tableau.jpg", "Le tableau.")
    assert 'alt="Le tableau."' in client.get(url("step_edit", step.pk)).content.decode()
    assert "Content-Disposition" not in client.get(url("step_document", document.pk)).headers
    client.post(url("document_describe", document.pk), {"alt": " Le tableau, après. "})
    document.refresh_from_db()
    assert document.alt == "Le tableau, après."


@pytest.mark.parametrize("content", [b"", b"MZ\x90", b"<html>", b"PK\x03\x04not a zip"])
def test_what_is_no_document_is_refused(version, client, content):
    step = step_of(module_of(version))
    answer = client.post(url("document_attach", step.pk), {"file": sent(content)})
    assert answer.status_code == 422
    assert not StoredDocument.objects.exists()


def test_one_content_is_stored_once_and_swept_when_nobody_holds_it(world, version, client):
    first, second = step_of(module_of(version)), step_of(module_of(version))
    for step in (first, second):
        client.post(url("document_attach", step.pk), {"file": sent()})
    one, two = StepDocument.objects.order_by("pk")
    key = documents.key_of(one.sha256, "pdf")
    assert (one.sha256, StoredDocument.objects.count(), default_storage.exists(key)) == (two.sha256, 1, True)
    long_ago = timezone.now() - timedelta(days=3)
    StoredDocument.objects.update(kept_at=long_ago)
    client.post(url("document_remove", one.pk))
    client.post(url("document_remove", two.pk))
    assert documents.sweep() == 0, "they may come back"
    assert default_storage.exists(key)
    client.post(url("part_restore", RemovedPart.objects.last().pk))
    RemovedPart.objects.update(removed_at=long_ago)
    assert documents.sweep() == 0, "a step holds it again"
    assert RemovedPart.objects.count() == 0
    client.post(url("document_remove", StepDocument.objects.get().pk))
    RemovedPart.objects.update(removed_at=long_ago)
    assert documents.sweep() == 1
    assert not default_storage.exists(key)
    client.post(url("document_attach", first.pk), {"file": sent()})
    assert default_storage.exists(key), "swept, then sent again"


def test_a_file_cut_short_by_a_crash_is_written_again(version, client):
    step = step_of(module_of(version))
    client.post(url("document_attach", step.pk), {"file": sent()})
    document = StepDocument.objects.get()
    path = default_storage.path(documents.key_of(document.sha256, "pdf"))
    with open(path, "wb") as file:
        file.write(PDF[:4])
    client.post(url("document_attach", step.pk), {"file": sent()})
    assert documents.content_of(document) == PDF


# --- Questions --------------------------------------------------------------------------------------------------------
def test_a_question_is_asked_changed_moved_taken_out_and_brought_back(version, client):
    quiz = step_of(module_of(version), StepKind.QUIZ)
    client.post(url("question_create", quiz.pk), SINGLE)
    made = Question.objects.get()
    assert made.choices == [["L’élève", True, "Oui."], ["Le maître", False, ""]]
    assert (made.feedback, made.excerpt, made.at_s) == ("Regardez la fin.", None, None)
    form = client.get(url("question_edit", made.pk)).content.decode()
    assert "L’élève" in form
    client.post(url("question_update", made.pk), SINGLE | {"kind": "ORDER", "text": "Dans quel ordre ?"})
    made.refresh_from_db()
    assert made.choices == [["L’élève", False, "Oui."], ["Le maître", False, ""]], "an order has no right choice"
    client.post(url("question_create", quiz.pk), {"text": "Combien ?", "kind": "SHORT", "choice_0": "12"})
    client.post(url("question_move", made.pk), {"sens": "bas"})
    assert [one.text for one in quiz.questions.all()] == ["Combien ?", "Dans quel ordre ?"]
    client.post(url("question_remove", made.pk))
    assert quiz.questions.count() == 1
    answer = client.post(url("part_restore", RemovedPart.objects.get().pk))
    assert answer.url == url("step_edit", quiz.pk)
    assert [one.key for one in quiz.questions.all()][1] == made.key


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"right_0": ""}, "Dites laquelle des réponses est la bonne"),
        ({"right_1": "on"}, "et une seule"),
        ({"kind": "MULTIPLE", "right_0": ""}, "Aucune réponse n’est juste"),
        ({"choice_1": "l’eleve"}, "Deux réponses sont les mêmes"),
        ({"choice_1": ""}, "au moins deux réponses"),
        ({"kind": "SHORT", "choice_0": "", "choice_1": ""}, "Aucune réponse n’est acceptée"),
        ({"text": " "}, "Écrivez la question."),
        ({"kind": "DRAW"}, "Choisissez dans la liste."),
    ],
)
def test_a_question_that_nobody_can_answer_comes_back_with_its_words(version, client, typed, said):
    quiz = step_of(module_of(version), StepKind.QUIZ)
    answer = client.post(url("question_create", quiz.pk), SINGLE | typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Regardez la fin." in answer.content.decode()
    assert not Question.objects.exists()


def test_more_answers_are_asked_for_without_losing_any(version, client):
    quiz = step_of(module_of(version), StepKind.QUIZ)
    answer = client.post(url("question_create", quiz.pk), SINGLE | {"choice_3": "Personne", "plus": "1"})
    page = answer.content.decode()
    assert 'name="choice_5"' in page
    assert 'value="Personne"' in page
    assert not Question.objects.exists()
    huge = client.post(url("question_create", quiz.pk), SINGLE | {"choice_999": "x", "plus": "1"})
    assert 'name="choice_12"' not in huge.content.decode()


# --- Films ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def film(world):
    return film_of(world.trainer, world.here.group, audience=Audience.DISTRICT)


def test_a_film_is_found_cut_and_stopped(world, version, client, film):
    step = step_of(module_of(version), StepKind.WATCH)
    cut = excerpt_of(film, world.trainer)
    found = client.get(url("excerpt_choose", step.pk), {"q": "NÉGOCIEE"}).content.decode()
    assert film.title in found
    assert cut.title in found
    assert film.title not in client.get(url("excerpt_choose", step.pk), {"q": "absent"}).content.decode()
    form = client.get(url("excerpt_new", step.pk), {"extrait": cut.pk})
    assert form.context["form"].initial == {"in_s": 2.0, "out_s": 4.0, "title": "Le silence"}
    assert client.get(url("excerpt_new", step.pk), {"film": film.pk}).status_code == 200
    typed = {"film": film.pk, "title": "Le silence", "in_s": "0:02", "out_s": "0:08"}
    client.post(url("excerpt_create", step.pk), typed)
    made = StepExcerpt.objects.get()
    assert (made.film, made.in_s, made.out_s) == (film, 2, 8)
    stop = {"extrait": made.pk, "text": "Que fait-il ?", "kind": "SHORT", "choice_0": "rien"}
    assert client.get(url("question_new", step.pk), {"extrait": made.pk}).status_code == 200
    outside = client.post(url("question_create", step.pk), stop | {"at_s": "0:11"})
    assert "Placez cette question dans l’extrait" in outside.content.decode()
    client.post(url("question_create", step.pk), stop | {"at_s": "0:05"})
    assert (Question.objects.get().at_s, Question.objects.get().excerpt) == (5, made)
    shorter = client.post(url("excerpt_update", made.pk), typed | {"out_s": "0:04"})
    assert "Une question serait posée hors de l’extrait" in shorter.content.decode()
    client.post(url("excerpt_update", made.pk), typed | {"out_s": "0:06"})
    client.post(url("excerpt_remove", made.pk))
    assert not Question.objects.exists()
    client.post(url("part_restore", RemovedPart.objects.get().pk))
    assert (StepExcerpt.objects.get().out_s, Question.objects.get().at_s) == (6, 5)


def test_what_is_typed_of_a_part_is_kept_until_it_is_saved(world, version, client, film):
    step, cut = step_of(module_of(version), StepKind.WATCH), excerpt_of(film, world.trainer)
    whole, part = {"film": film.pk}, {"extrait": cut.pk}
    page = client.get(url("excerpt_new", step.pk), part).content.decode()
    assert f'name="extrait" value="{cut.pk}"' in page
    typed = whole | part | {"title": "Le grand silence", "in_s": "0:03", "out_s": "0:01"}
    refused = client.post(url("excerpt_create", step.pk), typed)
    assert refused.status_code == 422
    kept = client.get(url("excerpt_new", step.pk), part).content.decode()
    assert "Nous avons repris votre brouillon" in kept
    assert 'value="Le grand silence"' in kept
    assert 'value="0:03"' in kept
    assert "brouillon du" not in client.get(url("excerpt_new", step.pk), whole).content.decode(), "another beginning"
    ticket = {"brouillon": refused.context["form"].draft.token}
    assert client.post(url("excerpt_create", step.pk), typed | ticket | {"out_s": "0:08"}).status_code == 302
    assert "brouillon du" not in client.get(url("excerpt_new", step.pk), part).content.decode()
    made = StepExcerpt.objects.get()
    client.post(url("excerpt_update", made.pk), {"title": "Le petit silence", "in_s": "x", "out_s": "0:04"})
    assert 'value="Le petit silence"' in client.get(url("excerpt_edit", made.pk)).content.decode()


@pytest.mark.parametrize(("begin", "end"), [("0:05", "0:05"), ("0:05", "0:03"), ("0:05", "1:00"), ("x", "0:03")])
def test_a_part_that_is_not_in_the_film_is_refused(version, client, film, begin, end):
    step = step_of(module_of(version), StepKind.WATCH)
    typed = {"film": film.pk, "title": "Le silence", "in_s": begin, "out_s": end}
    assert client.post(url("excerpt_create", step.pk), typed).status_code == 422
    assert not StepExcerpt.objects.exists()


def test_a_film_that_the_author_does_not_see_is_not_found(world, version, client):
    hidden = film_of(world.denis, world.there.group, title="Ailleurs")
    step = step_of(module_of(version), StepKind.WATCH)
    assert "Ailleurs" not in client.get(url("excerpt_choose", step.pk)).content.decode()
    assert client.get(url("excerpt_new", step.pk), {"film": hidden.pk}).status_code == 404
    typed = {"film": hidden.pk, "title": "x", "in_s": "0:01", "out_s": "0:02"}
    assert client.post(url("excerpt_create", step.pk), typed).status_code == 404


# --- Copies -----------------------------------------------------------------------------------------------------------
def test_a_copy_says_the_same_as_its_source(world, version, film):
    step = step_of(module_of(version), StepKind.WATCH)
    excerpt = step.excerpts.create(rank=1, film=film, title="Le silence", in_s=1, out_s=4)
    step.questions.create(rank=1, kind="SHORT", text="?", choices=[["1", False, ""]], excerpt=excerpt, at_s=2)
    step.documents.create(kind="pdf", name="a.pdf", size_bytes=1, sha256="0" * 64)
    target = draft_of(world.here)
    contents.copy(version, target)
    copied = target.modules.get().steps.get()
    assert contents.print_of(copied) == contents.print_of(step)


def test_another_film_takes_the_place_of_one_that_is_gone(world, version, client, film):
    step = step_of(module_of(version), StepKind.WATCH)
    empty = step.excerpts.create(rank=1, title="Le silence", in_s=1, out_s=4)
    step.questions.create(rank=1, kind="SHORT", text="?", choices=[["1", False, ""]], excerpt=empty, at_s=2)
    assert url("excerpt_replace", empty.pk) in client.get(url("step_edit", step.pk)).content.decode()
    assert f"pour={empty.pk}" in client.get(url("excerpt_replace", empty.pk), {"q": "dictée"}).content.decode()
    form = client.get(url("excerpt_new", step.pk), {"film": film.pk, "pour": empty.pk}).content.decode()
    assert f'name="pour" value="{empty.pk}"' in form
    typed = {"film": film.pk, "pour": empty.pk, "title": "Un autre silence", "in_s": "0:03", "out_s": "0:09"}
    client.post(url("excerpt_create", step.pk), typed)
    found = StepExcerpt.objects.get()
    assert (found.pk, found.key, found.film, found.title) == (empty.pk, empty.key, film, "Un autre silence")
    assert found.questions.count() == 1, "the check says that it is asked outside"
    other = step_of(module_of(version), StepKind.WATCH)
    assert client.post(url("excerpt_create", other.pk), typed).status_code == 404
