"""What somebody has in the showcase. An answer goes with the account; what one proposed stays its authors'."""

from __future__ import annotations

from circo.registries import Holding
from trainings.models import Showcase, ShowcaseAuthor

HOLDINGS = (
    Holding(
        "Mes réponses pour la vitrine",
        lambda person: ShowcaseAuthor.objects.filter(person=person).order_by("pk"),
        {
            "pratique": "showcase__title",
            "réponse": "answer",
            "nom montré": "is_named",
            "répondu le": "answered_at",
        },
    ),
    Holding(
        "Les pratiques que j’ai proposées pour la vitrine",
        lambda person: Showcase.objects.filter(proposed_by=person).order_by("pk"),
        {
            "titre": "title",
            "fiche": "sheet__title",
            "ce que cela change": "effect",
            "ce qui permet de le dire": "proof",
            "ce que l’on peut en reprendre": "carries",
            "ce qu’il faut": "needs",
            "état": "state",
            "proposée le": "proposed_at",
        },
    ),
)
