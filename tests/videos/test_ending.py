"""What time does: the last day of a film, the warning before it, the erasure after it. Hiding needs no job."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from circo import registries
from circo.models import Notice, Person
from networks.models import Membership
from tests.videos.films import film_of
from tests.videos.records import project_of, pupil, record_of
from tests.world import school_year
from videos import actions, paths, queries
from videos.consents import ending, rules
from videos.models import Absence, Agreement, Film, RecordingProject, Scan
from videos.queries.ending import with_end
from videos.queries.projects import expires_on, people_of

DAY = timedelta(days=1)
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


def at(day: date, hour: int = 12):
    paris = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Europe/Paris"))
    return time_machine.travel(paris, tick=False)


@given(recorded=DAYS, today=DAYS)
def test_last_day_of_a_recording_and_the_oldest_that_may_be_shown_agree(recorded, today):
    """`oldest_recording` is `last_day` read from the other side: SQL asks the one, people read the other."""
    assert (rules.last_day(recorded) >= today) == (recorded >= rules.oldest_recording(today))


@given(recorded=DAYS, ends=st.lists(DAYS, max_size=3))
def test_a_film_ends_with_the_first_of_all_ends_and_within_three_years(recorded, ends):
    last = rules.expires_on(recorded, ends)
    assert all(last <= end for end in ends)
    assert last <= date(recorded.year + 1, 8, 31)
    assert last - recorded <= timedelta(days=3 * 366)


@given(st.text(max_size=14))
def test_initials_name_nobody(text):
    """Whatever is typed, what is kept is two or three letters, each with its point, and a digit at the most."""
    try:
        kept = rules.initials(text)
    except rules.Refusal:
        return
    assert 2 <= sum(letter.isalpha() for letter in kept) <= 3 * 2  # some letters have a capital of two (ß)
    assert kept.count(".") in (2, 3)


def test_last_evening_shows_the_film_and_the_next_morning_does_not(world):
    """At midnight in Paris, without any task."""
    film = film_of(world.amina, world.here.group)
    last = film.project.ends_on
    with at(last, 23):
        Membership.objects.update(school_year=school_year())
        assert Film.objects.visible_to(Person.objects.get(pk=world.bruno.pk)).exists()
    with at(last + DAY, 0):
        assert not Film.objects.visible_to(Person.objects.get(pk=world.bruno.pk)).exists()
        assert Film.objects.visible_to(Person.objects.get(pk=world.amina.pk)).exists()


def test_end_is_the_first_of_those_who_are_in_the_film(world):
    film = film_of(world.amina, world.here.group)
    today = timezone.localdate()
    early = pupil(film.project, "C. D.")
    Agreement.objects.filter(recorded=early, number=1).update(ends_on=today + 40 * DAY)
    assert with_end(Film.objects.all()).get().last_shown_on == today + 40 * DAY
    people = list(people_of([film.project_id], today))
    assert expires_on(film.project, people) == today + 40 * DAY
    Absence.objects.create(film=film, recorded=early, how=Absence.How.ABSENT)
    assert with_end(Film.objects.all()).get().last_shown_on == film.project.ends_on
    assert expires_on(film.project, people, {early.pk}) == film.project.ends_on


def test_author_is_warned_sixty_days_before_and_once(world):
    film = film_of(world.amina, world.here.group)
    with at(film.project.ends_on - 61 * DAY):
        ending.end()
        assert not Notice.objects.exists()
        assert not [todo for todo in registries.todos_of(world.amina) if "bientôt" in todo.title]
    with at(film.project.ends_on - 60 * DAY):
        ending.end()
        ending.end()
        (todo,) = [todo for todo in registries.todos_of(world.amina) if "bientôt" in todo.title]
        assert todo.due_on == film.project.ends_on
    told = Notice.objects.get()
    assert (told.person, told.kind) == (world.amina, queries.FILM_ENDING)
    assert film.title not in told.title, "what leaves by e-mail holds no title"


def test_film_is_erased_a_month_after_its_end_and_its_papers_later(world, settings, django_capture_on_commit_callbacks):
    film = film_of(world.amina, world.here.group)
    last, project = film.project.ends_on, film.project
    poster = paths.media_key(film.pk, film.output, "poster.jpg")
    with at(last + rules.PURGED_AFTER), django_capture_on_commit_callbacks(execute=True):
        ending.end()
        assert Film.objects.exists()
    with at(last + rules.PURGED_AFTER + DAY), django_capture_on_commit_callbacks(execute=True):
        ending.end()
    assert not Film.objects.exists()
    assert not default_storage.exists(poster)
    assert Scan.objects.filter(recorded__project=project).exists(), "the proof outlives the film"
    settings.CONSENT_PROOF_DAYS = 365
    with at(last + timedelta(days=365)):
        ending.end()
        assert RecordingProject.objects.exists()
    with at(last + timedelta(days=366)):
        ending.end()
    assert not RecordingProject.objects.exists()
    assert not Scan.objects.exists()


def test_film_that_no_record_ever_protected_is_erased_too(world):
    film = film_of(world.amina, world.here.group, project=None)
    last = rules.last_day(timezone.localdate(film.created_at))
    with at(last + rules.PURGED_AFTER):
        ending.end()
        assert Film.objects.exists()
    with at(last + rules.PURGED_AFTER + DAY):
        ending.end()
        assert not Film.objects.exists()


@pytest.mark.parametrize(("count", "words"), [(1, "Un film attend"), (2, "2 films attendent")])
def test_what_waits_is_told_to_the_author_alone(world, count, words):
    for _ in range(count):
        film_of(world.amina, world.here.group, project=None)
    film_of(world.amina, world.here.group)
    assert [todo.title for todo in registries.todos_of(world.amina) if words in todo.title]
    assert not registries.todos_of(world.bruno)
    for film in Film.objects.filter(project=None):
        actions.share(film=film, project=record_of(world.amina, world.here.group), audience=10, by=world.amina)
    assert not registries.todos_of(world.amina)


def test_what_one_keeps_for_oneself_waits_for_nobody(world):
    film_of(world.amina, world.here.group, project=project_of(world.amina, world.here.group), audience=0)
    assert not registries.todos_of(world.amina)
