"""The gate's SQL is written once for everybody of one shape, holds nobody's ids, and stands inside any other query."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Exists, OuterRef
from django.utils import timezone

from circo.models import Person
from circo.rules import Role
from tests import world as world_module
from tests.videos.films import film_of
from tests.videos.records import project_of
from videos.consents.rules import Audience
from videos.models import Film, Moment, gate

EVERYBODY = ("amina", "bruno", "chloe", "denis", "adviser", "inspector", "departement", "superuser", "student")


@pytest.fixture(autouse=True)
def texts(monkeypatch) -> dict:
    """What has been written so far: nothing."""
    monkeypatch.setattr(gate, "_written", {})
    return gate._written


@pytest.fixture
def films(world) -> list[Film]:
    return [
        film_of(author, group, project=project_of(author, group), audience=audience)
        for audience in Audience
        for author, group in ((world.amina, world.here.group), (world.denis, world.there.group))
    ]


def again(person: Person) -> Person:
    """The same person, as the next request reads it."""
    return Person.objects.get(pk=person.pk)


def test_text_is_written_once_for_a_shape_and_a_day(world, films, texts):
    seen = {name: set(Film.objects.visible_to(again(world.people[name]))) for name in ("bruno", "chloe", "denis")}
    assert len(texts) == 1, "three teachers of one school each"
    assert seen["bruno"] != seen["chloe"] != seen["denis"]
    assert len(seen["bruno"]) == 3, "the group, the network, the district"
    list(Film.objects.filter(gate.Gate(world.bruno, timezone.localdate() + timedelta(days=1))))
    assert len(texts) == 2, "tomorrow's is another"
    list(Film.objects.visible_to(again(world.departement)))
    assert len(texts) == 3, "another role, another shape"


def test_text_names_nobody(world, films):
    for name in EVERYBODY:
        _, params = Film.objects.visible_to(again(world.people[name])).query.sql_with_params()
        assert not [one for one in params if isinstance(one, int) and one < 0], "each stand-in is replaced"
    sql, params = next(iter(gate._written.values()))
    assert sql.count(gate.FILM) == 1
    assert min(one for one in params if isinstance(one, int)) <= gate.STAND_IN


@pytest.mark.parametrize("name", EVERYBODY)
def test_gate_stands_inside_other_queries(world, films, name):
    """Under other names of the same table, in a subquery, negated, joined with others: the answer is the same."""
    person = again(world.people[name])
    shown = set(Film.objects.visible_to(person).values_list("pk", flat=True))
    visible = Film.objects.visible_to(person).order_by()
    assert set(Film.objects.filter(Exists(visible.filter(pk=OuterRef("pk")))).values_list("pk", flat=True)) == shown
    assert (
        set(Film.objects.exclude(pk__in=visible.values("pk")).values_list("pk", flat=True))
        == {film.pk for film in films} - shown
    )
    twice = Film.objects.filter(author__films__in=visible, pk__in=visible.values("pk")).distinct()
    assert set(twice.values_list("pk", flat=True)) == shown
    assert set((visible | Film.objects.none() | visible).values_list("pk", flat=True)) == shown
    for film in films:
        Moment.objects.create(film=film, author=film.author, at_s=1, text="Un silence", circle="DISTRICT")
    told = set(Moment.objects.visible_to(person).values_list("film_id", flat=True))
    assert told == shown
    assert visible.count() == len(shown)


def test_same_person_is_read_anew_when_roles_change(world, films):
    assert len(Film.objects.visible_to(again(world.inspector))) == 1, "what is opened to the district"
    world.inspector.postings.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert not Film.objects.visible_to(again(world.inspector))
    world_module.post(world.inspector, Role.TEACHER, world.there.schools[0])
    world_module.join(world.inspector, world.there.group)
    assert len(Film.objects.visible_to(again(world.inspector))) == 3
