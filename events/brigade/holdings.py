"""What the brigade keeps of a person."""

from __future__ import annotations

from circo.models import Person
from circo.registries import Holding
from events.models import CoverNeed, Substitute, Unavailability

HOLDINGS = (
    Holding(
        "Ma fiche de remplaçant",
        lambda person: Substitute.objects.filter(person=person).order_by("pk"),
        {
            "sorte": "kind",
            "niveaux préférés": "preferred",
            "niveaux exclus": "refused",
            "gardé pour les absences imprévues": "is_reserve",
            "titulaire ou stagiaire": "is_tenured",
            "téléphone": "phone",
        },
    ),
    Holding(
        "Mes indisponibilités notées par la cellule remplacement",
        lambda person: Unavailability.objects.filter(person=person).order_by("starts_on", "pk"),
        {
            "du": "starts_on",
            "à partir du": "starts_half",
            "au": "ends_on",
            "jusqu’au": "ends_half",
            "raison": "cause",
            "précision": "note",
            "retirée le": "removed_at",
        },
    ),
    Holding(
        "Ma classe, les jours où je la quitte",
        lambda person: CoverNeed.objects.filter(people=person).order_by("day__on", "pk"),
        {
            "journée": "day__title",
            "date": "day__on",
            "école": "school__name",
            "niveaux": "levels",
            "moment": "span",
            "mot pour qui prend la classe": "class_note",
        },
    ),
)


def erase(person: Person) -> None:
    """Erase the history of a substitute's profile: the rows go with the account."""
    Substitute.history.filter(person=person).delete()
