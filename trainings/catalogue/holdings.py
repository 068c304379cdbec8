"""The words that a learner leaves. They go with the account, as the enrolment does."""

from __future__ import annotations

from circo.registries import Holding
from trainings.models import PathReview

HOLDINGS = (
    Holding(
        "Mes mots sur des parcours",
        lambda person: PathReview.objects.filter(enrolment__person=person).order_by("pk"),
        {
            "parcours": "enrolment__version__title",
            "ce que j’en garde": "keeps",
            "à qui je le conseille": "advice",
            "signé": "is_signed",
            "écrit le": "created_at",
            "changé le": "updated_at",
            "retiré le": "removed_at",
            "masqué le": "hidden_at",
            "pourquoi": "hidden_reason",
        },
    ),
)
