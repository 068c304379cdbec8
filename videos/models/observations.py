"""Observations: a grid on a film, filled by several observers, each alone until all have finished."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from circo.models import Person
from circo.rules import Role
from videos import rules as film_rules
from videos.grids import rules
from videos.models.films import Film
from videos.models.grids import Criterion, Grid

if TYPE_CHECKING:
    from circo.access import Anyone


HIERARCHY = frozenset({Role.INSPECTOR, Role.DEPARTEMENT})  # never holds an observation of a colleague


class RoundQuerySet(models.QuerySet["ObservationRound"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the films that one sees, for the author of the film and the observers: no role opens any.

        Whoever became an inspector since sees no more of what they noted as a colleague.
        """
        films = Film.objects.visible_to(person).watchable().order_by()
        concerned = Q(film__author_id=person.pk)
        if not HIERARCHY & person.reach().roles:
            concerned |= Q(Exists(Observation.objects.filter(round=OuterRef("pk"), observer_id=person.pk).order_by()))
        return self.filter(concerned, removed_at=None, film__in=films.values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        """Those of one's own films."""
        return self.filter(removed_at=None, film__in=Film.objects.editable_by(person).order_by().values("pk"))

    def shown(self) -> Self:
        """Those whose looks are shown to all."""
        return self.filter(revealed_at__isnull=False)

    def restorable_by(self, person: Anyone) -> Self:
        films = Film.objects.editable_by(person).order_by()
        return self.filter(removed_at__gt=timezone.now() - film_rules.RESTORABLE_FOR, film__in=films.values("pk"))


class ObservationRound(models.Model):
    """One grid on one film, or on a part of it, for the observers that its author has invited."""

    goes_unnamed = True  # see circo.admin.scoped: that there is one is nobody else's to know

    film = models.ForeignKey(Film, models.CASCADE, related_name="rounds", verbose_name="film")
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="rounds", verbose_name="grille")
    focus = models.CharField("ce que l’on a convenu de regarder", max_length=rules.PURPOSE_MAX, blank=True)
    begin_s = models.FloatField("de la seconde", default=0, validators=[MinValueValidator(0)])
    end_s = models.FloatField("à la seconde")
    created_at = models.DateTimeField("ouverte le", auto_now_add=True)
    revealed_at = models.DateTimeField("regards réunis le", null=True, blank=True)
    removed_at = models.DateTimeField("retirée le", null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "observation"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(begin_s__gte=0, end_s__gt=F("begin_s")),
                name="round_watches_something",
                violation_error_message="La fin se place après le début.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.grid}, {self.film}"

    @property
    def is_revealed(self) -> bool:
        return self.revealed_at is not None

    @property
    def part(self) -> str:
        """What is observed, as people read it."""
        return f"de {film_rules.timecode(self.begin_s)} à {film_rules.timecode(self.end_s)}"


class ObservationQuerySet(models.QuerySet["Observation"]):
    def visible_to(self, person: Anyone) -> Self:
        """Who observes, and whether they have finished; what they noted is in `Entry`."""
        return self.filter(round__in=ObservationRound.objects.visible_to(person).order_by().values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        """One's own, as long as it is not finished and nobody has seen anybody's."""
        return self.visible_to(person).filter(observer_id=person.pk, finished_at=None, round__revealed_at=None)

    def reopenable_by(self, person: Anyone) -> Self:
        """One's own that one has finished while others still look."""
        return self.visible_to(person).filter(observer_id=person.pk, finished_at__isnull=False, round__revealed_at=None)


class Observation(models.Model):
    """One observer's look."""

    goes_unnamed = True  # see circo.admin.scoped: that there is one is nobody else's to know

    round = models.ForeignKey(ObservationRound, models.CASCADE, related_name="observations", verbose_name="observation")
    observer = models.ForeignKey(Person, models.CASCADE, related_name="observations", verbose_name="observateur")
    finished_at = models.DateTimeField("terminée le", null=True, blank=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = "regard"
        ordering = ["observer__last_name", "observer__first_name", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "observer"], name="observation_once")]

    def __str__(self) -> str:
        return f"{self.observer}"


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own; everybody's only once all have finished, or the author of the film has closed: blind first.

        Source: docs/decisions/0014-observation-grids.md
        """
        rounds = ObservationRound.objects.visible_to(person).order_by()
        blind = Q(observation__observer_id=person.pk) | Q(observation__round__revealed_at__isnull=False)
        return self.filter(blind, removed_at=None, observation__round__in=rounds.values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        """Those of one's look that is not finished, removed ones among them: they can come back."""
        mine = Observation.objects.editable_by(person).order_by()
        return self.filter(observation__in=mine.values("pk"))


class Entry(models.Model):
    """What an observer noted at one second."""

    goes_unnamed = True  # see circo.admin.scoped: that there is one is nobody else's to know

    observation = models.ForeignKey(Observation, models.CASCADE, related_name="entries", verbose_name="regard")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="entries", verbose_name="repère")
    at_s = models.FloatField(
        "à la seconde", validators=[MinValueValidator(0), MaxValueValidator(film_rules.DURATION_MAX_S)]
    )
    value = models.PositiveSmallIntegerField("réponse", null=True, blank=True)  # the rank of a level
    text = models.CharField("en quelques mots", max_length=rules.NOTE_MAX, blank=True)
    key = models.UUIDField("clé donnée par le navigateur", default=uuid.uuid4)  # the same press, sent again
    created_at = models.DateTimeField("notée le", auto_now_add=True)
    removed_at = models.DateTimeField("retirée le", null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "note d’observation"
        verbose_name_plural = "notes d’observation"
        ordering = ["at_s", "pk"]
        constraints = [models.UniqueConstraint(fields=["observation", "key"], name="entry_sent_once")]

    def __str__(self) -> str:
        return f"{self.criterion} {self.timecode}"

    @property
    def timecode(self) -> str:
        return film_rules.timecode(self.at_s)

    @property
    def answer(self) -> str:
        """The name of the level; nothing where there is none. Reads the criterion."""
        answers = self.criterion.answers
        return answers[self.value] if self.value is not None and self.value < len(answers) else ""
