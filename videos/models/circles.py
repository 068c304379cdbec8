"""What a person keeps for oneself or opens to one circle: a group, a network or a district."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.access import Permission
from circo.models import District
from networks.models import MutualisationGroup, Network
from videos import rules

if TYPE_CHECKING:
    from circo.access import Anyone


def opened_to(person: Anyone) -> Q:
    """The rows opened to a circle that holds this person today; nobody's role opens what was opened to a group."""
    groups = MutualisationGroup.objects.in_circle_of(person).order_by()
    districts = person.reach().district_ids_for(Permission.WATCH_FILMS)
    return Q(group__in=groups.values("pk")) | Q(network__in=groups.values("network_id")) | Q(district__in=districts)


class OpenedQuerySet[Row: models.Model](models.QuerySet[Row]):
    """Rows of `Opened`, each with an `owner` and the instant at which it was removed, `removed_at`."""

    def visible_to(self, person: Anyone) -> Self:
        """One's own, and those opened to one's circles."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        own = Q(owner_id=person.pk)
        return self.filter(own | opened_to(person) if person.reach().grounds else own, removed_at=None)

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person).filter(owner_id=person.pk)

    def restorable_by(self, person: Anyone) -> Self:
        """One's own that one has just removed."""
        lately = timezone.now() - rules.RESTORABLE_FOR
        return self.filter(owner_id=person.pk, owner__is_active=True, removed_at__gt=lately)


class Opened(models.Model):
    """Opened to one circle at most; to none: kept for oneself."""

    group = models.ForeignKey(MutualisationGroup, models.PROTECT, null=True, blank=True, verbose_name="groupe")
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, verbose_name="réseau")
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, verbose_name="circonscription")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(group=None, network=None) | Q(group=None, district=None) | Q(network=None, district=None),
                name="%(class)s_opened_to_one_circle",
                violation_error_message="Choisissez un seul cercle.",
            )
        ]

    @property
    def goes_unnamed(self) -> bool:
        """See circo.admin.scoped: what one keeps for oneself is nobody else's to know."""
        return not (self.group_id or self.network_id or self.district_id)

    @property
    def circle(self) -> str:
        """Who sees it, in words. Reads the one related row."""
        if self.group_id:
            return f"Visible par le groupe « {self.group} »"
        if self.network_id:
            return f"Visible par le réseau « {self.network} »"
        if self.district_id:
            return f"Visible dans la circonscription « {self.district} »"
        return "Pour vous, et personne d’autre"


Circle = MutualisationGroup | Network | District


def opening_to(circle: Circle | None) -> dict[str, Circle | None]:
    """The fields of an `Opened` row that is opened to that circle alone, or to nobody."""
    kinds = {"group": MutualisationGroup, "network": Network, "district": District}
    return {name: circle if isinstance(circle, kind) else None for name, kind in kinds.items()}
