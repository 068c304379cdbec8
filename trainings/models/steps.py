"""Steps of a module, and what some kinds of steps hold: questions, excerpts of films, documents."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from circo.attaching.rules import KIND_LABELS as DOCUMENT_LABELS
from circo.attaching.rules import Kind
from circo.rules import worded
from networks.models import Salon
from networks.visits.rules import PRACTICES
from trainings.models.paths import LearningPath, Module, PathVersion
from trainings.paths import rules
from trainings.paths.rules import StepKind
from trainings.quizzes import rules as quizzes
from trainings.quizzes.rules import QuestionKind
from videos import rules as film_rules
from videos.models import Film, Grid, Observation
from videos.models.excerpts import SECONDS

if TYPE_CHECKING:
    from circo.access import Anyone

PERCENT = [MaxValueValidator(100)]
DOCUMENT_KINDS = [*worded(DOCUMENT_LABELS), (rules.H5P, "activité H5P")]


class StepQuerySet(models.QuerySet["Step"]):
    def visible_to(self, person: Anyone) -> Self:
        return self.filter(module__version__in=PathVersion.objects.visible_to(person).order_by().values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(module__version__in=PathVersion.objects.editable_by(person).order_by().values("pk"))


class Step(models.Model):
    """One thing to do. `text` says it, in Markdown; what else it holds depends on its kind."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="steps", verbose_name="module")
    key = models.UUIDField("la même d’une version à l’autre", default=uuid.uuid4, editable=False)
    rank = models.PositiveSmallIntegerField("rang")
    kind = models.CharField("ce que l’on y fait", max_length=7, choices=worded(rules.KIND_LABELS))
    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    text = models.TextField("texte", max_length=rules.TEXT_MAX, blank=True)
    is_optional = models.BooleanField("facultative", default=False)
    pass_percent = models.PositiveSmallIntegerField(
        "réussite à partir de, en %", default=quizzes.PASS_PERCENT, validators=PERCENT
    )  # of a quiz
    proves_module = models.BooleanField("prouve que l’on connaît déjà ce module", default=False)  # a quiz
    grid = models.ForeignKey(
        Grid, models.SET_NULL, null=True, blank=True, related_name="steps", verbose_name="grille d’observation"
    )
    salon = models.ForeignKey(Salon, models.SET_NULL, null=True, blank=True, related_name="steps", verbose_name="salon")
    practice = models.CharField(
        "pratique à observer", max_length=20, choices=worded(PRACTICES), blank=True
    )  # of a visit; empty: any
    expert = models.ForeignKey(
        Observation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="regard auquel comparer"
    )  # of a grid: the author's own look, shown to whoever has filled it

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = "étape"
        ordering = ["rank", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(StepKind)), name="step_kind_known"),
            models.CheckConstraint(condition=Q(pass_percent__lte=100), name="step_pass_percent"),
            models.CheckConstraint(
                condition=Q(proves_module=False) | Q(kind=StepKind.QUIZ), name="step_proves_by_a_quiz"
            ),
            models.UniqueConstraint(fields=["module", "key"], name="step_key_once"),
        ]

    def __str__(self) -> str:
        return self.title


class OfStepQuerySet[Row: models.Model](models.QuerySet[Row]):
    """Rows of a step, for whoever reads or writes the step."""

    def visible_to(self, person: Anyone) -> Self:
        return self.filter(step__in=Step.objects.visible_to(person).order_by().values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(step__in=Step.objects.editable_by(person).order_by().values("pk"))


class StepExcerpt(models.Model):
    """A part of a film that a step shows. Without a film: it was erased since."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="excerpts", verbose_name="étape")
    key = models.UUIDField("le même d’une version à l’autre", default=uuid.uuid4, editable=False)
    rank = models.PositiveSmallIntegerField("rang")
    film = models.ForeignKey(
        Film, models.SET_NULL, null=True, blank=True, related_name="step_excerpts", verbose_name="film"
    )
    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    in_s = models.FloatField("de la seconde", validators=SECONDS)
    out_s = models.FloatField("à la seconde", validators=SECONDS)

    objects = OfStepQuerySet["StepExcerpt"].as_manager()

    class Meta:
        verbose_name = "extrait d’une étape"
        verbose_name_plural = "extraits des étapes"
        ordering = ["rank", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(in_s__gte=0, out_s__gt=F("in_s")),
                name="step_excerpt_has_a_length",
                violation_error_message="La fin se place après le début.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def duration_s(self) -> float:
        return self.out_s - self.in_s

    @property
    def part(self) -> str:
        return f"de {film_rules.timecode(self.in_s)} à {film_rules.timecode(self.out_s)}"


class Question(models.Model):
    """One question of a step; with an excerpt, the player stops at that second of the film to ask it."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="questions", verbose_name="étape")
    key = models.UUIDField("la même d’une version à l’autre", default=uuid.uuid4, editable=False)
    rank = models.PositiveSmallIntegerField("rang")
    kind = models.CharField("forme", max_length=8, choices=worded(quizzes.KIND_LABELS))
    text = models.TextField("question", max_length=quizzes.TEXT_MAX)
    choices = models.JSONField("réponses", default=list)  # of [text, is_right, feedback]
    feedback = models.TextField("explication", max_length=quizzes.FEEDBACK_MAX, blank=True)
    excerpt = models.ForeignKey(
        StepExcerpt, models.CASCADE, null=True, blank=True, related_name="questions", verbose_name="extrait"
    )
    at_s = models.FloatField("à la seconde du film", null=True, blank=True, validators=SECONDS)

    objects = OfStepQuerySet["Question"].as_manager()

    class Meta:
        verbose_name = "question"
        ordering = ["rank", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(QuestionKind)), name="question_kind_known"),
            models.CheckConstraint(
                condition=Q(excerpt=None, at_s=None) | Q(excerpt__isnull=False, at_s__isnull=False),
                name="question_has_its_second",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def moment(self) -> str:
        """The second at which the film stops, as people read it; nothing for a question of a quiz."""
        return film_rules.timecode(self.at_s) if self.at_s is not None else ""

    @property
    def rule(self) -> quizzes.Question:
        """The question as the rules read it."""
        choices = tuple(quizzes.Choice(*choice) for choice in self.choices)
        return quizzes.Question(QuestionKind(self.kind), self.text, choices, self.feedback)


class StepDocument(models.Model):
    """A picture or a document of a step, known by its content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    step = models.ForeignKey(Step, models.CASCADE, related_name="documents", verbose_name="étape")
    kind = models.CharField("nature", max_length=4, choices=DOCUMENT_KINDS)
    name = models.CharField("nom", max_length=film_rules.FILE_NAME_MAX)
    alt = models.CharField("ce que montre l’image", max_length=300, blank=True)
    size_bytes = models.PositiveIntegerField("poids")
    sha256 = models.CharField("empreinte", max_length=64, db_index=True)  # versions share the file of this content
    created_at = models.DateTimeField("joint le", auto_now_add=True)

    objects = OfStepQuerySet["StepDocument"].as_manager()

    class Meta:
        verbose_name = "document d’une étape"
        verbose_name_plural = "documents des étapes"
        ordering = ["created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["step"], condition=Q(kind=rules.H5P), name="step_package_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.kind == Kind.PICTURE

    @property
    def is_package(self) -> bool:
        return self.kind == rules.H5P

    @property
    def size(self) -> str:
        return film_rules.file_size(self.size_bytes)


class StoredDocument(models.Model):
    """The file of one content, once for all the steps that hold it. Held while a file is written or deleted."""

    sha256 = models.CharField("empreinte", max_length=64, primary_key=True)
    kind = models.CharField("nature", max_length=4, choices=DOCUMENT_KINDS)
    kept_at = models.DateTimeField("gardé le", auto_now=True)

    class Meta:
        verbose_name = "contenu d’un document"
        verbose_name_plural = "contenus des documents"

    def __str__(self) -> str:
        return self.sha256


class RemovedPartQuerySet(models.QuerySet["RemovedPart"]):
    def restorable_by(self, person: Anyone) -> Self:
        """Those of the paths that one writes, taken away some minutes ago."""
        lately = timezone.now() - film_rules.RESTORABLE_FOR
        written = LearningPath.objects.editable_by(person).order_by().values("pk")
        return self.filter(removed_at__gt=lately, version__path__in=written)


class RemovedPart(models.Model):
    """What was just taken out of a draft, as the rows that bring it back. The draft itself holds it no more.

    `version` is that draft; of a whole draft, it is the published version beside which it stood.
    """

    version = models.ForeignKey(PathVersion, models.CASCADE, related_name="removed_parts", verbose_name="version")
    step_id = models.PositiveBigIntegerField("étape où il était", null=True, blank=True)  # of a part of a step
    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    rows = models.TextField("lignes")  # as django.core.serializers writes them
    opens = models.JSONField("modules qui l’attendaient", default=list, blank=True)  # of a module: their keys
    sha256s = models.JSONField("documents", default=list, blank=True)  # of the files that it may come back with
    removed_at = models.DateTimeField("retiré le", auto_now_add=True)

    objects = RemovedPartQuerySet.as_manager()

    class Meta:
        verbose_name = "morceau retiré d’un parcours"
        verbose_name_plural = "morceaux retirés des parcours"
        ordering = ["-removed_at", "-pk"]

    def __str__(self) -> str:
        return self.title
