"""What groups and their yearly cycle bring to « À faire »."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from circo.access import Permission
from circo.models import Person
from circo.registries import Todo
from networks.cycle.queries import wishes_waiting_for
from networks.groups.rules import INVITATION_DAYS, Standing
from networks.models import Membership


def todos(person: Person) -> list[Todo]:
    """Invitations to answer, wishes to say, requests that wait for one's answer (three queries at the most)."""
    return [*_invitations(person), *_wishes(person), *_requests(person)]


def _invitations(person: Person) -> list[Todo]:
    rows = Membership.objects.of(person).of_day(timezone.localdate()).filter(standing=Standing.INVITED)
    rows = rows.select_related("group").annotate(invited_at=Max("moves__at")).order_by("pk")
    return [
        Todo(
            title=f"Répondre à l’invitation dans «\u00a0{row.group.name}\u00a0»",
            detail="Accepter ou décliner",
            url=reverse("networks:membership_page", args=[row.pk]),
            icon="group",
            due_on=timezone.localdate(row.invited_at) + timedelta(days=INVITATION_DAYS) if row.invited_at else None,
            minutes=2,
        )
        for row in rows
    ]


def _wishes(person: Person) -> list[Todo]:
    return [
        Todo(
            title=f"Dire mon vœu pour l’an prochain dans «\u00a0{row.group.name}\u00a0»",
            detail="Continuer, faire une pause ou quitter le groupe",
            url=reverse("networks:membership_page", args=[row.pk]),
            icon="calendar",
            due_on=row.closes_on,
            minutes=3,
        )
        for row in wishes_waiting_for(person)
    ]


def _requests(person: Person) -> list[Todo]:
    """An adviser answers for the groups one leads; an inspector, for those that nobody leads."""
    reach = person.reach()
    managed = reach.district_ids_for(Permission.MANAGE_GROUPS)
    if not managed or reach.everything:
        return []
    rows = Membership.objects.of_day(timezone.localdate()).filter(
        standing=Standing.REQUESTED, group__network__district_id__in=managed
    )
    decided = reach.district_ids_for(Permission.DECIDE_GROUPS)
    mine = rows.filter(group__adviser=person)
    orphans = rows.filter(group__adviser__isnull=True, group__network__district_id__in=decided)
    found = (mine | orphans).exclude(person=person).select_related("group", "person").order_by("pk")[:10]
    return [
        Todo(
            title=f"Répondre à {row.person}, qui demande à rejoindre «\u00a0{row.group.name}\u00a0»",
            detail="Accueillir ou ne pas retenir",
            url=reverse("networks:membership_page", args=[row.pk]),
            icon="group",
            minutes=3,
        )
        for row in found
    ]
