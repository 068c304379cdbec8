"""The job core: one worker at a time, nothing lost, nothing published twice."""

import errno
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone
from kombu.exceptions import OperationalError

from circo import bell, jobs, tasks
from circo.errors import NotNow, Outside, Refusal
from circo.models import Job, JobState


@pytest.fixture
def kind():
    """A kind of work whose function the test chooses; `failures` collects what its subject is told."""
    failures: list[tuple[str, str]] = []
    chosen = {}

    def work(run):
        chosen["work"](run)

    jobs.register(jobs.Kind(name="probe", work=work, failed=lambda *told: failures.append(told), max_attempts=2))
    chosen["failures"] = failures
    yield chosen
    jobs._KINDS.pop("probe")


def make_due(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(not_before=None)


@pytest.mark.django_db
def test_work_done_is_done_once(kind):
    seen = []

    def work(run):
        run.report(0.5)
        with run.finish():
            seen.append(run.subject_id)

    kind["work"] = work
    job = jobs.ask("probe", "a")
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (seen, job.state, job.progress, job.attempt) == (["a"], JobState.DONE, 1.0, 1)


@pytest.mark.django_db
def test_refusal_is_final_and_told(kind):
    def work(run):
        raise Refusal("Ce fichier n’est pas un film.")

    kind["work"] = work
    job = jobs.ask("probe", "a")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error, job.attempt) == (JobState.FAILED, "Ce fichier n’est pas un film.", 1)
    assert kind["failures"] == [("a", "Ce fichier n’est pas un film.")]


@pytest.mark.django_db
def test_fault_is_tried_again_then_given_up(kind):
    def work(run):
        raise Outside("Le disque est plein.")

    kind["work"] = work
    job = jobs.ask("probe", "a")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert job.not_before is not None
    jobs.run(job.pk)  # too early: nothing to take
    job.refresh_from_db()
    assert job.attempt == 1
    make_due(job)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt) == (JobState.FAILED, 2)
    assert kind["failures"] == [("a", "Le disque est plein.")]


@pytest.mark.django_db
def test_zombie_publishes_nothing(kind):
    """A worker that slept past its lease finds the work taken over, and its result is dropped."""
    published = []
    job = jobs.ask("probe", "a")
    zombie = jobs.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    jobs.sweep()
    winner = jobs.claim(job.pk)
    assert winner.epoch == zombie.epoch + 1
    with pytest.raises(jobs.LeaseLost), zombie.finish():
        published.append("zombie")
    with winner.finish():
        published.append("winner")
    assert published == ["winner"]


@pytest.mark.django_db
def test_lease_of_a_dead_worker_comes_back_until_the_last_attempt(kind):
    job = jobs.ask("probe", "a")
    for _ in range(2):
        assert jobs.claim(job.pk)
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        jobs.sweep()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert [subject for subject, _ in kind["failures"]] == ["a"]


@pytest.mark.django_db
def test_living_lease_is_left_alone(kind):
    job = jobs.ask("probe", "a")
    jobs.claim(job.pk)
    jobs.sweep()
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


@pytest.mark.django_db
def test_asking_again_while_it_waits_changes_nothing(kind):
    first = jobs.ask("probe", "a")
    jobs.claim(first.pk)
    assert jobs.ask("probe", "a").pk == first.pk
    first.refresh_from_db()
    assert first.state == JobState.RUNNING


def naive_claim(job_id: int) -> bool:
    """The canary: look, then take. Two workers may both see the job free."""
    if Job.objects.get(pk=job_id).state != JobState.QUEUED:
        return False
    barrier.wait(timeout=10)
    Job.objects.filter(pk=job_id).update(state=JobState.RUNNING, lease_until=Now() + jobs.LEASE)
    return True


barrier = threading.Barrier(2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("claim", "winners"), [(jobs.claim, 1), (naive_claim, 2)], ids=["protected", "canary"])
def test_two_workers_race_for_one_job(kind, claim, winners):
    job = jobs.ask("probe", "a")
    taken = []
    start = threading.Barrier(2)

    def worker():
        try:
            start.wait(timeout=10)
            if claim(job.pk):
                taken.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == winners


@pytest.mark.django_db
def test_want_of_room_is_waited_for_and_counts_no_attempt(kind):
    """A disk that is full for an hour must not make anybody give up, whoever noticed it."""
    faults = [NotNow("La place manque."), OSError(errno.ENOSPC, "No space left on device")] * 3

    def work(run):
        raise faults.pop()

    kind["work"] = work
    job = jobs.ask("probe", "a")
    while faults:
        assert jobs.run(job.pk)
        job.refresh_from_db()
        assert (job.state, job.attempt, job.not_before > timezone.now()) == (JobState.QUEUED, 0, True)
        make_due(job)
    assert kind["failures"] == []


@pytest.mark.django_db
def test_one_bell_leads_to_all_that_waits(kind, monkeypatch):
    """The broker forgot its bells, the sweeper rings a few: nobody waits for the next sweep."""
    monkeypatch.setitem(jobs._KINDS, "probe", replace(jobs._KINDS["probe"], fair=True))
    bells = []
    monkeypatch.setattr(jobs.bell, "ring", lambda task, *, queue, **told: bells.append(queue) or True)

    def work(run):
        with run.finish():
            pass

    kind["work"] = work
    for number in range(20):
        jobs.ask("probe", str(number))
    bells[:] = ["light"]
    while bells:
        tasks.run_next_job(queue=bells.pop())
    assert Job.objects.filter(state=JobState.DONE).count() == 20


@pytest.mark.django_db
def test_many_jobs_asked_at_once_take_turns_as_if_asked_one_by_one(
    kind, monkeypatch, django_assert_max_num_queries, django_capture_on_commit_callbacks
):
    monkeypatch.setitem(jobs._KINDS, "probe", replace(jobs._KINDS["probe"], fair=True))
    bells = []
    monkeypatch.setattr(jobs.bell, "ring", lambda task, *, queue, **told: bells.append(queue) or True)
    jobs.ask("probe", "0", owner_key="amina", cost=2)
    asked = [jobs.Asked(str(number), cost=2) for number in range(100)]
    with django_assert_max_num_queries(8), django_capture_on_commit_callbacks(execute=True):
        jobs.ask_all("probe", asked, owner_key="amina")
    turns = list(Job.objects.order_by("pk").values_list("subject_id", "turn"))
    assert turns == [("0", 2.0), *((str(number), 2.0 + 2 * (number + 1)) for number in range(1, 100))]
    assert len(bells) == jobs.BELLS
    assert not Job.objects.filter(rung_at=None).exists()


def test_a_deaf_broker_is_waited_for_once(monkeypatch):
    """Each bell of a page would else wait for a frozen broker in its turn."""
    tried = []

    def send(*_, **__):
        tried.append(1)
        raise OperationalError

    monkeypatch.setattr(bell.current_app, "send_task", send)
    monkeypatch.setattr(bell, "_deaf_until", 0.0)
    assert [bell.ring("probe") for _ in range(50)] == [False] * 50
    assert len(tried) == 1
    monkeypatch.setattr(bell, "_deaf_until", 0.0)  # later
    assert not bell.ring("probe")
    assert len(tried) == 2


@pytest.mark.parametrize(("state", "percent"), [("QUEUED", 0), ("RUNNING", 41), ("DONE", 41)])
def test_a_job_that_waits_again_has_done_nothing_yet(state, percent):
    assert Job(state=state, progress=0.415).percent == percent
