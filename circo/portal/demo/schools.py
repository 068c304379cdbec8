"""The schools of the demonstration: real ones of two perimeters, invented ones for the rest of a département."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from circo import rules
from circo.portal.demo.rows import SchoolRow
from circo.rules import GradeLevel, PriorityStatus, WeekPattern

DEPARTEMENT = "27"
DEPARTEMENT_NAME = "Eure"
INSTITUTION = "INSPÉ de démonstration"
HERE = "Val-de-Reuil (périmètre de démonstration)"
THERE = "Bernay (périmètre de démonstration)"
FIXTURE = Path(__file__).parent / "schools.csv"
ELEMENTARY = (GradeLevel.CP, GradeLevel.CE1, GradeLevel.CE2, GradeLevel.CM1, GradeLevel.CM2)
PRIMARY = (GradeLevel.PS, GradeLevel.MS, GradeLevel.GS, *ELEMENTARY)
WITH_WEDNESDAY = frozenset({"Pont-de-l’Arche", "Léry", "Brionne"})  # invented: the real weeks are not known to us
INVENTED_PER_DISTRICT = 31
PLACE_WORDS = (
    "du Nord",
    "du Sud",
    "de l’Est",
    "de l’Ouest",
    "du Centre",
    "des Plateaux",
    "des Vallées",
    "du Lac",
    "du Bocage",
)
TINY_HERE = frozenset({"0271300S", "0271421Y", "0271472D", "0271569J", "0271562B", "0270624G", "0270640Z", "0271736R"})
TINY_THERE = frozenset({"0270243T", "0270199V", "0270277E"})


@dataclass(frozen=True)
class Size:
    """How much of a département is filled."""

    uais: frozenset[str] | None = None  # only these real schools; all of them if None
    invented_districts: int = 0
    films: int = 5  # the last of `films.CLIPS`


SIZES = {
    "tiny": Size(uais=TINY_HERE | TINY_THERE, films=1),
    "district": Size(),
    "departement": Size(invented_districts=len(PLACE_WORDS)),
}


def schools_of(size: Size, seed: int) -> tuple[SchoolRow, ...]:
    """Every school, the real ones first."""
    real = [row for row in _real_schools() if size.uais is None or row.uai in size.uais]
    invented = [row for number in range(size.invented_districts) for row in _invented_schools(number, seed)]
    return (*real, *invented)


def _real_schools() -> Sequence[SchoolRow]:
    perimeters = {"Val-de-Reuil": HERE, "Bernay": THERE}
    with FIXTURE.open(encoding="utf-8", newline="") as file:
        return [
            SchoolRow(
                district=perimeters[line["district"]],
                uai=line["uai"],
                name=line["name"],
                commune=line["commune"],
                insee_code=line["insee_code"],
                priority=PriorityStatus(line["priority"]),
                pupils=int(line["pupils"]),
                latitude=float(line["latitude"]),
                longitude=float(line["longitude"]),
                levels=PRIMARY if "primaire" in line["name"] else ELEMENTARY,
                week=_week(line["commune"] in WITH_WEDNESDAY),
            )
            for line in csv.DictReader(file, delimiter=";")
        ]


def _invented_schools(district: int, seed: int) -> Sequence[SchoolRow]:
    random = Random(f"{seed}/schools/{district}")  # noqa: S311 (a drawing of lots, not a secret)
    return [_invented_school(district, number, random) for number in range(INVENTED_PER_DISTRICT)]


def _invented_school(district: int, number: int, random: Random) -> SchoolRow:
    rank = district * INVENTED_PER_DISTRICT + number + 1
    digits = f"0279{rank:03d}"
    return SchoolRow(
        district=f"Circonscription de démonstration {PLACE_WORDS[district]}",
        uai=digits + rules.uai_key(digits),
        name=f"École de démonstration n° {rank}",
        commune=f"Commune {PLACE_WORDS[district]} {number // 2 + 1}",
        insee_code="",
        priority=PriorityStatus.REP if random.random() < 0.12 else PriorityStatus.NONE,
        pupils=random.randint(50, 280),
        latitude=None,
        longitude=None,
        levels=PRIMARY if random.random() < 0.6 else ELEMENTARY,
        week=_week(random.random() < 0.1),
    )


def _week(with_wednesday: bool) -> WeekPattern:
    return WeekPattern.FOUR_DAYS_AND_A_HALF if with_wednesday else WeekPattern.FOUR_DAYS
