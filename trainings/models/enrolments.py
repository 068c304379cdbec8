"""Who takes which path, in which version, and how. What a learner does is the learner's own.

A tutor reads how far one is only where one agreed to it: see `Enrolment.followed`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from circo.access import Permission
from circo.models import District, IssuedDocument, Person
from circo.models.own import OwnQuerySet
from circo.rules import Role, worded
from networks.models import MutualisationGroup
from trainings.learning import rules
from trainings.learning.rules import Route
from trainings.models.paths import LearningPath, Module, PathVersion, Statement
from trainings.models.steps import Step
from trainings.paths.rules import TITLE_MAX

if TYPE_CHECKING:
    from circo.access import Anyone


class PathSessionQuerySet(models.QuerySet["PathSession"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those that one leads or takes part in, those of one's groups, those of one's team; without a group, those of
        the districts where one is."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        groups = MutualisationGroup.objects.in_circle_of(person).order_by().values("pk")
        taken = Enrolment.objects.filter(person=person.pk, session__isnull=False).order_by().values("session_id")
        written = Q(district_id__in=person.reach().district_ids_for(Permission.WRITE_PATHS))
        around = Q(group=None, district_id__in=person.reach().district_ids)
        return self.filter(Q(tutor_id=person.pk) | Q(group__in=groups) | Q(pk__in=taken) | written | around)

    def editable_by(self, person: Anyone) -> Self:
        """Those of the districts where one writes paths, and those that one leads."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        written = Q(district_id__in=person.reach().district_ids_for(Permission.WRITE_PATHS))
        return self.filter(written | Q(pk__in=self.model.objects.led_by(person).order_by().values("pk")))

    def overseen_by(self, person: Anyone) -> Self:
        """Those of the districts whose team one belongs to, or oversees."""
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.VIEW_TEAM))

    def led_by(self, person: Anyone) -> Self:
        """Those that one accompanies, where one is a colleague today: never somebody whose role judges."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        reach = person.reach()
        places = reach.district_ids_held_for(Permission.VISIT_CLASSES) - reach.district_ids_as(Role.INSPECTOR)
        return self.filter(tutor_id=person.pk, district_id__in=places)

    def running(self) -> Self:
        """Those that one may still join."""
        return self.filter(ended_at=None, last_day__gte=timezone.localdate())


class PathSession(models.Model):
    """A version taken together, between two days, with somebody who accompanies."""

    version = models.ForeignKey(PathVersion, models.PROTECT, related_name="sessions", verbose_name="parcours")
    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name="circonscription")
    title = models.CharField("titre", max_length=TITLE_MAX)
    first_day = models.DateField("du")
    last_day = models.DateField("au")
    tutor = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="path_sessions", verbose_name="accompagnée par"
    )
    group = models.ForeignKey(
        MutualisationGroup,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="path_sessions",
        verbose_name="pour le groupe",
    )
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    ended_at = models.DateTimeField("terminée le", null=True, blank=True)  # by hand: nobody is followed any more

    objects = PathSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "session d’un parcours"
        verbose_name_plural = "sessions des parcours"
        ordering = ["-first_day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="path_session_in_order",
                violation_error_message="Le dernier jour vient après le premier.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_accompanied(self) -> bool:
        """Somebody may be shown how far its learners are."""
        return self.tutor_id is not None and self.ended_at is None


class EnrolmentQuerySet(OwnQuerySet["Enrolment"]):
    """One's own, and nobody else's: whoever accompanies reads `followed_by`."""

    def followed_by(self, person: Anyone) -> Self:
        """Those of the sessions that one leads and that go on, of learners who agreed to it and have not left."""
        led = PathSession.objects.led_by(person).filter(ended_at=None).order_by().values("pk")
        return self.filter(session__in=led, followed=True, left_at=None)

    def going_on(self) -> Self:
        return self.filter(left_at=None, completed_at=None)


class Enrolment(models.Model):
    """One person in one path, once: the version that is taken, the rhythm, and where one stopped."""

    goes_unnamed = True  # see circo.admin.scoped: what one learns is one's own

    person = models.ForeignKey(Person, models.CASCADE, related_name="enrolments", verbose_name="personne")
    path = models.ForeignKey(LearningPath, models.PROTECT, related_name="enrolments", verbose_name="parcours")
    version = models.ForeignKey(PathVersion, models.PROTECT, related_name="enrolments", verbose_name="version")
    session = models.ForeignKey(
        PathSession, models.SET_NULL, null=True, blank=True, related_name="enrolments", verbose_name="session"
    )
    followed = models.BooleanField("accepte que l’accompagnement voie où j’en suis", default=False)
    passes_on = models.BooleanField("transmet son avancement au magasin de traces", default=False)
    passed_on_at = models.DateTimeField("transmis jusqu’au", null=True, blank=True, editable=False)
    goals = models.TextField("ce que j’en attends", max_length=rules.GOALS_MAX, blank=True)
    weekly_minutes = models.PositiveSmallIntegerField("minutes par semaine", null=True, blank=True)
    reminder_day = models.CharField("me le rappeler le", max_length=3, choices=rules.DAYS, blank=True)
    reminded_on = models.DateField("rappelé le", null=True, blank=True, editable=False)
    last_step = models.ForeignKey(
        Step, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="dernière étape ouverte"
    )
    seen_at = models.DateTimeField("dernière visite", auto_now_add=True)
    # Counted after each act of the learner, for lists and for who accompanies.
    done_steps = models.PositiveSmallIntegerField("étapes faites", default=0, editable=False)
    total_steps = models.PositiveSmallIntegerField("étapes à faire en tout", default=0, editable=False)
    left_minutes = models.PositiveSmallIntegerField("minutes qui restent, comme annoncé", default=0, editable=False)
    started_at = models.DateTimeField("commencé le", auto_now_add=True)
    completed_at = models.DateTimeField("terminé le", null=True, blank=True)
    credited_minutes = models.PositiveSmallIntegerField("minutes à créditer", default=0)  # fixed when completed
    certificate = models.ForeignKey(
        IssuedDocument,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="attestation",
    )
    left_at = models.DateTimeField("quitté le", null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription à un parcours"
        verbose_name_plural = "inscriptions aux parcours"
        ordering = ["-seen_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "path"],
                name="enrolled_once",
                violation_error_message="Vous suivez déjà ce parcours.",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(completed_at=None), name="enrolment_completed_or_left"
            ),
        ]
        indexes = [models.Index(fields=["session", "followed"], name="enrolment_of_session")]

    def __str__(self) -> str:
        return str(self.version)

    @property
    def hours_source(self) -> str:
        """What its hours come from: once a person and path, so they are credited once."""
        return f"trainings.enrolment:{self.pk}"


class OfEnrolmentQuerySet[Row: models.Model](OwnQuerySet[Row]):
    """Rows of an enrolment: its learner's alone."""

    whose = "enrolment__person"


class StatementAnswer(models.Model):
    """How well a learner says to know one thing, at the start."""

    goes_unnamed = True

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="statement_answers")
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="+", verbose_name="énoncé")
    level = models.PositiveSmallIntegerField("niveau", choices=rules.LEVELS)

    objects = OfEnrolmentQuerySet["StatementAnswer"].as_manager()

    class Meta:
        verbose_name = "réponse à un énoncé"
        verbose_name_plural = "réponses aux énoncés"
        ordering = ["statement__rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "statement"], name="statement_answered_once")]

    def __str__(self) -> str:
        return self.get_level_display()


class ModuleRoute(models.Model):
    """What a learner decided of one module: to do it, to keep it for later, to show that it is known already."""

    goes_unnamed = True

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="routes")
    module = models.ForeignKey(Module, models.CASCADE, related_name="+", verbose_name="module")
    route = models.CharField("choix", max_length=8, choices=worded(rules.ROUTE_LABELS), default=Route.TODO.value)

    objects = OfEnrolmentQuerySet["ModuleRoute"].as_manager()

    class Meta:
        verbose_name = "choix d’un module"
        verbose_name_plural = "choix des modules"
        ordering = ["module__rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "module"], name="module_routed_once"),
            models.CheckConstraint(condition=Q(route__in=list(Route)), name="module_route_known"),
        ]

    def __str__(self) -> str:
        return self.get_route_display()
