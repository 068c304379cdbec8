"""Other platforms that launch our paths (LTI 1.3), who has tied an account of theirs to one here, what they know.

Source: docs/decisions/0047-lti.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from circo.access import Permission
from circo.models import Departement, Person
from circo.models.own import OwnQuerySet
from circo.models.sealed import SealedField
from circo.rules import URL_MAX, fault_of_url, worded
from trainings.lti import rules
from trainings.lti.rules import Progress
from trainings.models.paths import LearningPath

if TYPE_CHECKING:
    from circo.access import Anyone

ADDRESSES = ("auth_url", "token_url", "jwks_url")


class LtiPlatformQuerySet(models.QuerySet["LtiPlatform"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the départements that one works in."""
        return self.filter(departement_id__in=person.reach().departement_ids)

    def editable_by(self, person: Anyone) -> Self:
        """Those of the départements that one oversees."""
        return self.filter(departement_id__in=person.reach().departement_ids_for(Permission.OVERSEE_DEPARTEMENT))

    def active(self) -> Self:
        return self.filter(is_active=True)


class LtiPlatform(models.Model):
    """A platform that may launch the paths opened to it: M@gistère, a Moodle. Our server calls its addresses."""

    departement = models.ForeignKey(Departement, models.PROTECT, verbose_name="département")
    name = models.CharField("nom", max_length=80, help_text="Comme les enseignants l’appellent\u00a0: M@gistère.")
    issuer = models.CharField(
        "émetteur", max_length=255, help_text="Platform ID dans Moodle\u00a0: souvent son adresse, sans barre à la fin."
    )
    client_id = models.CharField("numéro de client", max_length=255, help_text="Client ID dans Moodle.")
    deployments = models.TextField(
        "déploiements",
        max_length=2000,
        help_text="Deployment ID dans Moodle. S’il y en a plusieurs\u00a0: un par ligne.",
    )
    auth_url = models.URLField("adresse d’authentification", help_text="Authentication request URL.")
    token_url = models.URLField("adresse des jetons", help_text="Access token URL.")
    jwks_url = models.URLField("adresse des clés publiques", help_text="Public keyset URL.")
    is_active = models.BooleanField(
        "en service", default=True, help_text="Décochée, elle n’ouvre plus rien ici, et rien ne lui est plus envoyé."
    )
    paths = models.ManyToManyField(LearningPath, related_name="lti_platforms", blank=True, editable=False)
    jwks = models.JSONField("clés publiques", default=dict, editable=False)  # as they were read last
    jwks_at = models.DateTimeField("clés lues le", null=True, editable=False)

    objects = LtiPlatformQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["jwks", "jwks_at"])

    class Meta:
        verbose_name = "plateforme LTI"
        verbose_name_plural = "plateformes LTI"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "client_id"],
                name="lti_platform_once",
                violation_error_message="Cette plateforme est déjà déclarée.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        hosts = settings.CALLED_PRIVATE_HOSTS
        faults = {name: fault_of_url(getattr(self, name) or "", hosts) for name in ADDRESSES}
        if told := {name: fault for name, fault in faults.items() if fault}:
            raise ValidationError(told)

    @property
    def deployment_ids(self) -> list[str]:
        return [line.strip() for line in self.deployments.splitlines() if line.strip()]

    @property
    def hosts(self) -> frozenset[str]:
        """Where its services may be: nowhere else is called on its behalf."""
        return rules.hosts_of(self.issuer, self.auth_url, self.token_url, self.jwks_url)


class LtiKey(models.Model):
    """A key of ours. The newest that is a day old signs; all are published, so that platforms know them by then."""

    kid = models.CharField("numéro", max_length=64, primary_key=True)
    public: Any = models.JSONField("clé publique")
    private = SealedField("clé privée")
    created_at = models.DateTimeField("faite le", auto_now_add=True)

    class Meta:
        verbose_name = "clé LTI"
        verbose_name_plural = "clés LTI"
        ordering = ["-created_at", "kid"]

    def __str__(self) -> str:
        return self.kid


class LtiLinkQuerySet(OwnQuerySet["LtiLink"]):
    whose = "person"


class LtiLink(models.Model):
    """Somebody said, signed in here: that account of the other platform is mine. It signs nobody in."""

    goes_unnamed = True  # see circo.admin.scoped: where else one has an account is one's own

    platform = models.ForeignKey(LtiPlatform, models.CASCADE, related_name="links", verbose_name="plateforme")
    subject = models.CharField("numéro là-bas", max_length=rules.SUBJECT_MAX)
    person = models.ForeignKey(Person, models.CASCADE, related_name="lti_links", verbose_name="personne")
    linked_at = models.DateTimeField("relié le", auto_now_add=True)

    objects = LtiLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "lien avec une autre plateforme"
        verbose_name_plural = "liens avec d’autres plateformes"
        ordering = ["platform__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["platform", "subject"], name="lti_subject_linked_once"),
            models.UniqueConstraint(fields=["platform", "person"], name="lti_person_linked_once"),
        ]

    def __str__(self) -> str:
        return str(self.platform)


class LtiCourse(models.Model):
    """A place of the other platform from which a path was launched. Its members are counted, never kept."""

    platform = models.ForeignKey(LtiPlatform, models.CASCADE, related_name="courses", verbose_name="plateforme")
    path = models.ForeignKey(LearningPath, models.CASCADE, related_name="lti_courses", verbose_name="parcours")
    context = models.CharField("numéro là-bas", max_length=rules.SUBJECT_MAX, blank=True)
    title = models.CharField("titre", max_length=rules.TEXT_MAX, blank=True)
    members_url = models.CharField("adresse de ses membres", max_length=URL_MAX, blank=True)
    members = models.PositiveIntegerField("inscrits là-bas", null=True)
    counted_at = models.DateTimeField("comptés le", null=True)

    class Meta:
        verbose_name = "espace d’une autre plateforme"
        verbose_name_plural = "espaces d’autres plateformes"
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["platform", "path", "context"], name="lti_course_once")]

    def __str__(self) -> str:
        return self.title or str(self.platform)


class LtiResult(models.Model):
    """A linked person came from a place of the other platform: what it was told last, and where that goes."""

    goes_unnamed = True

    link = models.ForeignKey(LtiLink, models.CASCADE, related_name="results")
    course = models.ForeignKey(LtiCourse, models.CASCADE, related_name="results", verbose_name="espace")
    line_item = models.CharField("adresse du résultat", max_length=URL_MAX, blank=True)
    sent = models.CharField(
        "dit là-bas",
        max_length=10,
        choices=worded({Progress.IN_PROGRESS: "commencé", Progress.COMPLETED: "terminé"}),
        blank=True,
    )
    sent_at = models.DateTimeField("dit le", null=True)
    came_at = models.DateTimeField("venue le", auto_now_add=True)

    class Meta:
        verbose_name = "résultat donné à une autre plateforme"
        verbose_name_plural = "résultats donnés à d’autres plateformes"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["link", "course"], name="lti_result_once"),
            models.CheckConstraint(condition=Q(sent__in=list(Progress)), name="lti_result_sent_known"),
        ]

    def __str__(self) -> str:
        return self.get_sent_display()
