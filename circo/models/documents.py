"""Letters made in batches, and what was issued under a code that anybody who holds the paper can check."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.access import Permission
from circo.models.own import OwnQuerySet
from circo.models.people import Person
from circo.models.places import District

if TYPE_CHECKING:
    from circo.access import Anyone


class BatchState(models.TextChoices):
    MAKING = "MAKING", "en préparation"
    READY = "READY", "prêt"
    FAILED = "FAILED", "échoué"


class LetterBatchQuerySet(OwnQuerySet["LetterBatch"]):
    """What letters say of others is for whoever asked for them alone."""

    whose = "asked_by"


class LetterBatch(models.Model):
    """Letters of one kind, made by a worker: one file to print, one archive to send, kept some days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    template = models.CharField("modèle", max_length=40)
    title = models.CharField("titre", max_length=120)
    letters = models.JSONField("courriers à faire", default=list)  # emptied once they are made
    letter_count = models.PositiveIntegerField("nombre de courriers")
    state = models.CharField("état", max_length=8, choices=BatchState, default=BatchState.MAKING)
    reason = models.TextField("raison de l’échec", blank=True)
    asked_by = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="demandé par")
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    pdf = models.CharField("fichier à imprimer", max_length=120, blank=True)  # keys of the storage
    archive = models.CharField("archive", max_length=120, blank=True)

    objects = LetterBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "lot de courriers"
        verbose_name_plural = "lots de courriers"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=BatchState.READY) | (~Q(pdf="") & ~Q(archive="")), name="batch_ready_has_files"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def folder(self) -> str:
        """Where its files stand in the storage."""
        return f"documents/{self.pk}"


class IssuedDocumentQuerySet(models.QuerySet["IssuedDocument"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own, those that one issued, and those of the districts whose people one manages."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(Q(person_id=person.pk) | _issued_under(person))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(_issued_under(person)) if person.is_authenticated else self.none()


def _issued_under(person: Anyone) -> Q:
    districts = person.reach().district_ids_for(Permission.MANAGE_PEOPLE)
    return Q(issued_by_id=person.pk) | Q(district_id__in=districts)


class IssuedDocument(models.Model):
    """What a code answers for: only what the paper itself says, so that both can be compared."""

    code = models.CharField("code de vérification", max_length=28, unique=True, editable=False)
    kind = models.CharField("sorte", max_length=80)  # « Attestation de présence »
    recipient = models.CharField("délivré à", max_length=160)
    subject = models.CharField("objet", max_length=200)
    authority = models.CharField("délivré par", max_length=200)
    issued_on = models.DateField("délivré le")
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="compte de la personne"
    )
    district = models.ForeignKey(
        District, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="circonscription"
    )
    issued_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="établi par")
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = IssuedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document délivré"
        verbose_name_plural = "documents délivrés"
        ordering = ["-issued_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} du {self.issued_on}"

    def is_valid_on(self, day: date) -> bool:
        return self.withdrawn_at is None and (self.valid_until is None or day <= self.valid_until)
