"""The tus server, byte by byte: whole chunks, one writer, nothing of others, nothing beyond what was announced."""

import base64
import contextlib
import fcntl
import hashlib
import io
import threading
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tusclient.client import TusClient

from circo.models import Job
from videos import actions, paths, receiving, rules, tus
from videos.models import Film, FilmState, Upload

CREATE = "/films/envois/"
TUS = {"Tus-Resumable": "1.0.0"}
CHUNK = {"content_type": "application/offset+octet-stream"}


def begin(client, size: int, name: str = "classe.mp4", **headers):
    metadata = f"filename {base64.b64encode(name.encode()).decode()}"
    return client.post(
        CREATE,
        headers=TUS | {"Upload-Length": str(size), "Upload-Metadata": metadata} | headers,
        content_type="text/plain",
    )


def send(client, address: str, offset: int, content: bytes, **headers):
    return client.patch(address, content, headers=TUS | {"Upload-Offset": str(offset)} | headers, **CHUNK)


def offset_of(client, address: str) -> int:
    answer = client.head(address, headers=TUS)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return int(answer.headers["Upload-Offset"])


def bytes_of(address: str) -> bytes:
    return paths.source(Upload.objects.get(pk=address.strip("/").split("/")[-1]).pk).read_bytes()


@pytest.fixture
def amina(world, sign_in):
    return sign_in(world.amina)


def test_server_says_what_it_knows(amina):
    answer = amina.options(CREATE)
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,creation-with-upload,checksum,expiration,termination"
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"
    assert int(answer.headers["Tus-Max-Size"]) > 0


def test_file_sent_in_chunks_arrives_whole(amina):
    content = bytes(range(256)) * 40
    created = begin(amina, len(content), "../../Ma classe\u202e.mp4")
    assert created.status_code == 201
    address = created.headers["Location"]
    assert created.headers["Upload-Expires"]
    for start in range(0, len(content), 4000):
        answer = send(amina, address, start, content[start : start + 4000])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(min(start + 4000, len(content))))
    assert offset_of(amina, address) == len(content)
    assert bytes_of(address) == content
    upload = Upload.objects.get()
    assert upload.file_name == "Ma classe.mp4"
    assert {file.name for file in paths.upload_folder(upload.pk).iterdir()} == {"source", "lock"}


def test_creation_takes_the_first_bytes_along(amina):
    headers = TUS | {"Upload-Length": "10"}
    answer = amina.post(CREATE, b"01234", headers=headers, **CHUNK)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "5")
    send(amina, answer.headers["Location"], 5, b"56789")
    assert bytes_of(answer.headers["Location"]) == b"0123456789"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_damaged_chunk_is_refused_and_leaves_nothing(amina, algorithm):
    address = begin(amina, 10).headers["Location"]
    digest = base64.b64encode(hashlib.new(algorithm, b"01234").digest()).decode()
    damaged = send(amina, address, 0, b"01x34", **{"Upload-Checksum": f"{algorithm} {digest}"})
    assert (damaged.status_code, offset_of(amina, address)) == (460, 0)
    assert send(amina, address, 0, b"01234", **{"Upload-Checksum": f"{algorithm} {digest}"}).status_code == 204
    send(amina, address, 5, b"56789")
    assert bytes_of(address) == b"0123456789"


@pytest.mark.parametrize("checksum", ["md5 abcd", "sha1", "sha1 @@@", "sha256 é"])
def test_checksum_that_cannot_be_read_is_refused(amina, checksum):
    address = begin(amina, 10).headers["Location"]
    answer = send(amina, address, 0, b"01234", **{"Upload-Checksum": checksum})
    assert (answer.status_code, offset_of(amina, address)) == (460 if checksum == "sha1" else 400, 0)


@pytest.mark.parametrize("offset", [0, 3, 6, 10, 999])
def test_chunk_at_another_offset_is_refused(amina, offset):
    address = begin(amina, 10).headers["Location"]
    send(amina, address, 0, b"01234")
    assert send(amina, address, offset, b"56789").status_code == 409
    assert offset_of(amina, address) == 5


def test_bytes_beyond_the_announced_size_are_refused(amina):
    address = begin(amina, 10).headers["Location"]
    assert send(amina, address, 0, b"0" * 11).status_code == 400
    assert offset_of(amina, address) == 0
    send(amina, address, 0, b"0" * 10)
    assert send(amina, address, 10, b"1").status_code == 400
    assert bytes_of(address) == b"0" * 10


@pytest.mark.parametrize("length", ["", "-1", "+5", "1e3", "0x10", "٣", "9" * 16, "12 "])
def test_size_that_is_no_number_is_refused(amina, length):
    assert begin(amina, 0, **{"Upload-Length": length}).status_code == 400
    assert not Upload.objects.exists()


def test_size_is_checked_before_any_byte(amina, settings):
    settings.FILM_MAX_BYTES = 100
    assert begin(amina, 101).status_code == 413
    assert begin(amina, 0).status_code == 400
    assert not Upload.objects.exists()


def test_unfinished_uploads_have_a_quota(world, amina, settings):
    settings.FILM_QUOTA_BYTES = 100
    assert [begin(amina, 40, f"{name}.mp4").status_code for name in "abc"] == [201, 201, 413]
    first = Upload.objects.first()
    send(amina, reverse("videos:upload", args=[first.pk]), 0, b"0" * 40)
    assert begin(amina, 40).status_code == 413, "what arrived and was not described lies on the disk as well"
    actions.deposit(upload=first, title="Un film", group=world.here.group, by=world.amina)
    assert begin(amina, 40).status_code == 201


def test_unfinished_uploads_are_few(amina):
    statuses = [begin(amina, 1, f"{n}.mp4").status_code for n in range(rules.UNFINISHED_MAX + 1)]
    assert statuses == [201] * rules.UNFINISHED_MAX + [413]


def test_arrived_uploads_that_nobody_describes_are_few(amina):
    whole = TUS | {"Upload-Length": "1"}
    statuses = [amina.post(CREATE, b"0", headers=whole, **CHUNK).status_code for _ in range(rules.UNFINISHED_MAX + 1)]
    assert statuses == [201] * rules.UNFINISHED_MAX + [413]


def test_full_disk_takes_nothing_and_loses_nothing(amina, settings):
    address = begin(amina, 10).headers["Location"]
    send(amina, address, 0, b"01234")
    settings.FILM_DISK_FLOOR_BYTES = 1 << 60
    assert begin(amina, 10).status_code == 507
    assert send(amina, address, 5, b"56789").status_code == 507
    settings.FILM_DISK_FLOOR_BYTES = 0
    assert send(amina, address, 5, b"56789").status_code == 204
    assert bytes_of(address) == b"0123456789"


def test_other_version_of_the_protocol_is_refused(amina):
    answer = amina.post(CREATE, headers={"Tus-Resumable": "0.2.2", "Upload-Length": "10"})
    assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")
    assert amina.post(CREATE, headers={"Upload-Length": "10"}).status_code == 412


def test_chunk_of_another_type_is_refused(amina):
    address = begin(amina, 10).headers["Location"]
    answer = amina.patch(address, b"01234", headers=TUS | {"Upload-Offset": "0"}, content_type="text/plain")
    assert (answer.status_code, offset_of(amina, address)) == (415, 0)


def test_uploads_of_others_are_not_found(world, sign_in):
    address = begin(sign_in(world.amina), 10).headers["Location"]
    for other in (world.bruno, world.denis, world.adviser, world.superuser):
        client = sign_in(other)
        assert client.head(address, headers=TUS).status_code == 404
        assert send(client, address, 0, b"01234").status_code == 404
        assert client.delete(address, headers=TUS).status_code == 404
    assert Upload.objects.get().offset_bytes == 0


def test_who_may_not_deposit_finds_no_door(world, sign_in):
    for other in (world.secretary, world.student, world.departement):
        assert begin(sign_in(other), 10).status_code == 404
    assert begin(Client(), 10).status_code == 302


def test_upload_without_the_token_of_the_page_is_refused(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.amina)
    assert begin(client, 10).status_code == 403
    page = client.get(reverse("videos:film_deposit"))
    token = page.context["csrf_token"]
    address = begin(client, 10, **{"X-CSRFToken": str(token)}).headers["Location"]
    assert send(client, address, 0, b"0").status_code == 403
    assert send(client, address, 0, b"0", **{"X-CSRFToken": str(token)}).status_code == 204


def test_expired_upload_is_not_found(amina):
    address = begin(amina, 10).headers["Location"]
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert amina.head(address, headers=TUS).status_code == 404


def test_upload_given_up_leaves_nothing(amina, django_capture_on_commit_callbacks):
    address = begin(amina, 10).headers["Location"]
    send(amina, address, 0, b"01234")
    folder = paths.upload_folder(Upload.objects.get().pk)
    with django_capture_on_commit_callbacks(execute=True):
        assert amina.delete(address, headers=TUS).status_code == 204
    assert not folder.exists()
    assert amina.head(address, headers=TUS).status_code == 404


def test_second_writer_is_told_to_wait(amina):
    address = begin(amina, 10).headers["Location"]
    send(amina, address, 0, b"0")
    with (paths.upload_folder(Upload.objects.get().pk) / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert send(amina, address, 1, b"1").status_code == 423
    assert send(amina, address, 1, b"1").status_code == 204


class CutStream:
    """A client that is gone after some bytes."""

    def __init__(self, content: bytes, error: type[OSError] | None) -> None:
        self.content, self.error = content, error

    def read(self, size: int) -> bytes:
        taken, self.content = self.content[:size], self.content[size:]
        if not taken and self.error:
            raise self.error("gone")
        return taken


@pytest.mark.parametrize("error", [None, OSError, ConnectionResetError])
def test_cut_chunk_leaves_the_upload_as_it_was(world, error):
    upload = actions.start_upload(size_bytes=10, file_name="a.mp4", by=world.amina)
    common = {"upload_id": upload.pk, "checksum": None, "by": world.amina}
    actions.receive(offset=0, stream=CutStream(b"01234", None), length=5, **common)
    with pytest.raises(receiving.NotTaken):
        actions.receive(offset=5, stream=CutStream(b"56", error), length=5, **common)
    upload.refresh_from_db()
    assert (upload.contiguous, paths.part(upload.pk).read_bytes()[:5]) == (5, b"01234")
    actions.receive(offset=5, stream=CutStream(b"56789", None), length=5, **common)
    assert paths.source(upload.pk).read_bytes() == b"0123456789"


def test_stop_between_the_rename_and_the_row_is_made_good(world):
    upload = actions.start_upload(size_bytes=4, file_name="a.mp4", by=world.amina)
    with receiving.only_writer(upload.pk):
        receiving.append(upload, offset=0, stream=CutStream(b"abcd", None), length=4, checksum=None)
        receiving.seal(upload.pk)  # and the process dies: the row says 0
    common = {"upload_id": upload.pk, "checksum": None, "by": world.amina}
    actions.receive(offset=0, stream=CutStream(b"abcd", None), length=4, **common)
    assert paths.source(upload.pk).read_bytes() == b"abcd"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(min_size=1, max_size=3000), data=st.data())
def test_any_sequence_of_chunks_gives_the_same_bytes(world, content, data):
    """Cut, damaged, repeated and misplaced chunks in between change nothing."""
    Upload.objects.all().delete()  # Hypothesis may leave an example in its middle
    upload = actions.start_upload(size_bytes=len(content), file_name="a.mp4", by=world.amina)
    common = {"upload_id": upload.pk, "by": world.amina}
    sent = 0
    while sent < len(content):
        fault = data.draw(st.sampled_from(["none", "none", "cut", "damaged", "misplaced"]))
        length = data.draw(st.integers(1, len(content) - sent))
        chunk = content[sent : sent + length]
        checksum = tus.Checksum("sha256", hashlib.sha256(chunk).digest())
        if fault == "none":
            actions.receive(offset=sent, stream=CutStream(chunk, None), length=length, checksum=checksum, **common)
            sent += length
            continue
        wrong = {"cut": chunk[:-1], "damaged": bytes([chunk[0] ^ 1]) + chunk[1:], "misplaced": chunk}[fault]
        with pytest.raises(receiving.NotTaken):
            actions.receive(
                offset=sent + (fault == "misplaced"),
                stream=CutStream(wrong, None),
                length=length,
                checksum=checksum,
                **common,
            )
    assert paths.source(upload.pk).read_bytes() == content
    Upload.objects.filter(pk=upload.pk).delete()


def test_last_byte_of_a_described_film_queues_it(world, amina):
    address = begin(amina, 10).headers["Location"]
    upload = Upload.objects.get()
    film = actions.deposit(upload=upload, title="Un film", group=world.here.group, by=world.amina)
    assert (film.state, Job.objects.count()) == (FilmState.UPLOADING, 0)
    send(amina, address, 0, b"0123456789")
    film.refresh_from_db()
    assert film.state == FilmState.PROCESSING
    assert Job.objects.get().subject_id == str(film.pk)


def test_described_upload_given_up_keeps_what_was_typed(world, amina):
    address = begin(amina, 10).headers["Location"]
    film = actions.deposit(upload=Upload.objects.get(), title="Un film", group=world.here.group, by=world.amina)
    assert amina.delete(address, headers=TUS).status_code == 204
    film.refresh_from_db()
    assert (film.state, film.title) == (FilmState.REFUSED, "Un film")


def test_upload_of_a_film_in_preparation_is_not_given_up(world, amina):
    address = begin(amina, 2).headers["Location"]
    send(amina, address, 0, b"01")
    actions.deposit(upload=Upload.objects.get(), title="Un film", group=world.here.group, by=world.amina)
    assert amina.delete(address, headers=TUS).status_code == 403
    assert bytes_of(address) == b"01"


@pytest.mark.parametrize("state", [FilmState.PROCESSING, FilmState.READY, FilmState.REFUSED])
def test_empty_chunk_after_the_end_touches_nothing(world, amina, monkeypatch, state):
    address = begin(amina, 2).headers["Location"]
    send(amina, address, 0, b"01")
    film = actions.deposit(upload=Upload.objects.get(), title="Un film", group=world.here.group, by=world.amina)
    now = timezone.now()
    ready = {"ready_at": now, "playable_at": now, "duration_s": 1, "output": "1"} if state == FilmState.READY else {}
    refused = {"refusal": "Ce n’est pas un film."} if state == FilmState.REFUSED else {}
    Film.objects.filter(pk=film.pk).update(state=state, **ready, **refused)
    Job.objects.all().delete()
    monkeypatch.setattr(receiving, "append", lambda *args, **kwargs: pytest.fail("a worker may be reading the source"))
    nothing = {"stream": io.BytesIO(), "length": 0, "checksum": None}
    assert actions.receive(upload_id=Upload.objects.get().pk, offset=2, by=world.amina, **nothing).is_complete
    film.refresh_from_db()
    assert (film.state, Job.objects.count(), bytes_of(address)) == (state, 0, b"01")


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_never_mix_their_bytes(world):
    upload = actions.start_upload(size_bytes=8, file_name="a.mp4", by=world.amina)
    barrier, ended = threading.Barrier(4), []

    def write(letter: bytes) -> None:
        barrier.wait()
        try:
            actions.receive(
                upload_id=upload.pk,
                offset=0,
                stream=CutStream(letter * 8, None),
                length=8,
                checksum=None,
                by=world.amina,
            )
            ended.append(letter)
        except receiving.NotTaken:
            pass
        finally:
            transaction.get_connection().close()

    threads = [threading.Thread(target=write, args=(letter,)) for letter in (b"a", b"b", b"c", b"d")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ended) == 1
    assert paths.source(upload.pk).read_bytes() == ended[0] * 8


@pytest.mark.django_db(transaction=True)
def test_title_and_last_byte_at_once_queue_the_film_once(world):
    """Whichever comes second queues it; neither order leaves a film that waits for ever."""
    for _ in range(8):
        upload = actions.start_upload(size_bytes=2, file_name="a.mp4", by=world.amina)
        barrier = threading.Barrier(2)

        def receive(upload=upload, barrier=barrier) -> None:
            barrier.wait()
            actions.receive(
                upload_id=upload.pk, offset=0, stream=CutStream(b"ab", None), length=2, checksum=None, by=world.amina
            )
            transaction.get_connection().close()

        thread = threading.Thread(target=receive)
        thread.start()
        barrier.wait()
        film = actions.deposit(upload=upload, title="Un film", group=world.here.group, by=world.amina)
        thread.join()
        film.refresh_from_db()
        assert film.state == FilmState.PROCESSING
        assert Job.objects.filter(subject_id=str(film.pk)).count() == 1
    assert Film.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_independent_client_cuts_and_resumes(world, live_server, tmp_path):
    client = Client()
    client.force_login(world.amina)
    token = str(client.get(reverse("videos:film_deposit")).context["csrf_token"])
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    file = tmp_path / "classe.mp4"
    file.write_bytes(bytes(range(256)) * 2000)
    sender = TusClient(live_server.url + CREATE, headers={"Cookie": cookies, "X-CSRFToken": token})
    common = {"chunk_size": 100_000, "upload_checksum": True}
    with file.open("rb") as stream:
        first = sender.uploader(file_stream=stream, metadata={"filename": file.name}, **common)
        first.upload(stop_at=250_000)
    assert Upload.objects.get().offset_bytes == 250_000
    with file.open("rb") as stream:  # another day
        again = sender.uploader(file_stream=stream, url=first.url, **common)
        assert again.offset == 250_000
        again.upload()
    assert Upload.objects.get().is_complete
    assert bytes_of(urlsplit(first.url).path) == file.read_bytes()


def test_upload_removed_while_its_bytes_arrive_is_not_found(amina, monkeypatch):
    address = begin(amina, 10).headers["Location"]
    append = receiving.append

    def append_then_remove(*args, **kwargs):
        append(*args, **kwargs)
        Upload.objects.all().delete()

    monkeypatch.setattr(receiving, "append", append_then_remove)
    assert send(amina, address, 0, b"01234").status_code == 404


def test_original_request_body_is_never_held_in_memory(amina, settings):
    """A chunk larger than what Django lets a form hold in memory goes through: it is read, not loaded."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    address = begin(amina, 5000).headers["Location"]
    assert send(amina, address, 0, b"0" * 5000).status_code == 204


@pytest.mark.django_db(transaction=True)
def test_canary_without_the_lock_both_writers_believe_that_they_wrote(world, monkeypatch):
    """What the lock prevents does happen without it: else the test of two writers would prove nothing."""
    monkeypatch.setattr(receiving, "only_writer", lambda upload_id: contextlib.nullcontext())
    upload = actions.start_upload(size_bytes=8, file_name="a.mp4", by=world.amina)
    paths.upload_folder(upload.pk).mkdir(parents=True)
    barrier, ended = threading.Barrier(2), []

    class Meeting(CutStream):
        def read(self, size: int) -> bytes:
            barrier.wait(timeout=10)  # both are past the check of the offset
            return super().read(4)

    def write(letter: bytes) -> None:
        common = {"upload_id": upload.pk, "offset": 0, "length": 4, "checksum": None, "by": world.amina}
        actions.receive(stream=Meeting(letter * 4, None), **common)
        ended.append(letter)
        transaction.get_connection().close()

    threads = [threading.Thread(target=write, args=(letter,)) for letter in (b"a", b"b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == [b"a", b"b"]
