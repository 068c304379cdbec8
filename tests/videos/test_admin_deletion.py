"""The page of the admin that deletes somebody tells nothing of what that person keeps for oneself of films."""

from __future__ import annotations

import pytest

from circo.admin import scoped
from circo.models import FormDraft, Person
from tests.circo.admin_world import url
from tests.videos.collections import collection_things
from tests.videos.excerpts import excerpt_of
from tests.videos.films import film_of
from tests.videos.grids import entry_of, grid_of, round_of
from tests.videos.sheets import sheet_things
from videos.models import (
    Collection,
    CriterionKind,
    Excerpt,
    Film,
    Moment,
    MomentCircle,
    PlaybackPosition,
    PracticeSheet,
)

TEAM = ("inspector", "secretary", "superuser")
WORDS = ("rouillon", "reprise de lecture", "regard", "observation", "note d’", "commentaire", "éponse", "xtrait")
WORDS += ("ollection", "fiche", "document", "elation")


def draft(world, film) -> None:
    FormDraft.objects.create(person=world.bruno, place=f"film:{film.pk}/comment", typed='{"text": ["Je me demande"]}')


def position(world, film) -> None:
    PlaybackPosition.objects.create(film=film, person=world.bruno, at_s=3)


def look(world, film) -> None:
    made = round_of(film, grid_of(world.amina), world.bruno)
    entry_of(made, world.bruno, CriterionKind.NOTE, text="On entend peu")


def reply(world, film) -> None:
    between = Moment.objects.create(film=film, author=world.amina, at_s=3, text="Entre nous", circle=MomentCircle.PAIR)
    between.replies.create(author=world.bruno, text="Oui")
    between.mentioned.add(world.bruno)


def note(world, film) -> None:
    Moment.objects.create(film=film, author=world.bruno, at_s=3, text="Pour moi", circle=MomentCircle.PRIVATE)


def excerpt(world, film) -> None:
    excerpt_of(film, world.bruno)


def collection(world, film) -> None:
    collection_things(film, world.bruno)


def sheet(world, film) -> None:
    sheet_things(film, world.bruno)


KEPT = (draft, position, look, reply, note, excerpt, collection, sheet)


def told(client, world) -> tuple[int, str]:
    answer = client.get(url(Person, "delete", world.bruno.pk))
    assert answer.status_code == 200
    body = answer.content.decode()
    return body.count("<"), body


@pytest.fixture
def film(world) -> Film:
    return film_of(world.amina, world.here.group)


@pytest.mark.parametrize("name", TEAM)
@pytest.mark.parametrize("keep", KEPT, ids=lambda one: one.__name__)
def test_deleting_somebody_tells_nothing_of_what_is_private(world, sign_in, film, name, keep):
    client = sign_in(getattr(world, name))
    (before, page), _ = told(client, world), keep(world, film)
    after, body = told(client, world)
    assert after == before
    assert [word for word in WORDS if body.count(word) != page.count(word)] == []


@pytest.mark.parametrize("keep", KEPT, ids=lambda one: one.__name__)
def test_the_canary_without_the_mark_each_is_seen(world, sign_in, film, monkeypatch, keep):
    client = sign_in(world.superuser)
    monkeypatch.setattr(scoped, "goes_unnamed", lambda row: False)
    before, _ = told(client, world)
    keep(world, film)
    assert told(client, world)[0] > before


def test_what_others_read_is_named_as_a_kind(world, sign_in, film):
    """Whoever deletes is warned of what others lose."""
    for keep in (excerpt, collection, sheet):
        keep(world, film)
    Excerpt.objects.update(shared=True)
    Collection.objects.update(group=world.here.group)
    PracticeSheet.objects.update(district=world.here.district)
    _, body = told(sign_in(world.superuser), world)
    for kind in ("Extrait", "Collection", "Fiche de pratique"):
        assert kind in body
    assert "Le silence" not in body
