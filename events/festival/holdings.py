"""What the festival keeps of a person."""

from __future__ import annotations

from circo.registries import Holding
from events.models import Animation, FestivalHelper

HOLDINGS = (
    Holding(
        "Mes propositions à la Fête de l’apprendre",
        lambda person: Animation.objects.filter(proposer=person).order_by("proposed_at", "pk"),
        {
            "fête": "festival__title",
            "titre": "title",
            "qui l’anime": "hosts",
            "ce que l’on y fait": "words",
            "endroit": "place",
            "matériel": "materials",
            "état": "state",
            "proposée le": "proposed_at",
        },
    ),
    Holding(
        "Mes séances de bénévole à la Fête de l’apprendre",
        lambda person: FestivalHelper.objects.filter(person=person).order_by("session__on", "session__starts", "pk"),
        {
            "animation": "session__animation__title",
            "jour": "session__on",
            "de": "session__starts",
            "à": "session__ends",
            "inscrit le": "since",
        },
    ),
)
