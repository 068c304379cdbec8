"""A film that is read while it still arrives: its index has come first, or stands at its beginning."""

import io

import pytest

from circo import jobs
from circo.models import Job, Person
from tests.videos import published
from tests.videos.films import deposited, folder_of, make_clip, prepare
from tests.videos.records import record_of
from videos import actions, commands, paths, probing, queries
from videos.models import Film, FilmState, Preparation, Rendition, Upload
from videos.plans import rules as plans

pytestmark = pytest.mark.media
HEVC = ("-c:v", "libx265", "-x265-params", "log-level=none:keyint=25", "-tag:v", "hvc1")


@pytest.fixture(scope="module")
def content(tmp_path_factory) -> bytes:
    """A phone's film: its index at its end, and pictures that no browser here plays as they are."""
    return make_clip(tmp_path_factory.mktemp("early") / "phone.mov", seconds=16, options=HEVC).read_bytes()


def begin(content: bytes, world) -> Upload:
    upload = actions.start_upload(size_bytes=len(content), file_name="phone.mov", by=world.amina)
    project = record_of(world.amina, world.here.group)
    actions.deposit(upload=upload, title="En route", group=world.here.group, project=project, by=world.amina)
    return upload


def send(upload: Upload, content: bytes, start: int, end: int, by: Person) -> None:
    piece = content[start:end]
    stream = io.BytesIO(piece)
    actions.receive(upload_id=upload.pk, offset=start, stream=stream, length=len(piece), checksum=None, by=by)


def send_index(upload: Upload, content: bytes, by: Person) -> None:
    at = content.rindex(b"moov") - 4
    tail = content[at:]
    stream = io.BytesIO(tail)
    actions.receive_index(upload_id=upload.pk, offset=at, stream=stream, length=len(tail), checksum=None, by=by)


def work() -> None:
    Job.objects.update(not_before=None)
    while jobs.run_next(queries.QUICK) or jobs.run_next(queries.HEAVY):
        pass


def test_film_whose_index_comes_first_plays_while_it_arrives(world, content):
    upload = begin(content, world)
    send_index(upload, content, world.amina)
    half = int(len(content) * 0.6)
    send(upload, content, 0, half, world.amina)
    work()
    film = Film.objects.get()
    assert film.state == FilmState.UPLOADING
    assert film.playable_at
    early = Rendition.objects.get(film=film, name=published.levels(film)[-1])
    assert 2 <= early.seconds < 12
    assert early.seconds == len(published.frames(film, early.name)) / 25
    assert len(published.sound(film)) / 48_000 >= 4
    assert Film.objects.visible_to(world.amina).watchable().exists()
    assert not Film.objects.visible_to(world.bruno).exists(), "others wait until it has arrived"
    send(upload, content, half, len(content), world.amina)
    work()
    film.refresh_from_db()
    assert film.state == FilmState.READY, film.refusal
    assert film.duration_s == pytest.approx(16, abs=0.1)
    whole = prepare(deposited(content, world.amina, world.here.group))
    assert segments(film) == segments(whole), "to the byte what the whole file gives"


def segments(film: Film) -> dict[str, bytes]:
    folder = folder_of(paths.output_key(film.pk, film.output))
    return {file.name: file.read_bytes() for file in folder.glob("*.m4s")}


def test_film_whose_index_stands_first_needs_no_other(world, tmp_path):
    fast = make_clip(tmp_path / "fast.mp4", seconds=16, options=(*HEVC, "-movflags", "+faststart")).read_bytes()
    upload = begin(fast, world)
    send(upload, fast, 0, int(len(fast) * 0.6), world.amina)
    work()
    assert Film.objects.get().playable_at


def test_film_without_an_index_waits_for_its_last_byte(world, tmp_path):
    late = make_clip(tmp_path / "late.mp4", seconds=4, options=HEVC).read_bytes()
    upload = begin(late, world)
    send(upload, late, 0, int(len(late) * 0.6), world.amina)
    work()
    assert not Preparation.objects.exists()
    assert Film.objects.get().state == FilmState.UPLOADING
    send(upload, late, int(len(late) * 0.6), len(late), world.amina)
    work()
    assert Film.objects.get().state == FilmState.READY


def test_index_that_lied_costs_only_the_time(world, content, tmp_path):
    """Another film's index: what was made with it is thrown away, and the film is what its bytes are."""
    other = make_clip(tmp_path / "other.mov", seconds=16, size="160x90", options=HEVC).read_bytes()
    at = content.rindex(b"moov") - 4
    false = bytearray(content[at:])
    false[len(false) // 2 :] = other[-(len(false) - len(false) // 2) :]
    upload = begin(content, world)
    lie = content[:at] + bytes(false)
    stream = io.BytesIO(bytes(false))
    actions.receive_index(
        upload_id=upload.pk, offset=at, stream=stream, length=len(lie) - at, checksum=None, by=world.amina
    )
    half = int(len(content) * 0.6)
    send(upload, content, 0, half, world.amina)
    work()
    send(upload, content, half, len(content), world.amina)
    work()
    film = Film.objects.get()
    assert film.state == FilmState.READY, film.refusal
    assert (film.width, film.height) == (320, 180)
    assert film.duration_s == pytest.approx(16, abs=0.1)
    names = {plans.AUDIO, "video-180"}
    assert {row.name for row in Rendition.objects.filter(film=film, output=film.output)} == names


def test_last_byte_that_comes_while_the_film_is_looked_at_is_not_missed(world, content, monkeypatch):
    """It finds the job running, and so cannot ask for it; the job itself looks once more."""
    upload = begin(content, world)
    send_index(upload, content, world.amina)
    half = int(len(content) * 0.6)
    send(upload, content, 0, half, world.amina)
    probe = probing.probe

    def probe_while_the_rest_arrives(*args, **kwargs):
        found = probe(*args, **kwargs)
        monkeypatch.setattr(probing, "probe", probe)
        send(upload, content, half, len(content), world.amina)
        return found

    monkeypatch.setattr(probing, "probe", probe_while_the_rest_arrives)
    work()
    assert Film.objects.get().state == FilmState.READY


def test_last_byte_that_comes_while_the_sound_is_made_is_not_missed(world, content, monkeypatch):
    upload = begin(content, world)
    send_index(upload, content, world.amina)
    half = int(len(content) * 0.6)
    send(upload, content, 0, half, world.amina)
    sound = commands.sound

    def sound_while_the_rest_arrives(*args, **kwargs):
        monkeypatch.setattr(commands, "sound", sound)
        send(upload, content, half, len(content), world.amina)
        preparing_job = Job.objects.get(kind=queries.PREPARE)
        jobs.run(preparing_job.pk)
        return sound(*args, **kwargs)

    monkeypatch.setattr(commands, "sound", sound_while_the_rest_arrives)
    work()
    film = Film.objects.get()
    assert film.state == FilmState.READY
    assert len(published.sound(film)) / 48_000 == pytest.approx(16, abs=0.1)
