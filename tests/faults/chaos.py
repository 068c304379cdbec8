"""Random faults over a dozen films, the same for the same seed: each kind once, the broker early, in any order."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from celery import current_app

from circo import bell, jobs
from circo.models import Job
from tests.faults import invariants, naive
from tests.faults.conftest import Scene
from tests.faults.stage import LEASE_S, asked, send
from videos import queries
from videos.models import Film, FilmState

FILMS = ["copied"] * 4 + ["mpeg4"] * 3 + ["hevc"] * 2 + ["heavy"] + ["broken"] * 2
LATE = 4  # of them, deposited as the broker dies
WORKERS = ("first", "second")
SWEEPERS = ("sweeper", "other-sweeper")
PAUSE_S = (0.6, 1.4)  # between two faults
COLUMNS = ("seed", "design", "films", "faults", "done", "refused", "stuck", "wrong", "duplicates", "bad", "orphans")
COLUMNS += ("leftovers", "attempts", "settled")


@dataclass
class Report:
    """How a run ended. `settled_s` is counted from the last fault; None: it never did."""

    seed: int
    design: str
    faults: list[str] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    problems: dict[str, list[str]] = field(default_factory=dict)
    most_attempts: int = 0
    settled_s: float | None = None

    def row(self) -> str:
        wrong = {kind: len(told) for kind, told in self.problems.items()}
        settled = "never" if self.settled_s is None else f"{self.settled_s:.0f} s"
        counted = [wrong.get(kind, 0) for kind in COLUMNS[6:12]]
        done = (self.states[FilmState.READY], self.states[FilmState.REFUSED])
        cells = [self.seed, self.design, sum(self.states.values()), len(self.faults), *done, *counted]
        return f"| {' | '.join(map(str, [*cells, self.most_attempts, settled]))} |"


def head() -> str:
    return f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}"


class Chaos:
    def __init__(self, scene: Scene, seed: int) -> None:
        self.scene, self.stage, self.chance = scene, scene.stage, random.Random(seed)
        self.waking: list[tuple[float, list[int]]] = []
        films = self.chance.sample(FILMS, len(FILMS))
        self.early, self.late = films[:-LATE], films[-LATE:]

    def faults(self) -> list[Callable[[], None]]:
        """Every kind once, and as many again of the cheap ones; the broker dies while films wait in it."""
        once = [self.kill_worker, self.kill_parent, self.kill_child, self.kill_tool, self.kill_database]
        once += [self.freeze_worker, self.freeze_with_tool, self.ring_again, self.kill_sweeper]
        again = self.chance.choices([self.kill_child, self.kill_tool, self.ring_again, self.kill_worker], k=3)
        found = [*once, *again]
        self.chance.shuffle(found)
        found.insert(self.chance.randint(0, 1), self.kill_broker)
        return found

    def strike(self) -> list[str]:
        """Do them all, and start again what died, as the supervisor does."""
        done = []
        for fault in self.faults():
            time.sleep(self.chance.uniform(*PAUSE_S))
            self._wake()
            asked(fault, default=None)
            done.append(fault.__name__)
        while self.waking:
            time.sleep(0.1)
            self._wake()
        return done

    def _wake(self) -> None:
        for at, pids in list(self.waking):
            if time.monotonic() > at:
                send(signal.SIGCONT, *pids)
                self.waking.remove((at, pids))

    def _worker(self) -> str:
        return self.chance.choice(WORKERS)

    def kill_worker(self) -> None:
        name = self._worker()
        self.stage.kill_tree(name)
        self.stage.start(name)

    def kill_parent(self) -> None:
        name = self._worker()
        send(signal.SIGKILL, self.stage.parent(name))
        time.sleep(0.3)
        self.stage.start(name)

    def kill_child(self) -> None:
        if pool := self.stage.pool(self._worker()):
            send(signal.SIGKILL, self.chance.choice(sorted(pool)))

    def kill_tool(self) -> None:
        if running := self.stage.ffmpegs():
            number = self.chance.choice([signal.SIGKILL, signal.SIGSEGV])
            send(number, self.chance.choice(sorted(running)))

    def kill_broker(self) -> None:
        """Kill it with the bells of films of which no worker has heard."""
        working = [pid for name in WORKERS for pid in self.stage.tree(name)]
        send(signal.SIGSTOP, *working)
        self.scene.deposit(*self.late)
        self.stage.stop("broker")
        send(signal.SIGCONT, *working)
        time.sleep(self.chance.uniform(0.2, 1.0))
        self.stage.start_broker()

    def kill_database(self) -> None:
        self.stage.database.kill()
        self.stage.database.start()

    def freeze_worker(self) -> None:
        """Stop a worker for longer than its lease; its tools go on."""
        name = self._worker()
        self._freeze([self.stage.parent(name), *self.stage.pool(name)])

    def freeze_with_tool(self) -> None:
        self._freeze(self.stage.tree(self._worker()))

    def _freeze(self, pids: list[int]) -> None:
        send(signal.SIGSTOP, *pids)
        self.waking.append((time.monotonic() + 1.5 * LEASE_S, pids))

    def ring_again(self) -> None:
        for job_id in Job.objects.values_list("pk", flat=True)[:20]:
            for _ in range(5):
                bell.ring(jobs.TASK_NAME, kwargs={"job_id": job_id}, queue=queries.QUICK)

    def kill_sweeper(self) -> None:
        name = self.chance.choice(SWEEPERS)
        self.stage.stop(name)
        self.stage.start_sweeper(name)


def run(scene: Scene, seed: int, *, within_s: float) -> Report:
    """Deposit the films, strike, and see how it ends."""
    report = Report(seed, "lease")
    for name in SWEEPERS:
        scene.stage.start_sweeper(name)
    scene.stage.start_workers(*WORKERS)
    chaos = Chaos(scene, seed)
    scene.deposit(*chaos.early)
    _watch(report, chaos, within_s)
    report.problems = scene.problems()
    report.most_attempts = scene.most_attempts
    return report


def run_naive(scene: Scene, seed: int, *, within_s: float) -> Report:
    """The same with the usual design."""
    report = Report(seed, "naive")
    for name in SWEEPERS:
        scene.stage.start_sweeper(name)
    for name in WORKERS:
        settings = {"DJANGO_SETTINGS_MODULE": "tests.faults.naive_settings"}
        scene.stage.start_worker(name, "--include", "tests.faults.naive", queues=naive.QUEUE, **settings)
    scene.stage.wait_for_workers(*WORKERS)
    effects = scene.stage.folder / "data" / naive.EFFECTS
    effects.write_text("")
    chaos = Chaos(scene, seed)
    scene.monkeypatch.setattr(jobs, "ask", lambda kind, subject_id, **_: _send(subject_id))
    scene.deposit(*chaos.early)
    _watch(report, chaos, within_s)
    told = Counter(effects.read_text().split())
    found = invariants.problems(scene.stage, scene.films)
    report.problems = {kind: found[kind] for kind in ("stuck", "orphans") if found[kind]}
    report.problems["duplicates"] = [film for film, times in told.items() if times > 1]
    report.problems["wrong"] = [film.title for film in Film.objects.filter(refusal="ffmpeg") if film.title != "broken"]
    return report


def _send(film_id: str) -> None:
    with suppress(OSError):
        current_app.send_task(naive.TASK, kwargs={"film_id": film_id}, queue=naive.QUEUE, ignore_result=True)


def _watch(report: Report, chaos: Chaos, within_s: float) -> None:
    report.faults = chaos.strike()
    struck = time.monotonic()
    while time.monotonic() < struck + within_s:
        if chaos.scene.has_settled():
            report.settled_s = time.monotonic() - struck
            break
        time.sleep(0.1)
    report.states = Counter(Film.objects.values_list("state", flat=True))


def append(report: Report, file: Path | None) -> None:
    """Print a row of the table, and keep it if asked to."""
    print(f"\n{head()}\n{report.row()}\n{' '.join(report.faults)}\n{report.problems}")  # noqa: T201
    if file is not None:
        with file.open("a") as rows:
            rows.write(f"{report.row()}\n")
