"""Plans of any size over the communes of the Eure, drawn from a seed: schools, classes over two days, substitutes."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path
from statistics import mean

import numpy as np

from circo.maps.importing import import_communes
from circo.models import Person, Posting, School
from circo.rules import Role, school_year_bounds
from events.cover.problem import Plan
from events.models import CoverNeed, CoverPlan, CoverPlanDay, SharingDay, Substitute
from events.plans import problems, solving
from tests.events.days import THURSDAY, TUESDAY, chosen
from tests.events.plans import scale
from tests.world import World, uai

OUTLINES = Path(__file__).parents[2] / "circo/portal/demo/communes.geojson"
LEVELS = ("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")
FIRST_NAMES = ("Lucie", "Marc", "Nora", "Omar", "Paula", "Rose", "Sami", "Théo", "Ulla", "Vera", "Xavier", "Yann")
LAST_NAMES = ("Aubert", "Blin", "Caron", "Duval", "Evrard", "Fleury", "Gosselin", "Hamel", "Isaac", "Jouen", "Lefèvre")


def large_plan(world: World, *, classes: int, substitutes: int, seed: int = 1, is_solved: bool = True) -> CoverPlan:
    """A draft over two days: each day takes half of the `classes`; some substitutes are not free."""
    pick = random.Random(seed)
    scale()
    communes = _communes(reach=0.12 if classes < 100 else 0.25 if classes < 500 else 1.0)
    schools = _schools(world, pick, communes, max(classes // 4, 3))
    staff = _staff(world, pick, schools, substitutes)
    plan = CoverPlan.objects.create(departement=world.here.departement, version=900, created_by=world.secretary)
    for on, first in ((THURSDAY, 0), (TUESDAY, (classes + 1) // 2)):
        day = chosen(world.here, world.inspector, on)
        CoverPlanDay.objects.create(plan=plan, day=day)
        last = (classes + 1) // 2 if not first else classes
        _needs(pick, day, schools, range(first, last))
    assert len(staff) == substitutes
    if is_solved:
        solving.at_once(CoverPlan.objects.get(pk=plan.pk))
    return CoverPlan.objects.get(pk=plan.pk)


def by_the_nearest(plan: CoverPlan) -> CoverPlan:
    """Give each class to who is nearest and still free: at once, where a proof is not what one looks at."""
    situation = problems.situation_of(plan)
    problem, links = situation.problem, []
    served: set[int] = set()
    busy = np.zeros((len(problem.substitutes), len(problem.half_days)), bool)
    for number in np.argsort(problem.pairs.metres, kind="stable").tolist():
        need, who = int(problem.pairs.need[number]), int(problem.pairs.substitute[number])
        if need not in served and not problem.needs[need].is_reserve and not (busy[who] & problem.slots[need]).any():
            served.add(need)
            busy[who] |= problem.slots[need]
            links.append(problem.link(number))
    solving.fill(plan, situation, Plan(tuple(links)), set())
    return plan


def _communes(reach: float) -> list[tuple[str, str, float, float]]:
    """Code, name, longitude, latitude of the communes not farther than `reach` degrees from Louviers."""
    import_communes(OUTLINES, source="IGN")
    found = []
    for one in json.loads(OUTLINES.read_text())["features"]:
        shape = one["geometry"]
        ring = shape["coordinates"][0] if shape["type"] == "Polygon" else shape["coordinates"][0][0]
        longitude, latitude = mean(point[0] for point in ring), mean(point[1] for point in ring)
        if abs(latitude - 49.21) < reach and abs(longitude - 1.16) < 1.5 * reach:
            found.append((one["properties"]["code"], one["properties"]["nom"], longitude, latitude))
    return found


def _schools(world: World, pick: random.Random, communes: list, count: int) -> list[School]:
    rows = []
    for number in range(count):
        code, name, longitude, latitude = pick.choice(communes)
        rows.append(
            School(
                district=world.here.district,
                uai=uai("27", 1000 + number),
                name=pick.choice(("École Jean-Moulin", "École maternelle", "École primaire", "École du Bourg")),
                commune=name,
                insee_code=code,
                longitude=longitude + pick.uniform(-0.008, 0.008),
                latitude=latitude + pick.uniform(-0.005, 0.005),
            )
        )
    return School.objects.bulk_create(rows)


def _people(rows: list[str], pick: random.Random) -> list[Person]:
    return Person.objects.bulk_create(
        Person(email=email, first_name=pick.choice(FIRST_NAMES), last_name=pick.choice(LAST_NAMES), password="!")
        for email in rows
    )


def _staff(world: World, pick: random.Random, schools: list[School], count: int) -> list[Person]:
    people = _people([f"remplacant{number}@ecole.test" for number in range(count)], pick)
    since = school_year_bounds(date(2026, 11, 23))[0]
    Posting.objects.bulk_create(
        Posting(person=who, role=Role.SUBSTITUTE, school=pick.choice(schools), starts_on=since) for who in people
    )
    Substitute.objects.bulk_create(
        Substitute(
            person=who,
            preferred=pick.sample(LEVELS, 2) if pick.random() < 0.7 else [],
            refused=pick.sample(LEVELS, 1) if pick.random() < 0.2 else [],
            is_reserve=pick.random() < 0.1,
        )
        for who in people
    )
    return people


def _needs(pick: random.Random, day: SharingDay, schools: list[School], numbers: range) -> None:
    needs = CoverNeed.objects.bulk_create(
        CoverNeed(
            day=day,
            class_key=f"c{number}",
            school=pick.choice(schools),
            levels=[pick.choice(LEVELS)],
            class_size=pick.randint(18, 28),
            span=pick.choices(("DAY", "AM", "PM"), (8, 1, 1))[0],
            priority=pick.choice("123"),
        )
        for number in numbers
    )
    people = _people([f"maitresse{number}@ecole.test" for number in numbers], pick)
    links = CoverNeed.people.through
    links.objects.bulk_create(links(coverneed=need, person=who) for need, who in zip(needs, people, strict=True))
