"""What experiments keep of a person. An experiment is its group's: it stays when its referent is erased."""

from __future__ import annotations

from circo.registries import Holding
from networks.models import DiaryEntry, Experiment, ExperimentMove

HOLDINGS = (
    Holding(
        "Les expérimentations dont je suis référent ou référente",
        lambda person: Experiment.objects.filter(referent=person).order_by("created_at", "pk"),
        {"titre": "title", "groupe": "group__name", "état": "state", "créée le": "created_at"},
    ),
    Holding(
        "Mes pages de journal d’expérimentation",
        lambda person: DiaryEntry.objects.filter(author=person).order_by("on", "pk"),
        {"expérimentation": "experiment__title", "date": "on", "texte": "text", "retirée le": "removed_at"},
    ),
    Holding(
        "Ce que j’ai fait avancer dans une expérimentation",
        lambda person: ExperimentMove.objects.filter(by=person).order_by("at", "pk"),
        {"expérimentation": "experiment__title", "de": "source", "à": "target", "le": "at", "pourquoi": "why"},
    ),
)
