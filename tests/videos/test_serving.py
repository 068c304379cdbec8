"""Each byte of a real film, asked for by everybody, in every way: the scope answers each time."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from networks.models import Membership
from tests.videos.films import clip, deposited, film_of, folder_of, prepare
from videos import paths, rules
from videos.models import Film


def keys_under(folder: str) -> list[str]:
    """Every file of the storage under a folder."""
    folders, files = default_storage.listdir(folder)
    deeper = [key for name in folders for key in keys_under(f"{folder}/{name}")]
    return [f"{folder}/{name}" for name in files] + deeper


def media(film: Film, name: str) -> str:
    return f"/films/{film.pk}/media/{name}"


@pytest.fixture
def film(world) -> Film:
    return film_of(world.amina, world.here.group)


@pytest.mark.media
def test_every_file_of_a_real_film_is_for_its_circle_alone(world):
    """List what the storage holds after a real transcode, and ask for each key as everybody."""
    film = prepare(deposited(clip(), world.amina, world.here.group))
    assert film.is_watchable
    keys = keys_under(f"{paths.FILMS}/{film.pk}")
    names = {key.rpartition("/")[2] for key in keys}
    original = {"original-init.mp4", "original-00000.m4s"}
    assert {"audio-init.mp4", "audio-00000.m4s", "poster.jpg", "sprite.jpg", "waveform.json", *original} <= names
    assert any(name.startswith("video-") for name in names)
    assert all(key == paths.media_key(film.pk, film.output, key.rpartition("/")[2]) for key in keys)
    clients = {}
    for name in ("amina", "bruno", "chloe", "denis", "adviser", "inspector", "departement", "superuser", "deactivated"):
        clients[name] = Client()
        clients[name].force_login(world.people[name])
    clients["visitor"] = Client()
    asked = 0
    names.remove(rules.DOWNLOAD_NAME)  # it has an address of its own
    for name in names:
        whole = (folder_of(paths.output_key(film.pk, film.output)) / name).read_bytes()
        for who, client in clients.items():
            for method, headers in (("get", {}), ("head", {}), ("get", {"Range": "bytes=0-3"})):
                answer = getattr(client, method)(media(film, name), headers=headers)
                asked += 1
                if who in ("amina", "bruno"):
                    assert answer.status_code == (206 if headers else 200), (who, name)
                    assert answer.content == (whole[:4] if headers else b"" if method == "head" else whole)
                    continue
                # An account that is closed is a visitor's.
                assert answer.status_code == (302 if who in ("visitor", "deactivated") else 404), (who, name)
                assert whole[:16] not in answer.content
    assert asked == len(names) * len(clients) * 3


@pytest.mark.media
def test_nothing_but_the_published_files_is_ever_served(world, sign_in):
    """Neither the original, nor what a worker left, nor a file dropped beside them has an address."""
    film = prepare(deposited(clip(), world.amina, world.here.group))
    published = folder_of(paths.output_key(film.pk, film.output))
    (published / "secret.txt").write_text("x")
    (published / "video-240-00000.m4s.bak").write_text("x")
    client = sign_in(world.amina)
    sources = [key.rpartition("/")[2] for key in keys_under(paths.UPLOADS)]
    assert "source" in sources
    for name in (*sources, "secret.txt", "video-240-00000.m4s.bak", "", f"../{film.output}/master.m3u8"):
        assert client.get(media(film, name)).status_code == 404, name


TRICKS = [
    "../{output}/master.m3u8",
    "..%2f{output}%2fmaster.m3u8",
    "%2e%2e/{output}/master.m3u8",
    "%252e%252e%252fmaster.m3u8",
    "//master.m3u8",
    "./master.m3u8",
    "master.m3u8/",
    "master.m3u8.",
    "master.m3u8;a",
    "master.m3u8%00",
    "master.m3u8%0a",
    "MASTER.M3U8",
    "{output}/master.m3u8",
    "..\\master.m3u8",
    "%c0%ae%c0%ae/master.m3u8",
]


@pytest.mark.parametrize("trick", TRICKS)
def test_name_written_otherwise_is_not_found(world, film, sign_in, trick):
    other = film_of(world.chloe, world.here.other_group)
    client = sign_in(world.amina)
    assert client.get(media(film, trick.format(output=film.output))).status_code == 404
    assert client.get(media(film, f"../../{other.pk}/media/master.m3u8")).status_code == 404


def test_answers_are_private_and_of_their_type(world, film, sign_in):
    client = sign_in(world.bruno)
    for name, kind, cache in (
        ("master.m3u8", "application/vnd.apple.mpegurl", "private, no-store"),
        ("video-240.m3u8", "application/vnd.apple.mpegurl", "private, no-store"),
        ("video-240-00000.m4s", "video/iso.segment", "private, no-cache"),
        ("video-240-init.mp4", "video/mp4", "private, no-cache"),
        ("poster.jpg", "image/jpeg", "private, no-cache"),
    ):
        answer = client.get(media(film, name))
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Cache-Control"] == cache
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "status", "content", "told"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=8-", 206, b"89", "bytes 8-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=4-99", 206, b"456789", "bytes 4-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
        ("chars=0-3", 200, b"0123456789", None),
    ],
)
def test_range(world, film, sign_in, asked, status, content, told):
    answer = sign_in(world.amina).get(media(film, "video-240-00000.m4s"), headers={"Range": asked})
    assert (answer.status_code, answer.content, answer.headers.get("Content-Range")) == (status, content, told)


def test_not_modified_is_answered_to_the_circle_alone(world, film, sign_in):
    tag = sign_in(world.bruno).get(media(film, "poster.jpg")).headers["ETag"]
    headers = {"If-None-Match": tag}
    assert sign_in(world.bruno).get(media(film, "poster.jpg"), headers=headers).status_code == 304
    assert sign_in(world.chloe).get(media(film, "poster.jpg"), headers=headers).status_code == 404
    assert Client().get(media(film, "poster.jpg"), headers=headers).status_code == 302


def test_who_leaves_while_watching_gets_no_further_segment(world, film, sign_in):
    client = sign_in(world.bruno)
    assert client.get(media(film, "video-240-00000.m4s")).status_code == 200
    Membership.objects.filter(person=world.bruno).update(standing="LEFT", left_on=timezone.localdate())
    for name in ("master.m3u8", "video-240-00000.m4s", "poster.jpg"):
        assert client.get(media(film, name)).status_code == 404


def test_account_closed_while_watching_gets_no_further_segment(world, film, sign_in):
    client = sign_in(world.bruno)
    world.bruno.is_active = False
    world.bruno.save()
    assert client.get(media(film, "video-240-00000.m4s")).status_code == 302


def test_segment_that_is_missing_is_not_found(world, film, sign_in):
    assert sign_in(world.amina).get(media(film, "video-240-00009.m4s")).status_code == 404


def test_film_in_preparation_has_no_file(world, sign_in):
    film = film_of(world.amina, world.here.group, state="PROCESSING", output="")
    assert sign_in(world.amina).get(media(film, "master.m3u8")).status_code == 404
    assert sign_in(world.amina).get(reverse("videos:film_page", args=[film.pk])).status_code == 200
