"""A database that restarts, or freezes, while people read and write and films are prepared (F9, F10)."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException

import pytest
from django.urls import reverse

from tests.faults.stage import LEASE_S
from tests.processes import wait_for
from tests.videos.films import film_of
from tests.videos.sending import Sender
from videos.models import Discussion, Film, Moment

pytestmark = pytest.mark.fault

BACK_WITHIN_S = 20
ANSWERS_WITHIN_S = 40  # 5 to give up a connection, and what a busy machine takes
FORM = {"Content_Type": "application/x-www-form-urlencoded"}


@dataclass
class Traffic:
    """Two readers and two writers. Each answer: when it was asked for, and its status; 0 for none at all."""

    senders: list[Sender]
    film: Film
    answers: list[tuple[float, int]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    without_a_time: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    people: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Let four more people come."""
        came = [
            threading.Thread(target=self._again, args=(one, len(self.people) + n))
            for n, one in enumerate(2 * [self.read, self.write])
        ]
        self.people += came
        for person in came:
            person.start()

    def stop(self) -> None:
        self.over.set()
        for person in self.people:
            person.join()

    def _again(self, one: Callable[[int], None], person: int) -> None:
        pause_s = 1 if one == self.write else 0.05  # of who writes faster than one can read, nothing is taken
        while not self.over.wait(pause_s):
            one(person)

    def read(self, person: int) -> None:
        self._ask(person, "GET", reverse("videos:film_list"))

    def write(self, writer: int) -> None:
        text = f"Moment {writer} {time.monotonic()}"
        body = f"text={text}&kind=FACT&at_s=0:01&circle=GROUP".replace(" ", "+").encode()
        if self._ask(writer, "POST", reverse("videos:moment_create", args=[self.film.pk]), body, **FORM) in (200, 302):
            self.written.append(text)

    def _ask(self, person: int, *request, **headers) -> int:
        began, status = time.monotonic(), 0
        with suppress(OSError, HTTPException):
            status, told = self.senders[person // 2 % 2].ask(*request, **headers)
            self.without_a_time += status == 503 and "Retry-After" not in told
        self.answers.append((began, status))
        return status

    def goes_well(self, since: float) -> bool:
        return any(began > since and status in (200, 302) for began, status in [*self.answers])

    def statuses(self) -> Counter[int]:
        return Counter(status for _, status in self.answers)


@pytest.fixture
def traffic(scene):
    film = film_of(scene.world.amina, scene.world.here.group)
    port = scene.stage.start_web()
    made = Traffic([Sender(port, person) for person in (scene.world.amina, scene.world.bruno)], film)
    made.start()
    wait_for(lambda: made.written, 30, "somebody has written")
    yield made
    made.stop()


@pytest.fixture
def workers(scene):
    scene.stage.start_sweeper()
    scene.stage.start_workers("first")


def nothing_half_written(traffic: Traffic) -> None:
    """Every comment that was acknowledged is there, none twice, and each took the next number of its film."""
    traffic.stop()
    there = Counter(Moment.objects.filter(film=traffic.film).values_list("text", flat=True))
    assert set(there.values()) == {1}
    assert there.keys() >= set(traffic.written)
    numbers = list(Moment.objects.filter(film=traffic.film).values_list("number", flat=True))
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert Discussion.objects.get(film=traffic.film).last_number == len(numbers)


@pytest.mark.usefixtures("workers")
def test_f9_database_restarted_under_traffic(scene, traffic):
    scene.deposit("mpeg4")
    scene.stage.someone_at_work()
    scene.stage.database.kill()
    wait_for(lambda: traffic.statuses()[503], BACK_WITHIN_S, "people are asked to come back")
    scene.stage.database.start()
    back_at = time.monotonic()
    wait_for(lambda: traffic.goes_well(back_at), BACK_WITHIN_S, "the pages are back by themselves")
    scene.settle()
    assert scene.problems() == {}
    nothing_half_written(traffic)
    assert traffic.statuses().keys() <= {200, 302, 503}, "a page in our words each time"
    assert not traffic.without_a_time


@pytest.mark.usefixtures("workers")
def test_f10_database_frozen_under_traffic(scene, traffic):
    """Longer than a lease: a page gives up by itself, and whoever takes the work of a worker does not do it twice."""
    scene.deposit("mpeg4")
    scene.stage.someone_at_work()
    with scene.stage.database.frozen():
        frozen_at = time.monotonic() + 0.2
        traffic.start()  # whoever had begun to ask waits until the end; those who come now are told
        wait_for(lambda: traffic.statuses()[503] > 1, ANSWERS_WITHIN_S, "people are asked to come back")
        time.sleep(max(0, frozen_at + 2 * LEASE_S - time.monotonic()))
    back_at = time.monotonic()
    wait_for(lambda: traffic.goes_well(back_at), BACK_WITHIN_S, "the pages are back by themselves")
    scene.settle()
    assert scene.problems() == {}
    nothing_half_written(traffic)
    assert traffic.statuses().keys() <= {200, 302, 503}, "a page in our words each time"
