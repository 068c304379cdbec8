"""What programmes keep of a person."""

from __future__ import annotations

from circo.registries import Holding
from events.models import Workshop, WorkshopSeat, WorkshopWish

HOLDINGS = (
    Holding(
        "Mes vœux d’ateliers",
        lambda person: WorkshopWish.objects.filter(convocation__person=person).order_by("slot", "rank"),
        {"journée": "slot__day__title", "moment": "slot__title", "vœu": "rank", "atelier": "session__workshop__title"},
    ),
    Holding(
        "Mes places dans les ateliers",
        lambda person: WorkshopSeat.objects.filter(convocation__person=person).order_by("slot"),
        {"journée": "slot__day__title", "moment": "slot__title", "atelier": "session__workshop__title"},
    ),
    Holding(
        "Les ateliers que j’anime",
        lambda person: Workshop.objects.filter(facilitators=person).order_by("pk"),
        {"journée": "day__title", "date": "day__on", "atelier": "title", "présentation": "words"},
    ),
)
