"""The gate: which films may be shown to others today, and to whom. Read at each request: a withdrawal acts at once.

Source: docs/decisions/0010-consents.md
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from circo.access import Permission
from networks.models import MutualisationGroup
from videos.consents import rules
from videos.consents.rules import Audience, Basis
from videos.models.consents import Absence, Recorded

if TYPE_CHECKING:
    from circo.access import Anyone


def complete_record(today: date) -> Q:
    """The films whose record is complete: `rules.lacks` finds nothing, in SQL."""
    running = Q(
        project__author=F("author"),
        project__declared_at__isnull=False,
        project__ends_on__gte=today,
        project__recorded_from__gte=rules.oldest_recording(today),
        audience__gte=Audience.GROUP,
        audience__lte=F("project__audience"),
    )
    absent = Absence.objects.filter(film=OuterRef(OuterRef("pk")), recorded=OuterRef("pk"))
    lacking = Recorded.objects.filter(project=OuterRef("project_id")).not_agreeing(today).order_by()
    return running & _covered_group() & _informed(today) & Q(~Exists(lacking.filter(~Exists(absent))))


def _covered_group() -> Q:
    """The film's group is one of those that the families were told of."""
    network, district = F("project__group__network"), F("project__group__network__district")
    return (
        Q(group=F("project__group"))
        | Q(project__audience__gte=Audience.NETWORK, group__network=network)
        | Q(project__audience__gte=Audience.DISTRICT, group__network__district=district)
    )


def _informed(today: date) -> Q:
    """Where a decision lets a project do without signatures, the families were informed."""
    decision = "project__decision__"
    over = Q(**{f"{decision}starts_on__gt": today}) | Q(**{f"{decision}ends_on__lt": today})
    other = Q(project__decision=None) | Q(**{f"{decision}kind": Basis.ONE_HOLDER}) | over
    return other | Q(project__informed_on__lte=today)


def in_circle_of(person: Anyone) -> Q:
    """The films whose circle holds this person: member or adviser of a group, of its network, or of its district."""
    groups = MutualisationGroup.objects.in_circle_of(person).order_by()
    districts = person.reach().district_ids_for(Permission.WATCH_FILMS)
    return (
        Q(audience__gte=Audience.GROUP, group__in=groups.values("pk"))
        | Q(audience__gte=Audience.NETWORK, group__network__in=groups.values("network_id"))
        | Q(audience__gte=Audience.DISTRICT, group__network__district__in=districts)
    )
