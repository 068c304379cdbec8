"""What is kept of somebody who came from another platform. All of it goes with the account, or with the link."""

from __future__ import annotations

from circo.registries import Holding
from trainings.models import LtiLink, LtiResult

HOLDINGS = (
    Holding(
        "Mes comptes d’autres plateformes",
        lambda person: LtiLink.objects.filter(person=person).order_by("pk"),
        {"plateforme": "platform__name", "numéro là-bas": "subject", "relié": "linked_at"},
    ),
    Holding(
        "Ce qui est dit de moi à d’autres plateformes",
        lambda person: LtiResult.objects.filter(link__person=person).order_by("pk"),
        {
            "plateforme": "course__platform__name",
            "espace": "course__title",
            "dit là-bas": "sent",
            "le": "sent_at",
            "venue de là-bas": "came_at",
        },
    ),
)
