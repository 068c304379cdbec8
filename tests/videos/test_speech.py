"""A speech engine proposes captions, through the real job and the real ffmpeg; off unless a setting names one."""

import array
import subprocess
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from circo import jobs
from circo.errors import Refusal
from circo.models import Job, JobState
from tests.videos.films import FFMPEG, film_of
from videos import actions, paths, queries, speech
from videos.captions.rules import Cue
from videos.models import CaptionSource, CaptionTrack, Film, Language

pytestmark = [pytest.mark.django_db, pytest.mark.media]
SILENCE = 500  # of 32,767


class Voices:
    """A tiny engine: wherever the sound is loud, somebody speaks."""

    def listen(self, sound, *, language, on_share):
        samples = array.array("h", sound.read_bytes())
        step = speech.RATE // 10
        loud = [max(map(abs, samples[at : at + step])) > SILENCE for at in range(0, len(samples) - step + 1, step)]
        on_share(0.5)
        started = None
        for number, is_loud in enumerate([*loud, False]):
            if is_loud and started is None:
                started = number
            elif not is_loud and started is not None:
                yield Cue(100 * started, 100 * number, "[parole]")
                started = None
        yield Cue(10**9, 10**9 + 1, "hors du film")


class Deaf:
    def listen(self, sound, *, language, on_share):
        return []


class Broken:
    def listen(self, sound, *, language, on_share):
        raise MemoryError("no room for the model")


@pytest.fixture
def film(world, tmp_path) -> Film:
    """A film whose sound is one second of silence, two of tone, one of silence, cut in segments as ours are."""
    film = film_of(world.amina, world.here.group, duration_s=4)
    tone = "aevalsrc=exprs='0.5*sin(880*PI*t)*between(t,1,3)':s=48000:d=4"
    hls = ["-f", "hls", "-hls_time", "1", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4"]
    names = ["-hls_fmp4_init_filename", "audio-init.mp4", "-hls_segment_filename", "audio-%05d.m4s", "audio.m3u8"]
    argv = [FFMPEG, "-nostdin", "-v", "error", "-f", "lavfi", "-i", tone, "-c:a", "aac", *hls, *names]
    subprocess.run(argv, check=True, cwd=tmp_path)
    for file in sorted(tmp_path.glob("audio-*")):
        default_storage.save(paths.media_key(film.pk, film.output, file.name), ContentFile(file.read_bytes()))
    return film


def heard(film: Film) -> Job:
    job = Job.objects.get(kind=queries.SPEECH, subject_id=str(film.pk))
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def engine(settings, one: type) -> None:
    settings.SPEECH_ENGINE = f"{one.__module__}.{one.__name__}"


def test_the_draft_says_where_somebody_speaks(world, sign_in, settings, film):
    engine(settings, Voices)
    client = sign_in(world.amina)
    client.post(reverse("videos:captions_listen", args=[film.pk]))
    assert "L’écoute va commencer." in client.get(reverse("videos:captions", args=[film.pk])).content.decode()
    assert heard(film).state == JobState.DONE
    track = CaptionTrack.objects.get()
    assert (track.language, track.source, track.shown_at) == ("fr", CaptionSource.ENGINE, None)
    (said,) = track.cues
    assert said.text == "[parole]"
    assert abs(said.start_ms - 1000) <= 150
    assert abs(said.end_ms - 3000) <= 150
    assert queries.captions_missing(film), "a draft is not shown"
    assert not list(Path(settings.MEDIA_ROOT).glob("work/*")), "no sound is left behind"


def test_nothing_hears_a_film_unless_a_setting_says_so(world, sign_in, settings, film):
    settings.SPEECH_ENGINE = ""
    with pytest.raises(Refusal, match="pas de reconnaissance"):
        actions.ask_captions(film=film, by=world.amina)
    page = sign_in(world.amina).get(reverse("videos:captions", args=[film.pk])).content.decode()
    assert "Laisser la machine proposer" not in page


def test_captions_that_colleagues_read_are_left_alone(world, settings, film):
    engine(settings, Voices)
    actions.ask_captions(film=film, by=world.amina)
    track = actions.start_captions(film=film, language=Language.FRENCH, by=world.amina)
    cues = [Cue(0, 900, "Écrit à la main")]
    actions.save_captions(track=track, first=0, count=0, cues=cues, revision=0, by=world.amina)
    actions.show_captions(track=track, shown=True, by=world.amina)
    assert heard(film).state == JobState.DONE
    track.refresh_from_db()
    assert track.text == "Écrit à la main"
    with pytest.raises(Refusal, match="déjà des sous-titres"):
        actions.ask_captions(film=film, by=world.amina)


def test_a_draft_that_was_typed_comes_back(world, settings, film):
    engine(settings, Voices)
    track = actions.start_captions(film=film, language=Language.FRENCH, by=world.amina)
    cues = [Cue(0, 900, "Tapé avant")]
    actions.save_captions(track=track, first=0, count=0, cues=cues, revision=0, by=world.amina)
    actions.ask_captions(film=film, by=world.amina)
    heard(film)
    assert actions.undo_captions(track=track, by=world.amina).text == "Tapé avant"


@pytest.mark.parametrize(("one", "said"), [(Deaf, "aucune parole"), (Broken, None)])
def test_an_engine_that_hears_nothing_or_falls(world, sign_in, settings, film, one, said):
    engine(settings, one)
    actions.ask_captions(film=film, by=world.amina)
    job = heard(film)
    page = sign_in(world.amina).get(reverse("videos:captions", args=[film.pk])).content.decode()
    if said:
        assert job.state == JobState.FAILED
        assert said in page
    else:
        assert job.state == JobState.QUEUED, "tried again later"
    assert not CaptionTrack.objects.exists()


def test_a_silent_film_is_refused_in_words(world, settings):
    engine(settings, Voices)
    film = film_of(world.amina, world.here.group)
    actions.ask_captions(film=film, by=world.amina)
    assert "pas de son" in heard(film).error


def test_a_film_removed_meanwhile_is_not_heard(world, settings, film):
    engine(settings, Voices)
    actions.ask_captions(film=film, by=world.amina)
    actions.erase_film(film=film, by=world.amina)
    assert not Job.objects.filter(kind=queries.SPEECH).exists()
