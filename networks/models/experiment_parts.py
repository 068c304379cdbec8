"""What is added to an experiment: its classes, steps, indicators and diary."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from circo.models import Person, School
from circo.models.people import check_levels
from circo.rules import CLASS_SIZE_MAX, levels_in_order
from networks.experiments import rules
from networks.models.experiments import Experiment

if TYPE_CHECKING:
    from circo.access import Anyone


class PartQuerySet[Row: models.Model](models.QuerySet[Row]):
    """Parts of an experiment: they have its readers and its writers."""

    path = "experiment"

    def visible_to(self, person: Anyone) -> Self:
        """Those of the experiments that one reads."""
        seen = Experiment.objects.visible_to(person).order_by()
        return self.filter(**{f"{self.path}__in": seen.values("pk")}, removed_at=None)

    def editable_by(self, person: Anyone) -> Self:
        """Those of the open experiments of one's circle."""
        return self._of(person).filter(removed_at=None)

    def restorable_by(self, person: Anyone) -> Self:
        """Those that were removed a moment ago."""
        since = timezone.now() - timedelta(minutes=rules.UNDO_MINUTES)
        return self._of(person).filter(removed_at__gte=since)

    def _of(self, person: Anyone) -> Self:
        held = Experiment.objects.editable_by(person).filter(state__in=rules.OPEN).order_by()
        return self.filter(**{f"{self.path}__in": held.values("pk")})


class Part(models.Model):
    """What is added to an experiment, and taken away with a way back."""

    removed_at = models.DateTimeField("retiré le", null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class ExperimentClass(Part):
    """A class that takes part, told without any pupil: its school, its levels, how many they are."""

    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="classes")
    school = models.ForeignKey(School, models.PROTECT, related_name="experiment_classes", verbose_name="école")
    levels = models.JSONField("niveaux", default=list, validators=[check_levels])
    pupil_count = models.PositiveSmallIntegerField(
        "nombre d’élèves",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(CLASS_SIZE_MAX)],
    )

    objects = PartQuerySet["ExperimentClass"].as_manager()

    class Meta:
        verbose_name = "classe d’une expérimentation"
        verbose_name_plural = "classes des expérimentations"
        ordering = ["pk"]

    def __str__(self) -> str:
        return " · ".join([*self.about, self.school.name])

    @property
    def about(self) -> list[str]:
        levels = levels_in_order(self.levels)
        count = [f"{self.pupil_count}\u00a0élèves"] if self.pupil_count else []
        return [", ".join(levels), *count] if levels else count


class ExperimentStep(Part):
    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="steps")
    title = models.CharField("étape", max_length=rules.TITLE_MAX)
    due_on = models.DateField("date prévue")
    done_on = models.DateField("faite le", null=True, blank=True)

    objects = PartQuerySet["ExperimentStep"].as_manager()

    class Meta:
        verbose_name = "étape d’une expérimentation"
        verbose_name_plural = "étapes des expérimentations"
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.title


def _figure(label: str) -> models.DecimalField:
    return models.DecimalField(
        label, max_digits=rules.VALUE_DIGITS, decimal_places=rules.VALUE_PLACES, null=True, blank=True
    )


class Indicator(Part):
    """Something counted for a class or a group, never for a pupil."""

    class Wanted(models.TextChoices):
        UP = "UP", "vers le haut"
        DOWN = "DOWN", "vers le bas"
        NONE = "NONE", "sans sens voulu"

    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="indicators")
    name = models.CharField("indicateur", max_length=rules.TITLE_MAX)
    unit = models.CharField("unité", max_length=40, blank=True)
    wanted = models.CharField("sens voulu", max_length=4, choices=Wanted, default=Wanted.NONE)
    before = _figure("valeur avant")
    before_on = models.DateField("relevée avant, le", null=True, blank=True)
    after = _figure("valeur après")
    after_on = models.DateField("relevée après, le", null=True, blank=True)
    why_missing = models.CharField("pourquoi il n’y a pas de valeur après", max_length=300, blank=True)

    objects = PartQuerySet["Indicator"].as_manager()

    class Meta:
        verbose_name = "indicateur"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(before_on=None) | Q(after_on=None) | Q(after_on__gte=F("before_on")),
                name="indicator_in_order",
                violation_error_message="La valeur «\u00a0après\u00a0» vient après la valeur «\u00a0avant\u00a0».",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def measure(self) -> rules.Measure:
        return rules.Measure(self.name, self.before, self.after, self.why_missing)


class PointQuerySet(PartQuerySet["IndicatorPoint"]):
    path = "indicator__experiment"


class IndicatorPoint(Part):
    """A value between before and after."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="points", verbose_name="indicateur")
    value = models.DecimalField("valeur", max_digits=rules.VALUE_DIGITS, decimal_places=rules.VALUE_PLACES)
    on = models.DateField("relevée le")

    objects = PointQuerySet.as_manager()

    class Meta:
        verbose_name = "relevé d’un indicateur"
        verbose_name_plural = "relevés des indicateurs"
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return rules.number(self.value)


class DiaryQuerySet(PartQuerySet["DiaryEntry"]):
    def _of(self, person: Anyone) -> Self:
        """One's own words alone: those of others are theirs."""
        return super()._of(person).filter(author_id=person.pk)


class DiaryEntry(Part):
    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="entries")
    author = models.ForeignKey(Person, models.CASCADE, related_name="diary_entries", verbose_name="écrit par")
    on = models.DateField("date")
    text = models.TextField("ce qui s’est passé", max_length=rules.TEXT_MAX)

    objects = DiaryQuerySet.as_manager()

    class Meta:
        verbose_name = "page de journal"
        verbose_name_plural = "pages de journal"
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.author}, {self.on:%d/%m/%Y}"
