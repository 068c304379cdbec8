"""Who sees a film: its author, and the circle of its group while it is ready. Nobody else, whatever the role."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from circo.access import Visitor
from circo.models import Person
from networks.models import Membership
from tests.videos.films import film_of
from tests.world import join
from videos import queries
from videos.models import Film, FilmState, Moment, Upload


def reread(person: Person) -> Person:
    """The person as the next request finds it."""
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def film(world) -> Film:
    return film_of(world.amina, world.here.group)


def test_ready_film_is_seen_by_its_author_and_the_group_alone(world, film):
    seers = {name for name, who in world.people.items() if Film.objects.visible_to(who).exists()}
    assert seers == {"amina", "bruno"}
    assert not Film.objects.visible_to(Visitor()).exists()


def test_adviser_of_the_group_sees_it_and_only_that_group(world, film):
    film_of(world.chloe, world.here.other_group)
    world.here.group.adviser = world.adviser
    world.here.group.save()
    assert list(Film.objects.visible_to(world.adviser)) == [film]


def test_who_is_told_of_a_film_is_who_may_watch_it(world, film):
    """The adviser of the group is, until that person works in another district: a notice names the film."""
    join(world.former, world.here.group)
    join(world.deactivated, world.here.group)
    for adviser, told in ((world.adviser, {"bruno", "adviser"}), (world.adviser_there, {"bruno"})):
        world.here.group.adviser = adviser
        world.here.group.save()
        seers = {name for name, who in world.people.items() if Film.objects.visible_to(reread(who)).exists()}
        circle = queries.circle(Film.objects.get(pk=film.pk))
        assert {name for name, who in world.people.items() if who in circle} == seers - {"amina"} == told


@pytest.mark.parametrize("state", [FilmState.UPLOADING, FilmState.PROCESSING, FilmState.REFUSED])
def test_film_that_is_not_ready_is_seen_by_its_author_alone(world, state):
    film = film_of(
        world.amina,
        world.here.group,
        state=state,
        output="",
        refusal="Trop long." if state == FilmState.REFUSED else "",
    )
    seers = {name for name, who in world.people.items() if Film.objects.visible_to(who).exists()}
    assert seers == {"amina"}
    assert list(Film.objects.editable_by(world.amina)) == [film]


def test_nobody_but_the_author_edits(world, film):
    editors = {name for name, who in world.people.items() if Film.objects.editable_by(who).exists()}
    assert editors == {"amina"}


def test_who_left_the_group_loses_the_film_at_once(world, film):
    assert Film.objects.visible_to(world.bruno).exists()
    Membership.objects.filter(person=world.bruno).update(standing="LEFT", left_on=timezone.localdate())
    assert not Film.objects.visible_to(reread(world.bruno)).exists()


def test_member_of_last_year_does_not_see_it(world, film):
    Membership.objects.filter(person=world.bruno).delete()
    first, last = world.year.first_day, world.year.last_day
    before = type(world.year).objects.create(
        first_day=first.replace(year=first.year - 1), last_day=last.replace(year=last.year - 1)
    )
    Membership.objects.create(person=world.bruno, group=world.here.group, school_year=before)
    assert not Film.objects.visible_to(reread(world.bruno)).exists()


def test_who_holds_no_role_any_more_keeps_only_the_own_films(world, film):
    join(world.former, world.here.group)
    own = film_of(world.former, world.here.group)
    assert list(Film.objects.visible_to(world.former)) == [own]


def test_deactivated_person_sees_nothing_not_even_the_own(world, film):
    join(world.deactivated, world.here.group)
    film_of(world.deactivated, world.here.group)
    assert not Film.objects.visible_to(world.deactivated).exists()
    assert not Film.objects.editable_by(world.deactivated).exists()


def test_moments_follow_their_film(world, film):
    moment = Moment.objects.create(film=film, author=world.bruno, at_s=3, text="Un silence")
    assert list(Moment.objects.visible_to(world.amina)) == [moment]
    assert list(Moment.objects.editable_by(world.bruno)) == [moment]
    assert not Moment.objects.editable_by(world.amina).exists()
    for stranger in (world.chloe, world.denis, world.inspector, world.superuser, Visitor()):
        assert not Moment.objects.visible_to(stranger).exists()
    Membership.objects.filter(person=world.bruno).update(standing="LEFT", left_on=timezone.localdate())
    assert not Moment.objects.editable_by(reread(world.bruno)).exists()


def test_uploads_are_ones_own(world):
    upload = Upload.objects.create(owner=world.amina, file_name="a.mp4", size_bytes=10)
    assert list(Upload.objects.visible_to(world.amina)) == [upload]
    for other in (world.bruno, world.inspector, world.superuser, Visitor()):
        assert not Upload.objects.visible_to(other).exists()


def test_canary_the_scope_without_its_circle_would_leak(world, film):
    """The persons above do reach the row when nothing narrows it: the tests see what they claim to see."""
    assert Film.objects.filter(state=FilmState.READY).exists()
    assert Film.objects.filter(group__network__district_id__in=world.inspector.reach().district_ids).exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"output": ""},
        {"state": FilmState.REFUSED, "refusal": "Trop long."},
        {"state": FilmState.REFUSED, "output": ""},
        {"state": FilmState.PROCESSING, "playable_at": None},
        {"refusal": "Trop long."},
        {"ready_at": None},
    ],
)
def test_database_refuses_a_film_whose_state_and_columns_disagree(world, film, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Film.objects.filter(pk=film.pk).update(**broken)


def test_database_refuses_more_bytes_than_announced(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Upload.objects.create(owner=world.amina, file_name="a.mp4", size_bytes=10, offset_bytes=11)
