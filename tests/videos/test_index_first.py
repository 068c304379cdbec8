"""The index of a film, sent ahead of its turn: taken, found again at the end, or forgotten."""

import base64
import fcntl
import hashlib

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circo import bucket
from tests.videos.test_uploads import CHUNK, TUS, CutStream, begin, bytes_of, offset_of, send
from videos import actions, paths, receiving, rules
from videos.models import Upload

CONTENT = bytes(range(200)) * 5  # 1000 bytes, the last 300 of which are the index
INDEX = CONTENT[700:]


def test_index_is_not_asked_for_where_nothing_is_read_before_the_end(amina, monkeypatch):
    address = begin(amina, 1000).headers["Location"]
    assert "Upload-Index" in amina.head(address, headers=TUS).headers
    monkeypatch.setattr(bucket, "is_used", lambda: True)
    assert "Upload-Index" not in amina.head(address, headers=TUS).headers


@pytest.fixture
def amina(world, sign_in):
    return sign_in(world.amina)


def put(client, offset: int, content: bytes, pk=None, **headers):
    address = reverse("videos:upload_index", args=[pk or Upload.objects.get().pk])
    return client.put(address, content, headers=TUS | {"Upload-Offset": str(offset)} | headers, **CHUNK)


def told() -> tuple[int | None, int | None, str, bool]:
    upload = Upload.objects.get()
    return upload.index_offset, upload.index_bytes, upload.index_sha256, upload.index_changed


KEPT = (700, 300, hashlib.sha256(INDEX).hexdigest(), False)
FORGOTTEN = (None, None, "", True)


def test_index_is_readable_before_the_bytes_that_come_first(amina):
    begun = begin(amina, 1000)
    address, upload = begun.headers["Location"], Upload.objects.get()
    asked = begun, amina.head(address, headers=TUS)
    assert {answer.headers["Upload-Index"] for answer in asked} == {reverse("videos:upload_index", args=[upload.pk])}
    digest = base64.b64encode(hashlib.sha256(INDEX).digest()).decode()
    answer = put(amina, 700, INDEX, **{"Upload-Checksum": f"sha256 {digest}"})
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "0"), "nothing contiguous has come"
    assert told() == KEPT
    assert "Upload-Index" not in amina.head(address, headers=TUS).headers, "asked for once"
    send(amina, address, 0, CONTENT[:100])
    upload = Upload.objects.get()
    part = receiving.readable_path(upload)
    assert (upload.contiguous, part.stat().st_size) == (100, 1000)
    seen = part.read_bytes()
    assert (seen[:100], seen[700:]) == (CONTENT[:100], INDEX)
    send(amina, address, 100, CONTENT[100:])
    assert bytes_of(address) == CONTENT
    assert told() == KEPT
    assert receiving.readable_path(Upload.objects.get()) == paths.source(upload.pk)


def test_index_sent_twice_is_the_same_index(amina):
    begin(amina, 1000)
    assert [put(amina, 700, INDEX).status_code for _ in range(2)] == [204, 204]
    assert told() == KEPT


def test_another_index_says_that_the_first_is_worth_nothing(amina):
    begin(amina, 1000)
    put(amina, 600, b"x" * 100)
    put(amina, 700, INDEX)
    assert told() == (*KEPT[:3], True)


def test_an_index_that_changed_is_not_taken_again_and_again(amina):
    address = begin(amina, 1000).headers["Location"]
    assert [put(amina, 700, content * 300).status_code for content in (b"x", b"y", b"z")] == [204, 204, 400]
    send(amina, address, 0, CONTENT)
    assert bytes_of(address) == CONTENT


def test_index_whose_bytes_were_others_in_the_end_is_forgotten(amina):
    address = begin(amina, 1000).headers["Location"]
    put(amina, 700, b"x" * 300)
    send(amina, address, 0, CONTENT[:900])
    assert told() == FORGOTTEN, "as soon as the true bytes pass over it"
    send(amina, address, 900, CONTENT[900:])
    assert bytes_of(address) == CONTENT


@pytest.mark.parametrize(
    ("offset", "content", "status"),
    [
        (999, b"xx", 400),  # beyond the announced size
        (700, b"", 415),  # Django’s client sends no type with nothing
        (10, b"x" * 20, 409),  # where bytes have arrived
        ("-1", b"x", 400),
        ("", b"x", 400),
    ],
)
def test_range_that_is_no_index_is_refused(amina, offset, content, status):
    address = begin(amina, 1000).headers["Location"]
    send(amina, address, 0, CONTENT[:100])
    assert put(amina, offset, content).status_code == status
    assert told() == (None, None, "", False)
    assert receiving.readable_path(Upload.objects.get()).read_bytes()[:100] == CONTENT[:100]


def test_index_too_long_is_refused_before_it_is_read(amina, monkeypatch):
    monkeypatch.setattr(rules, "INDEX_MAX_BYTES", 299)
    begin(amina, 1000)
    assert put(amina, 700, INDEX).status_code == 400
    assert not paths.part(Upload.objects.get().pk).exists()


def test_empty_index_is_refused(world):
    upload = actions.start_upload(size_bytes=10, file_name="a.mp4", by=world.amina)
    with pytest.raises(receiving.NotTaken):
        actions.receive_index(
            upload_id=upload.pk, offset=5, stream=CutStream(b"", None), length=0, checksum=None, by=world.amina
        )


def test_damaged_index_is_not_kept(amina):
    begin(amina, 1000)
    digest = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    assert put(amina, 700, INDEX, **{"Upload-Checksum": f"sha256 {digest}"}).status_code == 460
    assert told() == (None, None, "", False)


def test_damaged_second_try_takes_the_first_one_along(amina):
    """What lies there is no longer what was noted: better no index than a wrong one."""
    begin(amina, 1000)
    put(amina, 700, INDEX)
    digest = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    assert put(amina, 700, b"y" * 300, **{"Upload-Checksum": f"sha256 {digest}"}).status_code == 460
    assert told() == FORGOTTEN


def test_cut_chunk_over_the_index_leaves_it_if_it_wrote_the_same_bytes(world):
    upload = actions.start_upload(size_bytes=1000, file_name="a.mp4", by=world.amina)
    common = {"upload_id": upload.pk, "checksum": None, "by": world.amina}
    actions.receive_index(offset=700, stream=CutStream(INDEX, None), length=300, **common)
    with pytest.raises(receiving.NotTaken):
        actions.receive(offset=0, stream=CutStream(CONTENT[:800], OSError), length=1000, **common)
    assert told() == KEPT
    with pytest.raises(receiving.NotTaken):
        actions.receive(offset=0, stream=CutStream(CONTENT[:750] + b"!!!", OSError), length=1000, **common)
    assert told() == FORGOTTEN


def test_index_waits_for_the_writer(amina):
    begin(amina, 1000)
    put(amina, 700, INDEX)
    with (paths.upload_folder(Upload.objects.get().pk) / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert put(amina, 700, INDEX).status_code == 423
    assert put(amina, 700, INDEX).status_code == 204


def test_index_of_others_is_not_found(world, sign_in):
    begin(sign_in(world.amina), 1000)
    pk = Upload.objects.get().pk
    for other in (world.bruno, world.denis, world.adviser, world.superuser):
        assert put(sign_in(other), 700, INDEX, pk).status_code == 404
    assert told() == (None, None, "", False)


def test_index_of_an_arrived_film_is_refused(amina):
    address = begin(amina, 10).headers["Location"]
    send(amina, address, 0, b"0123456789")
    assert put(amina, 5, b"xxxxx").status_code == 409
    assert bytes_of(address) == b"0123456789"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(min_size=2, max_size=2000), data=st.data())
def test_wherever_the_index_lies_the_film_is_the_same(world, content, data):
    """True or false index, at any place, at any moment: the bytes are those sent in order, and the row knows."""
    Upload.objects.all().delete()  # Hypothesis may leave an example in its middle
    upload = actions.start_upload(size_bytes=len(content), file_name="a.mp4", by=world.amina)
    common = {"upload_id": upload.pk, "checksum": None, "by": world.amina}
    start = data.draw(st.integers(1, len(content) - 1))
    index = content[start : start + data.draw(st.integers(1, len(content) - start))]
    is_true = data.draw(st.booleans())
    put_ahead = index if is_true else bytes([index[0] ^ 1]) + index[1:]
    sent, ahead_at = 0, data.draw(st.integers(0, start))
    while sent < len(content):
        length = data.draw(st.integers(1, len(content) - sent))
        if sent <= ahead_at < sent + length and sent <= start:
            actions.receive_index(offset=start, stream=CutStream(put_ahead, None), length=len(index), **common)
        actions.receive(offset=sent, stream=CutStream(content[sent:][:length], None), length=length, **common)
        sent += length
    assert paths.source(upload.pk).read_bytes() == content
    upload.refresh_from_db()
    assert (upload.has_index, upload.index_changed) == ((True, False) if is_true else (False, True))
    upload.delete()


def test_sparse_part_of_a_huge_film_takes_little_room(amina):
    """Four gigabytes announced, the index at their end, and nothing else yet: the disk holds what was sent."""
    size = 4 * 1024**3
    begin(amina, size)
    assert put(amina, size - 300, INDEX).status_code == 204
    part = receiving.readable_path(Upload.objects.get())
    assert part.stat().st_size == size
    assert part.stat().st_blocks * 512 < 1024**2
    assert offset_of(amina, reverse("videos:upload", args=[Upload.objects.get().pk])) == 0
