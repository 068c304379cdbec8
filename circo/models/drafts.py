"""What a person has begun to type in a form. No history, no admin, no search: it is of use to its owner alone."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from circo.drafts import rules
from circo.models.own import OwnQuerySet
from circo.models.people import Person
from circo.models.sealed import SealedField


class FormDraftQuerySet(OwnQuerySet["FormDraft"]):
    def of_place(self, place: str) -> Self:
        """Those of one place and of the places within it: `pair:12` holds `pair:12/message`."""
        return self.filter(models.Q(place=place) | models.Q(place__startswith=f"{place}/"))

    def stale(self, now: datetime) -> Self:
        """Those that nobody has touched for long, or that were set aside yesterday."""
        aside = models.Q(aside_at__lt=now - rules.ASIDE_KEPT)
        return self.filter(aside | models.Q(kept_at__lt=now - rules.KEPT))


class FormDraft(models.Model):
    """What one person has typed in one form of one page, and not sent."""

    goes_unnamed = True  # see circo.admin.scoped: that there is one is nobody else's to know

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="personne")
    place = models.CharField("où", max_length=rules.PLACE_MAX)  # « meeting:12/minutes »
    typed = SealedField("ce qui est écrit")  # JSON: for each name, its values
    base = models.CharField(max_length=16, editable=False)  # what the page showed when one began
    kept_at = models.DateTimeField("gardé le", default=timezone.now)
    aside_at = models.DateTimeField("mis de côté le", null=True, blank=True)

    objects = FormDraftQuerySet.as_manager()

    class Meta:
        verbose_name = "brouillon de formulaire"
        verbose_name_plural = "brouillons de formulaires"
        ordering = ["-kept_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "place"], name="form_draft_once")]
        indexes = [models.Index(fields=["kept_at"], name="form_draft_kept")]

    def __str__(self) -> str:
        return "un brouillon"

    @cached_property
    def values(self) -> dict[str, list[str]]:
        """What was typed, by name; nothing once the key that sealed it is gone."""
        try:
            return json.loads(self.typed)
        except ValueError:
            return {}
