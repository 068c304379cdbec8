"""Accounts counted again after a rule has changed: shown first, then done, once; what was signed never moves."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from circo import jobs
from circo.errors import Refusal
from circo.hours import actions, queries, recounting, replaying
from circo.hours.recounting import Claim, Recounter
from circo.hours.rules import Category, Fate, Mode, State
from circo.models import HourEntry, HoursReplay, Job, JobState, Posting, ReplayLine, ReplayState, SelfPacedRules
from circo.rules import Role
from tests.circo.hours import credit, entry_of
from tests.circo.test_hours_pages import text
from tests.world import MARK, post

LIST, ASK = reverse("hours:replay_list"), reverse("hours:replay_ask")


class Meetings:
    """An app that says again what its sources give: by person, minutes and more."""

    def __init__(self):
        self.given: dict[tuple, dict] = {}
        self.asked = []

    def give(self, person, minutes, number=1, **said):
        said = {"mode": Mode.IN_PERSON, "category": Category.TRAINING_ANIMATION, "on": timezone.localdate()} | said
        self.given[person.pk, number] = {"person": person, "minutes": minutes, **said}

    def claims(self, asked):
        self.asked.append(asked)
        for (pk, number), said in self.given.items():
            if pk in asked.person_ids:
                yield Claim(source=f"tests.meeting:{number}", label="Réunion de groupe", **said)


@pytest.fixture
def meetings(monkeypatch):
    app = Meetings()
    monkeypatch.setattr(
        recounting, "_recounters", {"tests.meeting": Recounter("tests.meeting", "Réunions", app.claims)}
    )
    return app


def work(kind: str) -> None:
    jobs.run(Job.objects.get(kind=kind, state=JobState.QUEUED).pk)


def counted(world, by=None) -> HoursReplay:
    """Count again, as a worker does."""
    replay = actions.recount(district=world.here.district, year=world.year, by=by or world.inspector)
    work(queries.COUNT)
    replay.refresh_from_db()
    return replay


def applied(world, replay: HoursReplay) -> HoursReplay:
    actions.apply(replay=replay, by=world.inspector)
    work(queries.APPLY)
    replay.refresh_from_db()
    return replay


def told(replay: HoursReplay) -> set[tuple[str, str, int, int]]:
    return {
        (line.person.first_name, line.fate, line.was_minutes, line.becomes_minutes)
        for line in replay.lines.select_related("person")
    }


def hours(person) -> dict[str, int]:
    return dict(HourEntry.objects.filter(person=person).order_by("pk").values_list("source", "minutes"))


def test_what_would_change_is_shown_and_then_done_once(world, meetings):
    for who in (world.amina, world.bruno):
        credit(who)
        meetings.give(who, 90)
    credit(world.chloe)
    meetings.give(world.chloe, 180)
    meetings.give(world.trainer, 60)
    replay = counted(world)
    assert replay.state == ReplayState.READY
    assert told(replay) == {
        ("Amina", Fate.CHANGE, 180, 90),
        ("Bruno", Fate.CHANGE, 180, 90),
        ("Trainer", Fate.CHANGE, 0, 60),
    }
    assert hours(world.amina) == {"tests.meeting:1": 180}, "nothing has changed yet"
    assert not HourEntry.objects.filter(person=world.trainer).exists()
    applied(world, replay)
    assert replay.state == ReplayState.DONE
    assert hours(world.amina) == hours(world.bruno) == {"tests.meeting:1": 90}
    assert hours(world.trainer) == {"tests.meeting:1": 60}
    entry = HourEntry.objects.get(person=world.amina)
    assert entry.history.first().history_user == world.inspector
    before = entry.history.count()
    again = counted(world)
    assert told(again) == set(), "a second time, nothing"
    applied(world, again)
    assert entry.history.count() == before
    assert hours(world.amina) == {"tests.meeting:1": 90}


def test_what_was_signed_never_moves(world, meetings):
    for who, state in ((world.amina, State.VALIDATED), (world.bruno, State.CONFIRMED), (world.chloe, State.REFUSED)):
        entry_of(who, world.adviser, state)
        meetings.give(who, 0)
    replay = counted(world)
    assert told(replay) == {("Amina", Fate.KEPT, 180, 0), ("Bruno", Fate.REVIEW, 180, 0)}
    applied(world, replay)
    for who in (world.amina, world.bruno, world.chloe):
        assert hours(who) == {"tests.meeting:1": 180}


def test_what_gives_nothing_any_more_goes_and_what_nobody_names_stays(world, meetings):
    credit(world.amina)
    credit(world.amina, source="tests.other:1")
    meetings.give(world.amina, 0)
    applied(world, counted(world))
    assert hours(world.amina) == {"tests.other:1": 180}


def test_another_account_or_form_is_a_change_too(world, meetings):
    credit(world.amina)
    meetings.give(world.amina, 180, category=Category.TRAINING_FORMATION, mode=Mode.SYNCHRONOUS)
    replay = counted(world)
    assert replay.lines.get().detail.replace("\u00a0", " ") == "au titre de : formation continue, à distance, en direct"
    applied(world, replay)
    entry = HourEntry.objects.get()
    assert (entry.category, entry.mode) == (Category.TRAINING_FORMATION, Mode.SYNCHRONOUS)


def test_only_the_hours_of_that_district_and_year_are_counted(world, meetings):
    today = timezone.localdate()
    credit(world.denis, label=MARK)
    meetings.give(world.denis, 90)
    Posting.objects.filter(person=world.amina).update(ends_on=today - timedelta(days=1))
    post(world.amina, Role.TEACHER, world.there.schools[0], starts_on=today)
    credit(world.amina)
    meetings.give(world.amina, 90)
    meetings.give(world.bruno, 90, on=world.year.first_day - timedelta(days=1))
    assert told(counted(world)) == set()
    asked = meetings.asked[-1]
    assert asked.days == (world.year.first_day, world.year.last_day)
    assert world.denis.pk not in asked.person_ids
    assert world.amina.pk in asked.person_ids
    assert replaying.changes(world.there.district.pk, world.year, [world.amina.pk, world.denis.pk]).keys() == {
        world.amina.pk,
        world.denis.pk,
    }


@pytest.mark.parametrize("name", ["amina", "trainer", "head_teacher", "former", "inspector"])
def test_the_district_of_a_day_is_the_one_that_credits_go_to(world, name):
    """The replay reads services once; `credit` asks the database: both say the same."""
    today, who = timezone.localdate(), getattr(world, name)
    post(who, Role.TEACHER, world.there.schools[0], starts_on=today - timedelta(days=3), ends_on=today)
    held = queries.services([who.pk], world.year)[who.pk]
    for days in (-1, 0, 1, 2, 3, 4, 60):
        on = today - timedelta(days=days)
        assert replaying.district_on(held, on) == queries.district_on(who, on)


# --- The cap ----------------------------------------------------------------------------------------------------------
def cap(world, minutes: int | None, **fields) -> None:
    SelfPacedRules.objects.update_or_create(district=world.here.district, defaults={"cap_minutes": minutes} | fields)


def three_paths(world) -> None:
    for number in (1, 2, 3):
        credit(world.amina, minutes=120, mode=Mode.SELF_PACED, source=f"circo.declared:{number}")


def test_a_lower_cap_takes_from_the_last_and_a_higher_one_gives_back(world, meetings):
    three_paths(world)
    cap(world, 180)
    applied(world, counted(world))
    assert hours(world.amina) == {"circo.declared:1": 120, "circo.declared:2": 60}
    assert told(counted(world)) == set()
    cap(world, None)
    replay = counted(world)
    assert told(replay) == {("Amina", Fate.CHANGE, 60, 120)}, "what was told before the cap"
    applied(world, replay)
    assert hours(world.amina) == {"circo.declared:1": 120, "circo.declared:2": 120}


def test_signed_hours_take_their_part_of_the_cap_first(world, meetings):
    three_paths(world)
    late = HourEntry.objects.get(source="circo.declared:3")
    actions.move(ids=[late.pk], move="confirm", by=world.adviser)
    cap(world, 180)
    applied(world, counted(world))
    assert hours(world.amina) == {"circo.declared:1": 60, "circo.declared:3": 120}


def test_confirmed_hours_beyond_a_new_cap_are_to_review(world, meetings):
    entry_of(world.amina, world.adviser, State.CONFIRMED, mode=Mode.SELF_PACED)
    meetings.give(world.amina, 180, mode=Mode.SELF_PACED)
    cap(world, 60)
    assert told(counted(world)) == {("Amina", Fate.REVIEW, 180, 60)}


def test_paths_that_came_after_the_cap_was_met_come_back(world, meetings):
    cap(world, 120)
    for number in (1, 2):
        meetings.give(world.amina, 120, number, mode=Mode.SELF_PACED)
        credit(world.amina, minutes=120, mode=Mode.SELF_PACED, source=f"tests.meeting:{number}")
    assert hours(world.amina) == {"tests.meeting:1": 120}
    cap(world, 180, category=Category.TRAINING_FORMATION)
    applied(world, counted(world))
    assert hours(world.amina) == {"tests.meeting:1": 120, "tests.meeting:2": 60}
    assert set(HourEntry.objects.values_list("category", "announced_minutes")) == {
        (Category.TRAINING_FORMATION, None),
        (Category.TRAINING_FORMATION, 120),
    }


# --- What changed meanwhile -------------------------------------------------------------------------------------------
def test_somebody_whose_hours_changed_since_is_left_and_told(world, meetings, sign_in):
    for who in (world.amina, world.bruno):
        credit(who)
        meetings.give(who, 90)
    replay = counted(world)
    meetings.give(world.amina, 60)
    applied(world, replay)
    assert (hours(world.amina), hours(world.bruno)) == ({"tests.meeting:1": 180}, {"tests.meeting:1": 90})
    page = text(sign_in(world.inspector).get(reverse("hours:replay_page", args=[replay.pk])))
    assert "C’est appliqué" in page
    assert page.count(">à refaire<") == 1
    assert "1 ligne changée." in page
    assert "avaient changé entre-temps" in page


def test_a_worker_that_stopped_halfway_goes_on(world, meetings, monkeypatch):
    for who in (world.amina, world.bruno):
        credit(who)
        meetings.give(who, 90)
    replay, done = counted(world), []
    first = replaying._apply_to

    def once(*args):
        if done:
            raise OSError("the worker dies")
        done.append(args)
        first(*args)

    monkeypatch.setattr(replaying, "_apply_to", once)
    actions.apply(replay=replay, by=world.inspector)
    work(queries.APPLY)
    monkeypatch.setattr(replaying, "_apply_to", first)
    assert sorted([*hours(world.amina).values(), *hours(world.bruno).values()]) == [90, 180]
    Job.objects.update(not_before=None)
    work(queries.APPLY)
    replay.refresh_from_db()
    assert replay.state == ReplayState.DONE
    assert hours(world.amina) == hours(world.bruno) == {"tests.meeting:1": 90}
    assert not replay.lines.filter(applied_at=None).exists()


def test_the_account_is_held_while_it_is_changed(world, meetings, monkeypatch):
    """Or a path that ends at that moment would find room in what is being given."""
    credit(world.amina)
    meetings.give(world.amina, 90)
    replay, held, select = counted(world), [], QuerySet.select_for_update
    monkeypatch.setattr(
        QuerySet,
        "select_for_update",
        lambda rows, **how: (held.append((rows.model.__name__, how.get("no_key"))), select(rows, **how))[1],
    )
    applied(world, replay)
    assert held.index(("Person", True)) < held.index(("HourEntry", None))


# --- Who and when -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["adviser", "secretary", "amina", "inspector_there", "departement"])
def test_the_inspector_of_the_district_alone_replays(world, meetings, name):
    by = getattr(world, name)
    with pytest.raises(Refusal, match="inspection"):
        actions.recount(district=world.here.district, year=world.year, by=by)
    replay = counted(world)
    with pytest.raises(Refusal, match="rien à appliquer"):
        actions.apply(replay=replay, by=by)


def test_one_calculation_at_a_time_and_no_application_without_one(world, meetings):
    replay = actions.recount(district=world.here.district, year=world.year, by=world.inspector)
    with pytest.raises(Refusal, match="déjà en cours"):
        actions.recount(district=world.here.district, year=world.year, by=world.inspector)
    with pytest.raises(Refusal, match="rien à appliquer"):
        actions.apply(replay=replay, by=world.inspector)
    work(queries.COUNT)
    actions.apply(replay=replay, by=world.inspector)
    with pytest.raises(Refusal, match="rien à appliquer"):
        actions.apply(replay=replay, by=world.inspector)


def test_whoever_asked_and_is_gone_changes_nothing(world, meetings):
    credit(world.amina)
    meetings.give(world.amina, 90)
    replay = counted(world)
    actions.apply(replay=replay, by=world.inspector)
    HoursReplay.objects.update(asked_by=None)
    work(queries.APPLY)
    replay.refresh_from_db()
    assert (replay.state, hours(world.amina)) == (ReplayState.FAILED, {"tests.meeting:1": 180})
    assert counted(world).state == ReplayState.READY, "it can be asked again"


def test_what_was_planned_for_somebody_goes_with_them(world, meetings):
    credit(world.amina)
    meetings.give(world.amina, 90)
    replay = counted(world)
    HourEntry.objects.all().delete()
    world.amina.delete()
    assert not ReplayLine.objects.exists()
    assert applied(world, replay).state == ReplayState.DONE


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_the_inspector_goes_from_the_queue_to_the_report_and_applies_it(world, meetings, sign_in):
    credit(world.amina)
    meetings.give(world.amina, 90)
    entry_of(world.bruno, world.adviser, State.CONFIRMED)
    meetings.give(world.bruno, 60)
    assert LIST not in sign_in(world.adviser).get(reverse("hours:entry_list")).content.decode()
    client = sign_in(world.inspector)
    assert LIST in client.get(reverse("hours:entry_list")).content.decode()
    form = client.get(LIST).context["form"]
    assert form.fields["district"].widget.is_hidden, "there is but one"
    answer = client.post(ASK, {"district": world.here.district.pk, "year": world.year.pk})
    url = answer.url
    assert "En attente d’un moment de libre" in text(client.get(url))
    work(queries.COUNT)
    page = text(client.get(url))
    assert "Rien n’a encore changé" in page
    assert "Amina Petit" in page
    assert ">3 h<" in page
    assert ">1 h 30<" in page
    assert world.bruno.last_name in text(client.get(url, {"suite": "REVIEW"}))
    assert "Aucune ligne ici" in text(client.get(url, {"suite": "KEPT"}))
    client.post(reverse("hours:replay_apply", args=[HoursReplay.objects.get().pk]))
    work(queries.APPLY)
    assert "C’est appliqué" in text(client.get(url))
    again = client.post(reverse("hours:replay_apply", args=[HoursReplay.objects.get().pk]), follow=True)
    assert "rien à appliquer" in text(again)
    assert world.here.district.name in text(client.get(LIST))


@pytest.mark.parametrize("data", [{}, {"district": "x", "year": "1"}])
def test_a_request_that_cannot_be_read_is_asked_again(world, sign_in, data):
    assert sign_in(world.inspector).post(ASK, data).status_code == 422
    assert not HoursReplay.objects.exists()


def test_another_district_is_no_choice(world, sign_in):
    data = {"district": world.there.district.pk, "year": world.year.pk}
    assert sign_in(world.inspector).post(ASK, data).status_code == 422
    page = sign_in(world.superuser).get(LIST)
    assert not page.context["form"].fields["district"].widget.is_hidden


@pytest.mark.parametrize("count", [1, 3])
def test_the_report_and_the_count_cost_the_same(world, meetings, sign_in, count, django_assert_num_queries):
    people = [world.amina, world.bruno, world.chloe][:count]
    for who in people:
        credit(who)
        meetings.give(who, 90)
    replay = counted(world)
    client, url = sign_in(world.inspector), reverse("hours:replay_page", args=[replay.pk])
    client.get(url)
    with django_assert_num_queries(9):
        client.get(url)
    with django_assert_num_queries(3):
        replaying.changes(world.here.district.pk, world.year, [who.pk for who in people])


# --- Two at once ------------------------------------------------------------------------------------------------------
def apply_while_a_path_ends(world, monkeypatch, within_s: float) -> int:
    """A replay gives back what a lower cap had cut while another path takes what is left: how many minutes count."""
    cap(world, 120)
    credit(world.amina, minutes=240, mode=Mode.SELF_PACED, source="tests.path:1")
    cap(world, 240)
    replay = counted(world)
    actions.apply(replay=replay, by=world.inspector)
    meeting, read, plan = threading.Barrier(2), queries.self_paced_minutes, replaying.changes

    def met(answer):
        def read_and_meet(*args, **kwargs):
            found = answer(*args, **kwargs)
            with suppress(threading.BrokenBarrierError):
                meeting.wait(timeout=within_s)
            return found

        return read_and_meet

    def alone(act):
        def run():
            try:
                act()
            finally:
                connection.close()

        return run

    monkeypatch.setattr(queries, "self_paced_minutes", met(read))
    monkeypatch.setattr(replaying, "changes", met(plan))
    path = {"minutes": 120, "mode": Mode.SELF_PACED, "source": "tests.path:2"}
    acts = (lambda: work(queries.APPLY), lambda: credit(world.amina, **path))
    threads = [threading.Thread(target=alone(act)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(hours(world.amina).values())


@pytest.mark.django_db(transaction=True)
def test_a_replay_and_a_path_at_once_keep_to_the_cap(world, meetings, monkeypatch):
    assert apply_while_a_path_ends(world, monkeypatch, 0.5) == 240


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_take_what_is_left(world, meetings, monkeypatch):
    """The canary."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time: this race is PostgreSQL's")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows.all())
    assert apply_while_a_path_ends(world, monkeypatch, 20) == 360
