"""Reads of the pages of groups, and what groups bring to the portal's search."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When
from django.urls import reverse

from circo.models import Person
from circo.queries import counted
from circo.registries import Found
from circo.search import matching
from networks.models import Membership, MutualisationGroup

MINE, LED, OTHER = 1, 2, 3  # the order in which a person reads groups


def group_list(person: Person) -> QuerySet[MutualisationGroup]:
    """The groups that the person sees, one's own first, then those one leads, with the number of members of this year.

    `rank` says which: MINE, LED or OTHER.
    """
    members = Membership.objects.in_force()
    rows = MutualisationGroup.objects.visible_to(person).select_related("network__district", "adviser")
    rows = rows.annotate(
        member_count=counted(members, "group"),
        rank=Case(
            When(Exists(members.filter(group=OuterRef("pk"), person_id=person.pk)), then=Value(MINE)),
            When(adviser_id=person.pk, then=Value(LED)),
            default=Value(OTHER),
        ),
    )
    return rows.order_by("rank", "network__name", "name", "pk").fetch_mode(models.FETCH_RAISE)


def group_of_page(person: Person) -> QuerySet[MutualisationGroup]:
    """The groups whose page the person may open, with all that the page reads."""
    return MutualisationGroup.objects.visible_to(person).select_related("network__district", "adviser")


def members_of(person: Person, group: MutualisationGroup) -> QuerySet[Membership]:
    """Who is in a group this school year, as far as `person` may see it."""
    rows = Membership.objects.visible_to(person).in_force().filter(group=group).select_related("person")
    return rows.order_by("person__last_name", "person__first_name", "pk").fetch_mode(models.FETCH_RAISE)


def search_groups(person: Person, text: str, most: int) -> list[Found]:
    """The groups that the person sees and whose name, or network's name, holds these words."""
    rows = MutualisationGroup.objects.visible_to(person).select_related("network")
    found = matching(rows, ("folded", "network__folded"), text, most)
    return [Found(row.name, row.network.name, reverse("networks:group_page", args=[row.pk])) for row in found]
