"""Who may open a class, and what hangs on a site."""

from __future__ import annotations

from django.db import models
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from circo.access import Permission
from circo.models import Person, Posting, School
from circo.registries import Found
from circo.rules import Role
from circo.search import matching
from networks.models import Membership, MutualisationGroup, Network, ObservationSite, Stage, VisitSettings
from networks.visits import rules

IN_SCHOOL = (Role.TEACHER, Role.HEAD_TEACHER)  # those who may have a class there


def hosting_schools(person: Person) -> QuerySet[School]:
    """The schools in which a person teaches today."""
    held = Posting.objects.in_force(timezone.localdate()).filter(person=person, role__in=IN_SCHOOL)
    return School.objects.filter(pk__in=held.order_by().values("school_id")).order_by("commune", "name")


def networks_of(person: Person) -> QuerySet[Network]:
    """The networks of one's groups of this year."""
    groups = MutualisationGroup.objects.of_member(person).order_by()
    return Network.objects.filter(pk__in=groups.values("network_id"))


def stage_of(person: Person) -> Stage | None:
    """The furthest stage of a person among this year's memberships; None for a member of no group."""
    order = list(Stage)
    held = [Stage(stage) for stage in Membership.objects.in_force().of(person).values_list("stage", flat=True)]
    return max(held, key=order.index, default=None)


def settings_of(district_id: int) -> VisitSettings:
    """What a district decides of visits, or the defaults."""
    return VisitSettings.objects.filter(district_id=district_id).first() or VisitSettings(district_id=district_id)


def settings_for(person: Person) -> VisitSettings:
    """What a person's own district decides of visits, or the defaults."""
    districts = sorted(district_ids_of(person))
    return VisitSettings.objects.filter(district_id__in=districts).order_by("district_id").first() or VisitSettings()


def district_ids_of(person: Person) -> frozenset[int]:
    """The districts in which a person is a colleague; a technical administrator is in none."""
    return person.reach().district_ids_held_for(Permission.VISIT_CLASSES)


def heads_of(school_id: int) -> QuerySet[Person]:
    """The head teachers of a school, today."""
    held = Posting.objects.in_force(timezone.localdate()).filter(school_id=school_id, role=Role.HEAD_TEACHER)
    return Person.objects.filter(pk__in=held.order_by().values("person_id"), is_active=True)


def inspects(person: Person, district_id: int) -> bool:
    """Tell whether a person is the inspector of a district."""
    reach = person.reach()
    return reach.everything or district_id in reach.district_ids_as(Role.INSPECTOR)


def sites_of_group(person: Person, group: MutualisationGroup) -> QuerySet[ObservationSite]:
    """The open sites of the members of a group, as far as a person sees them."""
    hosts = Membership.objects.in_force().filter(group=group).order_by().values("person_id")
    rows = ObservationSite.objects.visible_to(person).open().filter(host_id__in=hosts)
    return rows.select_related("host", "school").fetch_mode(models.FETCH_RAISE)


def search_sites(person: Person, words: str, most: int) -> list[Found]:
    """The open sites that a person sees and whose title, or school, holds these words."""
    rows = ObservationSite.objects.visible_to(person).open().select_related("host", "school")
    found = matching(rows, ("folded", "school__folded", "host__folded"), words, most)
    return [
        Found(row.title, f"{row.host}, {row.school}", reverse("networks:site_page", args=[row.pk])) for row in found
    ]


def practices_named(values: list[str]) -> list[str]:
    """Only the practices of the list, in its order."""
    return [practice.value for practice in rules.Practice if practice.value in set(values)]
