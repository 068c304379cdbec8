"""The life of a path, from outside: checked, published, replaced, archived, removed, shared and adapted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from circo.errors import Refusal
from tests.trainings.written import draft_of, module_of, publish, step_of
from tests.videos.films import film_of
from tests.videos.grids import grid_of, round_of
from tests.videos.records import project_of
from trainings import documents
from trainings.contents import print_of
from trainings.models import LearningPath, PathVersion, RemovedPart, Step
from trainings.paths import checks, rules
from trainings.paths.actions import drafts, publishing
from trainings.paths.rules import Opening, StepKind, VersionState
from trainings.queries import steps_whole
from videos.consents.rules import Audience
from videos.models import CaptionTrack, Film

HOME = reverse("portal:home")


@pytest.fixture
def film(world):
    film = film_of(world.trainer, world.here.group, audience=Audience.DISTRICT, duration_s=1200)
    film.project.ends_on = world.year.last_day
    film.project.save()
    return film


@pytest.fixture
def version(world, film):
    """A draft that could be published: a text, a film, a quiz."""
    version = draft_of(world.here, world.trainer)
    module = module_of(version, minutes=30)
    step_of(module)
    watch = step_of(module, StepKind.WATCH, "Regarder")
    watch.excerpts.create(rank=1, film=film, title="Le silence", in_s=0, out_s=600)
    quiz = step_of(module, StepKind.QUIZ, "Questions")
    quiz.questions.create(rank=1, kind="SHORT", text="Combien ?", choices=[["une douzaine", False, ""]])
    CaptionTrack.objects.create(film=film, rows=[[1000, 2500, "Bonjour"]], text="Bonjour", shown_at=timezone.now())
    return version


@pytest.fixture
def client(world, sign_in):
    return sign_in(world.trainer)


def url(name: str, pk: object) -> str:
    return reverse(f"trainings:{name}", args=[pk])


def found(version: PathVersion) -> list[str]:
    return [problem.text for problem in checks.check(version).problems]


def step(version: PathVersion, kind: StepKind) -> Step:
    return Step.objects.get(module__version=version, kind=kind)


# --- Publish ----------------------------------------------------------------------------------------------------------
def test_a_draft_is_checked_then_published(world, version, client, sign_in):
    page = client.get(url("version_check", version.pk)).content.decode()
    assert "Rien n’empêche de publier." in page
    answer = client.post(url("version_publish", version.pk), follow=True)
    assert "Ce parcours est publié." in answer.content.decode()
    version.refresh_from_db()
    assert (version.state, version.minutes, version.published_by) == (VersionState.PUBLISHED, 30, world.trainer)
    again = client.post(url("version_publish", version.pk), follow=True)
    assert "déjà publiée" in again.content.decode()
    assert LearningPath.objects.open_to(world.amina).get() == version.path


def test_a_draft_with_a_fault_is_not_published(version, client):
    step(version, StepKind.QUIZ).questions.all().delete()
    answer = client.post(url("version_publish", version.pk), follow=True)
    page = answer.content.decode()
    assert "Un point est à corriger avant de publier." in page
    assert "Il n’y a pas encore de question." in page
    assert reverse("trainings:step_edit", args=[step(version, StepKind.QUIZ).pk]) in page
    version.refresh_from_db()
    assert version.state == VersionState.DRAFT


def test_a_newer_version_replaces_the_former_and_keeps_its_keys(world, version, client):
    client.post(url("version_publish", version.pk))
    client.post(url("version_prepare", version.path_id))
    newer = PathVersion.objects.get(number=2)
    assert (newer.state, newer.title) == (VersionState.DRAFT, version.title)
    keys = lambda one: list(Step.objects.filter(module__version=one).values_list("key", flat=True))  # noqa: E731
    assert sorted(keys(newer)) == sorted(keys(version))
    with pytest.raises(Refusal, match="déjà en préparation"):
        publishing.prepare(path=version.path, by=world.trainer)
    client.post(url("version_publish", newer.pk))
    assert set(version.path.versions.values_list("number", "state")) == {(1, "REPLACED"), (2, "PUBLISHED")}
    prints = [print_of(one) for one in steps_whole()]
    assert len(prints) == 6
    assert len(set(prints)) == 3


def test_a_path_is_archived_and_taken_up_again(world, version, client):
    assert client.post(url("path_move", version.path_id), {"verbe": "ARCHIVE"}).status_code == 302
    version.refresh_from_db()
    assert version.state == VersionState.DRAFT, "nothing to archive"
    client.post(url("version_publish", version.pk))
    page = client.get(client.post(url("path_move", version.path_id), {"verbe": "ARCHIVE"}).url).content.decode()
    assert "Ce parcours est archivé" in page
    assert "Reprendre le parcours" in page
    assert not LearningPath.objects.open_to(world.amina).exists()
    client.post(url("path_move", version.path_id), {"verbe": "REOPEN"})
    assert LearningPath.objects.open_to(world.amina).exists()
    assert client.post(url("path_move", version.path_id), {"verbe": "PUBLISH"}).status_code == 404


def test_a_draft_alone_is_removed_with_its_path_and_comes_back(version, client):
    answer = client.post(url("version_remove", version.pk))
    assert client.get(url("path_page", version.path_id)).status_code == 404
    assert "Ce brouillon est supprimé." in client.get(answer.url).content.decode()
    client.post(url("path_restore", version.path_id))
    assert client.get(url("path_page", version.path_id)).status_code == 200
    client.post(url("version_remove", version.pk))
    LearningPath.objects.update(removed_at=timezone.now() - timedelta(hours=1))
    assert client.post(url("path_restore", version.path_id)).status_code == 404
    documents.sweep()
    assert not LearningPath.objects.exists()


def test_a_newer_draft_is_removed_and_comes_back_whole(world, version, client):
    module_of(version, "Après", minutes=10).needs.add(version.modules.first())
    step_of(version.modules.last(), title="Lire encore")
    client.post(url("version_publish", version.pk))
    newer = publishing.prepare(path=version.path, by=world.trainer)
    before = {print_of(one) for one in steps_whole().filter(module__version=newer)}
    client.post(url("version_remove", newer.pk))
    assert version.path.versions.count() == 1
    client.post(url("part_restore", RemovedPart.objects.get().pk))
    back = version.path.versions.get(number=2)
    assert {print_of(one) for one in steps_whole().filter(module__version=back)} == before
    assert [one.title for one in back.modules.get(title="Après").needs.all()] == ["Observer"]
    part = publishing.remove_draft(version=back, by=world.trainer)
    publishing.prepare(path=version.path, by=world.trainer)
    with pytest.raises(Refusal, match="déjà en préparation"):
        drafts.bring_back(part=part, by=world.trainer)
    with pytest.raises(Refusal, match="archivez"):
        publishing.remove_draft(version=version, by=world.trainer)


# --- Check ------------------------------------------------------------------------------------------------------------
def test_what_lacks_in_steps_is_said(world, version):
    module = version.modules.get()
    module_of(version, "Vide")
    for kind in StepKind:
        if kind is not StepKind.VISIT:
            step_of(module, kind, kind.value, text="")
    texts = found(version)
    for said in (
        "Ce module n’a pas encore d’étape.",
        "Il n’y a encore rien à lire.",
        "Il n’y a pas encore d’extrait à regarder.",
        "Il n’y a pas encore de question.",
        "Il n’y a pas encore d’activité.",
        "Cette étape ne dit pas encore ce qu’il y a à faire.",
        "La grille de cette étape n’est pas, ou plus, là\u00a0: choisissez-en une.",
        "Le salon de cette étape n’est pas, ou plus, là\u00a0: choisissez-en un.",
    ):
        assert said in texts
    assert found(draft_of(world.here)) == ["Ce parcours n’a pas encore de module."]


def test_a_question_without_right_answer_blocks(version):
    quiz = step(version, StepKind.QUIZ)
    quiz.questions.create(rank=2, kind="SINGLE", text="Qui ?", choices=[["A", False, ""], ["B", False, ""]])
    assert checks.check(version).blocking[0].text.startswith("Question 2\u00a0: dites laquelle")


def test_modules_that_nobody_can_begin_are_said(version):
    one, two = version.modules.get(), module_of(version, "Deux", is_optional=True)
    step_of(two, is_optional=True)
    assert "Toutes ses étapes sont facultatives\u00a0: il se finit sans rien faire." in found(version)
    one.needs.add(two)
    assert any("que l’on peut laisser" in text for text in found(version))
    two.needs.add(one)
    assert sum("s’attendent l’un l’autre" in text for text in found(version)) == 2


def test_films_are_looked_at(world, version, film):
    assert found(version) == []
    Film.objects.filter(pk=film.pk).update(duration_s=300)
    assert "L’extrait finit après le film, qui dure 5:00." in found(version)
    Film.objects.filter(pk=film.pk).update(duration_s=1200, is_held=True)
    assert checks.FILM_HELD in found(version)
    Film.objects.filter(pk=film.pk).update(is_held=False, audience=Audience.GROUP)
    assert "Hors de son cercle (le groupe «\u00a0Lire en GS\u00a0»), on verra une étape fermée." in found(version)
    Film.objects.filter(pk=film.pk).update(audience=Audience.DISTRICT)
    version.path.opening = Opening.DEPARTEMENT
    assert any("Hors de son cercle (Circonscription 27)" in text for text in found(version))
    version.path.opening = Opening.DISTRICT
    CaptionTrack.objects.all().delete()
    assert any("pas de sous-titres" in text for text in found(version))
    Film.objects.filter(pk=film.pk).update(removed_at=timezone.now())
    assert found(version) == [checks.FILM_GONE]
    Film.objects.filter(pk=film.pk).update(removed_at=None)
    step(version, StepKind.WATCH).excerpts.update(film=None)
    assert found(version) == [checks.FILM_GONE]


def test_a_consent_that_ends_before_the_path_is_told_for_the_day_one_says(version, film, client):
    end = timezone.localdate() + timedelta(days=30)
    film.project.ends_on = end
    film.project.save()
    assert any("finissent le" in text for text in found(version))
    early, late = (client.get(url("version_check", version.pk), {"jusqu": day}) for day in (end, end + timedelta(1)))
    assert "Les autorisations" not in early.content.decode()
    assert "Les autorisations" in late.content.decode()
    assert client.get(url("version_check", version.pk), {"jusqu": "hier"}).status_code == 200


def test_a_check_costs_the_same_whatever_a_path_holds(world, version, film):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            checks.check(PathVersion.objects.select_related("path").get(pk=version.pk))
        return len(queries)

    few = cost()
    for rank in range(4):
        module = module_of(version, f"Encore {rank}")
        other = film_of(
            world.trainer, world.here.group, title=f"Film {rank}", project=project_of(world.trainer, world.here.group)
        )
        step_of(module, StepKind.WATCH).excerpts.create(rank=1, film=other, title="x", in_s=0, out_s=1)
        quiz = step_of(module, StepKind.QUIZ)
        quiz.questions.create(rank=1, kind="SHORT", text="?", choices=[])
    assert cost() == few


# --- A film that is gone ----------------------------------------------------------------------------------------------
def test_the_author_of_a_published_path_is_asked_to_replace_a_film_that_is_gone(world, version, film, client, sign_in):
    step(version, StepKind.WATCH).excerpts.update(out_s=60)
    said = "Remplacer un film dans"
    Film.objects.filter(pk=film.pk).update(is_held=True)
    assert said not in client.get(HOME).content.decode(), "a draft asks for nothing"
    publish(version)
    assert said in client.get(HOME).content.decode()
    assert said not in sign_in(world.adviser).get(HOME).content.decode(), "another of the team began it"
    assert said not in sign_in(world.amina).get(HOME).content.decode()
    Film.objects.filter(pk=film.pk).update(is_held=False)
    client = sign_in(world.trainer)
    assert said not in client.get(HOME).content.decode()
    Film.objects.filter(pk=film.pk).update(removed_at=timezone.now())
    assert said in client.get(HOME).content.decode()
    newer = publishing.prepare(path=version.path, by=world.trainer)
    step(newer, StepKind.WATCH).delete()
    publishing.publish(version=newer, by=world.trainer)
    assert said not in client.get(HOME).content.decode(), "replaced"


# --- The library ------------------------------------------------------------------------------------------------------
@pytest.fixture
def shared(world, version):
    version.path.opening = Opening.EVERYWHERE
    version.path.save()
    return publish(version)


def test_a_shared_path_is_read_and_adapted_without_what_one_does_not_see(world, shared, film, client, sign_in):
    module = shared.modules.get()
    grid = grid_of(world.trainer)
    look = round_of(film, grid, world.trainer).observations.get()
    Step.objects.create(module=module, kind="GRID", title="Grille", rank=9, grid=grid, expert=look)
    there = sign_in(world.trainer_there)
    assert shared.title in there.get(reverse("trainings:library_list")).content.decode()
    assert shared.title in there.get(reverse("trainings:library_list"), {"q": "NEGOCIEE"}).content.decode()
    assert shared.title not in there.get(reverse("trainings:library_list"), {"q": "absent"}).content.decode()
    page = there.get(url("library_page", shared.pk)).content.decode()
    assert "un film que vous ne voyez pas" in page
    assert str(film.pk) not in page
    answer = there.post(url("path_adapt", shared.pk))
    copy = LearningPath.objects.get(adapted_from=shared)
    draft = copy.versions.get()
    assert answer.url == url("path_page", copy.pk)
    assert (copy.district, copy.created_by, copy.opening) == (world.there.district, world.trainer_there, "DISTRICT")
    copied = Step.objects.get(module__version=draft, kind="GRID")
    assert (copied.grid, copied.expert) == (None, None)
    assert step(draft, StepKind.WATCH).excerpts.get().film is None
    assert checks.FILM_GONE in found(draft)
    assert "Adapté de « Mener une dictée négociée »" in there.get(answer.url).content.decode()
    assert "Adapté par" in there.get(url("library_page", shared.pk)).content.decode()
    assert "Adapté 1 fois" in there.get(reverse("trainings:library_list")).content.decode()
    assert "Adapté par" in sign_in(world.trainer).get(url("path_page", shared.path_id)).content.decode()


def test_what_is_not_shared_is_in_no_library(world, version, client, sign_in):
    publish(version)
    there = sign_in(world.trainer_there)
    assert there.get(url("library_page", version.pk)).status_code == 404
    assert there.post(url("path_adapt", version.pk)).status_code == 404
    with pytest.raises(Refusal):
        publishing.adapt(version=version, district=world.there.district, by=world.trainer_there)
    with pytest.raises(Refusal):
        publishing.adapt(version=version, district=world.here.district, by=world.trainer_there)
    version.path.opening = Opening.DEPARTEMENT
    version.path.save()
    assert there.get(url("library_page", version.pk)).status_code == 404, "another département"


def test_any_version_is_read_as_a_learner_does(version, client):
    step(version, StepKind.QUIZ).questions.create(rank=2, kind="SINGLE", text="Qui ?", choices=[["A", True, "Oui, A"]])
    page = client.get(url("version_preview", version.pk)).content.decode()
    assert "Combien ?" in page
    assert "une douzaine" not in page, "the accepted answer is told"
    assert "Oui, A" not in page
    for one in Step.objects.filter(module__version=version):
        assert client.get(url("step_preview", one.pk)).status_code == 200


# --- Rules ------------------------------------------------------------------------------------------------------------
@given(st.dictionaries(st.integers(0, 6), st.sets(st.integers(0, 6)), max_size=7))
def test_modules_are_begun_one_after_the_other_unless_they_wait_for_a_circle(drawn):
    needs = {one: before & set(drawn) for one, before in drawn.items()}
    never = rules.never_begun(needs)
    assert bool(never) == bool(rules.circle_in(needs))
    for one in never:
        assert needs[one] & never, "it waits for nothing that cannot be begun"
    for one in set(needs) - never:
        assert not needs[one] & never


@pytest.mark.parametrize(
    ("minutes", "film_s", "alone", "said"),
    [
        (0, 0, False, "0\u00a0minute"),
        (5, 360, False, "plus que les 5"),
        (60, 300, True, "rien d’autre"),
        (60, 300, False, ""),
        (30, 1200, True, ""),
    ],
)
def test_odd_minutes_are_told(minutes, film_s, alone, said):
    fault = rules.fault_of_minutes(minutes, film_s, films_alone=alone)
    assert said in fault
    assert bool(said) == bool(fault)
