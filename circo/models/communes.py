"""Communes as they are drawn on maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from circo.access import Anyone


class CommuneQuerySet(models.QuerySet["Commune"]):
    def visible_to(self, person: Anyone) -> Self:
        """Outlines are public; only pages for people who are signed in show them."""
        return self if person.is_authenticated else self.none()


class Commune(models.Model):
    """The outline of one commune, from an open file that `source` names under each map."""

    insee_code = models.CharField("code INSEE", max_length=5, primary_key=True)
    name = models.CharField("nom", max_length=120)
    outline = models.JSONField("contour")  # rings of [longitude, latitude], the holes among them
    source = models.CharField("source", max_length=160)

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "commune"
        ordering = ["name", "insee_code"]

    def __str__(self) -> str:
        return self.name
