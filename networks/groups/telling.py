"""What people are told of the moves of memberships."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from circo import notices
from circo.access import Permission
from circo.models import Delivery, Person, Posting
from circo.rules import Role
from networks.groups.rules import Hand, Verb
from networks.models import Membership, MembershipMove

KIND = notices.NoticeKind(
    "groups",
    "Groupes et étapes",
    "Invitations, demandes, vœux, et ce qui change pour vous dans vos groupes.",
    default=Delivery.AT_ONCE,
)
# What the person is told of a move that another hand made. The name of the group is ours; a word typed stays inside.
_TO_THE_PERSON = {
    Verb.INVITE: "Vous êtes invité·e dans le groupe « {group} »",
    Verb.WITHDRAW: "L’invitation dans le groupe « {group} » est retirée",
    Verb.EXPIRE: "L’invitation dans le groupe « {group} » a expiré",
    Verb.ENROL: "Vous êtes membre du groupe « {group} »",
    Verb.ADMIT: "Bienvenue dans le groupe « {group} »",
    Verb.REFUSE: "Votre demande pour le groupe « {group} » n’a pas été retenue",
    Verb.PAUSE: "Vous êtes en pause dans le groupe « {group} »",
    Verb.GRANT_LEAVE: "Votre congé long est noté dans le groupe « {group} »",
    Verb.RESUME: "Votre retour est noté dans le groupe « {group} »",
    Verb.LEAVE: "Vous n’êtes plus membre du groupe « {group} »",
    Verb.MOVE_AWAY: "Vous n’êtes plus membre du groupe « {group} »",
    Verb.COME_BACK: "Vous êtes de nouveau membre du groupe « {group} »",
    Verb.PROMOTE: "Vous passez à l’étape suivante dans le groupe « {group} »",
    Verb.STEP_BACK: "Votre étape change dans le groupe « {group} »",
}
# What the team is told of a move that the person made.
_TO_THE_TEAM = {
    Verb.REQUEST: "{person} demande à rejoindre le groupe « {group} »",
    Verb.ACCEPT: "{person} accepte l’invitation dans le groupe « {group} »",
    Verb.DECLINE: "{person} décline l’invitation dans le groupe « {group} »",
    Verb.CANCEL: "{person} retire sa demande pour le groupe « {group} »",
    Verb.PAUSE: "{person} fait une pause dans le groupe « {group} »",
    Verb.LEAVE: "{person} quitte le groupe « {group} »",
}


def path_of(membership: Membership) -> str:
    return reverse("networks:membership_page", args=[membership.pk])


def tell(membership: Membership, move: MembershipMove, hands: Iterable[Hand]) -> None:
    """Tell the person what another hand did, or the team what the person did."""
    by_oneself = Hand.PERSON in hands
    says = (_TO_THE_TEAM if by_oneself else _TO_THE_PERSON).get(Verb(move.verb))
    if says is None:
        return
    title = says.replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    notices.tell_many(
        team_of(membership) if by_oneself else [membership.person],
        kind=KIND.name,
        key=f"move-{move.pk}",
        title=title.format(group=membership.group.name, person=membership.person),
        text=move.why,
        path=path_of(membership),
    )


def team_of(membership: Membership) -> list[Person]:
    """Who is told of a group's news: the adviser, or without one the inspectors of the district. Never the person."""
    group = membership.group
    if group.adviser is not None and group.adviser_id != membership.person_id:
        reach = group.adviser.reach()
        if group.network.district_id in reach.district_ids_for(Permission.MANAGE_GROUPS):
            return [group.adviser]
    held = Posting.objects.in_force(timezone.localdate()).filter(
        role=Role.INSPECTOR, district_id=group.network.district_id
    )
    people = Person.objects.filter(pk__in=held.order_by().values("person_id"), is_active=True)
    return list(people.exclude(pk=membership.person_id).order_by("pk"))


def tell_of_companion(membership: Membership, companion: Person) -> None:
    """Tell both of a second year who accompanies it."""
    key, path = f"companion-{membership.pk}-{companion.pk}", path_of(membership)
    title = f"{companion} vous accompagne dans votre deuxième année"
    notices.tell(person=membership.person, kind=KIND.name, key=key, title=title, path=path)
    title = f"Vous accompagnez {membership.person} dans sa deuxième année"
    notices.tell(person=companion, kind=KIND.name, key=f"{key}-to", title=title, path=path)
