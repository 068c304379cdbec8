"""Notices name films, and a title may name a child: nobody keeps one of a film that they see no more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from circo.models import Notice
from tests.videos.films import film_of
from tests.videos.grids import grid_of, look_of, round_of
from videos import actions, announcing
from videos.consents import ending
from videos.models import Film, MomentKind, Recorded, RecordingProject

pytestmark = pytest.mark.django_db
TITLE = "Léo apprend à lire"


@pytest.fixture
def film(world) -> Film:
    """A film that Bruno is told of, where Amina named him."""
    made = film_of(world.amina, world.here.group, title=TITLE)
    announcing.announce(made)
    actions.comment(film=made, at_s=1, kind=MomentKind.QUESTION, text="@Bruno ?", by=world.amina)
    assert told(world.bruno) == 2
    return made


def told(person) -> int:
    return Notice.objects.filter(person=person, text__contains=TITLE).count()


def leave_the_group(world, film):
    world.bruno.memberships.update(standing="LEFT", left_on=timezone.localdate() - timedelta(days=1))


def leave_the_school(world, film):
    world.bruno.postings.update(ends_on=timezone.localdate() - timedelta(days=1))


def close_the_account(world, film):
    world.bruno.is_active = False
    world.bruno.save()


def end_the_agreements(world, film):
    yesterday = timezone.localdate() - timedelta(days=1)
    RecordingProject.objects.update(recorded_from=yesterday, recorded_until=yesterday, ends_on=yesterday)


def erase(world, film):
    film.delete()


@pytest.mark.parametrize("end", [leave_the_group, leave_the_school, close_the_account, end_the_agreements, erase])
def test_the_night_takes_back_what_was_told_to_whoever_sees_the_film_no_more(world, film, end):
    actions.comment(film=film, at_s=1, kind=MomentKind.FACT, text="Un silence", by=world.bruno)
    kept = told(world.amina)
    end(world, film)
    ending.end()
    assert told(world.bruno) == 0
    assert told(world.amina) == (0 if end is erase else kept)


def test_canary_the_night_takes_nothing_from_who_sees_the_film(world, film):
    ending.end()
    assert told(world.bruno) == 2


# --- Looks that are brought together ----------------------------------------------------------------------------------
def keep_it_for_oneself(world, film):
    actions.withdraw_film(film=film, by=world.amina)


def take_an_agreement_back(world, film):
    agreement = Recorded.objects.filter(project=film.project).first().agreements.first()
    actions.decline(agreement=agreement, by=world.amina)


@pytest.mark.parametrize("end", [leave_the_group, keep_it_for_oneself, take_an_agreement_back])
def test_looks_brought_together_are_told_to_nobody_who_sees_the_film_no_more(world, film, end):
    opened = round_of(film, grid_of(world.amina), world.amina, world.bruno)
    actions.finish(observation=look_of(opened, world.amina), by=world.amina)
    end(world, film)
    Notice.objects.all().delete()
    actions.close_round(round=opened, by=world.amina)
    assert told(world.bruno) == 0


def test_canary_looks_brought_together_are_told_to_who_sees_the_film(world, film):
    opened = round_of(film, grid_of(world.amina), world.amina, world.bruno)
    actions.finish(observation=look_of(opened, world.amina), by=world.amina)
    Notice.objects.all().delete()
    actions.close_round(round=opened, by=world.amina)
    assert told(world.bruno) == 1
