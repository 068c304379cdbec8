"""What cover plans keep of a person."""

from __future__ import annotations

from circo.registries import Holding
from events.models import CoverAssignment, CoverLink

HOLDINGS = (
    Holding(
        "Mes remplacements",
        lambda person: CoverAssignment.objects.filter(substitute=person, told_at__isnull=False).order_by(
            "need__day__on", "pk"
        ),
        {
            "date": "need__day__on",
            "moment": "need__span",
            "école": "need__school__name",
            "commune": "need__school__commune",
            "distance en mètres": "metres",
            "ISSR estimée, en centimes": "cents",
            "prévenu le": "told_at",
            "confirmé le": "confirmed_at",
            "toujours en vigueur": "is_in_force",
        },
    ),
    Holding(
        "Les classes avec lesquelles je suis associé ou écarté",
        lambda person: CoverLink.objects.filter(substitute=person).order_by("pk"),
        {"classe": "class_key", "lien": "kind", "noté le": "at"},
    ),
)
