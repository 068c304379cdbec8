"""What brought somebody to a group and is the inspector's alone to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from circo.rules import Role
from networks.models.groups import Membership

if TYPE_CHECKING:
    from circo.access import Anyone


class CareerMeetingQuerySet(models.QuerySet["CareerMeeting"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the districts that one inspects today. The technical administrator, who reaches every place, is not
        an inspector: the roles held are read, never `everything`."""
        return self.filter(membership__group__network__district_id__in=person.reach().district_ids_as(Role.INSPECTOR))

    def may_note(self, person: Anyone, membership: Membership) -> bool:
        """Tell whether one inspects the district of a membership, today. One's own is nobody's to note."""
        return self.may_note_in(person, membership.group.network.district_id) and membership.person_id != person.pk

    def may_note_in(self, person: Anyone, district_id: int) -> bool:
        return district_id in person.reach().district_ids_as(Role.INSPECTOR)

    def of(self, person: Anyone) -> Self:
        """What is known of oneself: given back in one's own export, and nowhere else."""
        return self.none() if person.pk is None else self.filter(membership__person_id=person.pk)


class CareerMeeting(models.Model):
    """That somebody came to a group after a career meeting: seen by the inspector alone.

    A row of its own, and not a value of `Membership.origin`, so that no list, filter, export, form or line of history
    can show it by accident; it leaves no history, and changes nothing of the membership.
    """

    goes_unnamed = True  # see circo.admin.scoped: a page that deletes would name it

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="+", verbose_name="membre")
    noted_on = models.DateField("noté le", default=timezone.localdate)

    objects = CareerMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "origine réservée"
        verbose_name_plural = "origines réservées"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.pk}"
