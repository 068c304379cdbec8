"""What networks keep of a person."""

from __future__ import annotations

from circo.models import Person
from circo.registries import Holding
from networks.models import Membership, MutualisationGroup

HOLDINGS = (
    Holding(
        "Mes groupes",
        lambda person: Membership.objects.filter(person=person).order_by("school_year", "pk"),
        {
            "groupe": "group__name",
            "réseau": "group__network__name",
            "année": "school_year__first_day",
            "étape": "stage",
            "quitté le": "left_on",
        },
    ),
    Holding(
        "Les groupes que j’anime",
        lambda person: MutualisationGroup.objects.filter(adviser=person).order_by("pk"),
        {"groupe": "name", "réseau": "network__name"},
    ),
)


def erase(person: Person) -> None:
    """Erase a person's memberships, and the lines of history that name them."""
    Membership.objects.filter(person=person).delete()
    Membership.history.filter(person_id=person.pk).delete()
