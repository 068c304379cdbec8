"""What the pages of yearly agreements read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from circo.queries import counted
from partnerships.models import AgreementSignature, PartnerAgreement

if TYPE_CHECKING:
    from circo.access import Anyone


def agreements(person: Anyone) -> QuerySet[PartnerAgreement]:
    """The newest first, each with how many signatures it has (`signed_count`) of how many (`signatory_count`)."""
    signatures = AgreementSignature.objects.all()
    return (
        PartnerAgreement.objects.visible_to(person)
        .select_related("institution", "departement", "school_year")
        .annotate(
            signatory_count=counted(signatures, "agreement_id"),
            signed_count=counted(signatures.exclude(signed_on=None), "agreement_id"),
        )
    )


def may_edit(agreement: PartnerAgreement, person: Anyone) -> bool:
    return PartnerAgreement.objects.editable_by(person).filter(pk=agreement.pk).exists()


def signatures(agreement: PartnerAgreement) -> list[AgreementSignature]:
    return list(AgreementSignature.objects.filter(agreement=agreement))
