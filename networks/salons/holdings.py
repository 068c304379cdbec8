"""What salons keep of a person."""

from __future__ import annotations

from circo.registries import Holding
from networks.models import Post, PostReaction, PostReport, Salon, SalonReading

HOLDINGS = (
    Holding(
        "Mes messages dans les salons",
        lambda person: Post.objects.filter(author=person).order_by("pk"),
        {
            "salon": "salon__title",
            "message": "text",
            "écrit le": "created_at",
            "modifié le": "edited_at",
            "retiré le": "removed_at",
            "masqué le": "hidden_at",
            "raison": "hidden_reason",
        },
        note="Les documents joints se reprennent dans chaque salon.",
    ),
    Holding(
        "Mes réactions dans les salons",
        lambda person: PostReaction.objects.filter(person=person).order_by("pk"),
        {"salon": "post__salon__title", "rang du message": "post__seq", "réaction": "code"},
    ),
    Holding(
        "Mes lectures des salons",
        lambda person: SalonReading.objects.filter(person=person).order_by("pk"),
        {"salon": "salon__title", "lu jusqu’au rang": "read_seq"},
    ),
    Holding(
        "Les salons que j’ai ouverts",
        lambda person: Salon.objects.filter(created_by=person).order_by("pk"),
        {"salon": "title", "de quoi on y parle": "about", "ouvert le": "created_at"},
    ),
    Holding(
        "Mes signalements",
        lambda person: PostReport.objects.filter(reporter=person).order_by("pk"),
        {"salon": "post__salon__title", "mon mot": "word", "signalé le": "created_at", "décision": "decision"},
    ),
)
