"""A queue shared fairly: nobody's first film waits behind all those of another, and light work behind no heavy one."""

import shlex

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circo import jobs
from circo.models import Job, JobState
from circo.portal import serving
from videos import queries


@pytest.fixture
def taken(monkeypatch):
    """A fair kind of work; the subjects in the order in which they were taken."""
    order: list[str] = []

    def work(run):
        order.append(run.subject_id)
        with run.finish():
            pass

    probe = jobs.Kind("probe", work, lambda *_: None, queue="probe", fair=True)
    monkeypatch.setitem(jobs._KINDS, "probe", probe)
    monkeypatch.setattr(jobs.bell, "ring", lambda *_, **__: True)
    return order


def ask(owner: str, number: int, cost: float = 1.0) -> None:
    jobs.ask("probe", f"{owner}-{number}", owner_key=owner, cost=cost)


@pytest.mark.django_db
def test_thirty_films_of_one_do_not_delay_the_first_of_another(taken):
    for number in range(30):
        ask("amina", number)
    for _ in range(5):
        jobs.run_next("probe")
    ask("bruno", 0)
    for _ in range(3):
        jobs.run_next("probe")
    assert "bruno-0" in taken


# What happens: somebody asks for work of some cost, or a worker takes what is next.
HAPPENINGS = st.lists(
    st.one_of(st.none(), st.tuples(st.sampled_from("abc"), st.floats(min_value=0.1, max_value=8))), max_size=40
)


@pytest.mark.django_db
@given(happenings=HAPPENINGS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_waits_for_a_fair_share_of_the_others_at_the_most(taken, happenings):
    """Until somebody’s only job starts, each other person is served for its cost and one job more."""
    Job.objects.all().delete()
    taken.clear()
    costs: dict[str, float] = {}
    waits_from: dict[str, int] = {}  # the only job of its owner → how many had been taken
    for number, happening in enumerate(happenings):
        if happening is None:
            jobs.run_next("probe")
            continue
        owner, cost = happening
        alone = not Job.objects.filter(owner_key=owner, state=JobState.QUEUED).exists()
        ask(owner, number, cost)
        costs[f"{owner}-{number}"] = cost
        if alone:
            waits_from[f"{owner}-{number}"] = len(taken)
    while jobs.run_next("probe"):
        pass
    assert sorted(taken) == sorted(costs), "all is done, once"
    for subject, since in waits_from.items():
        before = taken[since : taken.index(subject)]
        for other in set("abc") - {subject[0]}:
            served = [costs[one] for one in before if one[0] == other]
            assert sum(served) <= costs[subject] + max(served, default=0) + 1e-6, (subject, other, taken)


def test_light_work_never_stands_behind_heavy_work():
    """What a film needs beside its pieces is light, and no worker takes both from one process."""
    kinds = jobs._KINDS
    light = {queries.PREPARE, queries.COPY, queries.SOUND, queries.FINISH}
    assert {kinds[name].queue for name in light} == {queries.QUICK}
    assert kinds[queries.PIECE].queue == queries.HEAVY
    workers = [program for program in serving.programs(_Listener()) if program.name.startswith("worker")]
    takes = [shlex.join(program.command).split("--queues ")[1].split()[0] for program in workers]
    assert sorted(takes) == sorted({kind.queue for kind in kinds.values() if kind.name != "probe"})


class _Listener:
    def fileno(self) -> int:
        return 0
