"""The paper by which families, or adults, allow a class to be filmed, or are told that it will be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from django.conf import settings

from circo.documents import rules, verification
from circo.documents.letters.base import Letter


class Nature(StrEnum):
    """What is recorded."""

    IMAGE = "l’image"
    VOICE = "la voix"
    WORK = "les productions (écrits, dessins, affiches)"


class LegalBasis(StrEnum):
    CONSENT = "consent"
    PUBLIC_TASK = "public_task"


@dataclass(frozen=True, kw_only=True)
class RecordingConsent(Letter):
    """Ask, for one project, to record image and voice: two pages, what is asked and then the answer to sign.

    Under a public task it informs instead, on one page: nobody signs, and it says how to object (RGPD, art. 13 and 21).
    Source: docs/decisions/0009-documents.md (the contents that the académies ask for; Code civil, art. 372-1).
    """

    template: ClassVar[str] = "recording_consent"

    project: str  # title of the recording project
    purpose: str  # why, in one to three sentences
    filmed_by: str  # who films, and to whom the right is given: « Amina Petit, professeure des écoles »
    school: str
    place: str  # « classe de CE1, gymnase »
    dates: str  # « les 12 et 19 janvier 2027 », « entre le 4 et le 29 janvier 2027 »
    audience: str  # who will see the film: « les membres du groupe “Lire en GS” et la personne qui l’anime »
    kept_until: date
    natures: tuple[Nature, ...] = (Nature.IMAGE, Nature.VOICE)
    supports: str = (
        "La plateforme de la circonscription, à accès personnel et restreint. Rien n’est publié sur internet."
    )
    extent: str = "France, dans le cadre professionnel de l’éducation nationale"
    legal_basis: LegalBasis = LegalBasis.CONSENT
    decision: str = ""  # by which the public task was recognised: « 12-2026, Anne Roux, déléguée… »
    controller: str = ""  # empty: LETTER_CONTROLLER
    dpo: str = ""  # address of the data-protection officer; empty: PLATFORM_DPO
    withdraw_to: str = ""  # whom to tell: e-mail, telephone
    withdraw_link: str = ""  # where one withdraws by oneself
    reference: str = ""  # ties the signed paper to its project
    return_to: str = ""
    return_by: date | None = None
    for_adult: bool = False  # a teacher, an AESH, a parent who helps: one signature, no child
    pupil: str = ""  # initials, if they are to be printed; the family writes the name by hand
    class_name: str = ""
    adult: str = ""  # name of the adult, if it is to be printed
    quality: str = ""  # of the adult: « AESH »
    holders: tuple[str, ...] = ("", "")  # of parental authority; an empty name is left to be written by hand

    @property
    def title(self) -> str:
        who = " d’un adulte" if self.for_adult else " d’un élève"
        if self.legal_basis == LegalBasis.PUBLIC_TASK:
            return "Information sur l’enregistrement de l’image et de la voix" + who
        return "Autorisation d’enregistrer l’image et la voix" + who

    @property
    def label(self) -> str:
        return self.adult if self.for_adult else self.pupil

    def data(self) -> dict[str, object]:
        house = {
            "controller": self.controller or settings.LETTER["controller"],
            "dpo": self.dpo or settings.PLATFORM["dpo"],
            "proof_until": self.kept_until + timedelta(days=settings.CONSENT_PROOF_DAYS),
            "withdraw_qr": verification.square(self.withdraw_link) if self.withdraw_link else "",
        }
        return super().data() | rules.ready(house)


def recording_consent(**fields: Any) -> bytes:
    """Typeset the consent form; the fields are those of `RecordingConsent`."""
    return RecordingConsent(**fields).pdf()
