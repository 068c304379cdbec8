"""Faults of uploads, before a real uvicorn (F12 to F16): what was kept is true, and the film arrives whole."""

import hashlib
import random
import shutil
import subprocess
import threading
import time
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from circo.models import Job
from tests.servers.process import WebProcess, web
from tests.videos.sending import Sender
from videos import paths
from videos.models import Film, FilmState, Upload

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

CUTS = 100
KILLS = 3
MIB = 1024 * 1024


def film_bytes(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def pk_of(address: str) -> UUID:
    return UUID(address.rstrip("/").split("/")[-1])


def arrived(server: WebProcess, address: str) -> str:
    """The SHA-256 of the film as it lies there, whole."""
    folder = server.seen(paths.upload_folder(pk_of(address)))
    assert {file.name for file in folder.iterdir()} == {"lock", "source"}
    return digest_of((folder / "source").read_bytes())


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def settled(sender: Sender, address: str) -> int:
    """The offset, once no request is writing any more."""
    time.sleep(0.02)
    before = sender.offset(address)
    while True:
        time.sleep(0.05)
        now = sender.offset(address)
        if now == before:
            return now
        before = now


# --- F12 ------------------------------------------------------------------------------------------------------------
def own_disk_works() -> bool:
    if shutil.which("unshare") is None:
        return False
    command = ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


@pytest.mark.skipif(not own_disk_works(), reason="this kernel lets nobody mount a small disk of one's own")
@pytest.mark.parametrize("floor", [0, -(1 << 40)], ids=["told by the floor", "met while writing"])
def test_disk_full_while_uploading_answers_507_and_goes_on_afterwards(world, floor):
    media = Path(settings.MEDIA_ROOT)
    media.mkdir(parents=True)
    content = film_bytes(6 * MIB)
    mount = f"mount -t tmpfs -o size=8m tmpfs {media}"
    with web(before=mount, FILM_DISK_FLOOR_BYTES=str(floor)) as server:
        sender = Sender(server.port, world.amina)
        address = sender.begin(len(content))
        assert sender.send(address, 0, content[: 2 * MIB]) == 204
        ballast = server.seen(media) / "ballast"
        ballast.write_bytes(b"x" * 5 * MIB)
        assert sender.send(address, 2 * MIB, content[2 * MIB :]) == 507
        assert sender.offset(address) == 2 * MIB
        assert sender.ask("GET", "/films/deposer/")[0] == 200, "the application lives"
        ballast.unlink()
        sender.finish(address, content)
        assert arrived(server, address) == digest_of(content)


# --- F13 ------------------------------------------------------------------------------------------------------------
def test_upload_cut_at_random_bytes_arrives_whole(world):
    """Whatever the place of the cut, the server says truly what it has, and the film is the same in the end."""
    content = film_bytes(CUTS * 1500)
    chance = random.Random(13)
    with web() as server:
        sender = Sender(server.port, world.amina)
        address, offset, cuts, kept = sender.begin(len(content)), 0, 0, 0
        # On a busy machine, few chunks are taken before the server sees that nobody is there: then, more cuts.
        while cuts < CUTS or (kept < CUTS / 10 and cuts < 10 * CUTS):
            chunk = content[offset : offset + chance.randrange(1, 3000)]
            after = chance.choice([chance.randrange(len(chunk)), len(chunk)])
            sender.send_and_hang_up(address, offset, chunk, after=after)
            now = settled(sender, address) if after == len(chunk) else sender.offset(address)
            assert now in (offset, offset + len(chunk)), "a chunk is taken whole or not at all"
            assert now == offset or after == len(chunk), "what was cut was not taken"
            cuts, kept = cuts + 1, kept + (now > offset)
            offset = now
        assert kept >= CUTS / 10
        sender.finish(address, content)
        assert arrived(server, address) == digest_of(content)


# --- F14 ------------------------------------------------------------------------------------------------------------
def test_chunk_sent_again_after_a_lost_answer_changes_nothing(world):
    content = film_bytes(300_000)
    with web() as server:
        sender = Sender(server.port, world.amina)
        address = sender.begin(len(content))
        for start in range(0, 200_000, 50_000):
            chunk = content[start : start + 50_000]
            sender.send_and_hang_up(address, start, chunk, after=len(chunk))  # nobody reads the answer
            settled(sender, address)
            statuses = [sender.send(address, start, chunk) for _ in range(2)]
            assert statuses in ([409, 409], [204, 409]), statuses
            assert sender.offset(address) == start + 50_000
        sender.finish(address, content)
        assert sender.send(address, 200_000, content[200_000:]) == 409
        assert arrived(server, address) == digest_of(content)


# --- F15 ------------------------------------------------------------------------------------------------------------
def test_two_tabs_with_the_same_film_make_one(world):
    content, fingerprint = film_bytes(2 * MIB), "5" * 64
    statuses: list[int] = []
    addresses: list[str] = []
    with web() as server:
        barrier = threading.Barrier(2)

        def tab(sender: Sender) -> None:
            barrier.wait()
            address = sender.begin(len(content), fingerprint)
            addresses.append(address)
            while (offset := sender.offset(address)) < len(content):
                statuses.append(sender.send(address, offset, content[offset : offset + 128 * 1024]))
            form = {"upload": str(pk_of(address)), "title": "Un film", "group": str(world.here.group.pk)}
            statuses.append(sender.describe(form))

        threads = [threading.Thread(target=tab, args=(Sender(server.port, world.amina),)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(addresses)) == 1
        assert set(statuses) <= {204, 409, 423, 302}
        assert statuses.count(204) == 16, "each byte was taken once"
        assert arrived(server, addresses[0]) == digest_of(content)
    assert (Upload.objects.count(), Film.objects.count(), Job.objects.count()) == (1, 1, 1)


# --- F16 ------------------------------------------------------------------------------------------------------------
def test_web_server_killed_at_any_moment_loses_nothing_that_it_promised(world):
    """Killed while it writes a chunk, and while it writes the form down: then asked again, each is there once."""
    chance = random.Random(16)
    content = film_bytes(12 * MIB)
    with web() as server:
        sender = Sender(server.port, world.amina)
        address, offset = sender.begin(len(content)), 0
        for _ in range(KILLS):
            chunk = content[offset : offset + 2 * MIB]
            sender.send_and_hang_up(address, offset, chunk, after=len(chunk))
            time.sleep(chance.uniform(0, 0.03))
            server.kill()
            row = Upload.objects.get()
            part = paths.part(row.pk)
            if row.offset_bytes:
                assert part.read_bytes()[: row.offset_bytes] == content[: row.offset_bytes], "the row is true"
            assert row.offset_bytes in (offset, offset + len(chunk))
            server.start()
            offset = sender.offset(address)
            assert offset == row.offset_bytes
        form = {"upload": str(pk_of(address)), "title": "Un film", "group": str(world.here.group.pk)}
        sender.describe_and_hang_up(form)
        time.sleep(chance.uniform(0, 0.06))
        server.kill()
        whole = Film.objects.count()
        assert whole == Upload.objects.filter(film__isnull=False).count(), "either whole or absent"
        server.start()
        assert [sender.describe(form) for _ in range(2)] == [302, 302], "asked again, it changes nothing"
        sender.finish(address, content, step=4 * MIB)
        assert arrived(server, address) == digest_of(content)
    film = Film.objects.get()
    assert (film.title, film.state, Job.objects.count()) == ("Un film", FilmState.PROCESSING, 1)
