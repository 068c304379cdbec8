"""Observation grids and their criteria. A grid that has been used never changes: it gets a new version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from circo.models import Person
from videos import rules as film_rules
from videos.grids import rules
from videos.models.circles import Opened, OpenedQuerySet

if TYPE_CHECKING:
    from circo.access import Anyone


class CriterionKind(models.TextChoices):
    COUNTER = rules.Kind.COUNTER, "compteur"
    SCALE = rules.Kind.SCALE, "niveaux nommés"
    YES_NO = rules.Kind.YES_NO, "oui ou non"
    FACT = rules.Kind.FACT, "fait à la seconde"
    NOTE = rules.Kind.NOTE, "note libre"


class GridQuerySet(OpenedQuerySet["Grid"]):
    def last_versions(self) -> Self:
        """The last version of each."""
        return self.filter(~Exists(Grid.objects.filter(previous=OuterRef("pk"), removed_at=None).order_by()))


class Grid(Opened):
    """What to look at in a film, in one version."""

    owner = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="grids", verbose_name="auteur ou autrice"
    )  # none: an erased person, whose grid others have used
    title = models.CharField("titre", max_length=rules.GRID_TITLE_MAX)
    purpose = models.CharField("ce que l’on cherche à voir", max_length=rules.PURPOSE_MAX, blank=True)
    version = models.PositiveSmallIntegerField("version", default=1)
    previous = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="next", verbose_name="version précédente"
    )
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    removed_at = models.DateTimeField("supprimée le", null=True, blank=True)

    objects = GridQuerySet.as_manager()

    class Meta(Opened.Meta):
        verbose_name = "grille d’observation"
        verbose_name_plural = "grilles d’observation"
        ordering = ["title", "-version", "pk"]

    def __str__(self) -> str:
        return self.title


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def visible_to(self, person: Anyone) -> Self:
        grids = Grid.objects.visible_to(person).order_by()
        return self.filter(removed_at=None, grid__in=grids.values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        grids = Grid.objects.editable_by(person).order_by()
        return self.filter(removed_at=None, grid__in=grids.values("pk"))

    def restorable_by(self, person: Anyone) -> Self:
        grids = Grid.objects.editable_by(person).order_by()
        return self.filter(removed_at__gt=timezone.now() - film_rules.RESTORABLE_FOR, grid__in=grids.values("pk"))


class Criterion(models.Model):
    """One thing to look at, and how it is noted."""

    grid = models.ForeignKey(Grid, models.CASCADE, related_name="criteria", verbose_name="grille")
    rank = models.PositiveSmallIntegerField("rang")
    label = models.CharField("ce que l’on regarde", max_length=rules.LABEL_MAX)
    help = models.CharField("précision", max_length=rules.HELP_MAX, blank=True)
    kind = models.CharField("comment on le note", max_length=7, choices=CriterionKind, default=CriterionKind.COUNTER)
    levels = models.JSONField("niveaux", default=list, blank=True)
    removed_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name = "repère à observer"
        verbose_name_plural = "repères à observer"
        ordering = ["rank", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=CriterionKind.SCALE) & Q(levels=[]) | Q(kind=CriterionKind.SCALE) & ~Q(levels=[]),
                name="criterion_levels_of_a_scale",
                violation_error_message="Seuls des niveaux nommés portent des noms.",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def answers(self) -> list[str]:
        """The names of what may be chosen, by rank; none for a counter, a fact and a note."""
        return list(rules.YES_NO_LEVELS) if self.kind == CriterionKind.YES_NO else list(self.levels)
