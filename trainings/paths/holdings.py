"""What the workshop keeps of its authors: who began a path, and who published which version."""

from __future__ import annotations

from circo.registries import Holding
from trainings.models import LearningPath, PathVersion

HOLDINGS = (
    Holding(
        "Les parcours que j’ai commencés à écrire",
        lambda person: LearningPath.objects.filter(created_by=person).order_by("pk"),
        {
            "titres": "versions__title",
            "en quelques lignes": "versions__summary",
            "circonscription": "district__name",
            "ouvert à": "opening",
            "commencé le": "created_at",
        },
        note="Un parcours s’écrit à plusieurs\u00a0: son contenu se lit dans l’atelier des parcours.",
    ),
    Holding(
        "Les versions de parcours que j’ai publiées",
        lambda person: PathVersion.objects.filter(published_by=person).order_by("pk"),
        {"titre": "title", "version": "number", "publiée le": "published_at", "état": "state"},
    ),
)
