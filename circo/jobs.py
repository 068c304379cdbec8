"""Long work under a lease: the row in the database is the truth, Celery only rings the bell.

A kind of work is registered by its app in `AppConfig.ready()`. Its function receives a `Run`, reports progress to it,
and publishes its result inside `run.finish()`, which fails if another worker has taken the work over meanwhile.

Long kinds share their queue fairly (`Kind.fair`): a bell then means "something waits", and the worker takes what is
next: first the lowest rank, then the earliest turn. Each owner's jobs get turns one after the other, from the turn
that the queue has reached, so that thirty films of one person do not keep another's first one waiting.
Source: docs/decisions/0003-jobs.md
"""

from __future__ import annotations

import errno
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max, Min, Q, QuerySet
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from circo import bell
from circo.errors import NotNow, Outside, Refusal
from circo.models import Job, JobState

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=settings.JOB_LEASE_S)
HEARTBEAT_S = LEASE.total_seconds() / 3
RING_AGAIN_AFTER = LEASE / 2  # a bell that nobody heard by then is rung again
PAUSE_AFTER_FAULT = LEASE / 4  # times the attempts made
TASK_NAME = "circo.tasks.run_job"
NEXT_TASK_NAME = "circo.tasks.run_next_job"
BELLS = 8  # rung at once at the most for a fair queue: each lets one worker take what is next, and ring on


class LeaseLost(Exception):
    """Another worker has taken this work over: whatever this one made must not be published."""


@dataclass(frozen=True)
class Kind:
    """One kind of work. `failed(subject_id, reason)` tells the subject that nobody will try again.

    `work` may be a dotted path: then only the worker that runs it loads its module, and what that module needs.
    """

    name: str
    work: Callable[[Run], None] | str
    failed: Callable[[str, str], None]
    queue: str = "light"
    max_attempts: int = 3
    fair: bool = False


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind of work known; called in `AppConfig.ready()`."""
    _KINDS[kind.name] = kind


@dataclass
class Run:
    """One attempt at a job, by this worker."""

    job_id: int
    subject_id: str
    epoch: int
    lost: threading.Event = field(default_factory=threading.Event)

    def mine(self) -> QuerySet[Job]:
        """The row of this job, as long as no other worker has taken it over."""
        return Job.objects.filter(pk=self.job_id, epoch=self.epoch, state=JobState.RUNNING)

    def report(self, share: float) -> None:
        """Write how much is done, from 0 to 1.

        Raises: LeaseLost if the work is no longer ours.
        """
        if self.lost.is_set() or not self.mine().update(progress=min(max(share, 0.0), 1.0)):
            self.lost.set()
            raise LeaseLost

    def beat(self) -> bool:
        """Prolong the lease; False (and `lost` is set) if the work is no longer ours."""
        if not self.mine().update(lease_until=Now() + LEASE):
            self.lost.set()
        return not self.lost.is_set()

    @contextmanager
    def finish(self) -> Iterator[None]:
        """Publish the result in the same transaction that ends the job.

        Raises: LeaseLost if another worker has taken over; nothing is then written.
        """
        with transaction.atomic():
            ended = self.mine().update(
                state=JobState.DONE, progress=1.0, lease_until=None, finished_at=Now(), error="", not_before=None
            )
            if not ended:
                self.lost.set()
                raise LeaseLost
            yield


def ask(kind: str, subject_id: str, *, rank: int = 1, owner_key: str = "", cost: float = 1.0) -> Job:
    """Queue a piece of work, once per subject; asking again for a finished or failed one starts it anew.

    In a fair queue, `cost` (in one unit for the whole queue) is how far this job puts back the owner's next turn.
    """
    queue = _KINDS[kind].queue
    turn = _next_turn(queue, owner_key) + cost if _KINDS[kind].fair else 0.0
    placed = {"queue": queue, "rank": rank, "turn": turn, "owner_key": owner_key}
    job, created = Job.objects.get_or_create(kind=kind, subject_id=str(subject_id), defaults=placed)
    if not created:
        Job.objects.filter(pk=job.pk, state__in=[JobState.DONE, JobState.FAILED]).update(
            state=JobState.QUEUED,
            attempt=0,
            progress=0.0,
            error="",
            not_before=None,
            finished_at=None,
            is_our_fault=False,
            **placed,
        )
    transaction.on_commit(lambda: ring(job.pk, _KINDS[kind]), robust=True)
    return job


@dataclass(frozen=True)
class Asked:
    """One of several pieces of work that are queued at once: see `ask`."""

    subject_id: str
    rank: int = 1
    cost: float = 1.0


def ask_all(kind: str, asked: Sequence[Asked], *, owner_key: str = "") -> None:
    """Queue several pieces of work of one fair kind, in their order; what was asked before stays as it is."""
    queue = _KINDS[kind].queue
    turn, rows = _next_turn(queue, owner_key), []
    for one in asked:
        turn += one.cost
        placed = {"queue": queue, "rank": one.rank, "turn": turn, "owner_key": owner_key}
        rows.append(Job(kind=kind, subject_id=one.subject_id, **placed))
    Job.objects.bulk_create(rows, ignore_conflicts=True)
    transaction.on_commit(lambda: _ring_for(queue, len(rows)), robust=True)


def _ring_for(queue: str, count: int) -> None:
    """Ring for some of what waits in a fair queue: whoever hears it rings on."""
    if all(ring_next(queue) for _ in range(min(count, BELLS))):
        Job.objects.filter(queue=queue, state=JobState.QUEUED, rung_at=None).update(rung_at=Now())


def _next_turn(queue: str, owner_key: str) -> float:
    """The turn after which this owner's next job comes: their own last one, or the one that the queue has reached."""
    rows = Job.objects.filter(queue=queue)
    reached = rows.filter(state=JobState.RUNNING).aggregate(turn=Max("turn"))["turn"]
    waiting = rows.filter(state=JobState.QUEUED)
    if reached is None:
        reached = waiting.aggregate(turn=Min("turn"))["turn"] or 0.0
    own = waiting.filter(owner_key=owner_key).aggregate(turn=Max("turn"))["turn"]
    return max(reached, own or 0.0)


def forget_all(subject_prefix: str, *, kinds: Sequence[str]) -> None:
    """Drop all work of these kinds whose subject begins so."""
    Job.objects.filter(kind__in=kinds, subject_id__startswith=subject_prefix).delete()


def forget(kind: str, subject_id: str) -> None:
    """Drop the work on a subject that is no more; a worker at it loses its lease, and its result with it."""
    Job.objects.filter(kind=kind, subject_id=str(subject_id)).delete()


def ring(job_id: int, kind: Kind) -> None:
    """Tell the workers that a job waits, and note that it was told."""
    heard = ring_next(kind.queue) if kind.fair else bell.ring(TASK_NAME, kwargs={"job_id": job_id}, queue=kind.queue)
    if heard:
        Job.objects.filter(pk=job_id).update(rung_at=Now())


def ring_next(queue: str) -> bool:
    """Tell the workers of a fair queue that something waits there; False if no bell can be heard."""
    return bell.ring(NEXT_TASK_NAME, kwargs={"queue": queue}, queue=queue)


def _due() -> QuerySet[Job]:
    """What waits for a worker, but for what rests after a fault."""
    return Job.objects.filter(Q(not_before__isnull=True) | Q(not_before__lte=Now()), state=JobState.QUEUED)


def claim(job_id: int) -> Run | None:
    """Take a queued job for this worker by compare-and-set; None if there is nothing to take."""
    waiting = _due().filter(pk=job_id)
    taken = waiting.update(
        state=JobState.RUNNING, attempt=F("attempt") + 1, epoch=F("epoch") + 1, lease_until=Now() + LEASE, progress=0.0
    )
    if not taken:
        return None
    row = Job.objects.values("subject_id", "epoch").get(pk=job_id)
    return Run(job_id=job_id, subject_id=row["subject_id"], epoch=row["epoch"])


def waiting(queue: str) -> QuerySet[Job]:
    """What waits in a queue, in the order in which it will be taken."""
    return Job.objects.filter(queue=queue, state=JobState.QUEUED).order_by("rank", "turn", "pk")


def run_next(queue: str) -> bool:
    """Do what is next in a fair queue, or the one after it if another worker is quicker; False if nothing is due."""
    for job_id in _due().filter(queue=queue).order_by("rank", "turn", "pk").values_list("pk", flat=True)[:BELLS]:
        if run(job_id):
            return True
    return False


def ring_on(queue: str) -> None:
    """Ring once more for a fair queue in which something still waits.

    A few bells then do for hours of work, even after the broker forgot all others; one too many finds nothing.
    """
    if _due().filter(queue=queue).exists():
        ring_next(queue)


def run(job_id: int) -> bool:
    """Take the job, do it, and write how it ended; False if there was nothing to take. Safe to call twice."""
    attempt = claim(job_id)
    if attempt is None:
        return False
    kind = _KINDS[Job.objects.values_list("kind", flat=True).get(pk=job_id)]
    ended = threading.Event()
    pulse = threading.Thread(target=_pulse, args=(attempt, ended), daemon=True)
    pulse.start()
    try:
        work = import_string(kind.work) if isinstance(kind.work, str) else kind.work
        work(attempt)
    except LeaseLost:
        logger.warning("job %s: lease lost, result dropped", job_id)
    except Refusal as refusal:
        _fail(attempt, kind, str(refusal), ours=False)
    except Exception as error:  # the worker's edge: nothing may escape it
        logger.exception("job %s failed", job_id)
        _try_again(attempt, kind, error)
    finally:
        ended.set()
        pulse.join(timeout=HEARTBEAT_S)
    return True


def _pulse(attempt: Run, ended: threading.Event) -> None:
    """Prolong the lease until the work ends; a lease that cannot be prolonged fences the worker."""
    try:
        while not ended.wait(HEARTBEAT_S):
            try:
                if not attempt.beat():
                    return
            except Exception:  # noqa: BLE001 (no contact with the database: stop before somebody else starts)
                attempt.lost.set()
                return
    finally:
        connection.close()


def _fail(attempt: Run, kind: Kind, reason: str, *, ours: bool) -> None:
    with transaction.atomic():
        ended = {"state": JobState.FAILED, "lease_until": None, "finished_at": Now(), "error": reason}
        if attempt.mine().update(is_our_fault=ours, **ended):
            kind.failed(attempt.subject_id, reason)


def _try_again(attempt: Run, kind: Kind, error: Exception) -> None:
    made = Job.objects.filter(pk=attempt.job_id).values_list("attempt", flat=True).first()
    if made is None:  # forgotten meanwhile
        return
    reason = str(error) if isinstance(error, Outside) else "Une panne est survenue de notre côté."
    if isinstance(error, NotNow) or getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
        waits = {"state": JobState.QUEUED, "lease_until": None, "error": reason, "attempt": made - 1}
        attempt.mine().update(not_before=Now() + LEASE, **waits)
        return
    if made >= kind.max_attempts:
        _fail(attempt, kind, reason, ours=True)
        return
    pause = PAUSE_AFTER_FAULT * made
    attempt.mine().update(state=JobState.QUEUED, lease_until=None, error=reason, not_before=Now() + pause)


def sweep() -> None:
    """Give expired leases back to the queue and ring for what waits; harmless when run twice at once."""
    for job in Job.objects.filter(state=JobState.RUNNING, lease_until__lt=Now()).order_by("pk"):
        kind = _KINDS[job.kind]
        attempt = Run(job_id=job.pk, subject_id=job.subject_id, epoch=job.epoch)
        if job.attempt >= kind.max_attempts:
            _fail(attempt, kind, "Le traitement s’est arrêté plusieurs fois de suite.", ours=True)
        else:
            attempt.mine().update(state=JobState.QUEUED, lease_until=None)
    unheard = Q(rung_at__isnull=True) | Q(rung_at__lt=Now() - RING_AGAIN_AFTER)
    rung: Counter[str] = Counter()
    for pk, name in _due().filter(unheard).order_by("pk").values_list("pk", "kind"):
        kind = _KINDS[name]
        rung[kind.queue] += 1
        if kind.fair and rung[kind.queue] > BELLS:  # hours of films must not fill the broker
            Job.objects.filter(pk=pk).update(rung_at=Now())
        else:
            ring(pk, kind)
