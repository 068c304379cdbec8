"""Films in a real S3 server: what is written is what is read, whatever the line and the server do in between."""

import hashlib
import os
import threading
import time
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tusclient.client import TusClient

from circo import bucket, parcels
from circo.errors import Outside, Refusal
from tests.servers.s3 import Fault, in_bucket, line, s3_port  # noqa: F401
from tests.servers.web import serving
from tests.videos.films import make_clip, prepare
from videos import actions, bucket_setup, cleaning, paths, receiving_s3, sources, storing
from videos.models import BlurringState, Film, FilmState, Upload
from videos.receiving import Fault as Why
from videos.receiving import NotTaken

pytestmark = [pytest.mark.service, pytest.mark.django_db]
MIB = 1024**2
KINDS = ["500", "lost", "cut", "slow", "altered"]


def folder_of(place: Path, **files: bytes) -> Path:
    place.mkdir()
    for name, content in files.items():
        (place / name).write_bytes(content)
    return place


def object_of(key: str) -> bytes:
    return bucket.client(public=True).get_object(Bucket=bucket.settings.S3["bucket"], Key=key)["Body"].read()


def send_all(upload: Upload, content: bytes, by, *, chunk: int = 8 * MIB) -> Upload:
    for offset in range(0, len(content), chunk):
        piece = content[offset : offset + chunk]
        upload = actions.receive(
            upload_id=upload.pk, offset=offset, stream=BytesIO(piece), length=len(piece), checksum=None, by=by
        )
    return upload


def test_published_folder_takes_the_place_of_what_lay_there(in_bucket, tmp_path):  # noqa: F811
    storing.publish(folder_of(tmp_path / "1", **{"poster.jpg": b"1", "sprite.jpg": b"2"}), "films/x/1")
    storing.publish(folder_of(tmp_path / "2", **{"poster.jpg": b"3"}), "films/x/1")
    storing.put(folder_of(tmp_path / "3", a=b"4") / "a", "films/xy/1/poster.jpg")
    assert storing.keys("films") == ["films/x/1/poster.jpg", "films/xy/1/poster.jpg"]
    assert (object_of("films/x/1/poster.jpg"), parcels.exists("films/x/1/sprite.jpg")) == (b"3", False)
    assert not (tmp_path / "2").exists()
    storing.delete("films/x")
    storing.delete("films/x")
    assert storing.keys("films") == ["films/xy/1/poster.jpg"]


def test_what_is_removed_leaves_no_part_that_a_killed_worker_had_sent(in_bucket):  # noqa: F811
    for key in ("films/x/1/film.mp4", "films/x/11/film.mp4", "films/xy/1/film.mp4"):
        bucket.send_part(key, bucket.begin(key, ContentType="video/mp4"), 1, b"x" * 5 * MIB)
    storing.delete("films/x/1")  # beside it another worker goes on
    assert on_their_way() == {"films/x/11/film.mp4", "films/xy/1/film.mp4"}
    storing.delete("films/x")
    assert on_their_way() == {"films/xy/1/film.mp4"}


def on_their_way() -> set[str]:
    found = bucket.client().list_multipart_uploads(Bucket=bucket.settings.S3["bucket"])
    return {one["Key"] for one in found.get("Uploads", [])}


@pytest.mark.fault
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [100, 8 * MIB + 1], ids=["one piece", "in parts"])
def test_file_is_whole_whatever_happens_on_the_way(line, tmp_path, kind, size):  # noqa: F811
    """F22. Each request of the writing fails once in its turn; the object is whole, and there is one."""
    content = os.urandom(size)
    number, failed = 0, 0
    while True:
        line.faults, line.seen = [Fault(kind, after(number))], []
        storing.put(folder_of(tmp_path / str(number), a=content) / "a", "films/x/1/film.mp4")
        line.faults = []
        assert object_of("films/x/1/film.mp4") == content
        assert storing.keys("films") == ["films/x/1/film.mp4"]
        if not any(fault for _, _, fault in line.seen):
            break
        number, failed = number + 1, failed + 1
    assert failed >= (1 if size == 100 else 4), "each request had its turn"


def after(number: int):
    """Choose the request that comes after `number` others."""
    seen = iter(range(1000))
    return lambda method, path: next(seen) >= number


@pytest.mark.fault
def test_bucket_that_never_answers_is_said_and_leaves_nothing(line, tmp_path):  # noqa: F811
    line.faults = [Fault("500", lambda method, path: method == "PUT", times=99)]
    with pytest.raises(Outside):
        storing.put(folder_of(tmp_path / "a", a=b"x" * (9 * MIB)) / "a", "films/x/1/film.mp4")
    line.faults = []
    assert storing.keys("films") == []
    unfinished = bucket.client().list_multipart_uploads(Bucket=bucket.settings.S3["bucket"])
    assert not unfinished.get("Uploads")


def test_without_the_checks_an_altered_file_passes(line, tmp_path, monkeypatch):  # noqa: F811
    """The canary: what keeps a damaged object out is the sum that we send and compare."""
    monkeypatch.setattr(bucket, "_check", lambda etag, expected: None)
    put = bucket.client().put_object
    monkeypatch.setattr(
        bucket, "_put_whole", lambda content, key, told: put(Bucket=bucket.settings.S3["bucket"], Key=key, Body=content)
    )
    line.faults = [Fault("altered", lambda method, path: method == "PUT")]
    storing.put(folder_of(tmp_path / "a", a=b"x" * 100) / "a", "films/x/1/film.mp4")
    assert object_of("films/x/1/film.mp4") != b"x" * 100


def test_upload_in_parts_gives_the_same_bytes(world, in_bucket):  # noqa: F811
    content = os.urandom(17 * MIB + 5)
    upload = actions.start_upload(size_bytes=len(content), file_name="a.mp4", by=world.amina)
    upload = send_all(upload, content, world.amina)
    assert upload.is_complete
    assert [size for _, size in upload.parts] == [8 * MIB, 8 * MIB, MIB + 5]
    assert storing.keys("uploads") == [paths.source_key(upload.pk)]
    with storing.source_file(upload) as file:
        assert hashlib.sha256(file.read_bytes()).digest() == hashlib.sha256(content).digest()
    assert not file.exists(), "the copy goes with who read it"


def test_whole_film_of_a_form_is_cut_in_parts(world, in_bucket):  # noqa: F811
    content = os.urandom(21 * MIB)
    upload = actions.keep_file(file=BytesIO(content), size_bytes=len(content), file_name="a.mp4", by=world.amina)
    assert [size for _, size in upload.parts] == [8 * MIB, 8 * MIB, 5 * MIB]
    assert object_of(paths.source_key(upload.pk)) == content


def test_small_chunk_is_refused_unless_it_is_the_last(world, in_bucket):  # noqa: F811
    upload = actions.start_upload(size_bytes=6 * MIB, file_name="a.mp4", by=world.amina)
    common = {"upload_id": upload.pk, "checksum": None, "by": world.amina}
    with pytest.raises(NotTaken) as refused:
        actions.receive(offset=0, stream=BytesIO(b"x" * MIB), length=MIB, **common)
    assert (refused.value.fault, Upload.objects.get().offset_bytes) == (Why.LENGTH, 0)
    actions.receive(offset=0, stream=BytesIO(b"x" * 5 * MIB), length=5 * MIB, **common)
    assert actions.receive(offset=5 * MIB, stream=BytesIO(b"x" * MIB), length=MIB, **common).is_complete


def test_cut_and_damaged_chunks_change_nothing(world, in_bucket):  # noqa: F811
    content = os.urandom(6 * MIB)
    upload = actions.start_upload(size_bytes=len(content), file_name="a.mp4", by=world.amina)
    common = {"upload_id": upload.pk, "by": world.amina}
    right = receiving_s3.Checksum("sha256", hashlib.sha256(content).digest())
    for stream in (BytesIO(content[:-1]), BytesIO(content[:-1] + bytes([content[-1] ^ 1]))):
        with pytest.raises(NotTaken):
            actions.receive(offset=0, stream=stream, length=len(content), checksum=right, **common)
        assert Upload.objects.get().parts == []
    actions.receive(offset=0, stream=BytesIO(content), length=len(content), checksum=right, **common)
    assert object_of(paths.source_key(upload.pk)) == content


@pytest.mark.parametrize("stop", ["append", "seal"])
def test_stop_before_the_row_is_made_good(world, in_bucket, stop):  # noqa: F811
    """The process dies when the bucket has the part, or the whole, and the row says nothing of it yet."""
    content = os.urandom(9 * MIB)
    upload = actions.start_upload(size_bytes=len(content), file_name="a.mp4", by=world.amina)
    send_all(upload, content[: 8 * MIB], world.amina)
    last = {"offset": 8 * MIB, "length": MIB}
    receiving_s3.append(Upload.objects.get(), stream=BytesIO(content[8 * MIB :]), checksum=None, **last)
    if stop == "seal":
        receiving_s3.seal(upload.pk)
    assert Upload.objects.get().offset_bytes == 8 * MIB
    common = {"upload_id": upload.pk, "checksum": None, "by": world.amina, **last}
    if stop == "seal":
        with pytest.raises(NotTaken):
            actions.receive(stream=BytesIO(b"x" * MIB), **common)
    assert actions.receive(stream=BytesIO(content[8 * MIB :]), **common).is_complete
    assert object_of(paths.source_key(upload.pk)) == content


@pytest.mark.fault
@pytest.mark.parametrize("kind", KINDS)
def test_upload_survives_each_fault_of_the_line(world, line, kind):  # noqa: F811
    content = os.urandom(9 * MIB)
    for number in range(4):  # open, first part, last part, end
        upload = actions.start_upload(size_bytes=len(content), file_name=f"{number}.mp4", by=world.amina)
        line.faults, line.seen = [Fault(kind, after(number))], []
        assert send_all(upload, content, world.amina).is_complete
        assert any(fault for _, _, fault in line.seen)
        line.faults = []
        assert object_of(paths.source_key(upload.pk)) == content
        with storing.source_file(Upload.objects.get(pk=upload.pk)) as file:
            assert file.read_bytes() == content
        actions.drop_upload(upload_id=upload.pk, by=world.amina)
        receiving_s3.discard(upload.pk)
    assert storing.keys("uploads") == []
    assert not bucket.client().list_multipart_uploads(Bucket=bucket.settings.S3["bucket"]).get("Uploads")


@pytest.mark.fault
@pytest.mark.parametrize("kind", KINDS)
def test_source_is_fetched_whole_whatever_happens(world, line, kind):  # noqa: F811
    content = os.urandom(9 * MIB)
    upload = actions.start_upload(size_bytes=len(content), file_name="a.mp4", by=world.amina)
    upload = send_all(upload, content, world.amina)
    for number in range(2):
        line.faults, line.seen = [Fault(kind, after(number))], []
        with storing.source_file(upload) as file:
            assert file.read_bytes() == content
        assert any(fault for _, _, fault in line.seen)


def test_upload_given_up_leaves_no_part(world, in_bucket, django_capture_on_commit_callbacks):  # noqa: F811
    upload = actions.start_upload(size_bytes=20 * MIB, file_name="a.mp4", by=world.amina)
    send_all(upload, b"x" * 8 * MIB, world.amina)
    bucket.begin(paths.source_key(upload.pk))  # one whose answer was lost: its name is written nowhere
    with django_capture_on_commit_callbacks(execute=True):
        actions.drop_upload(upload_id=upload.pk, by=world.amina)
    assert not bucket.client().list_multipart_uploads(Bucket=in_bucket).get("Uploads")
    assert storing.keys("uploads") == []


def test_several_who_read_a_source_fetch_it_once(world, in_bucket, monkeypatch):  # noqa: F811
    upload = send_all(
        actions.start_upload(size_bytes=MIB, file_name="a.mp4", by=world.amina), os.urandom(MIB), world.amina
    )
    film = Film.objects.create(author=world.amina, group=world.here.group, title="a", state=FilmState.PROCESSING)
    Upload.objects.filter(pk=upload.pk).update(film=film)
    fetched = []
    fetch = bucket.fetch
    monkeypatch.setattr(bucket, "fetch", lambda *args: (fetched.append(args[0]), time.sleep(0.2), fetch(*args)))
    with storing.source_file(upload), storing.source_file(upload) as file:
        pass
    assert file.exists(), "kept for the next piece, as long as the film is prepared"
    with storing.source_file(upload):
        assert len(fetched) == 1
    Film.objects.update(state=FilmState.REFUSED, refusal="x")
    sources.clean()
    assert not file.parent.exists()


def test_copy_left_by_a_killed_worker_is_removed_and_a_held_one_is_not(world, in_bucket, tmp_path):  # noqa: F811
    upload = send_all(actions.start_upload(size_bytes=1, file_name="a.mp4", by=world.amina), b"x", world.amina)
    left = Path(bucket.settings.DATA_DIR) / "sources" / str(film_id())
    left.mkdir(parents=True)
    (left / "arriving").write_bytes(b"x")
    with storing.source_file(upload) as file:
        sources.clean()
        assert file.read_bytes() == b"x"
    assert not left.exists()


def film_id():
    return paths.UUID(int=7)


def test_source_that_is_gone_is_said_so(world, in_bucket):  # noqa: F811
    upload = send_all(actions.start_upload(size_bytes=1, file_name="a.mp4", by=world.amina), b"x", world.amina)
    bucket.delete([paths.source_key(upload.pk)])
    with pytest.raises(FileNotFoundError), storing.source_file(upload):
        pass


def test_source_that_has_no_room_waits(world, in_bucket, settings):  # noqa: F811
    upload = send_all(actions.start_upload(size_bytes=1, file_name="a.mp4", by=world.amina), b"x", world.amina)
    settings.FILM_DISK_FLOOR_BYTES = 1 << 60
    with pytest.raises(Outside), storing.source_file(upload):
        pass


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the lock of SQLite is a file's")
def test_one_writer_on_all_machines(world, in_bucket):  # noqa: F811
    upload = actions.start_upload(size_bytes=1, file_name="a.mp4", by=world.amina)
    told = []

    def other() -> None:
        try:
            with receiving_s3.only_writer(upload.pk):
                told.append("in")
        except NotTaken as refused:
            told.append(refused.fault)
        finally:
            connection.close()

    for _ in range(2):
        with receiving_s3.only_writer(upload.pk):
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()
    other()
    assert told == [Why.BUSY, Why.BUSY, "in"]


@pytest.mark.django_db(transaction=True)
def test_independent_client_sends_to_the_bucket_and_resumes(world, in_bucket, tmp_path):  # noqa: F811
    """tuspy → uvicorn → Django → S3, cut half-way; then the bytes as a worker reads them."""
    client = Client()
    client.force_login(world.amina)
    token = str(client.get(reverse("videos:film_deposit")).context["csrf_token"])
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    file = tmp_path / "classe.mp4"
    file.write_bytes(os.urandom(18 * MIB + 3))
    common = {"chunk_size": 8 * MIB, "upload_checksum": True}
    with serving() as port, file.open("rb") as stream:
        create = f"http://127.0.0.1:{port}{reverse('videos:upload_create')}"
        sender = TusClient(create, headers={"Cookie": cookies, "X-CSRFToken": token})
        first = sender.uploader(file_stream=stream, metadata={"filename": file.name}, **common)
        first.upload(stop_at=8 * MIB)
        assert Upload.objects.get().offset_bytes == 8 * MIB
        again = sender.uploader(file_stream=stream, url=first.url, **common)
        again.upload()
    upload = Upload.objects.get()
    assert upload.is_complete
    with storing.source_file(upload) as kept:
        assert hashlib.sha256(kept.read_bytes()).digest() == hashlib.sha256(file.read_bytes()).digest()


def test_bucket_is_made_ready_twice_without_harm(in_bucket):  # noqa: F811
    told = StringIO()
    call_command("storage_setup", stdout=told)
    assert f"Dépôt trouvé\u00a0: {in_bucket}" in told.getvalue()
    assert "Refusé sans lien" in told.getvalue()
    assert storing.keys("essai") == []


def test_open_bucket_is_refused(in_bucket, monkeypatch):  # noqa: F811
    monkeypatch.setattr(bucket_setup, "_opens", lambda address: True)
    with pytest.raises(CommandError, match="ouvert à n’importe qui"):
        call_command("storage_setup", stdout=StringIO())


def test_bucket_without_a_name_is_asked_for():
    with pytest.raises(Refusal, match="S3_BUCKET"):
        list(bucket_setup.prepare())


def test_deposit_and_delete_leave_nothing(world, in_bucket, tmp_path, django_capture_on_commit_callbacks):  # noqa: F811
    upload = send_all(actions.start_upload(size_bytes=1, file_name="a.mp4", by=world.amina), b"x", world.amina)
    film = actions.deposit(upload=upload, title="a", group=world.here.group, by=world.amina)
    storing.publish(folder_of(tmp_path / "1", **{"poster.jpg": b"1"}), paths.output_key(film.pk, "1"))
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase_film(film=film, by=world.amina)
    assert bucket.keys("") == []


def test_objects_that_nobody_names_are_removed_once_they_are_old(world, in_bucket, tmp_path, monkeypatch):  # noqa: F811
    film = Film.objects.create(author=world.amina, group=world.here.group, title="a")
    kept = paths.media_key(film.pk, "1", "poster.jpg")
    now = timezone.now()
    Film.objects.update(output="1", playable_at=now, duration_s=1)
    for key in (kept, f"films/{film.pk}/old/poster.jpg", "films/gone/1/poster.jpg", "uploads/gone/source"):
        storing.put(folder_of(tmp_path / key.replace("/", "-"), a=b"1") / "a", key)
    cleaning.clean()
    assert len(bucket.keys("films/gone/") + bucket.keys("uploads/")) == 2, "somebody may be about to name them"
    monkeypatch.setattr(cleaning, "LEFT_ALONE_S", -60)
    cleaning.clean()
    assert bucket.keys("") == [kept]


def test_object_is_copied_whole(line, tmp_path):  # noqa: F811
    content = os.urandom(8 * MIB + 1)
    storing.put(folder_of(tmp_path / "a", a=content) / "a", "films/x/1/film.mp4")
    for kind in KINDS:
        line.faults = [Fault(kind, after(1))]
        copy = BytesIO()
        if kind == "altered":  # the sum of the whole is known only at its end
            with pytest.raises(Outside):
                storing.fetch("films/x/1/film.mp4", copy)
            continue
        storing.fetch("films/x/1/film.mp4", copy)
        assert copy.getvalue() == content
    with pytest.raises(FileNotFoundError):
        storing.fetch("films/x/1/none.mp4", BytesIO())
    assert storing.sizes("films/x/1") == {"film.mp4": len(content)}


@pytest.mark.media
@pytest.mark.parametrize("its_file_is_gone", [False, True])
def test_blurred_film_leaves_nothing_of_the_other(
    world,
    in_bucket,  # noqa: F811
    tmp_path,
    its_file_is_gone,
    django_capture_on_commit_callbacks,
):
    content = make_clip(tmp_path / "class.mp4").read_bytes()
    upload = send_all(
        actions.start_upload(size_bytes=len(content), file_name="a.mp4", by=world.amina), content, world.amina
    )
    film = prepare(actions.deposit(upload=upload, title="a", group=world.here.group, by=world.amina))
    if its_file_is_gone:
        storing.delete(paths.source_key(upload.pk))
        upload.delete()
    actions.search_faces(film=film, by=world.amina)
    prepare(film)
    actions.draw_area(film=film, start_s=0, end_s=2, path=[(0, 0.2, 0.2, 0.4, 0.4)], by=world.amina)
    actions.apply_blur(film=film, by=world.amina)
    blurred = prepare(film)
    assert blurred.blurring.state == BlurringState.CHECKING, blurred.blurring.fault
    with django_capture_on_commit_callbacks(execute=True):
        actions.approve_blur(film=blurred, output=blurred.output, hidden=[], by=world.amina)
    keys = bucket.keys("")
    assert keys
    assert all(key.startswith(f"films/{film.pk}/{blurred.output}/") for key in keys)
