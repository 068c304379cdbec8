"""What the platform tells a person, and how each wishes to hear it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone

from circo.models.own import OwnQuerySet
from circo.models.people import Person


class Delivery(models.TextChoices):
    AT_ONCE = "AT_ONCE", "tout de suite, par e-mail"
    DAILY = "DAILY", "une fois par jour, en un seul e-mail"
    NONE = "NONE", "sur le portail seulement"


class NoticeQuerySet(OwnQuerySet["Notice"]):
    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def to_mail(self, delivery: Delivery, before: datetime) -> Self:
        """Those told before that instant that still wait for their e-mail; reading one on the portal is enough."""
        return self.filter(delivery=delivery, mailed_at__isnull=True, read_at__isnull=True, created_at__lt=before)


class Notice(models.Model):
    """One thing told to one person. `key` makes telling it twice the same as once.

    `delivery` is what the person wished when it was told: a later wish never sends old notices.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices", verbose_name="personne")
    kind = models.CharField("sorte", max_length=40)
    key = models.CharField("clé", max_length=120)
    title = models.CharField("titre", max_length=200)
    text = models.TextField("texte", blank=True)
    path = models.CharField("adresse de la page", max_length=300, blank=True)
    delivery = models.CharField("envoi", max_length=8, choices=Delivery, default=Delivery.NONE)
    created_at = models.DateTimeField("créé le", default=timezone.now)
    read_at = models.DateTimeField("lu le", null=True, blank=True)
    mailed_at = models.DateTimeField("envoyé le", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "kind", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["person", "read_at"], name="notice_unread"),
            models.Index(
                fields=["delivery", "person"],
                condition=models.Q(mailed_at__isnull=True, read_at__isnull=True),
                name="notice_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class NoticePreference(models.Model):
    """How a person wishes to hear of one kind of notice; no row means the kind's default."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notice_preferences", verbose_name="personne")
    kind = models.CharField("sorte", max_length=40)
    delivery = models.CharField("envoi", max_length=8, choices=Delivery)

    objects = OwnQuerySet["NoticePreference"].as_manager()

    class Meta:
        verbose_name = "préférence d’avis"
        verbose_name_plural = "préférences d’avis"
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="notice_preference_once")]

    def __str__(self) -> str:
        return f"{self.kind} : {self.get_delivery_display()}"
