"""The classes that a sharing day leaves without their teacher, as rows: computed, then kept as people edit them.

Source: docs/decisions/0030-brigade.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.access import Permission
from circo.calendar.rules import HALVES, Half, HalfDay
from circo.models import Person, School
from circo.models.people import check_levels
from circo.rules import CLASS_SIZE_MAX, worded
from events.models.convocations import Convocation
from events.models.days import SharingDay
from events.needs import rules
from events.needs.rules import Priority, Span

if TYPE_CHECKING:
    from circo.access import Anyone


class CoverNeedQuerySet(models.QuerySet["CoverNeed"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the districts whose brigade one reads."""
        reach = person.reach()
        return self.filter(day__district_id__in=reach.district_ids_for(Permission.VIEW_BRIGADE))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(day__district_id__in=person.reach().district_ids_for(Permission.PLAN_COVER))

    def of_teacher(self, person: Anyone) -> Self:
        """The classes that one leaves, once one was called or told who takes them: whose note one writes."""
        called = Convocation.objects.of(person).order_by().values("day_id")
        covered = self.model.objects.filter(assignments__is_in_force=True).order_by().values("pk")
        told = Q(day__in=called) | Q(pk__in=covered)
        return self.filter(told, people=person.pk) if person.pk else self.none()

    def standing(self) -> Self:
        """Those that still hold: their teacher is still called."""
        return self.filter(withdrawn_at=None)

    def to_cover(self) -> Self:
        """Of them, those that ask for a substitute."""
        return self.standing().filter(is_shared_out=False, stays_at=None)


class CoverNeed(models.Model):
    """One class without its teacher, on the date of one sharing day."""

    day = models.ForeignKey(SharingDay, models.CASCADE, related_name="needs", verbose_name="journée")
    class_key = models.CharField(max_length=20)  # the same from one day to the other
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name="école")
    people = models.ManyToManyField(Person, related_name="needs", verbose_name="qui la quitte")
    levels = models.JSONField("niveaux", default=list, blank=True, validators=[check_levels])
    class_size = models.PositiveSmallIntegerField(
        "nombre d’élèves",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(CLASS_SIZE_MAX)],
    )
    span = models.CharField("moment", max_length=3, choices=worded(rules.SPAN_LABELS))
    priority = models.CharField("rang", max_length=1, choices=worded(rules.PRIORITY_LABELS))
    reason = models.CharField("pourquoi ce rang", max_length=120, blank=True)
    note = models.CharField("note de l’équipe", max_length=rules.NOTE_MAX, blank=True)
    class_note = models.TextField("mot pour qui prend la classe", max_length=rules.CLASS_NOTE_MAX, blank=True)
    is_shared_out = models.BooleanField("élèves répartis dans l’école", default=False)
    edited_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="rang choisi par"
    )
    computed_at = models.DateTimeField("calculé le", default=timezone.now)
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)
    stays_at = models.DateTimeField("l’enseignant·e reste depuis", null=True, blank=True)  # kept when computed again

    objects = CoverNeedQuerySet.as_manager()

    class Meta:
        verbose_name = "besoin"
        ordering = ["priority", "school__commune", "school__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["day", "class_key"], name="cover_need_once_a_class"),
            models.CheckConstraint(condition=Q(span__in=[span.value for span in Span]), name="cover_need_span"),
            models.CheckConstraint(
                condition=Q(priority__in=[priority.value for priority in Priority]), name="cover_need_priority"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.levels_words}, {self.school}"

    @property
    def levels_words(self) -> str:
        return "-".join(self.levels) or "Classe"

    @property
    def half_days(self) -> tuple[HalfDay, ...]:
        """The half-days to be taken. Reads the date of its day."""
        return tuple(HalfDay(self.day.on, half) for half in self.halves)

    @property
    def halves(self) -> tuple[Half, ...]:
        return tuple(half for half in HALVES if self.span in (Span.DAY, half))
