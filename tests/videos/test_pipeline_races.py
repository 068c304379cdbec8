"""A film whose last byte comes, or that is removed, while a worker is at it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from circo import jobs
from circo.errors import Refusal
from circo.models import Job, JobState
from tests.videos.films import clip, deposited, folder_of
from tests.videos.records import record_of
from videos import actions, cleaning, encoding, flowing, paths, probing, queries, storing, telling, working
from videos.models import Film, FilmState, Preparation, Upload
from videos.plans import rules as plans
from videos.rules import Size


@pytest.fixture
def film(world):
    """A described film, half arrived."""
    upload = actions.start_upload(size_bytes=1000, file_name="classe.mp4", by=world.amina)
    paths.part(upload.pk).parent.mkdir(parents=True)
    paths.part(upload.pk).write_bytes(bytes(1000))
    Upload.objects.filter(pk=upload.pk).update(offset_bytes=500)
    upload.refresh_from_db()
    project = record_of(world.amina, world.here.group)
    return actions.deposit(upload=upload, title="Une dictée", group=world.here.group, project=project, by=world.amina)


def finish_upload(film: Film) -> None:
    upload = Upload.objects.get(film=film)
    paths.part(upload.pk).rename(paths.source(upload.pk))
    actions.deposits._advance(upload.pk, 1000, index_holds=True)


def begin_early(film: Film, **sound) -> Preparation:
    """A first look has found the index: one piece is asked for."""
    picture = ("mov", 0, "hevc", "yuv420p", Size(320, 180), 25, 25.0, 4.0, 1.0, 0.04, 10**6, 1, False)
    source = plans.Source(*picture, **sound)
    plan = plans.make(source)
    preparation = Preparation.objects.create(
        film=film, output="1", plan=plan.to_json(), is_early=True, pieces=len(plan.pieces), asked=1
    )
    jobs.ask(queries.PIECE, encoding.subject(film.pk, "1", plan.pieces[0].key))
    return preparation


@pytest.mark.django_db
def test_last_byte_that_comes_during_the_first_look_is_looked_at(film, monkeypatch):
    job = Job.objects.get(kind=queries.PREPARE)

    def probe(*_, **__):
        finish_upload(film)  # asks for the job that runs: nobody hears it
        raise probing.NotYet

    monkeypatch.setattr(probing, "probe", probe)
    assert jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


@pytest.mark.django_db
def test_film_whose_piece_fails_on_its_way_is_begun_anew_once_arrived(film, monkeypatch):
    begin_early(film)
    Job.objects.filter(kind=queries.PREPARE).update(state=JobState.DONE)

    def encode_into(*_, **__):
        raise Refusal("Ce fichier n’est pas un film.")

    monkeypatch.setattr(encoding, "encode_into", encode_into)
    assert jobs.run(Job.objects.get(kind=queries.PIECE).pk)
    film.refresh_from_db()
    assert (film.state, Preparation.objects.count()) == (FilmState.UPLOADING, 0)
    finish_upload(film)
    assert Job.objects.filter(kind=queries.PREPARE, state=JobState.QUEUED).exists()


@pytest.mark.django_db
def test_file_that_takes_another_name_is_still_read_under_the_old_one(film, tmp_path):
    with working.source(film.pk, tmp_path) as source:
        finish_upload(film)
        assert source.read_bytes()


@pytest.mark.django_db
def test_film_at_which_nobody_works_is_taken_up_again(world):
    film = deposited(b"0123456789", world.amina, world.here.group)
    cleaning.clean()
    assert Job.objects.get().attempt == 0
    Job.objects.update(state=JobState.DONE)
    cleaning.clean()
    assert Job.objects.get(subject_id=str(film.pk)).state == JobState.QUEUED


@pytest.mark.django_db
def test_folder_of_a_killed_attempt_is_removed_and_that_of_a_living_one_stays(world, monkeypatch):
    film = deposited(b"0123456789", world.amina, world.here.group)
    run = jobs.claim(Job.objects.get().pk)
    living, killed = (paths.work_folder(str(film.pk), epoch) for epoch in (run.epoch, run.epoch - 1))
    for folder in (living, killed):
        folder.mkdir(parents=True)
    cleaning.clean()
    assert killed.exists(), "too young to be anybody's leftover"
    monkeypatch.setattr(cleaning, "WORK_LEFT_ALONE_S", -1)
    cleaning.clean()
    assert (living.exists(), killed.exists()) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_given_up_film_leaves_no_file(world):
    film = deposited(b"0123456789", world.amina, world.here.group)
    begin_early(film)
    made = folder_of(paths.output_key(film.pk, "1"))
    made.mkdir(parents=True)
    (made / "video-180-init.mp4").write_bytes(b"x")
    with transaction.atomic():  # as the job that fails does
        telling.give_up(f"{film.pk}:1:0.0", "Ce fichier n’est pas un film.")
    film.refresh_from_db()
    assert (film.state, made.exists()) == (FilmState.REFUSED, False)


@pytest.mark.django_db
def test_last_byte_that_comes_during_the_early_sound_is_heard(film, tmp_path):
    preparation = begin_early(film, audio=1, audio_end_s=4.0)
    subject = flowing.subject(film.pk, "1")
    run = jobs.claim(jobs.ask(queries.SOUND, subject).pk)
    plan = plans.Plan.from_json(preparation.plan)
    publisher = flowing.Publisher(run, tmp_path, film.pk, "1", plans.AUDIO, plan)
    preparation.is_early = False
    preparation.save()
    jobs.ask(queries.SOUND, subject)  # it runs: nobody hears this
    flowing._end(run, publisher, plans.AUDIO, is_early=True)
    assert Job.objects.get(kind=queries.SOUND).state == JobState.QUEUED


@pytest.mark.media
@pytest.mark.django_db
@pytest.mark.parametrize("name", ["video-180-00000.m4s", "original-00000.m4s", "poster.jpg", "film.mp4"])
def test_film_removed_while_it_is_written_leaves_nothing(world, monkeypatch, name):
    """Its folder is gone before the worker writes: it must not come back."""
    film = deposited(clip(), world.amina, world.here.group)
    put_all = storing.put_all

    def removed_just_before(folder, names, prefix):
        if name in (names := list(names)) and Film.objects.filter(pk=film.pk).exists():
            actions.erase_film(film=film, by=world.amina)
            storing.delete(paths.film_key(film.pk))
        put_all(folder, names, prefix)

    monkeypatch.setattr(storing, "put_all", removed_just_before)
    while jobs.run_next(queries.QUICK) or jobs.run_next(queries.HEAVY):
        pass
    assert not Film.objects.exists()
    assert not folder_of(paths.film_key(film.pk)).exists()


@pytest.mark.django_db
def test_film_whose_workers_died_again_and_again_is_tried_anew_as_long_as_its_file_is_there(world, sign_in):
    film = deposited(b"0123456789", world.amina, world.here.group)
    for _ in range(5):
        assert jobs.claim(Job.objects.get().pk)
        Job.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
        jobs.sweep()
    film.refresh_from_db()
    assert (film.state, film.can_retry, film.refusal) == (FilmState.REFUSED, True, working.TOOL_FAILED)
    page, client = reverse("videos:film_page", args=[film.pk]), sign_in(world.amina)
    assert "Réessayer" in client.get(page).content.decode()
    client.post(reverse("videos:film_retry", args=[film.pk]))
    assert Job.objects.get().state == JobState.QUEUED
    Film.objects.update(state=FilmState.REFUSED, refusal=working.TOOL_FAILED, can_retry=True)
    Upload.objects.update(expires_at=timezone.now())
    cleaning.clean()
    film.refresh_from_db()
    assert (film.can_retry, film.refusal) == (False, working.GONE)
    answer = client.get(page).content.decode()
    assert "Réessayer" not in answer
    assert f"?comme={film.pk}" in answer
    deposit = client.get(reverse("videos:film_deposit"), {"comme": film.pk}).content.decode()
    assert f'value="{film.title}"' in deposit, "what was typed is not typed again"
    assert "remplacer" not in deposit.split("<main")[1]
