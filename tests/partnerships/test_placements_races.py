"""Several hands on the same seats, students and classes at once: never twice, always in words. Both databases."""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import perf_counter

import pytest
from django.db import connection

from circo.errors import Refusal
from partnerships.models import ClassPlace, ClassSeat, Placement, PlacementDay, SchoolPlace
from partnerships.placements import holding, seating
from partnerships.placements.actions import booking, life
from partnerships.placements.queries import openings
from partnerships.placements.seating import Taken
from tests.networks.test_places_races import race
from tests.partnerships.placed import DAYS, HOLD, SEE, SHARE, standing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_november")]
AT_ONCE = 8
ATTEMPTS = int(os.environ.get("BOOKING_ATTEMPTS", "400"))  # ten thousand, by hand: minutes
GUARDS = ("class_seat_once", "placement_person_once", "class_place_once", "school_place_once")


def tried(act):
    """What an act answers, its refusal, or what broke."""
    try:
        return act()
    except Exception as error:  # noqa: BLE001 (a test counts what is no refusal)
        return error


def at_once(acts):
    return race([lambda act=act: tried(act) for act in acts])


def placed(answers) -> list[Placement]:
    broken = [one for one in answers if not isinstance(one, Placement | Refusal)]
    assert not broken, broken
    return [one for one in answers if isinstance(one, Placement)]


def overbooked() -> list:
    """The half-days of a class with more students than seats, or not alone where they hold it; people in two places."""
    rows = list(PlacementDay.objects.standing().select_related("offer"))
    of_class = Counter((row.offer_id, row.half_day) for row in rows)
    seats = {row.offer_id: row.offer.seats for row in rows}
    full = [key for key, count in of_class.items() if count > seats[key[0]]]
    parties = {(row.offer_id, row.half_day, row.placement_id) for row in rows}
    of_parties = Counter((offer, half_day) for offer, half_day, _ in parties)
    held = {(row.offer_id, row.half_day) for row in rows if row.kind == HOLD}
    together = [key for key in held if of_parties[key] > 1]
    people = Counter((row.person_id, row.half_day) for row in rows)
    return full + together + [key for key, count in people.items() if count > 1]


def test_two_have_two_seats_and_the_others_read_why(stage):
    students = [stage.student(f"Zoé{number}") for number in range(AT_ONCE)]
    answers = at_once([lambda one=one: stage.hold(DAYS[0], who=[one]) for one in students])
    assert len(placed(answers)) == 2
    refusals = [one for one in answers if isinstance(one, Refusal)]
    assert {type(one) for one in refusals} == {Taken}
    assert all("plus de place dans la classe" in str(one) for one in refusals)
    assert not overbooked()
    alternatives = openings.alternatives(stage.offer, DAYS[0], SEE, students[:1])
    assert alternatives
    assert all(one.half_day != DAYS[0] for one in alternatives if one.offer == stage.offer)


def test_one_student_is_in_one_class(stage):
    classes = [stage.offer, *(stage.other_class() for _ in range(5))]
    answers = at_once([lambda offer=offer: stage.hold(DAYS[0], offer=offer) for offer in classes])
    assert len(placed(answers)) == 1
    assert not overbooked()


def test_a_class_is_held_or_observed_never_both(stage):
    observers = [stage.student(f"Zoé{number}") for number in range(4)]
    stage.hold(*DAYS[:2])
    stage.hold(*DAYS[2:4], kind=SHARE)
    acts = [lambda: stage.hold(DAYS[6], kind=HOLD)]
    acts += [lambda one=one: stage.hold(DAYS[6], who=[one]) for one in observers]
    placed(at_once(acts))
    assert not overbooked()


def test_moves_cross_without_waiting_for_each_other(stage):
    """Each goes where the other was, many times over: done or refused, never a deadlock."""
    other = stage.student("Paul")
    stage.offer.seats = 1
    stage.offer.save()
    one, two = stage.hold(DAYS[0]), stage.hold(DAYS[1], who=[other])
    away = stage.other_class(seats=1)
    three = stage.hold(DAYS[2], offer=away, who=[stage.student("Luc")])
    for _ in range(4):
        here = {row.placement_id: row.half_day for row in PlacementDay.objects.standing()}
        acts = [
            lambda placement=placement, at=here[placement.pk], to=to, offer=offer: booking.move(
                placement=placement, half_day=at, to=to, offer=offer, by=stage.by
            )
            for placement, to, offer in (
                (one, here[two.pk], None),
                (two, here[one.pk], None),
                (three, here[one.pk], None),
            )
        ]
        placed(at_once(acts))
        assert not overbooked()
        assert PlacementDay.objects.standing().count() == ClassSeat.objects.count() == 3


def test_it_is_cancelled_and_published_one_after_the_other(stage):
    placement = life.confirm(placement=stage.hold(*DAYS[:2]), by=stage.by)
    acts = [
        lambda: life.publish(placement=placement, by=stage.by),
        lambda: life.cancel(placement=placement, reason="Non", by=stage.by),
        lambda: booking.free(placement=placement, half_days=[DAYS[0]], by=stage.by),
    ]
    placed(at_once(acts))
    placement.refresh_from_db()
    assert (placement.state == "CANCELLED") == (standing(placement) == [])
    assert ClassSeat.objects.count() == len(standing(placement))


@contextmanager
def without(monkeypatch, *models):
    """Take the unique constraints of these tables away for a while."""
    taken = {}
    for model in models:
        gone = [one for one in model._meta.constraints if one.name in GUARDS]
        taken[model] = gone
        monkeypatch.setattr(model._meta, "constraints", [one for one in model._meta.constraints if one not in gone])
        with connection.schema_editor() as editor:
            for one in gone:
                editor.remove_constraint(model, one)
    try:
        yield
    finally:
        for model in (Placement, *models):
            model.objects.all().delete()
        monkeypatch.undo()
        for model, gone in taken.items():
            with connection.schema_editor() as editor:
                for one in gone:
                    editor.add_constraint(model, one)


def unlocked(monkeypatch) -> None:
    """Nobody waits for anybody, and everybody has looked before anybody takes a seat."""
    everybody, look = threading.Barrier(AT_ONCE), openings.taken_seats

    def together(*args):
        found = look(*args)
        everybody.wait(timeout=60)
        return found

    def hold(*, person_ids, offer_ids):
        return {row.pk: row for row in holding.offers.offers().filter(pk__in=offer_ids)}

    monkeypatch.setattr(holding, "hold", hold)
    monkeypatch.setattr(openings, "taken_seats", together)


def test_without_the_locks_the_constraint_still_refuses_in_words(stage, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time: there is no lock to take away")
    unlocked(monkeypatch)
    students = [stage.student(f"Zoé{number}") for number in range(AT_ONCE)]
    answers = at_once([lambda one=one: stage.hold(DAYS[0], who=[one]) for one in students])
    assert len(placed(answers)) <= 2
    assert any(str(one) == seating.QUICKER for one in answers)
    assert not overbooked()


def test_canary_without_locks_and_constraints_a_seat_is_taken_twice(stage, monkeypatch):
    """What the tests above look for is found where nothing guards it."""
    students = [stage.student(f"Zoé{number}") for number in range(AT_ONCE)]
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time: there is no lock to take away")
    with without(monkeypatch, ClassSeat, PlacementDay, ClassPlace, SchoolPlace):
        unlocked(monkeypatch)
        answers = at_once([lambda one=one: stage.hold(DAYS[0], who=[one]) for one in students])
        assert len(placed(answers)) > 2
        assert overbooked()


# --- Ten thousand attempts --------------------------------------------------------------------------------------------
def test_contended_attempts_and_nothing_twice(stage, record_property):
    """Eight hands, forty half-days, three classes, ten students: all that is refused is refused in words."""
    students = [stage.student(f"Zoé{number}") for number in range(10)]
    classes = [stage.offer, stage.other_class(), stage.other_class(seats=1)]
    answers: Counter[str] = Counter()
    guard = threading.Lock()

    def hand(seed: int) -> None:
        draw = random.Random(seed)
        try:
            for _ in range(ATTEMPTS // AT_ONCE):
                answer = tried(lambda: _one_attempt(stage, draw, students, classes))
                with guard:
                    answers[type(answer).__name__] += 1
        finally:
            connection.close()

    started = perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as hands:
        list(hands.map(hand, range(AT_ONCE)))
    record_property("seconds", round(perf_counter() - started))
    assert set(answers) <= {"Placement", "Taken", "Refusal"}, answers
    assert answers.total() == ATTEMPTS
    assert answers["Placement"] > 5
    assert not overbooked()
    rows = PlacementDay.objects.standing().count()
    assert ClassSeat.objects.count() == rows
    assert rows == PlacementDay.objects.standing().values("person", "day", "half").distinct().count()


def _one_attempt(stage, draw: random.Random, students, classes):
    """Mostly bookings; now and then one gives a half-day up, so that seats come free again."""
    who, half_day = draw.choice(students), draw.choice(DAYS)
    mine = PlacementDay.objects.standing().filter(student=who).order_by("?").first() if draw.random() < 0.1 else None
    if mine is not None:
        return booking.free(placement=mine.placement, half_days=[mine.half_day], by=stage.by)
    return stage.hold(half_day, who=[who], offer=draw.choice(classes))
