"""The whole call of a cover plan, from the database and back to it, beside the solver's own calls inside it."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from circo.calendar.rules import HALVES
from circo.models import Person, Posting, School
from circo.rules import Role
from events.cover import proofs
from events.cover import solving as solver
from events.cover.checking import faults_of
from events.models import (
    BrigadeRules,
    CoverNeed,
    CoverPlan,
    CoverPlanDay,
    HeldHalfDay,
    SharingDay,
    Substitute,
    Unavailability,
)
from events.plans import problems, solving
from events.plans.reasons import reasons_of
from tests.bench.cover import DAYS, SIZES, Clock, drawn
from tests.events.plans import scale
from tests.world import World, uai

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
BATCH = 500
MOST = int(os.environ.get("BENCH_SEEDS", "10"))
SEEDS = {"circonscription": min(9, MOST), "departement": min(5, MOST)}


def stored(world: World, name: str, seed: int) -> CoverPlan:
    """Write a drawn problem as rows: schools, substitutes, what takes them, two days, needs, and an empty plan."""
    size = SIZES[name]
    needs, substitutes = drawn(size, seed)
    district, by = world.here.district, world.secretary
    spots = sorted({one.school for one in needs} | {one.home for one in substitutes}, key=lambda spot: spot.key)
    schools = School.objects.bulk_create(
        [
            School(
                district=district,
                uai=uai("27", 5000 + number),
                name=spot.key,
                commune="Marais",
                insee_code="27701",
                latitude=spot.latitude,
                longitude=spot.longitude,
            )
            for number, spot in enumerate(spots)
        ],
        batch_size=BATCH,
    )
    at = {spot.key: school for spot, school in zip(spots, schools, strict=True)}
    people = Person.objects.bulk_create(
        [
            Person(email=f"r{one.key}@ecole.test", first_name="Rémi", last_name=f"Nom {one.key}", password="!")
            for one in substitutes
        ],
        batch_size=BATCH,
    )
    Posting.objects.filter(role=Role.SUBSTITUTE).delete()
    Posting.objects.bulk_create(
        [
            Posting(person=who, role=Role.SUBSTITUTE, school=at[one.home.key], starts_on=world.year.first_day)
            for who, one in zip(people, substitutes, strict=True)
        ],
        batch_size=BATCH,
    )
    Substitute.objects.bulk_create(
        [
            Substitute(person=who, preferred=sorted(one.preferred), refused=sorted(one.refused))
            for who, one in zip(people, substitutes, strict=True)
        ],
        batch_size=BATCH,
    )
    away = Unavailability.objects.create(person=people[0], starts_on=DAYS[0], ends_on=DAYS[0], written_by=by)
    HeldHalfDay.objects.bulk_create(
        [
            HeldHalfDay(unavailability=away, person=who, day=day, half=half)
            for who, one in zip(people, substitutes, strict=True)
            for day in DAYS
            for half in HALVES
            if not any(each.day == day and each.half == half for each in one.free)
        ],
        batch_size=BATCH,
    )
    BrigadeRules.objects.update_or_create(
        departement=district.departement, defaults={"limit_km": size.limit_km, "reserve_percent": 0}
    )
    scale()
    plan = CoverPlan.objects.create(departement=district.departement, version=99, created_by=by)
    days = {day: _day(world, day, rank) for rank, day in enumerate(DAYS, 1)}
    CoverPlanDay.objects.bulk_create(CoverPlanDay(plan=plan, day=day) for day in days.values())
    CoverNeed.objects.bulk_create(
        [
            CoverNeed(
                day=days[one.day],
                class_key=one.class_key,
                school=at[one.school.key],
                levels=sorted(one.levels),
                span=one.span,
                priority=str(one.priority),
            )
            for one in needs
        ],
        batch_size=BATCH,
    )
    return plan


def _day(world: World, on: date, rank: int) -> SharingDay:
    return SharingDay.objects.create(
        district=world.here.district,
        school_year=world.year,
        rank=rank,
        on=on,
        title=f"Journée {rank}",
        created_by=world.secretary,
    )


@pytest.mark.parametrize(("name", "seed"), [(name, seed) for name in SEEDS for seed in range(1, SEEDS[name] + 1)])
def test_the_whole_call(world, name, seed, monkeypatch):
    """CPU seconds of this process: SQLite is in it, and the solver's own calls are clocked inside it."""
    plan, clock, told = stored(world, name, seed), Clock(), []

    def timed(*args):
        answer, seconds = clock.of(lambda: reasons_of(*args))
        told.append(seconds)
        return answer

    monkeypatch.setattr(solving, "reasons_of", timed)
    situation, read_s = clock.of(lambda: problems.situation_of(plan))
    solution, solve_s = clock.of(lambda: solver.solve(situation.problem))
    _, write_s = clock.of(lambda: solving.write(plan, situation, solution))
    found, certificate = proofs.from_data(plan.proof)
    faults, check_s = clock.of(lambda: faults_of(situation.problem, found, certificate))
    assert not faults
    assert not certificate.is_stopped
    assert plan.assignments.count() == len(found.links)
    if out := os.environ.get("BENCH_OUT"):
        seconds = {"read": read_s, "solve": solve_s, "write": write_s - told[0], "check": check_s}
        row = {"name": name, "seed": seed, "engine": connection.vendor, "seconds": seconds}
        with Path(out).open("a") as file:
            file.write(json.dumps(row | {"reasons_s": told[0], "inside_s": clock.inside_s}) + "\n")
