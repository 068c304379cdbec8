"""A film that its author removes costs the workers nothing more; brought back, what was going on begins anew."""

import pytest
from django.utils import timezone

from circo import jobs
from circo.errors import Refusal
from circo.jobs import LeaseLost
from circo.models import Job, JobState
from tests.videos.blurring import area_of, blurring_of
from tests.videos.films import clip, deposited, film_of, prepare
from videos import actions, cleaning, paths, queries, storing
from videos.models import BlurringState, Film, FilmState, Preparation, SearchedStretch, Upload


@pytest.fixture
def film(world):
    return film_of(world.amina, world.here.group)


def being_blurred(film: Film) -> Film:
    area_of(blurring_of(film), 0, 1)
    actions.apply_blur(film=film, by=film.author)
    film.refresh_from_db()
    return film


def asked(*kinds: str) -> list[tuple[str, str]]:
    return list(Job.objects.filter(kind__in=kinds or queries.OF_A_FILM).values_list("kind", "state").order_by("pk"))


def test_the_search_for_faces_stops_with_a_removed_film_and_begins_anew_when_it_is_back(world, film):
    Film.objects.update(duration_s=150)
    film.refresh_from_db()
    actions.search_faces(film=film, by=world.amina)
    done, running, _ = Job.objects.filter(kind=queries.FACES).order_by("pk")
    SearchedStretch.objects.create(blurring=film.blurring, number=0, faces=[])
    Job.objects.filter(pk=done.pk).update(state=JobState.DONE)
    run = jobs.claim(running.pk)
    actions.remove_film(film=film, by=world.amina)
    assert asked() == []
    with pytest.raises(LeaseLost):
        run.report(0.5)
    actions.restore_film(film=film, by=world.amina)
    assert asked() == [(queries.FACES, JobState.QUEUED)] * 3
    assert not SearchedStretch.objects.exists()


def test_what_a_machine_was_to_hear_of_a_removed_film_is_not_heard(world, film, settings):
    settings.SPEECH_ENGINE = "tests.videos.test_speech.Voices"
    actions.ask_captions(film=film, by=world.amina)
    assert asked() == [(queries.SPEECH, JobState.QUEUED)]
    actions.remove_film(film=film, by=world.amina)
    assert asked() == []


def test_nobody_takes_up_a_removed_film(world, film):
    being_blurred(film)
    actions.remove_film(film=film, by=world.amina)
    cleaning.clean()
    assert asked() == []
    actions.restore_film(film=film, by=world.amina)
    assert asked() == [(queries.BLUR, JobState.QUEUED)]


def test_a_film_at_rest_asks_for_nothing_when_it_is_back(world, film):
    blurring_of(film)
    actions.remove_film(film=film, by=world.amina)
    actions.restore_film(film=film, by=world.amina)
    assert asked() == []


def test_whoever_is_not_the_author_stops_nothing(world, film):
    being_blurred(film)
    for verb in (actions.remove_film, actions.choose_again, actions.give_up_blurring):
        with pytest.raises(Refusal):
            verb(film=film, by=world.bruno)
    assert asked() == [(queries.BLUR, JobState.QUEUED)]


def test_the_folder_of_a_living_attempt_stays_whatever_it_does_with_the_film(world, film, monkeypatch):
    actions.search_faces(film=film, by=world.amina)
    run = jobs.claim(Job.objects.get(kind=queries.FACES).pk)
    folder = paths.work_folder(f"{film.pk}.{film.output}.faces-0", run.epoch)
    folder.mkdir(parents=True)
    monkeypatch.setattr(cleaning, "WORK_LEFT_ALONE_S", -1)
    cleaning.clean()
    assert folder.exists()


@pytest.mark.media
@pytest.mark.django_db(transaction=True)
def test_a_film_removed_while_its_blur_is_made_is_blurred_once_it_is_back(world):
    film = being_blurred(prepare(deposited(clip(), world.amina, world.here.group)))
    before = film.output
    while not Preparation.objects.exists():
        assert jobs.run_next(queries.QUICK)
    assert (queries.PIECE, JobState.QUEUED) in asked()
    actions.remove_film(film=film, by=world.amina)
    assert asked() == []
    assert not Preparation.objects.exists()
    film = prepare(film)
    assert (film.state, film.output) == (FilmState.PROCESSING, before)
    Upload.objects.update(expires_at=timezone.now())  # kept all the same: it is what the blurred film is made of
    cleaning.clean()
    actions.restore_film(film=film, by=world.amina)
    film = prepare(film)
    assert (film.state, film.blurring.state) == (FilmState.READY, BlurringState.CHECKING)
    assert film.output != before
    assert {key.split("/")[2] for key in storing.keys(paths.film_key(film.pk))} == {before, film.output}
