"""What cross-observations keep of a person. All of it goes with the account: a row names both people, and falls with
the first of the two that is erased."""

from __future__ import annotations

from circo.registries import Holding
from partnerships.models import CrossingPlan, ObservationWish, PeerObservation

_SHOWN = {
    "jour": "day",
    "demi-journée": "half",
    "école": "school__name",
    "lieu d’observation": "site__title",
    "état": "state",
    "publiée le": "published_at",
}

HOLDINGS = (
    Holding(
        "Mes souhaits d’observation",
        lambda person: ObservationWish.objects.filter(person=person).order_by("pk"),
        {
            "pratiques": "practices",
            "minutes de trajet au plus": "limit_min",
            "demi-journées": "half_days",
            "modifiés le": "updated_at",
        },
    ),
    Holding(
        "Mes observations croisées",
        lambda person: PeerObservation.objects.filter(observer=person).order_by("day", "half", "pk"),
        _SHOWN,
        "Ce qui suit un oui (regard, compte rendu, remerciement) est avec vos visites.",
    ),
    Holding(
        "Les observations croisées dans ma classe",
        lambda person: PeerObservation.objects.filter(host=person).order_by("day", "half", "pk"),
        _SHOWN,
        "Le nom de qui observe est le sien\u00a0: on le lit sur la page de chaque observation.",
    ),
    Holding(
        "Mes mots quand je décline une observation",
        lambda person: PeerObservation.objects.filter(ended_by=person).exclude(word="").order_by("pk"),
        {"jour": "day", "demi-journée": "half", "mot": "word"},
    ),
    Holding(
        "Les propositions d’observations que j’ai demandées",
        lambda person: CrossingPlan.objects.filter(created_by=person).order_by("pk"),
        {"du": "first_day", "au": "last_day", "demandée le": "created_at", "calculée le": "solved_at"},
    ),
)
