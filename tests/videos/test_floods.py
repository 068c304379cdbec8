"""One person alone fills neither the pages of the others, nor the disk, nor the queue: each thing ends, in words."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from circo.documents import pacing
from circo.documents import rules as letters
from circo.errors import Refusal
from circo.models import LetterBatch, Notice, Person
from tests.videos.excerpts import excerpt_of
from tests.videos.films import film_of
from tests.videos.grids import grid_of, round_of
from tests.videos.records import project_of, pupil
from tests.videos.sheets import PDF
from videos import actions, rules
from videos.actions import moments, observations, projects
from videos.actions import replies as replying
from videos.consents import rules as consents
from videos.consents.rules import Answer
from videos.models import (
    Collection,
    Film,
    Grid,
    Moment,
    MomentKind,
    PracticeSheet,
    RecordingProject,
    Reply,
    Scan,
    SheetDocument,
    Upload,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def film(world) -> Film:
    return film_of(world.amina, world.here.group)


def say(film: Film, by: Person) -> Moment:
    return actions.comment(film=film, at_s=1, kind=MomentKind.FACT, text="Un silence", by=by)


# --- What is written ------------------------------------------------------------------------------------------------
def test_comments_of_one_person_end_and_those_of_the_others_go_on(world, film, monkeypatch):
    monkeypatch.setattr(moments, "MOMENTS_OF_ONE_MAX", 3)
    for _ in range(3):
        moment = say(film, world.bruno)
    actions.remove_moment(moment=moment, by=world.bruno)  # and again and again: it is kept for two days
    with pytest.raises(Refusal, match="beaucoup écrit sur ce film"):
        say(film, world.bruno)
    assert say(film, world.amina)


def test_replies_of_one_person_end(world, film, monkeypatch):
    monkeypatch.setattr(replying, "MOMENTS_OF_ONE_MAX", 2)
    moment = say(film, world.amina)
    for _ in range(2):
        actions.reply(moment=moment, text="Oui", by=world.bruno)
    with pytest.raises(Refusal, match="beaucoup écrit sur ce film"):
        actions.reply(moment=moment, text="Oui", by=world.bruno)
    assert actions.reply(moment=moment, text="Oui", by=world.amina)


def test_who_writes_too_fast_waits_and_loses_no_word(world, film, sign_in, monkeypatch):
    monkeypatch.setattr(moments, "WRITTEN_OF_ONE_MAX", 4)
    client, words = sign_in(world.bruno), {"kind": "FACT", "at_s": "0:03", "circle": "GROUP"}
    url = reverse("videos:moment_create", args=[film.pk])
    moment = say(film_of(world.amina, world.here.group), world.bruno)
    for _ in range(2):
        actions.reply(moment=moment, text="Et puis", by=world.bruno)
    assert client.post(url, words | {"text": "Quatrième"}).status_code == 302
    answer = client.post(url, words | {"text": "Cinquième"})
    assert answer.status_code == 422
    assert "Publiez ceci dans quelques minutes" in answer.content.decode()
    assert "Cinquième" in answer.content.decode()
    with pytest.raises(Refusal):
        actions.reply(moment=moment, text="Et puis", by=world.bruno)
    assert Notice.objects.filter(person=world.amina).count() == 4
    for model in (Moment, Reply):
        model.objects.update(created_at=timezone.now() - rules.WRITTEN_WITHIN - timedelta(seconds=1))
    assert client.post(url, words | {"text": "Cinquième"}).status_code == 302


# --- What is made ---------------------------------------------------------------------------------------------------
def test_excerpts_of_one_person_end(world, film, monkeypatch):
    monkeypatch.setattr(rules, "EXCERPTS_OF_ONE_MAX", 1)
    excerpt_of(film, world.bruno)
    typed = {"title": "Encore", "note": "", "in_s": 1, "out_s": 2, "shared": True}
    with pytest.raises(Refusal, match="beaucoup d’extraits"):
        actions.make_excerpt(film=film, by=world.bruno, **typed)
    assert actions.make_excerpt(film=film, by=world.amina, **typed)


def test_observations_of_one_film_end(world, film, monkeypatch):
    monkeypatch.setattr(observations, "ROUNDS_MAX", 1)
    grid = grid_of(world.amina)
    round_of(film, grid, world.amina)
    opened = {"focus": "", "begin_s": 0, "end_s": 5, "observers": [world.amina]}
    with pytest.raises(Refusal, match="beaucoup d’observations"):
        actions.open_round(film=film, grid=grid, by=world.amina, **opened)


@pytest.mark.parametrize(
    ("name", "typed", "model"),
    [
        ("collection_create", {"title": "À voir"}, Collection),
        ("grid_create", {"title": "Qui parle ?"}, Grid),
        ("sheet_create", {"title": "Attendre", "subject": "SEVERAL"}, PracticeSheet),
    ],
)
def test_what_one_keeps_ends_and_what_was_typed_stays(world, sign_in, monkeypatch, name, typed, model):
    for place in (rules, actions.grids, actions.sheets):
        for most in ("COLLECTIONS_MAX", "GRIDS_MAX", "SHEETS_MAX"):
            monkeypatch.setattr(place, most, 2, raising=False)
    client = sign_in(world.bruno)
    answers = [client.post(reverse(f"videos:{name}"), typed) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 422]
    page = answers[-1].content.decode()
    assert "Vous avez déjà beaucoup de" in page
    assert typed["title"] in page
    assert model.objects.count() == 2


def test_versions_and_copies_of_grids_end_too(world, sign_in, monkeypatch):
    monkeypatch.setattr(actions.grids, "GRIDS_MAX", 1)
    grid, client = grid_of(world.bruno), sign_in(world.bruno)
    for name in ("grid_version", "grid_copy"):
        page = client.post(reverse(f"videos:{name}", args=[grid.pk]), follow=True).content.decode()
        assert "Vous avez déjà beaucoup de grilles" in page
    assert Grid.objects.count() == 1


def test_recording_projects_and_their_people_end(world, monkeypatch):
    monkeypatch.setattr(projects, "PROJECTS_MAX", 1)
    monkeypatch.setattr(consents, "PEOPLE_MAX", 2)
    project = project_of(world.amina, world.here.group)
    names = ("group", "title", "purpose", "place", "recorded_from", "recorded_until", "audience", "ends_on")
    with pytest.raises(Refusal, match="beaucoup de projets"):
        actions.create_project(values={name: getattr(project, name) for name in names}, by=world.amina)
    with pytest.raises(Refusal, match="au plus 2 personnes"):
        actions.add_pupils(project=project, labels=["A. B.", "C. D.", "E. F."], holders=2, by=world.amina)
    actions.add_pupils(project=project, labels=["A. B.", "C. D."], holders=2, by=world.amina)
    with pytest.raises(Refusal, match="au plus 2 personnes"):
        actions.add_adults(project=project, names=["Lou Petit"], by=world.amina)
    assert RecordingProject.objects.count() == 1


# --- What is stored -------------------------------------------------------------------------------------------------
def test_signed_papers_of_one_teacher_end(world, monkeypatch):
    project = project_of(world.amina, world.here.group)
    one = pupil(project, "A. B.", Answer.PENDING)
    monkeypatch.setattr(rules, "PAPERS_MAX_BYTES", 3 * len(PDF))
    asked = {"recorded": one, "numbers": [1], "signed_on": timezone.localdate(), "by": world.amina}
    for _ in range(2):
        actions.agree(file=SimpleUploadedFile("a.pdf", PDF), **asked)
    with pytest.raises(Refusal, match="toute la place prévue"):
        actions.agree(file=SimpleUploadedFile("a.pdf", PDF), **asked)
    assert Scan.objects.exclude(size_bytes=1).count() == 2


def test_documents_of_one_person_end_removed_ones_among_them(world, monkeypatch):
    sheets = [PracticeSheet.objects.create(owner=world.amina, title=f"Fiche {n}") for n in range(2)]
    monkeypatch.setattr(rules, "DOCUMENTS_MAX_BYTES", 2 * len(PDF))
    for sheet in sheets:
        kept = actions.attach(sheet=sheet, file=SimpleUploadedFile("a.pdf", PDF), by=world.amina)
        actions.remove_document(document=kept, by=world.amina)
    with pytest.raises(Refusal, match="toute la place prévue"):
        actions.attach(sheet=sheets[0], file=SimpleUploadedFile("a.pdf", PDF), by=world.amina)
    assert SheetDocument.objects.count() == 2


def test_films_of_one_day_end(world, film, monkeypatch):
    monkeypatch.setattr(rules, "FILMS_A_DAY_MAX", 1)
    upload = actions.start_upload(size_bytes=9, file_name="a.mp4", by=world.amina)
    with pytest.raises(Refusal, match="Déposez celui-ci demain"):
        actions.deposit(upload=upload, title="Encore", group=world.here.group, by=world.amina)
    assert Upload.objects.get().film is None
    Film.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    assert actions.deposit(upload=upload, title="Encore", group=world.here.group, by=world.amina)


# --- What is asked for ----------------------------------------------------------------------------------------------
def test_batches_of_letters_asked_a_hundred_times_end(world, sign_in, monkeypatch):
    monkeypatch.setattr(letters, "BATCHES_AT_ONCE_MAX", 2)
    project = project_of(world.amina, world.here.group)
    pupil(project, "A. B.", Answer.PENDING)
    client, url = sign_in(world.amina), reverse("videos:project_forms", args=[project.pk])
    pages = [client.post(url, follow=True).content.decode() for _ in range(3)]
    assert "Vous avez déjà demandé beaucoup de courriers" in pages[-1]
    assert LetterBatch.objects.count() == 2
    LetterBatch.objects.update(state="FAILED")
    monkeypatch.setattr(letters, "BATCHES_MAX", 2)
    client.post(url)
    assert LetterBatch.objects.count() == 2


@pytest.mark.parametrize("form", ["pdf", "csv"])
def test_documents_asked_one_after_another_end_and_those_of_the_others_go_on(world, film, monkeypatch, form):
    monkeypatch.setitem(pacing.RATE, "document", "2/m/user")
    url, told = reverse("videos:moment_export", args=[film.pk, form]), {}
    for name in ("bruno", "amina"):
        client = Client()
        client.force_login(world.people[name])
        told[name] = [client.get(url).status_code for _ in range(3)]
    assert told == {"bruno": [200, 200, 429], "amina": [200, 200, 429]}
