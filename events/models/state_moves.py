"""What is kept of each move in the life of a day, a festival or a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from circo.models import Person


class StateMove(models.Model):
    """To which state, who made it, and when. Nobody edits it. A subclass says of what, and which states there are."""

    by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par")
    at = models.DateTimeField("le", default=timezone.now)

    if TYPE_CHECKING:

        def get_state_display(self) -> str: ...

    class Meta:
        abstract = True
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {self.at:%d/%m/%Y}"
