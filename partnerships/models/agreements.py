"""The yearly agreement between an institution and a département, and who signs it.

Source: docs/decisions/0033-partners.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from circo import rules as ground_rules
from circo.access import Permission
from circo.models import Departement, Institution, SchoolYear
from partnerships.agreements import rules
from partnerships.agreements.rules import AgreementState

if TYPE_CHECKING:
    from circo.access import Anyone


class PartnerAgreementQuerySet(models.QuerySet["PartnerAgreement"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of one's institution, and, for the teams, those of their département."""
        reach = person.reach()
        mine = Q(institution_id__in=reach.institution_ids_for(Permission.MANAGE_STUDENTS))
        return self.filter(mine | Q(departement_id__in=reach.departement_ids_around(Permission.VIEW_TEAM)))

    def editable_by(self, person: Anyone) -> Self:
        """Both sides write it: the institution, and the direction of the département."""
        reach = person.reach()
        mine = Q(institution_id__in=reach.institution_ids_for(Permission.MANAGE_STUDENTS))
        return self.filter(mine | Q(departement_id__in=reach.departement_ids_for(Permission.OVERSEE_DEPARTEMENT)))


class PartnerAgreement(models.Model):
    """Under what conditions the students of an institution come to the schools of a département, one school year."""

    institution = models.ForeignKey(Institution, models.PROTECT, verbose_name="institut")
    departement = models.ForeignKey(Departement, models.PROTECT, verbose_name="département")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, verbose_name="année scolaire")
    reference = models.CharField("référence", max_length=rules.REFERENCE_MAX, blank=True)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    terms = models.TextField("ce qui est convenu", max_length=rules.TEXT_MAX)
    state = models.CharField(
        "état",
        max_length=6,
        choices=ground_rules.worded(rules.STATE_LABELS),
        default=AgreementState.DRAFT.value,
        editable=False,
    )
    end_reason = models.CharField("pourquoi elle s’arrête", max_length=rules.REASON_MAX, blank=True, editable=False)

    objects = PartnerAgreementQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "convention de partenariat"
        verbose_name_plural = "conventions de partenariat"
        ordering = ["-school_year__first_day", "institution__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "departement", "school_year"],
                name="partner_agreement_once_a_year",
                violation_error_message="Une convention existe déjà pour cette année.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="partner_agreement_in_order",
                violation_error_message="Le dernier jour vient après le premier.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution} et {self.departement}, {self.school_year}"

    @property
    def is_draft(self) -> bool:
        return self.state == AgreementState.DRAFT


class AgreementSignatureQuerySet(models.QuerySet["AgreementSignature"]):
    def visible_to(self, person: Anyone) -> Self:
        return self.filter(agreement__in=PartnerAgreement.objects.visible_to(person).order_by().values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(agreement__in=PartnerAgreement.objects.editable_by(person).order_by().values("pk"))


class AgreementSignature(models.Model):
    """Somebody who signs an agreement on paper, and the day on which it was done."""

    agreement = models.ForeignKey(
        PartnerAgreement, models.CASCADE, related_name="signatures", verbose_name="convention"
    )
    capacity = models.CharField("qualité", max_length=rules.NAME_MAX)
    name = models.CharField("nom", max_length=rules.NAME_MAX, blank=True)
    signed_on = models.DateField("signée le", null=True, blank=True)

    objects = AgreementSignatureQuerySet.as_manager()

    class Meta:
        verbose_name = "signature"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.capacity}\u00a0: {self.name}" if self.name else self.capacity
