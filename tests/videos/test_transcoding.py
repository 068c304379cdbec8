"""Real films through the real tools: what comes out is whole, upright, of two sizes, and published once."""

import logging
import threading
from pathlib import Path

import av
import pytest

from circo import jobs
from circo.errors import Outside, Refusal
from circo.models import Job, JobState, Notice
from tests.videos import films
from tests.videos.films import clip, deposited, each, make_clip, prepare
from videos import actions, commands, paths, playlists, probing, queries, rules, transcoding
from videos.models import Film, FilmState, Upload

pytestmark = pytest.mark.media
NOT_PREPARED = {"french_speech_only.mp3": "enregistrement sonore"}


def decoded(folder: Path, name: str) -> av.container.InputContainer:
    """The frames of a rendition, read back from its segments as a player would join them."""
    joined = folder / f"{name}.joined.mp4"
    parts = [folder / f"{name}-init.mp4", *sorted(folder.glob(f"{name}-0*.m4s"))]
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    return av.open(str(joined))


def made_of(source: Path, folder: Path) -> tuple[probing.Source, float]:
    folder.mkdir(exist_ok=True)
    plan = probing.probe(source, folder)
    transcoding.encode(source, folder, plan)
    return plan, transcoding.compose(folder, plan)


@each("open")
def test_real_film_comes_out_whole(film_file, tmp_path):
    folder = tmp_path / "work"
    if reason := NOT_PREPARED.get(film_file.name):
        folder.mkdir()
        with pytest.raises(Refusal, match=reason):
            probing.probe(film_file, folder)
        return
    plan, duration_s = made_of(film_file, folder)
    assert duration_s == pytest.approx(plan.end_s, rel=0.02, abs=0.1)
    for number, size in enumerate(rules.rendition_sizes(plan.shown), start=1):
        with decoded(folder, f"video-{number}") as rendition:
            frames = list(rendition.decode(video=0))
        assert {(frame.width, frame.height) for frame in frames} == {(size.width, size.height)}
        assert {frame.rotation for frame in frames} == {0}
        assert len(frames) == pytest.approx(duration_s * plan.rate, abs=1)
        assert frames[0].time == pytest.approx(0, abs=0.01)
    if plan.audio is not None:
        with decoded(folder, "audio") as sound:
            heard = sum(frame.samples for frame in sound.decode(audio=0)) / 48000
        assert heard == pytest.approx(plan.audio_end_s, rel=0.02, abs=0.1)
    assert (folder / "poster.jpg").read_bytes()[:2] == b"\xff\xd8"


@pytest.mark.parametrize(
    ("size", "options", "shown"),
    [
        ("1280x720", (), [(854, 480), (426, 240)]),
        ("320x180", (), [(320, 180)]),
        ("480x640", (), [(480, 640), (240, 320)]),
        ("360x288", ("-vf", "setsar=16/11"), [(524, 288), (436, 240)]),
    ],
)
def test_clip_keeps_its_shape_and_is_never_enlarged(tmp_path, size, options, shown):
    source = make_clip(tmp_path / "source.mp4", seconds=1, size=size, options=options)
    plan, _ = made_of(source, tmp_path / "work")
    assert [(one.width, one.height) for one in rules.rendition_sizes(plan.shown)] == shown
    with decoded(tmp_path / "work", "video-1") as rendition:
        assert (rendition.streams.video[0].width, rendition.streams.video[0].height) == shown[0]


def test_film_held_upright_by_its_phone_is_upright(tmp_path):
    """The phone writes lying pictures and a rotation: red is above when people hold it, so red must come out above."""
    lying = tmp_path / "lying.mp4"
    picture = ("-vf", "drawbox=x=0:y=0:w=iw/2:h=ih:color=red:t=fill,drawbox=x=iw/2:y=0:w=iw/2:h=ih:color=blue:t=fill")
    make_clip(lying, seconds=1, size="320x180", options=picture)
    turned = tmp_path / "turned.mp4"
    films.subprocess.run(
        [films.FFMPEG, "-v", "error", "-display_rotation", "-90", "-i", lying, "-c", "copy", turned], check=True
    )
    plan, _ = made_of(turned, tmp_path / "work")
    assert (plan.shown.width, plan.shown.height) == (180, 320)
    with decoded(tmp_path / "work", "video-1") as rendition:
        picture = next(rendition.decode(video=0)).to_image()
    above, below = picture.getpixel((90, 20)), picture.getpixel((90, 300))
    assert (above[0] > 150) != (below[0] > 150), "red on one side only"
    assert (above[2] > 150) != (below[2] > 150), "blue on the other"


def test_nothing_typed_into_the_source_comes_out(tmp_path):
    tags = ("-metadata", "title=<script>alert(1)</script>", "-metadata", "location=+49.27+001.21/")
    source = make_clip(tmp_path / "source.mp4", seconds=1, options=tags)
    assert b"<script>" in source.read_bytes()
    made_of(source, tmp_path / "work")
    for file in (tmp_path / "work").iterdir():
        assert b"<script>" not in file.read_bytes()
        assert b"+49.27" not in file.read_bytes()


def test_hdr_film_is_brought_to_ordinary_screens(tmp_path):
    options = (
        "-c:v",
        "libx265",
        "-x265-params",
        "log-level=none:colorprim=9:transfer=18:colormatrix=9",
        "-tag:v",
        "hvc1",
    )
    tagged = (
        "-pix_fmt",
        "yuv420p10le",
        "-color_primaries",
        "bt2020",
        "-color_trc",
        "arib-std-b67",
        "-colorspace",
        "bt2020nc",
    )
    source = make_clip(tmp_path / "source.mov", seconds=0.5, options=options + tagged)
    plan, _ = made_of(source, tmp_path / "work")
    assert plan.transfer == commands.HLG
    assert any("zscale" in word for word in commands.transcode(source, plan))
    with decoded(tmp_path / "work", "video-1") as rendition:
        frame = next(rendition.decode(video=0))
    assert (frame.format.name, frame.color_trc) == ("yuv420p", 1)


def test_command_names_the_source_and_nothing_typed(tmp_path):
    plan = probing.judge(
        {
            "format": "mov,mp4",
            "declared_s": 2.0,
            "video": {"index": 0, "width": 640, "height": 480, "pixel_ratio": 1.0, "rotation": 0, "rate": 25.0}
            | {"frames": 50, "end_s": 2.0, "transfer": 1, "interlaced": True},
            "audio": 1,
            "audio_end_s": 2.0,
        }
    )
    argv = commands.transcode(Path("/var/x/source"), plan)
    before_input = argv[: argv.index("-i")]
    assert argv[argv.index("-i") + 1] == "file:/var/x/source"
    for flag in ("-protocol_whitelist", "-format_whitelist", "-codec_whitelist", "-max_pixels", "-max_streams"):
        assert flag in before_input
    assert argv.count("-map_metadata") == argv.count("-map_chapters") == argv.count("-t") == 4
    assert any("yadif" in word for word in argv)


# --- The job ------------------------------------------------------------------------------------------------------
@pytest.fixture
def film(world) -> Film:
    return deposited(clip(), world.amina, world.here.group)


def work_left() -> list[Path]:
    folder = Path(paths.work_folder(films.Film().pk, 1)).parent
    return list(folder.iterdir()) if folder.exists() else []


def test_film_is_prepared_published_and_told(world, film):
    ready = prepare(film)
    assert (ready.state, ready.output, ready.width, ready.height) == (FilmState.READY, "1", 320, 180)
    assert ready.duration_s == pytest.approx(2, abs=0.1)
    assert Job.objects.get().state == JobState.DONE
    assert {notice.person for notice in Notice.objects.filter(kind=queries.FILM_READY)} == {world.bruno}
    assert not work_left()
    assert Upload.objects.get().expires_at > ready.ready_at


def test_prepared_twice_is_published_once(film):
    prepare(film)
    job = jobs.ask(queries.TRANSCODE, str(film.pk))
    jobs.run(job.pk)
    assert Film.objects.get().output == "1"
    assert [folder.name for folder in paths.film_folder(film.pk).iterdir()] == ["1"]
    assert Notice.objects.count() == 1


def test_worker_that_slept_publishes_nothing(film):
    """Its lease was given to another while it encoded: its folder goes, the winner's stays."""
    job = Job.objects.get()
    slow, quick = jobs.claim(job.pk), None
    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED, lease_until=None)
    quick = jobs.claim(job.pk)
    transcoding.transcode(quick)
    Film.objects.update(state=FilmState.PROCESSING, output="")  # so that the sleeper believes in its work
    with pytest.raises(jobs.LeaseLost):
        transcoding.transcode(slow)
    assert [folder.name for folder in paths.film_folder(film.pk).iterdir()] == [str(quick.epoch)]
    assert not work_left()


def test_film_removed_while_it_is_prepared_leaves_nothing(world, film, monkeypatch, django_capture_on_commit_callbacks):
    compose = transcoding.compose

    def compose_then_remove(folder, plan):
        with django_capture_on_commit_callbacks(execute=True):
            actions.delete_film(film=Film.objects.get(), by=world.amina)
        return compose(folder, plan)

    monkeypatch.setattr(transcoding, "compose", compose_then_remove)
    jobs.run(Job.objects.get().pk)
    assert not Film.objects.exists()
    assert not Job.objects.exists()
    assert not list(paths.film_folder(film.pk).glob("*"))
    assert not paths.upload_folder(film.pk).exists()
    assert not work_left()


def test_file_that_is_no_film_is_refused_and_its_author_told(world):
    film = prepare(deposited(b"no film at all" * 100, world.amina, world.here.group))
    assert film.state == FilmState.REFUSED
    assert "n’est pas un film" in film.refusal
    assert not film.output
    notice = Notice.objects.get()
    assert (notice.person, notice.kind) == (world.amina, queries.FILM_REFUSED)
    assert Job.objects.get().attempt == 1, "tried once: the file will not change"


def test_full_disk_is_tried_again_and_said_after_some_attempts(film, settings):
    settings.FILM_DISK_FLOOR_BYTES = 1 << 60
    assert prepare(film).state == FilmState.PROCESSING
    assert Job.objects.get().state == JobState.QUEUED
    settings.FILM_DISK_FLOOR_BYTES = 0
    assert prepare(film).state == FilmState.READY


def test_progress_is_told_while_it_advances(tmp_path):
    source = make_clip(tmp_path / "source.mp4", seconds=20, size="1280x720")
    (tmp_path / "work").mkdir()
    told: list[float] = []
    transcoding.encode(source, tmp_path / "work", probing.probe(source, tmp_path / "work"), on_share=told.append)
    assert told == sorted(told)
    assert told
    assert all(0 < share < 1 for share in told)


def test_encoding_nobody_wants_any_more_stops(tmp_path):
    source = make_clip(tmp_path / "source.mp4", seconds=20, size="1280x720")
    (tmp_path / "work").mkdir()
    plan, lost = probing.probe(source, tmp_path / "work"), threading.Event()
    with pytest.raises(transcoding.runner.Abandoned):
        transcoding.encode(source, tmp_path / "work", plan, on_share=lambda share: lost.set(), lost=lost)


# --- Doubt --------------------------------------------------------------------------------------------------------
@pytest.fixture
def made(tmp_path) -> tuple[Path, probing.Source]:
    folder = tmp_path / "work"
    (tmp_path / "source").write_bytes(clip())
    plan, _ = made_of(tmp_path / "source", folder)
    return folder, plan


def _without_end(folder):
    file = folder / "video-1.m3u8"
    file.write_text(file.read_text().replace("#EXT-X-ENDLIST", ""))


def _shorter(folder):
    file = folder / "video-1.m3u8"
    file.write_text(file.read_text().replace("#EXTINF:2.", "#EXTINF:1."))


@pytest.mark.parametrize(
    "spoil",
    [
        _without_end,
        _shorter,
        lambda folder: (folder / "video-1-00000.m4s").write_bytes(b""),
        lambda folder: (folder / "video-1-00000.m4s").unlink(),
        lambda folder: (folder / "video-1-init.mp4").write_bytes(b""),
        lambda folder: (folder / "video-1-init.mp4").write_bytes(b"x" * 100),
        lambda folder: (folder / "audio.m3u8").unlink(),
        lambda folder: (folder / "video-1.m3u8").write_text(""),
        lambda folder: (folder / "poster.jpg").write_bytes(b""),
    ],
)
def test_output_that_is_not_whole_is_never_published(made, spoil, caplog):
    folder, plan = made
    spoil(folder)
    with caplog.at_level(logging.WARNING), pytest.raises(Outside):
        transcoding.compose(folder, plan)
    assert "not whole" in caplog.text


def test_exit_code_lies_and_the_doubt_catches_it(tmp_path):
    """A limit on file size stands for the full disk: whatever ffmpeg says, what it wrote is looked at."""
    source = make_clip(tmp_path / "source.mp4", seconds=8, size="640x480")
    (tmp_path / "work").mkdir()
    plan = probing.probe(source, tmp_path / "work")
    limits = transcoding.runner.Limits(wall_s=60, cpu_s=60, file_bytes=20_000)
    argv = commands.transcode(source, plan)
    transcoding.runner.run(argv, limits=limits, reads=[source], folder=tmp_path / "work")
    with pytest.raises(Outside):
        transcoding.compose(tmp_path / "work", plan)


def test_master_playlist_names_what_players_need(made):
    folder, _ = made
    master = (folder / "master.m3u8").read_text()
    assert 'CODECS="avc1.6400' in master
    assert "RESOLUTION=320x180" in master
    assert 'URI="audio.m3u8"' in master
    named = [line for line in master.splitlines() if not line.startswith("#")]
    assert all(rules.is_media_name(name) for name in named)
    sound = playlists.read(folder, "audio.m3u8", expected_s=2)
    assert 20_000 < sound.average_rate < 400_000
