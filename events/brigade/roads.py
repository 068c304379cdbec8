"""The distances by road that somebody brought, as plans ask for them: from schools of attachment to other schools."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from circo.models import Departement
from events.models import SchoolDistance


def between(homes: Mapping[int, str], schools: Mapping[int, str]) -> dict[tuple[str, str], int]:
    """The metres from each home to each school that a table gives, by their UAIs; the way back stands for the way.

    `homes`, `schools`: UAIs by key. Units: metres.
    """
    there = Q(home_id__in=homes, school_id__in=schools)
    back = Q(home_id__in=schools, school_id__in=homes)
    found: dict[tuple[str, str], int] = {}
    rows = SchoolDistance.objects.filter(there | back).order_by("pk")
    for home_id, school_id, metres in rows.values_list("home_id", "school_id", "metres"):
        if home_id in homes and school_id in schools:
            found[homes[home_id], schools[school_id]] = metres
        if school_id in homes and home_id in schools:
            found.setdefault((homes[school_id], schools[home_id]), metres)
    return found


def count(departement: Departement) -> int:
    """How many distances are known in a département."""
    return SchoolDistance.objects.filter(home__district__departement=departement).count()
