"""The whole life of placements, at random: booked, moved, missed, published, cancelled, by several hands in any order.

Whatever was asked, and whatever was refused, nobody is in two classes, no seat has two students, whoever holds a class
is alone with it, and seats and places say what the half-days say. Runs on both databases.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import date

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from circo.errors import Refusal
from partnerships.cohorts.rules import DayKind
from partnerships.models import ClassPlace, ClassSeat, Placement, PlacementDay, SchoolPlace, UniversityPeriod
from partnerships.placements import rules
from partnerships.placements.actions import booking, life, missing
from partnerships.placements.queries import agenda, openings
from partnerships.placements.rules import MissedBy, PlacementState, Verb
from tests.partnerships.placed import DAYS, NOW, Stage
from tests.world import build

HALF_DAYS, KINDS = st.sampled_from(DAYS[:8]), st.sampled_from(list(DayKind))
RANK = st.integers(0, 5)


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.stage = stage = Stage(build(), before_accompanied=1, before_responsibility=1)
        stage.status.may_be_alone, stage.status.legal_text = True, "Contrat"
        stage.status.save()
        self.offers = [stage.offer, stage.other_class(seats=1)]
        self.parties = [[stage.ines], [stage.student("Paul")], stage.pair()]
        self.missed = False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def any_placement(self, rank: int) -> Placement | None:
        rows = list(Placement.objects.order_by("pk"))
        return rows[rank % len(rows)] if rows else None

    @rule(party=RANK, offer=RANK, kind=KINDS, half_days=st.lists(HALF_DAYS, min_size=1, max_size=3))
    def hold(self, party, offer, kind, half_days):
        with suppress(Refusal):
            going, there = self.parties[party % 3], self.offers[offer % 2]
            self.stage.hold(*half_days, kind=kind, who=going, offer=there)

    @rule(rank=RANK, half_day=HALF_DAYS, to=HALF_DAYS, offer=RANK)
    def move(self, rank, half_day, to, offer):
        if placement := self.any_placement(rank):
            with suppress(Refusal):
                there = self.offers[offer % 2]
                booking.move(placement=placement, half_day=half_day, to=to, offer=there, by=self.stage.by)

    @rule(rank=RANK, half_day=HALF_DAYS)
    def free(self, rank, half_day):
        if placement := self.any_placement(rank):
            with suppress(Refusal):
                booking.free(placement=placement, half_days=[half_day], by=self.stage.by)

    @rule(rank=RANK, half_day=HALF_DAYS)
    def put_back(self, rank, half_day):
        if placement := self.any_placement(rank):
            with suppress(Refusal):
                booking.put_back(placement=placement, half_days=[half_day], by=self.stage.by)

    @rule(rank=RANK, verb=st.sampled_from(list(Verb)))
    def step(self, rank, verb):
        if placement := self.any_placement(rank):
            with suppress(Refusal):
                life.move(placement=placement, verb=verb, reason="Un mot", by=self.stage.by)

    @rule(rank=RANK, half_day=HALF_DAYS)
    def name_adult(self, rank, half_day):
        if placement := self.any_placement(rank):
            with suppress(Refusal):
                adult = placement.offer.person
                life.name_adult(placement=placement, half_days=[half_day], adult=adult, by=self.stage.by)

    @rule(rank=RANK, half_day=HALF_DAYS, alone=st.booleans())
    def miss(self, rank, half_day, alone):
        if placement := self.any_placement(rank):
            student = placement.students.first().student if alone else None
            why = MissedBy.STUDENT if alone else MissedBy.HOST
            with suppress(Refusal):
                missing.miss(placement=placement, half_day=half_day, why=why, student=student, by=self.stage.by)
                self.missed = True

    @rule(rank=RANK, half_day=HALF_DAYS, to=HALF_DAYS)
    def replace(self, rank, half_day, to):
        if placement := self.any_placement(rank):
            with suppress(Refusal):
                missing.replace(placement=placement, half_day=half_day, to=to, by=self.stage.by)

    @rule(half_day=HALF_DAYS)
    def university(self, half_day):
        day = half_day.day
        if not UniversityPeriod.objects.filter(starts_on=day).exists():
            UniversityPeriod.objects.create(cohort=self.stage.cohort, label="Cours", starts_on=day, ends_on=day)

    # --- What is always so --------------------------------------------------------------------------------------------
    @invariant()
    def nobody_is_in_two_classes_and_no_class_is_too_full(self):
        rows = list(PlacementDay.objects.standing().select_related("offer"))
        assert max(Counter((row.person_id, row.half_day) for row in rows).values(), default=1) == 1
        of_class: dict[tuple, list[PlacementDay]] = {}
        for row in rows:
            of_class.setdefault((row.offer_id, row.half_day), []).append(row)
        for there in of_class.values():
            assert len(there) <= there[0].offer.seats
            if any(row.kind == DayKind.RESPONSIBILITY for row in there):
                assert len({row.placement_id for row in there}) == 1

    @invariant()
    def seats_and_places_say_what_the_half_days_say(self):
        rows = list(PlacementDay.objects.standing())
        seats = Counter((seat.placement_id, seat.day, seat.half) for seat in ClassSeat.objects.all())
        wanted: Counter = Counter()
        for row in rows:
            key = row.placement_id, row.day, row.half
            wanted[key] = rules.ALL_SEATS if row.kind == DayKind.RESPONSIBILITY else wanted[key] + 1
        assert seats == wanted
        there = {(row.offer_id, row.person_id) for row in rows}
        assert set(ClassPlace.objects.values_list("offer_id", "person_id")) == there
        assert set(SchoolPlace.objects.values_list("person_id", flat=True)) == {row.person_id for row in rows}

    @invariant()
    def what_is_cancelled_is_given_back_and_what_is_public_is_founded(self):
        standing = PlacementDay.objects.standing()
        assert not standing.filter(placement__state=PlacementState.CANCELLED).exists()
        held = standing.filter(kind=DayKind.RESPONSIBILITY, placement__state=PlacementState.PUBLISHED)
        assert not held.filter(basis="").exists()
        assert not agenda.unfounded().exists()

    @invariant()
    def kinds_are_in_order_unless_something_was_missed(self):
        if not self.missed:
            students = [one for party in self.parties for one in party]
            course = openings.course_of(self.stage.cohort.programme)
            assert not [wrong for days in openings.planned(students).values() for wrong in rules.faults(days, course)]


@pytest.mark.django_db
def test_whatever_is_asked_the_rules_hold():
    assert date(2027, 1, 11) == DAYS[0].day
    with time_machine.travel(NOW, tick=True):
        few = settings(max_examples=12, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck))
        run_state_machine_as_test(Life, settings=few)
