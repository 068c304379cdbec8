"""Papers of a student's placement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from circo.documents.letters.base import Letter


@dataclass(frozen=True)
class Party:
    """Who signs an agreement: an institution and who speaks for it, or the student."""

    role: str  # « L’établissement d’enseignement », « L’étudiante »
    name: str
    represented_by: str = ""


@dataclass(frozen=True, kw_only=True)
class PlacementAgreement(Letter):
    """The agreement of a placement, between the institution, the school's authority and the student.

    Source: docs/decisions/0009-documents.md (Code de l’éducation, art. D. 124-4).
    """

    template: ClassVar[str] = "placement_agreement"

    parties: tuple[Party, ...]
    student: str
    course: str  # title, and yearly hours: « Master MEEF 1, 450 heures »
    subject: str  # what the placement is for, in one sentence
    skills: tuple[str, ...]
    activities: tuple[str, ...]
    place: str
    period: str  # « du 12 au 23 janvier 2027 »
    presence: str  # « 10 jours, 24 heures par semaine »
    referent: str  # of the institution
    tutor: str  # in the school
    support: str = ""  # how the student is accompanied
    gratification: str = "Le stage ne donne pas lieu à gratification."
    social_protection: str = ""
    insurance: str = ""  # civil liability: insurer and number
    absences: str = ""
    validation: str = ""  # how the placement counts in the course
    legal_basis: str = ""  # of the days of responsibility
    reference: str = ""

    @property
    def title(self) -> str:
        return "Convention de stage"

    @property
    def label(self) -> str:
        return self.student
