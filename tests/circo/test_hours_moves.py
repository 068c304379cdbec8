"""The life of an entry: each move where it begins, by whoever may, once; and two who sign at the same moment."""

import threading
from contextlib import suppress

import pytest
from django.db import OperationalError, connection, connections
from django.db.models import QuerySet

from circo.errors import Refusal
from circo.hours import actions, queries, rules
from circo.hours.rules import Move, State
from circo.models import HourEntry
from tests.circo.hours import credit, entry_of

MEET_WITHIN_S = 1
CANARY_MEETS_WITHIN_S = 20  # nothing makes the second wait but a busy machine


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("move", list(Move))
def test_each_move_begins_where_the_table_says_and_nowhere_else(world, move, state):
    entry = entry_of(world.amina, world.adviser, state)
    before = entry.history.count()
    if state in rules.MOVES[move].sources:
        moved = actions.move(ids=[entry.pk], move=move, by=world.inspector, reason="Absente.")
        entry.refresh_from_db()
        assert (moved.ids, moved.left) == ([entry.pk], 0)
        assert entry.state == rules.MOVES[move].target
        assert bool(entry.reason) is (entry.state == State.REFUSED)
        assert entry.history.count() == before + 1
    else:
        with pytest.raises(Refusal, match=rules.MOVES[move].refusal[:20]):
            actions.move(ids=[entry.pk], move=move, by=world.inspector, reason="Absente.")
        entry.refresh_from_db()
        assert (entry.state, entry.history.count()) == (state, before)


def test_validating_keeps_who_confirmed(world):
    entry = entry_of(world.amina, world.adviser, State.CONFIRMED)
    actions.move(ids=[entry.pk], move=Move.VALIDATE, by=world.inspector)
    entry.refresh_from_db()
    assert (entry.confirmed_by, entry.validated_by) == (world.adviser, world.inspector)


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_refusal_without_a_reason_is_refused(world, reason):
    entry = credit(world.amina)
    with pytest.raises(Refusal, match="Dites pourquoi"):
        actions.move(ids=[entry.pk], move=Move.REFUSE, by=world.adviser, reason=reason)


@pytest.mark.parametrize("name", ["amina", "bruno", "trainer", "secretary", "departement", "adviser_there", "former"])
def test_only_those_who_confirm_in_the_district_confirm(world, name):
    entry = credit(world.amina)
    with pytest.raises(Refusal):
        actions.move(ids=[entry.pk], move=Move.CONFIRM, by=getattr(world, name))


def test_a_refusal_told_and_read_stays_told(world):
    entry = credit(world.amina)
    actions.move(ids=[entry.pk], move=Move.REFUSE, by=world.adviser, reason="Absente.")
    notice = world.amina.notices.get()
    notice.read_at = notice.created_at
    notice.save()
    actions.move(ids=[entry.pk], move=Move.RECONSIDER, by=world.adviser)
    assert world.amina.notices.count() == 1


def test_a_thousand_entries_move_in_a_few_queries(world, django_assert_max_num_queries):
    made = [
        HourEntry(
            person=world.amina,
            school_year=world.year,
            district=world.here.district,
            on=world.year.first_day,
            minutes=15,
            category=rules.Category.TRAINING_ANIMATION,
            mode=rules.Mode.IN_PERSON,
            source=f"tests:{number}",
            label="Réunion",
        )
        for number in range(1000)
    ]
    HourEntry.objects.bulk_create(made)
    ids = list(HourEntry.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(60):
        assert len(actions.move(ids=ids, move=Move.CONFIRM, by=world.adviser).ids) == 1000


# --- Two at once ------------------------------------------------------------------------------------------------------
@pytest.fixture
def unprotected(monkeypatch):
    """No lock on rows; and, on SQLite, transactions that begin as they do by default."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows.all())
    if connection.vendor == "sqlite":
        options = connections.settings["default"]["OPTIONS"] | {"transaction_mode": None}
        monkeypatch.setitem(connections.settings["default"], "OPTIONS", options)
    else:
        monkeypatch.setattr(f"{__name__}.MEET_WITHIN_S", CANARY_MEETS_WITHIN_S)


def decide_together(world, monkeypatch) -> list[str]:
    """Two confirm at the same moment: what each was told."""
    entry = credit(world.amina)
    meeting, told = threading.Barrier(2), []
    sign = actions.moving._sign

    def sign_and_meet(*args):
        sign(*args)
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=MEET_WITHIN_S)

    def decide(person, move):
        try:
            actions.move(ids=[entry.pk], move=move, by=person, reason="Absente.")
            told.append("done")
        except Refusal:
            told.append("refused")
        except OperationalError:
            told.append("locked")
        finally:
            connection.close()

    monkeypatch.setattr(actions.moving, "_sign", sign_and_meet)
    moves = ((world.adviser, Move.CONFIRM), (world.colleague, Move.CONFIRM))
    threads = [threading.Thread(target=decide, args=pair) for pair in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


@pytest.fixture
def two_advisers(world):
    world.people["colleague"] = world.inspector
    return world


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_are_one_truth(two_advisers, monkeypatch):
    assert decide_together(two_advisers, monkeypatch) == ["done", "refused"]
    entry = HourEntry.objects.get()
    assert entry.history.filter(state=State.CONFIRMED).count() == 1
    assert entry.history.first().history_user == entry.confirmed_by


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("unprotected")
def test_without_the_lock_both_believe_that_they_confirmed(two_advisers, monkeypatch):
    """The canary: both are told that it is done; SQLite stops one of the two instead."""
    told = decide_together(two_advisers, monkeypatch)
    assert told == (["done", "locked"] if connection.vendor == "sqlite" else ["done", "done"])


def credit_together(world, monkeypatch) -> int:
    """Two requests credit the same source at the same moment: how many entries there are."""
    meeting = threading.Barrier(2)
    district_on = queries.district_on

    def read_and_meet(*args):
        found = district_on(*args)
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=MEET_WITHIN_S)
        return found

    def ask():
        try:
            credit(world.amina)
        finally:
            connection.close()

    monkeypatch.setattr(queries, "district_on", read_and_meet)
    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return HourEntry.objects.count()


@pytest.mark.django_db(transaction=True)
def test_one_source_credited_twice_at_once_counts_once(world, monkeypatch):
    assert credit_together(world, monkeypatch) == 1
