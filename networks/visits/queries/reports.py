"""Reports of visits: those of the pair, and those that observed teachers opened to one's circles."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from circo.models import District, Person
from networks.models import MutualisationGroup, VisitReport
from networks.visits.queries.sites import district_ids_of


def reports(person: Person) -> models.QuerySet[VisitReport]:
    """The reports that a person may read, with the two people, the place and the circle."""
    related = ("visit__site__host", "visit__site__school", "visit__visitor", "group", "district")
    return VisitReport.objects.visible_to(person).select_related(*related).fetch_mode(models.FETCH_RAISE)


def opened_reports(person: Person) -> models.QuerySet[VisitReport]:
    """Those that colleagues opened to one's circles, and one's own that are opened."""
    is_opened = Q(group__isnull=False) | Q(district__isnull=False)
    return reports(person).filter(is_opened).order_by("-visit__day", "-pk")


def circles_of(person: Person) -> list[MutualisationGroup | District]:
    """The circles to which a person may open the report of one's own class: groups, and district."""
    groups = MutualisationGroup.objects.of_member(person).order_by("name", "pk")
    districts = District.objects.filter(pk__in=district_ids_of(person)).order_by("name", "pk")
    return [*groups, *districts]
