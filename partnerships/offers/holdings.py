"""What the vivier keeps of a teacher."""

from __future__ import annotations

from circo.registries import Holding
from partnerships.models import HostOffer

HOLDINGS = (
    Holding(
        "Mes classes proposées aux étudiants",
        lambda person: HostOffer.objects.filter(person=person).order_by("pk"),
        {
            "école": "school__name",
            "année": "school_year__first_day",
            "niveaux": "levels",
            "pratiques": "practices",
            "étudiants à la fois": "seats",
            "semaine": "week",
            "périodes": "periods",
            "dates en plus": "dates",
            "dates en moins": "but",
            "conditions": "conditions",
            "état": "state",
        },
    ),
)
