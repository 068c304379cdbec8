"""What mentoring keeps of a person: one's own words, and that a pair existed; nothing of the other."""

from __future__ import annotations

from circo.models import Person
from circo.registries import Holding
from networks.models import MentoringGoal, MentoringMessage, MentoringPair

HOLDINGS = (
    Holding(
        "Mes binômes de mentorat",
        lambda person: MentoringPair.objects.visible_to(person).order_by("created_at", "pk"),
        {"depuis": "created_at", "état": "state", "fini le": "ended_at"},
        note="Qu’un binôme a existé, et rien de l’autre personne.",
    ),
    Holding(
        "Mes messages de mentorat",
        lambda person: MentoringMessage.objects.filter(author=person).order_by("created_at", "pk"),
        {"écrit le": "created_at", "texte": "text", "retiré le": "removed_at"},
        note="Ceux de l’autre personne sont à elle.",
    ),
    Holding(
        "Mes objectifs de mentorat",
        lambda person: MentoringGoal.objects.filter(author=person).order_by("created_at", "pk"),
        {"écrit le": "created_at", "texte": "text", "atteint le": "reached_at", "retiré le": "removed_at"},
    ),
    Holding(
        "Les binômes de mentorat que j’ai présentés",
        lambda person: MentoringPair.objects.filter(introduced_by=person).order_by("created_at", "pk"),
        {"présenté le": "created_at"},
    ),
)


def erase(person: Person) -> None:
    """Erase the pairs that nobody will be left to read; of the others, one's own words go with the account."""
    MentoringPair.objects.filter(newcomer=person, mentor=None).delete()
    MentoringPair.objects.filter(mentor=person, newcomer=None).delete()
    MentoringPair.objects.filter(newcomer=person).exclude(state__in=("ON", "ENDED")).delete()
    MentoringPair.objects.filter(mentor=person).exclude(state__in=("ON", "ENDED")).delete()
