"""Paths, their versions and modules. A version that was published never changes: the path gets another one.

Source: docs/decisions/0041-paths.md
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from circo.access import Permission
from circo.hours.rules import in_words
from circo.models import District, Person
from circo.models.folding import folded_column
from circo.rules import levels_in_order, worded
from trainings.paths import rules
from trainings.paths.rules import Opening, VersionState
from videos.models import Subject
from videos.rules import RESTORABLE_FOR

if TYPE_CHECKING:
    from circo.access import Anyone

MINUTES = [MaxValueValidator(rules.MODULE_MINUTES_MAX, f"Au plus {rules.MODULE_MINUTES_MAX // 60}\u00a0heures.")]


class LearningPathQuerySet(models.QuerySet["LearningPath"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those that one writes, those that one takes, and those of the catalogue that are opened to where one is."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        mine = Q(pk__in=self.model.objects.editable_by(person).order_by().values("pk"))
        taken = Exists(PathVersion.objects.filter(path=OuterRef("pk"), enrolments__person=person.pk))
        return self.filter(mine | Q(taken) | Q(pk__in=self.open_to(person).order_by().values("pk")))

    def open_to(self, person: Anyone) -> Self:
        """Those of the catalogue of this person: published, and opened to a place where one is today."""
        reach = person.reach()
        rows = self.kept()
        if not reach.can(Permission.USE_PORTAL):
            return rows.none()
        published = Exists(PathVersion.objects.filter(path=OuterRef("pk"), state=VersionState.PUBLISHED))
        near = Q(opening=Opening.DISTRICT, district_id__in=reach.district_ids)
        around = Q(opening=Opening.DEPARTEMENT, district__departement_id__in=reach.departement_ids)
        return rows.filter(near | around | Q(opening=Opening.EVERYWHERE)).filter(published)

    def editable_by(self, person: Anyone) -> Self:
        """Those of the districts where one writes paths: a team writes together."""
        return self.kept().filter(district_id__in=person.reach().district_ids_for(Permission.WRITE_PATHS))

    def restorable_by(self, person: Anyone) -> Self:
        """Those of one's team that were just removed."""
        lately = timezone.now() - RESTORABLE_FOR
        written = person.reach().district_ids_for(Permission.WRITE_PATHS)
        return self.filter(district_id__in=written, removed_at__gt=lately)

    def kept(self) -> Self:
        return self.filter(removed_at=None)


class LearningPath(models.Model):
    """A path through all its versions: whose it is, and who finds it."""

    district = models.ForeignKey(
        District, models.PROTECT, related_name="learning_paths", verbose_name="circonscription"
    )
    created_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="créé par")
    opening = models.CharField(
        "ouvert à", max_length=11, choices=worded(rules.OPENING_LABELS), default=Opening.DISTRICT.value
    )
    adapted_from = models.ForeignKey(
        "PathVersion", models.SET_NULL, null=True, blank=True, related_name="adaptations", verbose_name="adapté de"
    )
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    removed_at = models.DateTimeField("supprimé le", null=True, blank=True)

    objects = LearningPathQuerySet.as_manager()

    class Meta:
        verbose_name = "parcours"
        verbose_name_plural = "parcours"
        ordering = ["-created_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(opening__in=list(Opening)), name="path_opening_known")]

    def __str__(self) -> str:
        return f"Parcours {self.pk}"


class PathVersionQuerySet(models.QuerySet["PathVersion"]):
    def visible_to(self, person: Anyone) -> Self:
        """All of the paths that one writes; those that one takes; the published one of the catalogue's."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        paths = LearningPath.objects
        written = Q(path__in=paths.editable_by(person).order_by().values("pk"))
        shown = Q(state=VersionState.PUBLISHED, path__in=paths.open_to(person).order_by().values("pk"))
        return self.filter(written | shown | Q(pk__in=self.taken_by(person)))

    def editable_by(self, person: Anyone) -> Self:
        """The drafts of the paths that one writes."""
        written = LearningPath.objects.editable_by(person).order_by().values("pk")
        return self.filter(state=VersionState.DRAFT, path__in=written)

    def overseen_by(self, person: Anyone) -> Self:
        """Those of the districts whose team one belongs to, or oversees."""
        return self.filter(path__district_id__in=person.reach().district_ids_for(Permission.VIEW_TEAM))

    def taken_by(self, person: Anyone) -> models.QuerySet:
        """The keys of those that one has begun."""
        return self.model.objects.filter(enrolments__person=person.pk).order_by().values("pk")


class PathVersion(models.Model):
    """One version of a path: a draft, then published for ever."""

    path = models.ForeignKey(LearningPath, models.CASCADE, related_name="versions", verbose_name="parcours")
    number = models.PositiveSmallIntegerField("version", default=1)
    state = models.CharField("état", max_length=9, choices=worded(rules.STATE_LABELS), default=VersionState.DRAFT.value)
    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    summary = models.TextField("en quelques lignes", max_length=rules.SUMMARY_MAX, blank=True)
    levels = models.JSONField("niveaux", default=list, blank=True)
    subject = models.CharField("domaine", max_length=10, choices=Subject, default=Subject.SEVERAL)
    minutes = models.PositiveSmallIntegerField("durée annoncée, en minutes", default=0)  # written when it is published
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    published_at = models.DateTimeField("publiée le", null=True, blank=True)
    published_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="publiée par"
    )
    folded = folded_column("title", "summary")

    objects = PathVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version d’un parcours"
        verbose_name_plural = "versions des parcours"
        ordering = ["-number", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["path", "number"], name="path_version_number_once"),
            models.UniqueConstraint(fields=["path"], condition=Q(state=VersionState.DRAFT), name="path_has_one_draft"),
            models.UniqueConstraint(
                fields=["path"],
                condition=Q(state__in=[VersionState.PUBLISHED, VersionState.ARCHIVED]),
                name="path_has_one_current_version",
            ),
            models.CheckConstraint(condition=Q(state__in=list(VersionState)), name="path_version_state_known"),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT, published_at=None)
                | ~Q(state=VersionState.DRAFT) & Q(published_at__isnull=False),
                name="path_version_published_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return self.state == VersionState.DRAFT

    @property
    def levels_words(self) -> str:
        return ", ".join(levels_in_order(self.levels))

    @property
    def duration(self) -> str:
        return in_words(self.minutes) if self.minutes else ""


class ModuleQuerySet(models.QuerySet["Module"]):
    def visible_to(self, person: Anyone) -> Self:
        return self.filter(version__in=PathVersion.objects.visible_to(person).order_by().values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(version__in=PathVersion.objects.editable_by(person).order_by().values("pk"))


class Module(models.Model):
    """A part of a version, that some of its learners may know already."""

    version = models.ForeignKey(PathVersion, models.CASCADE, related_name="modules", verbose_name="version")
    key = models.UUIDField("la même d’une version à l’autre", default=uuid.uuid4, editable=False)
    rank = models.PositiveSmallIntegerField("rang")
    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    aim = models.CharField("ce que l’on y apprend", max_length=500, blank=True)
    minutes = models.PositiveSmallIntegerField("durée annoncée, en minutes", default=30, validators=MINUTES)
    is_optional = models.BooleanField("pour aller plus loin", default=False)
    needs = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="opens", verbose_name="à faire avant"
    )

    objects = ModuleQuerySet.as_manager()

    class Meta:
        verbose_name = "module"
        ordering = ["rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="module_key_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def duration(self) -> str:
        return in_words(self.minutes)


class Statement(models.Model):
    """One thing that a learner says to know or not, before a module is proposed: « Je sais… »."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="statements", verbose_name="module")
    rank = models.PositiveSmallIntegerField("rang")
    text = models.CharField("énoncé", max_length=rules.STATEMENT_MAX)

    class Meta:
        verbose_name = "énoncé"
        ordering = ["rank", "pk"]

    def __str__(self) -> str:
        return self.text
