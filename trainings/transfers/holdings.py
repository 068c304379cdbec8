"""What transfers keep of an author for a week."""

from __future__ import annotations

from circo.registries import Holding
from trainings.models import PathTransfer

HOLDINGS = (
    Holding(
        "Les parcours que j’ai emportés, les cours que j’ai repris",
        lambda person: PathTransfer.objects.filter(asked_by=person).order_by("pk"),
        {
            "forme": "form",
            "parcours": "version__title",
            "fichier": "file_name",
            "demandé le": "asked_at",
            "état": "state",
            "ce qui est resté": "left_out",
        },
    ),
)
