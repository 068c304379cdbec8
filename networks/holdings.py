"""What networks keep of a person."""

from __future__ import annotations

from circo.models import Person
from circo.registries import Holding
from networks.models import CareerMeeting, Membership, MembershipMove, MutualisationGroup

HOLDINGS = (
    Holding(
        "Mes groupes",
        lambda person: Membership.objects.filter(person=person).order_by("school_year", "pk"),
        {
            "groupe": "group__name",
            "réseau": "group__network__name",
            "année": "school_year__first_day",
            "étape": "stage",
            "situation": "standing",
            "venue": "origin",
            "quitté le": "left_on",
        },
    ),
    Holding(
        "Mes passages d’une étape à l’autre",
        lambda person: MembershipMove.objects.filter(membership__person=person).order_by("at", "pk"),
        {
            "groupe": "membership__group__name",
            "mouvement": "verb",
            "étape": "to_stage",
            "situation": "to_standing",
            "le": "at",
            "motif": "why",
        },
    ),
    Holding(
        "Venue à un groupe après un rendez-vous de carrière",
        lambda person: CareerMeeting.objects.of(person).order_by("pk"),
        {"groupe": "membership__group__name", "noté le": "noted_on"},
        note="Seul l’inspecteur ou l’inspectrice de la circonscription le lit, et vous dans cet export.",
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
