"""The accounts of the demonstration, one per role: known to all, kept at every size."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from circo.portal.demo.schools import DEPARTEMENT, HERE, INSTITUTION, THERE
from circo.rules import SECOND_FACTOR_ROLES, GradeLevel, Role

PASSWORD = "les-partages-2026"  # noqa: S105 (known to all, on this machine alone)
DOMAIN = "partages.example"  # RFC 2606: nobody owns it, no mail can leave


@dataclass(frozen=True)
class Account:
    """A persona. `place` as in PostingRow; `level` chooses the class, `group` and `stage` the membership."""

    name: str  # before the @
    first_name: str
    last_name: str
    role: Role | None  # none: the technical administrator
    place: str
    comes_for: str
    level: GradeLevel | None = None
    group: str = ""
    stage: str = ""
    years_here: int = 3

    @property
    def email(self) -> str:
        return f"{self.name}@{DOMAIN}"

    @property
    def needs_code(self) -> bool:
        return self.role is None or self.role in SECOND_FACTOR_ROLES

    @property
    def totp_secret(self) -> str:
        """The secret of the second factor, always the same for the same account."""
        return base64.b32encode(hashlib.sha256(f"démonstration {self.email}".encode()).digest()[:20]).decode()


READING = "Lire et comprendre en GS et au CP"
PROBLEMS = "Problèmes au CE1 et au CE2"

ACCOUNTS = (
    Account(
        "amina",
        "Amina",
        "Benhaddou",
        Role.TEACHER,
        "0271300S",
        "Dépose des films dans son groupe de lecture, en deuxième année.",
        GradeLevel.CP,
        READING,
        "SECOND_YEAR",
    ),
    Account(
        "bruno",
        "Bruno",
        "Delacourt",
        Role.TEACHER,
        "0271472D",
        "Regarde et commente les films du même groupe qu’Amina, en première année.",
        GradeLevel.GS,
        READING,
        "FIRST_YEAR",
        2,
    ),
    Account(
        "chloe",
        "Chloé",
        "Vasselin",
        Role.TEACHER,
        "0271562B",
        "Est relais d’un autre groupe : les films d’Amina ne la regardent pas.",
        GradeLevel.CE1,
        PROBLEMS,
        "RELAY",
    ),
    Account(
        "denis",
        "Denis",
        "Kowalczyk",
        Role.TEACHER,
        "0270243T",
        "Enseigne dans une autre circonscription, et n’en voit que la sienne.",
        GradeLevel.CP,
        READING,
        "FIRST_YEAR",
        1,
    ),
    Account(
        "directrice", "Hélène", "Marquand", Role.HEAD_TEACHER, "0271569J", "Dirige une école : qui y entre, et quand."
    ),
    Account("formateur", "Mamadou", "Sarr", Role.TRAINER, HERE, "Accueille et accompagne (PEMF)."),
    Account("conseillere", "Sophie", "Trinh", Role.ADVISER, HERE, "Anime les groupes de la circonscription (CPC)."),
    Account("inspectrice", "Isabelle", "Rocheteau", Role.INSPECTOR, HERE, "Pilote la circonscription (IEN)."),
    Account("secretaire", "Nadine", "Poulleau", Role.SECRETARY, HERE, "Importe les personnes et les affectations."),
    Account(
        "remplacement",
        "Karim",
        "Haddioui",
        Role.BRIGADE_MANAGER,
        DEPARTEMENT,
        "Organise les remplacements du département.",
    ),
    Account(
        "remplacante", "Lucie", "Ferreira", Role.SUBSTITUTE, "0271421Y", "Remplace, où et quand on le lui demande."
    ),
    Account(
        "departement",
        "Claire",
        "Fontanel",
        Role.DEPARTEMENT,
        DEPARTEMENT,
        "Voit toutes les circonscriptions du département.",
    ),
    Account(
        "institut", "Philippe", "Nguyen-Roy", Role.PARTNER_COORDINATOR, INSTITUTION, "Place les étudiants de l’INSPÉ."
    ),
    Account("etudiante", "Inès", "Garreau", Role.STUDENT, INSTITUTION, "Prépare son stage.", years_here=1),
    Account(
        "inspecteur.bernay",
        "Olivier",
        "Quéméner",
        Role.INSPECTOR,
        THERE,
        "Pilote l’autre circonscription : les deux ne se voient pas.",
    ),
    Account(
        "technique", "Camille", "Dufournet", None, "", "Administre la plateforme : voit tout, et n’enseigne nulle part."
    ),
)
