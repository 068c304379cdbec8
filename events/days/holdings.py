"""What sharing days keep of a person."""

from __future__ import annotations

from circo.registries import Holding
from events.models import Convocation, Presence

HOLDINGS = (
    Holding(
        "Mes convocations aux journées",
        lambda person: Convocation.objects.filter(person=person).order_by("day__on", "pk"),
        {
            "journée": "day__title",
            "date": "day__on",
            "état": "state",
            "envoyée le": "sent_at",
            "réponse": "answer",
            "raison": "reason",
            "un mot": "word",
            "répondue le": "answered_at",
            "avis donné": "has_evaluated",
            "premier vœu d’atelier obtenu": "had_first_wish",
        },
        note="Les avis sur une journée sont gardés sans nom\u00a0: personne ne peut dire lequel est le vôtre.",
    ),
    Holding(
        "Mes présences aux journées",
        lambda person: Presence.objects.filter(convocation__person=person).order_by("convocation__day__on", "half"),
        {
            "journée": "convocation__day__title",
            "date": "convocation__day__on",
            "demi-journée": "half",
            "arrivée": "arrived_at",
            "départ": "left_at",
            "su par": "way",
        },
    ),
)
