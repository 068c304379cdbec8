"""What watching keeps of a learner. It goes with the enrolment, which goes with the account."""

from __future__ import annotations

from circo.registries import Holding
from trainings.models import WatchedExcerpt

HOLDINGS = (
    Holding(
        "Ce que j’ai regardé dans mes parcours",
        lambda person: WatchedExcerpt.objects.filter(enrolment__person=person).order_by("pk"),
        {
            "parcours": "enrolment__version__title",
            "extrait": "excerpt__title",
            "secondes vues": "seconds",
            "passages vus, en millisecondes du film": "stretches",
            "arrêt à la seconde": "position_s",
            "le": "beat_at",
        },
    ),
)
