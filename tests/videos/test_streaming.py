"""Files as answers, under a real uvicorn: ranges, large files, clients that leave."""

import os
import socket
import time
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from circo import streaming
from tests.memory import forget_peak, peak_mb
from tests.servers.web import exchange, serving
from tests.videos.films import film_of, folder_of
from videos import paths

BIG = 192 * 1024**2


@given(size=st.integers(1, 50), first=st.integers(0, 60), length=st.integers(0, 60))
def test_span_is_what_slicing_gives(size, first, length):
    content = bytes(range(size))
    for asked, expected in (
        (f"bytes={first}-{first + length}", content[first : first + length + 1]),
        (f"bytes={first}-", content[first:]),
        (f"bytes=-{length}", content[-length:] if length else b""),
    ):
        try:
            begin, end = streaming.span(asked, size)
        except streaming.Unsatisfiable:
            assert expected == b""
        else:
            assert content[begin : end + 1] == expected


@pytest.mark.parametrize(
    "asked", ["", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,3-4", "bytes=a-b", "lines=0-1", "0-1"]
)
def test_what_is_no_single_range_asks_for_all(asked):
    assert streaming.span(asked, 10) is None


@pytest.mark.parametrize("asked", ["bytes=0-0", "bytes=-1", "bytes=0-"])
def test_nothing_of_an_empty_file_can_be_asked_for(asked):
    with pytest.raises(streaming.Unsatisfiable):
        streaming.span(asked, 0)


@pytest.fixture
def big(world, transactional_db) -> tuple[str, dict[str, str], Path]:
    """A segment of 192 MB that takes no room, its address, and the headers of somebody who may watch it."""
    film = film_of(world.amina, world.here.group)
    file = folder_of(paths.output_key(film.pk, film.output)) / "video-240-00000.m4s"
    with file.open("r+b") as opened:
        opened.truncate(BIG)
        opened.seek(BIG - 3)
        opened.write(b"end")
    client = Client()
    client.force_login(world.bruno)
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    return f"/films/{film.pk}/media/video-240-00000.m4s", {"Cookie": cookies}, file


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_large_file_under_uvicorn(big):
    address, headers, file = big
    with serving() as port:
        forget_peak()
        began_mb = peak_mb()
        status, told, body = exchange(port, "HEAD", address, headers)
        assert (status, told["content-length"], body) == (200, str(BIG), b"")
        status, told, body = exchange(port, "GET", address, headers | {"Range": f"bytes={BIG - 4}-"})
        assert (status, body, told["content-range"]) == (206, b"\0end", f"bytes {BIG - 4}-{BIG - 1}/{BIG}")
        assert exchange(port, "GET", address, headers | {"If-None-Match": told["etag"]})[0] == 304
        read_slowly(port, address, headers, file)
        assert peak_mb() - began_mb < 60, "never the whole file"


def read_slowly(port: int, address: str, headers: dict[str, str], file: Path) -> None:
    """Somebody reads on a slow line, is passed by others, and leaves: the file is closed."""
    lines = [f"GET {address} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall("\r\n".join([*lines, "", ""]).encode())
        assert slow.recv(1000).startswith(b"HTTP/1.1 200")
        time.sleep(0.3)
        began = time.monotonic()
        assert exchange(port, "GET", address, headers | {"Range": "bytes=0-3"})[0] == 206
        assert time.monotonic() - began < 20, "the loop goes on for the others"
        assert str(file) in open_files()
    deadline = time.monotonic() + 20
    while str(file) in open_files():
        assert time.monotonic() < deadline, "the file of somebody who left stays open"
        time.sleep(0.05)


def open_files() -> list[str]:
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            found.append(os.readlink(descriptor))
        except OSError:
            continue
    return found
