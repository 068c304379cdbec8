"""A broker that dies or freezes, a database that is killed, a full disk, bells that ring too often.

The numbers are those of the list of faults in docs/faults.md.
"""

import os
import signal
import time

import pytest
from django.test import Client

from circo import bell, jobs
from circo.models import Job, JobState
from tests.faults.stage import send, small_disk
from tests.processes import wait_for
from tests.videos.test_faults_uploads import own_disk_works
from tests.videos.test_uploads import begin
from videos import queries, working
from videos.models import Film, FilmState

pytestmark = pytest.mark.fault

WAITS_AT_MOST_S = 15  # for a broker: some seconds, and what a slow machine takes besides


def kill_broker(stage) -> None:
    stage.stop("broker")


@pytest.fixture
def workers(scene):
    scene.stage.start_sweeper()
    scene.stage.start_workers("first")


@pytest.mark.usefixtures("workers")
def test_f6_broker_restarted_empty_during_the_queue(scene):
    scene.deposit("copied", "hevc", "mpeg4", "copied")
    scene.stage.someone_at_work()
    kill_broker(scene.stage)
    scene.stage.start_broker()
    scene.settle()
    assert scene.problems() == {}


@pytest.mark.usefixtures("workers")
def test_f7_broker_down_when_a_film_is_deposited(scene):
    kill_broker(scene.stage)
    began = time.monotonic()
    [film] = scene.deposit("copied")
    assert time.monotonic() - began < WAITS_AT_MOST_S, "the deposit answers all the same"
    assert film.state == FilmState.PROCESSING
    scene.stage.start_broker()
    scene.settle()
    assert scene.problems() == {}


@pytest.mark.usefixtures("workers")
def test_f8_broker_frozen(scene, monkeypatch):
    """A page that rings waits once for a broker that accepts and never answers; one that does not ring, never."""
    monkeypatch.setattr(bell, "_deaf_until", 0.0)
    rung = []
    send_task = bell.current_app.send_task
    monkeypatch.setattr(bell.current_app, "send_task", lambda *told, **more: rung.append(1) or send_task(*told, **more))
    send(signal.SIGSTOP, scene.stage.parent("broker"))
    try:
        began = time.monotonic()
        scene.deposit("copied", "copied", "copied")
        assert time.monotonic() - began < WAITS_AT_MOST_S
        assert len(rung) < 3, "a deaf broker is not waited for by each film"
        client = Client()
        client.force_login(scene.world.amina)
        assert client.get("/films/").status_code == 200
    finally:
        send(signal.SIGCONT, scene.stage.parent("broker"))
    scene.settle()
    assert scene.problems() == {}


@pytest.mark.usefixtures("workers")
def test_database_killed_in_the_middle(scene):
    scene.deposit("heavy", "copied")
    scene.stage.someone_at_work()
    scene.stage.database.kill()
    scene.stage.database.start()
    scene.settle()
    assert scene.problems() == {}


@pytest.mark.skipif(not own_disk_works(), reason="this kernel lets nobody mount a small disk of one's own")
def test_f11_disk_full_while_preparing(scene, settings):
    """Nothing cut is published, nobody gives up, no film is received; all is done once there is room again."""
    with small_disk(scene.stage, "40m") as media:
        settings.MEDIA_ROOT = media
        [film] = scene.deposit("heavy")
        room = os.statvfs(media)
        ballast = media / "ballast"
        ballast.write_bytes(bytes(room.f_bavail * room.f_frsize - 1024**2 - 400_000))
        scene.stage.start_sweeper()
        scene.stage.start_workers("first")
        waits = Job.objects.filter(state=JobState.QUEUED, error=working.NO_ROOM, not_before__isnull=False, attempt=0)
        wait_for(waits.exists, 30, "a job is put off for want of room")
        assert Film.objects.get(pk=film.pk).state == FilmState.PROCESSING
        client = Client()
        client.force_login(scene.world.amina)
        assert begin(client, 10_000_000).status_code == 507
        assert client.get("/films/").status_code == 200
        ballast.unlink()
        scene.settle()
        assert scene.problems() == {}
        assert scene.most_attempts <= 1
        scene.stage.stop("first", "sweeper")


def test_each_job_is_rung_for_many_times_by_two_sweepers(scene):
    """F17: a bell too many finds nothing to take."""
    for name in ("sweeper", "other-sweeper"):
        scene.stage.start_sweeper(name)
    scene.stage.start_workers("first", "second")
    scene.deposit("copied", "mpeg4", "broken")
    for _ in range(5):
        for job_id in Job.objects.values_list("pk", flat=True):
            bell.ring(jobs.TASK_NAME, kwargs={"job_id": job_id}, queue=queries.QUICK)
        for queue in (queries.QUICK, queries.HEAVY):
            bell.ring(jobs.NEXT_TASK_NAME, kwargs={"queue": queue}, queue=queue)
        time.sleep(0.5)
    scene.settle()
    assert scene.problems() == {}
    assert scene.most_attempts == 1
