"""What networks keep of a person."""

from __future__ import annotations

from circo.models import Person
from circo.registries import Holding
from networks.models import (
    Candidate,
    CareerMeeting,
    Decision,
    Membership,
    MembershipMove,
    MutualisationGroup,
    RelayCommitment,
    Wish,
)

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
        "Mes vœux",
        lambda person: Wish.objects.filter(membership__person=person).order_by("membership", "pk"),
        {"groupe": "membership__group__name", "vœu": "answer", "un mot": "word", "répondu le": "answered_at"},
    ),
    Holding(
        "Les décisions de fin d’année pour moi",
        lambda person: Decision.objects.filter(membership__person=person).order_by("membership", "pk"),
        {"groupe": "membership__group__name", "décision": "verb", "décidé le": "decided_at"},
    ),
    Holding(
        "Mes engagements de relais",
        lambda person: RelayCommitment.objects.filter(membership__person=person).order_by("pk"),
        {"groupe": "membership__group__name", "territoire": "territory", "engagé le": "committed_at"},
    ),
    Holding(
        "Les notes de l’équipe pour m’inviter",
        lambda person: Candidate.objects.filter(person=person).order_by("pk"),
        {"circonscription": "district__name", "groupe": "group__name", "note": "why", "noté le": "noted_at"},
        note="Qui les a écrites n’y figure pas.",
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
    Membership.history.filter(accompanied_by_id=person.pk).update(accompanied_by=None)
