"""Letters around a day of training: called, sent on mission, present, certified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from circo.documents import rules
from circo.documents.letters.base import Addressee, Letter
from circo.documents.rules import Slot


@dataclass(frozen=True, kw_only=True)
class Convocation(Letter):
    """Call somebody to a day of training.

    Source: docs/decisions/0009-documents.md (arrêté du 20 décembre 2013: a convocation may stand for a mission order).
    """

    template: ClassVar[str] = "convocation"

    addressee: Addressee
    subject: str  # « première journée des partages de l’innovation »
    slots: tuple[Slot, ...]
    place: str
    address: str = ""
    room: str = ""
    access: str = ""  # how one gets there
    programme: tuple[tuple[str, str], ...] = ()  # (« 9 h », « Accueil »)
    trainers: tuple[str, ...] = ()
    reference: str = ""  # number of the dispositif
    followed_by: str = ""
    through: str = ""  # sous couvert de: « Monsieur le directeur de l’école Jean-Moulin »
    is_mission_order: bool = False
    costs_borne_by: str = ""  # empty: at no cost for the administration
    hours: str = ""  # how they count: « 6 h sur le temps de classe, hors des 108 heures »
    is_replaced: bool | None = None  # None: no class that day
    substitute: str = ""
    meal: str = ""
    reply_by: date | None = None
    reply_to: str = ""

    @property
    def title(self) -> str:
        return "Convocation" if self.is_mission_order else "Invitation"

    @property
    def label(self) -> str:
        return self.addressee.name

    def data(self) -> dict[str, object]:
        return super().data() | rules.ready({"when": rules.days(self.slots)})


@dataclass(frozen=True, kw_only=True)
class MissionOrder(Letter):
    """Send somebody on mission, once, or for up to twelve months (`valid_until`).

    Source: docs/decisions/0009-documents.md (décret n° 2006-781).
    """

    template: ClassVar[str] = "mission_order"

    name: str
    grade: str
    subject: str
    places: tuple[str, ...]  # with the stops
    leaves: str = ""  # « le mardi 17 novembre 2026 à 8 h, de Val-de-Reuil »
    returns: str = ""
    administrative_residence: str = ""
    family_residence: str = ""
    transport: str = ""  # and its class
    vehicle: str = ""  # personal vehicle: plate, power, insurance; empty: not authorised
    costs_borne_by: str = ""  # empty: at no cost
    budget_line: str = ""
    valid_from: date | None = None  # a standing order, in this area
    valid_until: date | None = None
    area: str = ""
    reference: str = ""

    @property
    def title(self) -> str:
        return "Ordre de mission permanent" if self.valid_until else "Ordre de mission"

    @property
    def label(self) -> str:
        return self.name


@dataclass(frozen=True)
class Present:
    """One row of a sign-in sheet."""

    name: str
    school: str = ""
    note: str = ""  # « arrivée à 9 h 30 », « absence excusée »


@dataclass(frozen=True, kw_only=True)
class SignInSheet(Letter):
    """Where people sign, once per half-day; and the trainers as well."""

    template: ClassVar[str] = "sign_in_sheet"

    subject: str
    slots: tuple[Slot, ...]  # one column of signatures for each
    place: str
    people: tuple[Present, ...]
    trainers: tuple[str, ...] = ()
    hours: str = ""  # in all
    reference: str = ""
    blank_rows: int = 0  # for those who come without being on the list

    @property
    def title(self) -> str:
        return "Feuille d’émargement"


@dataclass(frozen=True, kw_only=True)
class AttendanceCertificate(Letter):
    """Certify that somebody was there, for how long, and what counts in the 18 hours."""

    template: ClassVar[str] = "attendance_certificate"

    name: str
    subject: str  # title of the training
    held_on: str  # « le 17 novembre 2026 », « du 12 janvier au 9 mars 2027 »
    hours: str  # done, in words: `rules.duration`
    quality: str = ""  # of the person: « professeure des écoles, école Jean-Moulin »
    objectives: tuple[str, ...] = ()
    mode: str = ""  # « en présence », « à distance »
    hours_of_18: str = ""  # what counts in the 18 hours
    result: str = ""  # « suivie en entier »
    place: str = ""
    reference: str = ""

    @property
    def title(self) -> str:
        return "Attestation de présence"

    @property
    def label(self) -> str:
        return self.name


@dataclass(frozen=True, kw_only=True)
class PathCertificate(AttendanceCertificate):
    """Certify that somebody finished a training path at one's own pace."""

    @property
    def title(self) -> str:
        return "Attestation de formation"
