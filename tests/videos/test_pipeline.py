"""Films through the whole pipeline: what comes out is whole, upright, at its time, and published once."""

import logging
import subprocess
from dataclasses import replace
from pathlib import Path

import av
import pytest

from circo import jobs
from circo.errors import Outside
from circo.models import Job, JobState, Notice
from tests.videos import published
from tests.videos.films import FFMPEG, clip, deposited, each, folder_of, make_clip, prepare
from tests.videos.records import record_of
from videos import actions, boxes, commands, encoding, finishing, paths, probing, queries, runner, storing, working
from videos.models import DonePiece, Film, FilmState, Preparation, Rendition, Upload
from videos.plans import rules as plans

pytestmark = pytest.mark.media
REFUSED = {"french_speech_only.mp3": "enregistrement sonore"}
HEVC = ("-c:v", "libx265", "-x265-params", "log-level=none", "-tag:v", "hvc1")  # no browser here plays it as it is


@pytest.fixture
def prepared(world):
    """Deposit bytes, do all that workers would do, and give back the film."""

    def through(content: bytes) -> Film:
        return prepare(deposited(content, world.amina, world.here.group))

    return through


def work_left() -> list[Path]:
    folder = paths.work_folder("x", 1).parent
    return list(folder.iterdir()) if folder.exists() else []


@each("open")
def test_real_film_comes_out_whole(prepared, film_file):
    film = prepared(film_file.read_bytes())
    if reason := REFUSED.get(film_file.name):
        assert film.state == FilmState.REFUSED
        assert reason in film.refusal
        return
    assert film.state == FilmState.READY, film.refusal
    assert not film.lacks_its_end
    upright = film.width > film.height
    for name in published.levels(film):
        row = Rendition.objects.get(film=film, name=name)
        assert published.starts_at(film, name) == pytest.approx(0, abs=0.15 if name == plans.ORIGINAL else 0)
        if name == plans.ORIGINAL:  # as it was: it may be damaged, or held another way
            continue
        times, pictures = zip(*published.frames(film, name), strict=True)
        assert times[-1] == pytest.approx(film.duration_s, abs=1.5 / row.rate)
        assert len(pictures) == round(film.duration_s * row.rate)
        assert {(one.width, one.height) for one in pictures} == {(row.width, row.height)}
        assert (row.width > row.height) is upright
        assert {one.rotation for one in pictures} == {0}
    if Rendition.objects.filter(film=film, name=plans.AUDIO).exists():
        assert len(published.sound(film)) / 48_000 == pytest.approx(film.duration_s, abs=0.35)
    drawn = storing.sizes(paths.output_key(film.pk, film.output))
    assert drawn["poster.jpg"] > 500
    assert drawn["sprite.jpg"] > 500
    assert drawn["film.mp4"] > 5000


@pytest.mark.parametrize(
    ("size", "options", "shown"),
    [
        ("1280x720", HEVC, [(1280, 720), (854, 480), (640, 360)]),
        ("320x180", HEVC, [(320, 180)]),
        ("480x640", HEVC, [(480, 640), (360, 480)]),
        ("360x288", (*HEVC, "-vf", "setsar=16/11"), [(524, 288)]),
    ],
)
def test_clip_keeps_its_shape_and_is_never_enlarged(prepared, tmp_path, size, options, shown):
    source = make_clip(tmp_path / "source.mp4", seconds=1, size=size, options=options)
    film = prepared(source.read_bytes())
    rows = Rendition.objects.filter(film=film, width__gt=0)
    assert sorted(((row.width, row.height) for row in rows), reverse=True) == shown


def test_film_held_upright_by_its_phone_is_upright(prepared, tmp_path):
    """The phone writes lying pictures and a rotation: red is above when people hold it, so red must come out above."""
    picture = ("-vf", "drawbox=x=0:y=0:w=iw/2:h=ih:color=red:t=fill,drawbox=x=iw/2:y=0:w=iw/2:h=ih:color=blue:t=fill")
    lying = make_clip(tmp_path / "lying.mp4", seconds=1, size="320x180", options=picture)
    turned = tmp_path / "turned.mp4"
    subprocess.run([FFMPEG, "-v", "error", "-display_rotation", "-90", "-i", lying, "-c", "copy", turned], check=True)
    film = prepared(turned.read_bytes())
    assert (film.width, film.height) == (180, 320)
    picture = published.frames(film, "video-180")[0][1].to_image()
    above, below = picture.getpixel((90, 20)), picture.getpixel((90, 300))
    assert (above[0] > 150) != (below[0] > 150), "red on one side only"
    assert (above[2] > 150) != (below[2] > 150), "blue on the other"
    assert {one.rotation for _, one in published.frames(film, plans.ORIGINAL)} == {-90}, (
        "the copy still says how it is held"
    )


def test_nothing_typed_into_the_source_comes_out(prepared, tmp_path):
    tags = ("-metadata", "title=<script>alert(1)</script>", "-metadata", "location=+49.27+001.21/")
    source = make_clip(tmp_path / "source.mp4", seconds=1, options=tags)
    assert b"<script>" in source.read_bytes()
    film = prepared(source.read_bytes())
    for file in folder_of(paths.output_key(film.pk, film.output)).iterdir():
        assert b"<script>" not in file.read_bytes()
        assert b"+49.27" not in file.read_bytes()


def test_hdr_film_is_brought_to_ordinary_screens(prepared, tmp_path):
    tagged = ("-pix_fmt", "yuv420p10le", "-color_primaries", "bt2020", "-color_trc", "arib-std-b67")
    coded = (
        "-c:v",
        "libx265",
        "-x265-params",
        "log-level=none:colorprim=9:transfer=18:colormatrix=9",
        "-tag:v",
        "hvc1",
    )
    options = (*coded, *tagged, "-colorspace", "bt2020nc")
    source = make_clip(tmp_path / "source.mov", seconds=0.5, options=options)
    assert probing.probe(source, tmp_path).transfer == commands.HLG
    _, frame = published.frames(prepared(source.read_bytes()), "video-180")[0]
    assert (frame.format.name, frame.color_trc) == ("yuv420p", 1)


@pytest.mark.parametrize("codec", [("-c:v", "libx264", "-bf", "2", "-g", "25"), HEVC])
def test_pictures_and_sound_stay_together_from_one_end_to_the_other(prepared, tmp_path, codec):
    """A flash and a beep every second: 40 ms between them is what people begin to see."""
    flash = (
        "color=black:size=160x90:rate=25:duration=21,drawbox=color=white:t=fill:enable='lt(mod(t,5),0.08)*gte(t,0.5)'"
    )
    beep = "aevalsrc='if(lt(mod(t,5),0.08)*gte(t,0.5),sin(2*PI*1000*t),0)':sample_rate=48000:duration=21"
    source = tmp_path / "flash.mp4"
    inputs = ["-f", "lavfi", "-i", flash, "-f", "lavfi", "-i", beep]
    subprocess.run([FFMPEG, "-v", "error", *inputs, *codec, "-pix_fmt", "yuv420p", "-c:a", "aac", source], check=True)
    film = prepared(source.read_bytes())
    samples = published.sound(film)
    for name in published.levels(film):
        flashes = [
            at for at, one in published.frames(film, name) if one.to_image().convert("L").getpixel((80, 45)) > 128
        ]
        for second in (5, 20):
            seen = next(at for at in flashes if at > second - 0.5)
            first = next(n for n in range(int((second - 0.5) * 48_000), len(samples)) if abs(samples[n]) > 0.05)
            assert abs(seen - first / 48_000) < 0.04, f"{name}: {1000 * (first / 48_000 - seen):.0f} ms at {second} s"


def is_white(picture: av.VideoFrame) -> bool:
    return picture.to_image().convert("L").getpixel((80, 45)) > 128


def test_quiet_voices_are_raised(prepared, tmp_path):
    source = make_clip(tmp_path / "quiet.mp4", seconds=4, options=("-af", "volume=0.05"))
    samples = published.sound(prepared(source.read_bytes()))
    loudest = max(samples[48_000:144_000])
    assert loudest > 0.05 * 0.125 * 3, "three times what it was, at least"
    assert loudest < 1


def test_same_piece_has_the_same_bytes_whoever_encodes_it(tmp_path):
    source = make_clip(tmp_path / "source.mp4", seconds=9, size="160x90", options=HEVC)
    plan = plans.make(probing.probe(source, tmp_path))
    made = []
    for turn in ("a", "b"):
        folder = tmp_path / turn
        folder.mkdir()
        for piece in reversed(plan.pieces) if turn == "b" else plan.pieces:
            encoding.encode_into(folder, source, plan, piece)
            for rung in piece.rungs:
                (folder / commands.piece_file(rung)).rename(folder / f"{piece.key}-{rung}")
        made.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert len(made[0]) == 2
    assert made[0] == made[1]
    heads = {boxes.split(content).init for content in made[0].values()}
    assert len(heads) == 1, "a player goes from one piece to the next without a new head"


# --- The jobs -----------------------------------------------------------------------------------------------------
@pytest.fixture
def film(world) -> Film:
    return deposited(clip(), world.amina, world.here.group)


def test_film_is_prepared_published_and_told(world, film):
    ready = prepare(film)
    assert (ready.state, ready.output, ready.width, ready.height) == (FilmState.READY, "1", 320, 180)
    assert ready.duration_s == pytest.approx(2, abs=0.1)
    assert {job.kind: job.state for job in Job.objects.all()} == {
        queries.PREPARE: JobState.DONE,
        queries.FINISH: JobState.DONE,
    }, "the jobs of its pieces go with them"
    assert {notice.person for notice in Notice.objects.filter(kind=queries.FILM_READY)} == {world.bruno}
    assert not work_left()
    assert not Preparation.objects.exists()
    assert Upload.objects.get().expires_at > ready.ready_at


def test_film_plays_before_it_is_ready(world, tmp_path):
    """The first piece alone, in one rendition: then the whole ladder."""
    source = make_clip(tmp_path / "source.mp4", seconds=5, size="1280x720", options=HEVC)
    film = deposited(source.read_bytes(), world.amina, world.here.group)
    while jobs.run_next(queries.QUICK):
        pass
    assert Film.objects.get().playable_at is None
    assert jobs.run_next(queries.HEAVY)
    film.refresh_from_db()
    assert film.state == FilmState.PROCESSING
    assert film.playable_at
    assert published.levels(film) == ["video-480"]
    growing = published.playlist(film, "video-480.m3u8")
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in growing
    assert "#EXT-X-ENDLIST" not in growing
    assert len(published.frames(film, "video-480")) == 50
    assert Film.objects.visible_to(world.bruno).watchable().exists(), "its circle need not wait either"
    film = prepare(film)
    assert published.levels(film) == ["video-720", "video-480", "video-360"]
    assert "#EXT-X-ENDLIST" in published.playlist(film, "video-480.m3u8")


def test_film_that_browsers_play_is_published_as_it_is_at_once(world, film):
    assert jobs.run_next(queries.QUICK)  # looked at
    while jobs.run_next(queries.QUICK):
        pass
    film.refresh_from_db()
    assert film.playable_at
    assert not DonePiece.objects.exists()
    assert published.levels(film) == [plans.ORIGINAL]


def test_prepared_twice_is_published_once(film):
    prepare(film)
    jobs.ask(queries.PREPARE, str(film.pk))
    again = prepare(film)
    assert again.output == "1"
    assert [folder.name for folder in folder_of(paths.film_key(film.pk)).iterdir()] == ["1"]
    assert Notice.objects.count() == 1


def test_piece_done_by_two_workers_counts_once(film):
    """A worker that slept wakes up: its bytes are those that are there, and its row is not written."""
    while jobs.run_next(queries.QUICK):
        pass
    job = Job.objects.get(kind=queries.PIECE)
    slow = jobs.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED, lease_until=None)
    quick = jobs.claim(job.pk)
    encoding.encode(quick)
    before = storing.sizes(paths.output_key(film.pk, "1"))
    with pytest.raises(jobs.LeaseLost):
        encoding.encode(slow)
    assert DonePiece.objects.count() == 1
    assert storing.sizes(paths.output_key(film.pk, "1")) == before
    assert not work_left()
    assert prepare(film).state == FilmState.READY


def test_film_removed_while_it_is_prepared_leaves_nothing(world, film, monkeypatch, django_capture_on_commit_callbacks):
    cut = encoding.cut

    def cut_then_remove(*args):
        with django_capture_on_commit_callbacks(execute=True):
            actions.erase_film(film=Film.objects.get(), by=world.amina)
        return cut(*args)

    monkeypatch.setattr(encoding, "cut", cut_then_remove)
    upload = Upload.objects.get()
    while jobs.run_next(queries.QUICK) or jobs.run_next(queries.HEAVY):
        pass
    assert not Film.objects.exists()
    assert not Job.objects.exists()
    assert not Rendition.objects.exists()
    assert not paths.upload_folder(upload.pk).exists()
    assert not work_left()


def test_file_that_is_no_film_is_refused_and_its_author_told(world):
    film = prepare(deposited(b"no film at all" * 100, world.amina, world.here.group))
    assert film.state == FilmState.REFUSED
    assert "n’est pas un film" in film.refusal
    assert not film.output
    assert not film.can_retry, "the file will not change"
    notice = Notice.objects.get()
    assert (notice.person, notice.kind) == (world.amina, queries.FILM_REFUSED)
    assert Job.objects.get().attempt == 1


def test_full_disk_makes_a_film_wait_and_refuses_none(film, settings):
    settings.FILM_DISK_FLOOR_BYTES = 1 << 60
    for _ in range(10):
        assert prepare(film).state == FilmState.PROCESSING
    assert Job.objects.get().state == JobState.QUEUED
    settings.FILM_DISK_FLOOR_BYTES = 0
    assert prepare(film).state == FilmState.READY


def test_film_that_our_tools_failed_can_be_tried_again(world, film, monkeypatch):
    monkeypatch.setattr(working, "WORLD_FAULTS", ("",))  # whatever goes wrong is our fault
    monkeypatch.setattr(commands, "FFMPEG", "/bin/false")
    for _ in range(6):
        film = prepare(film)
    assert film.state == FilmState.REFUSED
    assert film.can_retry
    assert film.refusal == working.TOOL_FAILED
    assert not film.output
    monkeypatch.undo()
    actions.retry_film(film=film, by=world.amina)
    assert prepare(film).state == FilmState.READY


def test_film_that_lacks_its_end_is_played_as_far_as_it_goes(world, tmp_path):
    whole = make_clip(tmp_path / "whole.mp4", seconds=8, options=("-movflags", "+faststart")).read_bytes()
    film = prepare(deposited(whole[: int(len(whole) * 0.6)], world.amina, world.here.group))
    assert film.state == FilmState.READY, film.refusal
    assert film.lacks_its_end
    assert 3 < film.duration_s < 7
    assert len(published.frames(film, "video-180")) == round(film.duration_s * 25)


def test_film_whose_index_was_never_written_is_said_to_lack_its_end(world, tmp_path):
    whole = make_clip(tmp_path / "whole.mp4", seconds=4).read_bytes()  # its index comes last
    film = prepare(deposited(whole[: len(whole) // 2], world.amina, world.here.group))
    assert film.state == FilmState.REFUSED
    assert film.refusal.startswith("Il manque la fin de ce film")


# --- Doubt --------------------------------------------------------------------------------------------------------
def test_exit_code_lies_and_the_doubt_catches_it(tmp_path):
    """A limit on file size stands for the full disk: whatever ffmpeg says, what it wrote is looked at."""
    source = make_clip(tmp_path / "source.mp4", seconds=8, size="640x480", options=HEVC)
    plan = plans.make(probing.probe(source, tmp_path))
    piece = plan.pieces[-1]
    limits = runner.Limits(wall_s=60, cpu_s=60, file_bytes=20_000)
    runner.run(commands.piece(source, plan, piece), limits=limits, reads=[source], folder=tmp_path)
    with pytest.raises(Outside):
        encoding.cut(tmp_path, piece.rungs[0], plan, replace(piece, length_s=6))


@pytest.mark.parametrize("always", [False, True], ids=["once", "each time"])
def test_last_piece_cut_short_is_made_once_more(world, tmp_path, monkeypatch, always):
    """Nobody knows how many pictures it has: the second time, it is the film that lacks its end."""
    content = make_clip(tmp_path / "source.mov", seconds=8, options=HEVC).read_bytes()
    film = deposited(content, world.amina, world.here.group)
    encode_into, tries = encoding.encode_into, []

    def cut_short(folder, source, plan, piece, lost, **hidden):
        if piece.is_last:
            tries.append(piece.key)
        short = piece.is_last and (always or len(tries) == 1)
        encode_into(folder, source, plan, replace(piece, length_s=1) if short else piece, lost, **hidden)

    monkeypatch.setattr(encoding, "encode_into", cut_short)
    assert prepare(film).state == FilmState.PROCESSING
    film = prepare(film)
    assert (film.state, len(tries)) == (FilmState.READY, 2)
    assert film.lacks_its_end is always
    assert film.duration_s == pytest.approx(3 if always else 8, abs=0.1)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "video-180-00000.m4s").write_bytes(b""),
        lambda folder: (folder / "video-180-00000.m4s").unlink(),
        lambda folder: (folder / "audio-init.mp4").unlink(),
        lambda folder: (folder / "original-00000.m4s").write_bytes(b""),
    ],
)
def test_film_of_which_a_file_is_missing_is_never_declared_ready(film, spoil, caplog):
    while jobs.run_next(queries.HEAVY) or Job.objects.exclude(kind=queries.FINISH).filter(state="QUEUED").exists():
        Job.objects.filter(kind=queries.FINISH).update(rank=9)
        if not jobs.run_next(queries.HEAVY) and not jobs.run_next(queries.QUICK):
            break
    film.refresh_from_db()
    spoil(folder_of(paths.output_key(film.pk, film.output or "1")))
    Film.objects.update(state=FilmState.PROCESSING)
    preparation = Preparation.objects.first()
    if preparation is None:
        pytest.fail("finished before it was spoiled")
    plan = plans.Plan.from_json(preparation.plan)
    with caplog.at_level(logging.WARNING), pytest.raises(Outside):
        finishing.check(preparation, plan, list(Rendition.objects.all()))
    assert "missing or empty" in caplog.text


def test_record_is_complete_before_others_watch(world):
    """The pipeline opens nothing: a film without a record plays for its author alone."""
    film = prepare(deposited(clip(), world.amina, world.here.group))
    Film.objects.update(project=None)
    assert film.playable_at
    assert not Film.objects.visible_to(world.bruno).exists()
    Film.objects.update(project=record_of(world.amina, world.here.group))
    assert Film.objects.visible_to(world.bruno).exists()
