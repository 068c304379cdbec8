"""A film is blurred: what is chosen is gone from every byte, and nobody else sees it before its author has."""

import itertools
import json
import subprocess
import sys

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from circo import jobs
from circo.errors import Refusal
from circo.models import Job, Notice
from tests.videos import published
from tests.videos.blurring import area_of, blurring_of
from tests.videos.films import clip, deposited, folder_of, make_clip, prepare, real_films
from videos import actions, encoding, paths, queries, storing
from videos.blurring import applying, masks, searching
from videos.models import (
    Absence,
    Blurring,
    BlurringState,
    Film,
    FilmState,
    HiddenArea,
    Preparation,
    Recorded,
    Rendition,
    Upload,
    Voice,
)
from videos.plans import rules as plans

pytestmark = pytest.mark.media


@pytest.fixture
def talking(world):
    """A real film of somebody who talks to the camera, ready."""
    faces = [file for file in real_films("open") if file.name == "talking_face_640x480.mp4"]
    if not faces:
        pytest.skip("no films in shared/media/open")
    return prepare(deposited(faces[0].read_bytes(), world.amina, world.here.group))


def searched(film):
    actions.search_faces(film=film, by=film.author)
    prepare(film)
    return Blurring.objects.get(film=film)


def blurred(film):
    actions.apply_blur(film=film, by=film.author)
    return prepare(film)


def faces_in(film, tmp_path):
    """The faces that the model itself still finds in the largest rendition."""
    name = published.levels(film)[0]
    folder = folder_of(paths.output_key(film.pk, film.output))
    whole = tmp_path / f"{film.output}.mp4"
    listed = published.names_in(published.playlist(film, f"{name}.m3u8"))
    whole.write_bytes(b"".join((folder / one).read_bytes() for one in [f"{name}-init.mp4", *listed]))
    argv = [sys.executable, str(searching.SCRIPT), "find", searching.model(), str(whole), "0", "60"]
    lines = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.splitlines()
    return [face for line in lines for face in json.loads(line)[1]]


def test_a_face_is_found_followed_and_gone_from_the_pixels(talking, tmp_path):
    assert faces_in(talking, tmp_path)
    blurring = searched(talking)
    assert blurring.state == BlurringState.CHOOSING
    area = blurring.areas.get()  # one person, one track
    assert area.is_chosen
    assert area.start_s == 0
    assert area.end_s == pytest.approx(talking.duration_s, abs=0.5)
    assert bytes(area.thumbnail).startswith(b"\xff\xd8\xff")
    before = talking.output
    film = blurred(talking)
    assert (film.state, film.blurring.state) == (FilmState.READY, BlurringState.CHECKING)
    assert film.output != before
    assert faces_in(film, tmp_path) == []
    assert film.duration_s == talking.duration_s
    sizes = {(row.width, row.height) for row in Rendition.objects.filter(film=film, output=film.output, width__gt=0)}
    assert max(sizes) == (640, 480)


def test_without_the_mask_the_face_would_be_there(talking, tmp_path, monkeypatch):
    searched(talking)
    monkeypatch.setattr(masks, "write", lambda *_: None)
    assert faces_in(blurred(talking), tmp_path)


def test_what_lies_outside_the_areas_stays_as_it_was(talking):
    actions.search_faces(film=talking, by=talking.author)
    prepare(talking)
    before = published.frames(talking, published.levels(talking)[0])
    HiddenArea.objects.all().delete()
    actions.draw_area(film=talking, start_s=2, end_s=4, path=[(2, 0.3, 0.2, 0.25, 0.4)], by=talking.author)
    film = blurred(talking)
    after = published.frames(film, published.levels(film)[0])
    assert len(before) == len(after)
    for (at_s, old), (_, new) in zip(before, after, strict=True):
        one, other = old.to_ndarray(format="gray").astype(int), new.to_ndarray(format="gray").astype(int)
        face, rest = abs(one - other)[110:270, 210:330].mean(), abs(one - other)[:, 400:].mean()
        assert rest < 5  # encoded twice
        if min(abs(at_s - 2), abs(at_s - 4)) > 0.05:
            assert (face > 8) == (2 < at_s < 4), at_s


def test_only_its_author_sees_it_until_they_have_looked(talking, world):
    seen = Film.objects.visible_to(world.bruno)
    assert seen.filter(pk=talking.pk).exists()
    searched(talking)
    assert seen.filter(pk=talking.pk).exists()  # nothing changed yet
    actions.apply_blur(film=talking, by=world.amina)
    assert not seen.filter(pk=talking.pk).exists()
    assert not Film.objects.filter(pk=talking.pk).shared().exists()
    assert not Notice.objects.filter(person=world.bruno, path__startswith=f"/films/{talking.pk}").exists()
    output = prepare(talking).output
    assert not seen.filter(pk=talking.pk).exists()
    assert Notice.objects.filter(person=world.amina, kind=queries.FILM_BLURRED).count() == 1
    actions.approve_blur(film=talking, output=output, hidden=[], by=world.amina)
    assert seen.filter(pk=talking.pk).exists()


def test_approval_removes_all_that_shows_what_is_hidden(talking, world, django_capture_on_commit_callbacks):
    before, upload = talking.output, Upload.objects.get(film=talking)
    pupil = Recorded.objects.filter(project=talking.project).first()
    searched(talking)
    film = blurred(talking)
    assert storing.keys(paths.output_key(film.pk, before))  # sealed: one may still go back
    stray = paths.media_key(film.pk, "b0-0", "video-360-00000.m4s")  # of a worker whose result was dropped
    default_storage.save(stray, ContentFile(b"unblurred"))
    with django_capture_on_commit_callbacks(execute=True):
        actions.approve_blur(film=film, output=film.output, hidden=[pupil], by=world.amina)
    assert not storing.keys(paths.output_key(film.pk, before))
    assert not paths.upload_folder(upload.pk).exists()
    assert not Upload.objects.filter(film=film).exists()
    assert not HiddenArea.objects.exists()
    assert Blurring.objects.get(film=film).state == BlurringState.DONE
    assert {key.split("/")[2] for key in storing.keys(paths.film_key(film.pk))} == {film.output}
    assert set(Rendition.objects.filter(film=film).values_list("output", flat=True)) == {film.output}
    assert Absence.objects.get(film=film, recorded=pupil).how == Absence.How.BLURRED


def test_the_sealed_film_is_served_to_nobody(talking, world, client):
    before = talking.output
    searched(talking)
    film = blurred(talking)
    client.force_login(world.amina)
    old, new = (storing.sizes(paths.output_key(film.pk, output)) for output in (before, film.output))
    for name in {*old, *new} - {"film.mp4"}:
        answer = client.get(reverse("videos:film_media", args=[film.pk, name]))
        assert answer.status_code == (200 if name in new else 404), name
        if name in new:
            sent = answer.getvalue()
            assert sent == read(film, film.output, name)
            shows_nothing = name.startswith(("audio", "waveform")) or name.endswith("init.mp4")
            assert shows_nothing or name not in old or sent != read(film, before, name)


def read(film, output, name):
    return (folder_of(paths.output_key(film.pk, output)) / name).read_bytes()


def test_one_may_go_back_and_choose_again(talking, world, django_capture_on_commit_callbacks):
    before = talking.output
    searched(talking)
    film = blurred(talking)
    after = film.output
    with django_capture_on_commit_callbacks(execute=True):
        actions.choose_again(film=film, by=world.amina)
    film.refresh_from_db()
    assert (film.output, film.state, film.is_held) == (before, FilmState.READY, True)
    assert not storing.keys(paths.output_key(film.pk, after))
    assert film.blurring.areas.count() == 1
    actions.give_up_blurring(film=film, by=world.amina)
    film.refresh_from_db()
    assert (film.is_held, Blurring.objects.exists()) == (False, False)
    assert Film.objects.visible_to(world.bruno).filter(pk=film.pk).exists()


def test_going_back_drops_what_is_being_made(talking, world, django_capture_on_commit_callbacks):
    searched(talking)
    actions.apply_blur(film=talking, by=world.amina)
    assert Job.objects.filter(kind=queries.BLUR).exists()
    while Preparation.objects.filter(film=talking).first() is None:
        assert jobs.run_next(queries.QUICK)
    with django_capture_on_commit_callbacks(execute=True):
        actions.choose_again(film=talking, by=world.amina)
    film = prepare(talking)
    assert (film.state, film.output, film.blurring.state) == (FilmState.READY, talking.output, BlurringState.CHOOSING)
    assert not Preparation.objects.exists()
    assert {key.split("/")[2] for key in storing.keys(paths.film_key(film.pk))} == {film.output}


def test_a_failed_blur_leaves_the_film_and_its_choice(talking, world, monkeypatch):
    searched(talking)

    def fails(*_, **__):
        raise Refusal("Ce film ne se décode pas.")

    monkeypatch.setattr(encoding, "encode_into", fails)
    film = blurred(talking)
    assert (film.state, film.output, film.is_held) == (FilmState.READY, talking.output, True)
    assert (film.blurring.state, film.blurring.fault) == (BlurringState.CHOOSING, "Ce film ne se décode pas.")
    assert film.blurring.areas.count() == 1


def test_a_film_whose_file_is_gone_is_blurred_from_our_best_rendition(talking, world, tmp_path):
    Upload.objects.filter(film=talking).delete()
    searched(talking)
    film = blurred(talking)
    assert film.blurring.state == BlurringState.CHECKING, film.blurring.fault
    assert faces_in(film, tmp_path) == []
    assert film.duration_s == pytest.approx(talking.duration_s, abs=0.05)


def test_a_worker_that_slept_until_the_film_was_sealed_keeps_no_picture_of_before(world, monkeypatch):
    film = prepare(deposited(clip(), world.amina, world.here.group))
    Upload.objects.filter(film=film).delete()
    area_of(blurring_of(film), 0, 1)
    actions.apply_blur(film=film, by=world.amina)
    ran = applying.working.run

    def slept(*args, **kwargs):
        ended = ran(*args, **kwargs)  # what another worker made is approved meanwhile
        Film.objects.filter(pk=film.pk).update(state=FilmState.READY, output="b9-9", is_held=False)
        Blurring.objects.filter(film=film).update(state=BlurringState.DONE)
        return ended

    monkeypatch.setattr(applying.working, "run", slept)
    assert prepare(film).output == "b9-9"
    assert not Upload.objects.filter(film=film).exists(), "a later blur would begin with it"


@pytest.mark.parametrize("voice", [Voice.AS_IT_IS, Voice.HIGHER, Voice.LOWER])
def test_voices_change_as_asked_and_last_as_long(world, tmp_path, voice):
    clip = make_clip(tmp_path / "tone.mp4", seconds=6)
    film = prepare(deposited(clip.read_bytes(), world.amina, world.here.group))
    searched(film)
    actions.draw_area(film=film, start_s=0, end_s=1, path=[(0, 0.4, 0.4, 0.2, 0.2)], by=world.amina)
    actions.change_voices(film=film, voice=voice, by=world.amina)
    after = blurred(film)
    assert after.blurring.state == BlurringState.CHECKING, after.blurring.fault
    pitch = {Voice.AS_IT_IS: 440, Voice.HIGHER: 440 * 2 ** (4 / 12), Voice.LOWER: 440 * 2 ** (-4 / 12)}[voice]
    assert heard_hz(after) == pytest.approx(pitch, rel=0.02)
    old, new = (Rendition.objects.get(film=film, output=one, name=plans.AUDIO) for one in (film.output, after.output))
    assert new.seconds == pytest.approx(old.seconds, abs=0.05)


def heard_hz(film):
    """The pitch of a pure tone, by how often it crosses zero in two seconds."""
    with published.rendition(film, plans.AUDIO) as container:
        samples = [sample for frame in container.decode(audio=0) for sample in frame.to_ndarray()[0]]
    part = samples[48000 : 3 * 48000]
    return sum(one < 0 <= other for one, other in itertools.pairwise(part)) / 2


def test_asked_to_prepare_again_a_film_that_is_being_blurred_shows_nothing(talking, world, tmp_path):
    """The daily cleaning takes up films for which nobody works; it must not publish the film as it was sent."""
    searched(talking)
    actions.apply_blur(film=talking, by=world.amina)
    jobs.ask(queries.PREPARE, str(talking.pk), rank=0)
    film = prepare(talking)
    assert film.blurring.state == BlurringState.CHECKING
    assert faces_in(film, tmp_path) == []
