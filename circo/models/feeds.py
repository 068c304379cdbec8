"""The private address by which somebody reads the agenda of the platform in another calendar."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from circo.models.own import OwnQuerySet
from circo.models.people import Person


class CalendarFeed(models.Model):
    """The address is a secret that the server derives from `nonce` and from its own key; only its digest is kept."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="calendar_feed", verbose_name="personne")
    nonce = models.CharField("part du secret", max_length=43, editable=False)
    digest = models.CharField("empreinte", max_length=64, unique=True, editable=False)
    opened_at = models.DateTimeField("adresse créée le", default=timezone.now)
    closed_at = models.DateTimeField("retirée le", null=True, blank=True)

    objects = OwnQuerySet["CalendarFeed"].as_manager()

    class Meta:
        verbose_name = "agenda par abonnement"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Agenda de {self.person}"
