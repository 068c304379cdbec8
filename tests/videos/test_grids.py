"""The builder of observation grids, through its pages and verbs."""

import pytest
from django.urls import reverse

from circo.errors import Refusal
from tests.videos.films import film_of
from tests.videos.grids import grid_of, round_of
from videos import actions, queries
from videos.models import CriterionKind, Grid
from videos.models.circles import opening_to


def path(name, *args):
    return reverse(f"videos:{name}", args=args)


def test_a_grid_is_written_without_javascript(world, sign_in):
    client = sign_in(world.amina)
    group = queries.key_of(world.here.group)
    client.post(path("grid_create"), {"title": "Qui parle ?", "purpose": "Entendre", "circle": group})
    grid = Grid.objects.get()
    for label, kind, levels in (("Une question", "COUNTER", ""), ("Travail", "SCALE", "à deux\n\nen groupe\n")):
        client.post(path("criterion_create", grid.pk), {"label": label, "kind": kind, "levels": levels})
    first, second = grid.criteria.all()
    assert (second.levels, second.answers) == (["à deux", "en groupe"], ["à deux", "en groupe"])
    client.post(path("criterion_move", grid.pk, second.pk), {"sens": "haut"})
    assert [one.label for one in grid.criteria.all()] == ["Travail", "Une question"]
    client.post(path("criterion_update", grid.pk, first.pk), {"label": "Une réponse", "kind": "YES_NO"})
    assert grid.criteria.last().answers == ["non", "oui"]
    page = client.post(path("criterion_remove", grid.pk, first.pk), follow=True).content.decode()
    assert "Repère retiré." in page
    client.post(path("criterion_restore", grid.pk, first.pk))
    assert queries.grid_page(queries.grids(world.bruno).get(), world.bruno).criteria == list(grid.criteria.all())


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"label": "", "kind": "COUNTER"}, "Dites ce que l’on regarde."),
        ({"label": "Une", "kind": "SCALE", "levels": "seul"}, "Nommez de 2 à 6"),
        ({"label": "Une", "kind": "SCALE", "levels": "a\na"}, "Nommez de 2 à 6"),
        ({"label": "Une", "kind": "OTHER"}, "Choisissez l’une des cinq façons."),
    ],
)
def test_a_wrong_criterion_is_said_and_nothing_is_lost(world, sign_in, sent, said):
    grid = grid_of(world.amina)
    client = sign_in(world.amina)
    for url in (path("criterion_create", grid.pk), path("criterion_update", grid.pk, grid.criteria.first().pk)):
        answer = client.post(url, sent | {"help": "à garder"})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert "à garder" in answer.content.decode()


def test_a_used_grid_is_frozen_and_gets_a_version(world, sign_in):
    grid = grid_of(world.amina)
    round_of(film_of(world.amina, world.here.group), grid, world.bruno)
    criterion = grid.criteria.first()
    for act in (
        lambda: actions.add_criterion(
            grid=grid, label="Une", help="", kind=CriterionKind.COUNTER, levels=[], by=world.amina
        ),
        lambda: actions.move_criterion(criterion=criterion, up=False, by=world.amina),
        lambda: actions.remove_criterion(criterion=criterion, by=world.amina),
    ):
        with pytest.raises(Refusal, match="a déjà servi"):
            act()
    client = sign_in(world.amina)
    assert "Préparer une nouvelle version" in client.get(path("grid_page", grid.pk)).content.decode()
    client.post(path("grid_version", grid.pk))
    newer = Grid.objects.get(previous=grid)
    assert (newer.version, newer.criteria.count()) == (2, grid.criteria.count())
    assert actions.new_version(grid=grid, by=world.amina) == newer
    assert list(queries.grids_to_use(world.amina)) == [newer]
    actions.remove_grid(grid=newer, by=world.amina)
    assert actions.new_version(grid=grid, by=world.amina).removed_at is None


def test_a_grid_goes_to_one_circle_of_ones_own(world):
    grid = grid_of(world.amina)
    assert not Grid.objects.visible_to(world.bruno).exists()
    with pytest.raises(Refusal, match="l’un de vos cercles"):
        actions.describe_grid(grid=grid, title="Qui", purpose="", circle=world.here.other_group, by=world.amina)
    given = {"title": "Qui", "purpose": "", "by": world.amina}
    for circle, seen_by in (
        (world.here.group, {"bruno"}),
        (world.here.network, {"bruno", "chloe"}),
        (world.here.district, {"bruno", "chloe", "adviser", "inspector"}),
        (None, set()),
    ):
        grid = actions.describe_grid(grid=grid, circle=circle, **given)
        for name in ("bruno", "chloe", "denis", "adviser", "inspector", "secretary", "student"):
            assert Grid.objects.visible_to(world.people[name]).exists() == (name in seen_by), (circle, name)
            assert not Grid.objects.editable_by(world.people[name]).exists()


def test_a_circle_that_one_left_may_stay(world):
    grid = grid_of(world.amina, **opening_to(world.here.group))
    world.amina.memberships.all().delete()
    kept = actions.describe_grid(grid=grid, title="Autre", purpose="", circle=world.here.group, by=world.amina)
    assert (kept.title, kept.group) == ("Autre", world.here.group)


def test_a_colleagues_grid_is_copied_for_oneself(world, sign_in):
    grid = grid_of(world.amina, **opening_to(world.here.group))
    client = sign_in(world.bruno)
    assert client.post(path("grid_update", grid.pk), {"title": "À moi"}).status_code == 404
    client.post(path("grid_copy", grid.pk))
    copy = Grid.objects.get(owner=world.bruno)
    assert (copy.group, copy.version, copy.criteria.count()) == (None, 1, 5)
    with pytest.raises(Refusal, match="plus visible"):
        actions.copy_grid(grid=copy, by=world.amina)


def test_a_grid_is_removed_and_brought_back_and_observations_stay(world, sign_in):
    grid = grid_of(world.amina)
    made = round_of(film_of(world.amina, world.here.group), grid, world.amina)
    client = sign_in(world.amina)
    page = client.post(path("grid_remove", grid.pk), follow=True).content.decode()
    assert "Grille supprimée." in page
    assert client.get(path("round_page", made.film_id, made.pk)).status_code == 200
    client.post(path("grid_restore", grid.pk))
    assert client.get(path("grid_page", grid.pk)).status_code == 200


def test_a_grid_holds_so_many_criteria(world, monkeypatch):
    monkeypatch.setattr("videos.grids.rules.CRITERIA_MAX", 5)
    grid = grid_of(world.amina)
    with pytest.raises(Refusal, match="Une grille tient en"):
        actions.add_criterion(grid=grid, label="Une", help="", kind=CriterionKind.NOTE, levels=[], by=world.amina)


@pytest.mark.parametrize("count", [1, 3])
def test_the_builder_costs_the_same_whatever_it_holds(world, sign_in, django_assert_num_queries, count):
    grid = Grid.objects.create(owner=world.amina, title="Qui")
    for rank in range(count):
        grid.criteria.create(rank=rank, label=f"Repère {rank}")
    client = sign_in(world.amina)
    with django_assert_num_queries(10):
        client.get(path("grid_page", grid.pk))
