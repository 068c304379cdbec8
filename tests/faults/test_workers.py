"""Workers and tools that are killed, frozen, or run out of time: the film is done once all the same.

The numbers are those of the list of faults in docs/faults.md.
"""

import os
import signal

import pytest

from tests.faults.stage import alive, send
from tests.processes import tagged, wait_for
from videos import actions
from videos.models import Film, FilmState

pytestmark = pytest.mark.fault

PATIENCE_S = 30  # with a tool that never ends by itself: it is dead by then, or lives on without its worker
POISON = b"\0\0\0\x0efreePOISON"  # a box of MP4 that nobody looks at
CRASH_ON_POISON = """
for word in "$@"; do [[ $word == file:* ]] && source=${word#file:} && break; done
tail -c 6 "$source" | grep -q POISON && kill -SEGV $$
"""
# Says nothing, and never ends: what it follows tells whose it is.
HANG = """
[[ " $* " == *" {step} "* ]] && exec tail -f "$0" > /dev/null
"""


def parent_of(pid: int) -> int:
    with open(f"/proc/{pid}/stat") as stat:
        return int(stat.read().rpartition(")")[2].split()[1])


@pytest.fixture
def at_work(scene):
    """One worker, in the middle of a film; the pid of its ffmpeg."""
    scene.stage.start_sweeper()
    scene.stage.start_workers("first")
    scene.deposit("heavy")
    return scene.stage.someone_at_work()


@pytest.fixture
def hanging(scene):
    """One worker, whose tool never ends by itself; the pid of that tool. The next ones are ffmpeg again."""
    scene.stage.use_tool(HANG.format(step="libx264"))
    scene.stage.start_sweeper()
    scene.stage.start_worker("first", "--concurrency", "1")
    scene.stage.wait_for_workers("first")
    scene.deposit("heavy")
    [tool] = wait_for(lambda: hung_tools(scene.stage), 60, "the tool hangs")
    scene.stage.use_tool()
    return tool


def test_f1_worker_killed_with_all_its_own(scene, hanging):
    scene.stage.stop("first")
    wait_for(lambda: not alive(hanging), PATIENCE_S, "the tool is gone with its worker")
    scene.stage.start_worker("second")
    scene.settle()
    assert scene.problems() == {}
    assert scene.most_attempts == 2


def test_f2_pool_child_killed(scene, hanging):
    os.kill(parent_of(hanging), signal.SIGKILL)
    wait_for(lambda: not alive(hanging), PATIENCE_S, "the tool is gone with its worker")
    scene.settle()
    assert scene.problems() == {}
    assert scene.most_attempts == 2, "the lost attempt counts"


def test_f3_parent_killed(scene, hanging):
    gone = [*scene.stage.pool("first"), hanging]
    os.kill(scene.stage.parent("first"), signal.SIGKILL)
    wait_for(lambda: not any(map(alive, gone)), PATIENCE_S, "nobody works on without the parent")
    scene.stage.start("first")
    scene.settle()
    assert scene.problems() == {}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_f4_ffmpeg_killed(scene, at_work, number):
    os.kill(at_work, number)
    scene.settle()
    assert scene.problems() == {}
    assert scene.most_attempts == 2


def test_f5_worker_frozen_longer_than_its_lease(scene, at_work):
    """It wakes up after another has taken over: what it made is dropped, and its folder is gone."""
    asleep = [scene.stage.parent("first"), *scene.stage.pool("first")]
    send(signal.SIGSTOP, *asleep)
    scene.stage.start_worker("second")
    scene.first_attempt_is_over()
    send(signal.SIGCONT, *asleep)
    scene.settle()
    work = scene.stage.media / "work"
    wait_for(lambda: not list(work.iterdir()), PATIENCE_S, "the folders of the attempts are gone, the zombie's too")
    assert scene.problems() == {}


def test_f19_poison_film_is_given_up_and_can_be_tried_again(scene):
    """Others are unaffected; the author reads why, and a button tries again."""
    scene.stage.use_tool(CRASH_ON_POISON)
    scene.stage.start_sweeper()
    scene.stage.start_workers("first")
    clip = scene.clips["hevc"]
    poison = scene.deposit_bytes("poison", clip.content + POISON, clip)
    scene.deposit("copied")
    scene.settle()
    poison.refresh_from_db()
    assert (poison.state, poison.can_retry) == (FilmState.REFUSED, True)
    assert poison.refusal == "La préparation de ce film s’est arrêtée de notre côté. Réessayez dans un moment."
    assert scene.most_attempts == 5
    found = scene.problems()
    assert set(found) == {"wrong"}, found
    scene.stage.use_tool()
    actions.retry_film(film=poison, by=scene.world.amina)
    scene.settle()
    assert Film.objects.get(pk=poison.pk).state == FilmState.READY
    assert set(scene.problems()) <= {"wrong"}, "it was told of twice: once refused, once ready"


STEPS = {  # a word of the tool's command line, and a film that takes this step
    "piece": ("libx264", "hevc"),
    "copy": ("copy", "copied"),
    "sound": ("aac", "hevc"),
    "finish": ("sprite.jpg", "hevc"),
}


@pytest.mark.parametrize("step", STEPS)
def test_f20_task_beyond_its_time_limit(scene, step):
    """Celery kills the process that does it, and its tool, whichever it was; whoever comes next does the film."""
    word, name = STEPS[step]
    scene.stage.use_tool(HANG.format(step=word))
    scene.stage.start_sweeper()
    scene.stage.start_worker("hasty", DJANGO_SETTINGS_MODULE="tests.faults.hasty_settings")
    scene.stage.wait_for_workers("hasty")
    scene.deposit(name)
    hanging = wait_for(lambda: hung_tools(scene.stage), 60, "the tool hangs")
    scene.stage.use_tool()
    wait_for(lambda: not any(map(alive, hanging)), PATIENCE_S, "it is dead after the limit")
    wait_for(lambda: "Hard time limit" in scene.stage.said("hasty"), PATIENCE_S, "it is the limit that ended it")
    scene.stage.start_worker("patient")
    scene.settle()
    assert scene.problems() == {}
    assert scene.most_attempts >= 2


def hung_tools(stage) -> list[int]:
    return [pid for pid, command in tagged(str(stage.media), "cmdline").items() if command.startswith("tail ")]
