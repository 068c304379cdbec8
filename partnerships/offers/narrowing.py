"""How a list of open classes is narrowed: by level, by practice, by district."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from circo.queries import Filter
from circo.rules import GradeLevel
from networks.visits.rules import PRACTICES
from partnerships.models import HostOffer

NAMES = ("niveau", "pratique", "circonscription")


def filters(rows: Sequence[HostOffer], given: Mapping[str, str]) -> list[Filter]:
    """Level, practice, district: only what some class has; an unknown value narrows nothing."""
    levels = {level for one in rows for level in one.levels}
    practices = {practice for one in rows for practice in one.practices}
    districts = {str(one.school.district_id): str(one.school.district) for one in rows}
    known = {
        "niveau": ("Niveau", [(level.value, level.value) for level in GradeLevel if level.value in levels]),
        "pratique": ("Pratique", [(one.value, words) for one, words in PRACTICES.items() if one.value in practices]),
        "circonscription": ("Circonscription", sorted(districts.items(), key=lambda one: one[1])),
    }
    return [
        Filter(name, label, values, given.get(name, "") if given.get(name) in dict(values) else "")
        for name, (label, values) in known.items()
    ]


def narrowed(rows: Sequence[HostOffer], chosen: Sequence[Filter]) -> list[HostOffer]:
    level, practice, district = (one.chosen for one in chosen)
    return [
        one
        for one in rows
        if (not level or level in one.levels)
        and (not practice or practice in one.practices)
        and (not district or district == str(one.school.district_id))
    ]
