"""Rows that are one person's alone, whatever anybody's role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from circo.access import Anyone


class OwnQuerySet[Row: models.Model](models.QuerySet[Row]):
    """What one sees and changes is one's own, and nobody else's. `whose` names the field that says whose a row is."""

    whose = "person"

    def visible_to(self, person: Anyone) -> Self:
        is_known = person.is_authenticated and person.is_active
        return self.filter(**{self.whose: person.pk}) if is_known else self.none()

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)
