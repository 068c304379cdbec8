"""The workshop of paths, from outside: one finds those of one's team, and begins one."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.trainings.written import draft_of, module_of, publish, step_of
from trainings.models import LearningPath, PathVersion
from trainings.paths.rules import StepKind, VersionState

LIST, CREATE = reverse("trainings:path_list"), reverse("trainings:path_create")
TYPED = {"title": "  Mener une dictée négociée ", "summary": "", "subject": "SEVERAL", "opening": "DISTRICT"}


def test_a_trainer_begins_a_path_that_the_team_finds(world, sign_in):
    client = sign_in(world.trainer)
    assert "Pas encore de parcours." in client.get(LIST).content.decode()
    answer = client.post(CREATE, TYPED | {"levels": ["CE1", "CP"]})
    version = PathVersion.objects.get()
    assert answer.url == reverse("trainings:path_page", args=[version.path_id])
    assert (version.title, version.levels) == ("Mener une dictée négociée", ["CP", "CE1"])
    assert (version.state, version.path.district) == (VersionState.DRAFT, world.here.district)
    assert "Mener une dictée négociée" in sign_in(world.adviser).get(LIST).content.decode()
    assert "négociée" not in sign_in(world.adviser_there).get(LIST).content.decode()


def test_a_path_without_title_comes_back_with_what_was_typed(world, sign_in):
    answer = sign_in(world.trainer).post(CREATE, TYPED | {"title": " ", "summary": "Pour débuter."})
    assert answer.status_code == 422
    assert "Donnez un titre à ce parcours." in answer.content.decode()
    assert "Pour débuter." in answer.content.decode()
    assert not LearningPath.objects.exists()


def test_teachers_do_not_write_paths(world, sign_in):
    version = draft_of(world.here)
    client = sign_in(world.amina)
    assert client.get(LIST).status_code == 404
    assert client.post(CREATE, TYPED).status_code == 404
    assert client.get(reverse("trainings:path_page", args=[version.path_id])).status_code == 404


def cost(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_pages_cost_the_same_for_one_row_or_many(world, sign_in):
    client = sign_in(world.trainer)
    first = draft_of(world.here, world.trainer)
    page = reverse("trainings:path_page", args=[first.path_id])
    preview = reverse("trainings:version_preview", args=[first.pk])
    step_of(module_of(first))
    module_of(first, "Encore").needs.add(first.modules.first())
    few = [cost(client, address) for address in (LIST, page, preview)]
    for rank in range(3):
        other = module_of(first, f"Autre {rank}")
        other.needs.add(first.modules.first())
        other.statements.create(rank=1, text="Je sais.")
        for kind in (StepKind.READING, StepKind.QUIZ, StepKind.LOG):
            step_of(other, kind)
        publish(draft_of(world.here, title=f"Autre {rank}"))
    assert [cost(client, address) for address in (LIST, page, preview)] == few
