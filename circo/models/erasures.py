"""That somebody was erased: when, by whom, and how much went. It names nobody."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from circo.models.people import Person


class Erasure(models.Model):
    """The proof that a person's data were erased. The number of the account says nothing once the account is gone."""

    account_number = models.PositiveBigIntegerField("numéro du compte", editable=False)
    erased_at = models.DateTimeField("effacé le", default=timezone.now, editable=False)
    erased_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="effacé par")
    counts = models.JSONField("ce qui est parti", default=dict, editable=False)  # how many of each kind, by its title

    class Meta:
        verbose_name = "effacement d’une personne"
        verbose_name_plural = "effacements de personnes"
        ordering = ["-erased_at", "-pk"]

    def __str__(self) -> str:
        return f"Compte n° {self.account_number}"
