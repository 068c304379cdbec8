"""The invitations that open an account."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from circo.models.people import Person

if TYPE_CHECKING:
    from circo.access import Anyone


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def usable_at(self, now: datetime) -> Self:
        return self.filter(used_at__isnull=True, expires_at__gt=now)

    def visible_to(self, person: Anyone) -> Self:
        """Those of the people whom one manages."""
        return self.filter(person__in=Person.objects.editable_by(person).order_by().values("pk"))


class Invitation(models.Model):
    """A link, used once within its days, by which an invited person opens the account. Only its digest is kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="invitations", verbose_name="personne")
    digest = models.CharField("empreinte", max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="invitée par")
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    expires_at = models.DateTimeField("valable jusqu’au")
    used_at = models.DateTimeField("utilisée le", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Invitation de {self.person}"
