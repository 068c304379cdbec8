"""Pure rules of the ground: codes, levels, roles and what each role needs."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

URL_MAX = 1000  # of an address that another server gives us
UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
UAI_SHAPE = re.compile(r"^\d{7}[A-HJ-NPR-Z]$")
CLASS_SIZE_MAX = 40  # pupils; the largest real class is far below, a typing mistake is above
# As one says them in a sentence.
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


class Role(StrEnum):
    TEACHER = "TEACHER"
    HEAD_TEACHER = "HEAD_TEACHER"
    TRAINER = "TRAINER"
    ADVISER = "ADVISER"
    INSPECTOR = "INSPECTOR"
    SECRETARY = "SECRETARY"
    BRIGADE_MANAGER = "BRIGADE_MANAGER"
    SUBSTITUTE = "SUBSTITUTE"
    DEPARTEMENT = "DEPARTEMENT"
    PARTNER_COORDINATOR = "PARTNER_COORDINATOR"
    STUDENT = "STUDENT"


ROLE_LABELS = {
    Role.TEACHER: "Professeur des écoles",
    Role.HEAD_TEACHER: "Directeur ou directrice d’école",
    Role.TRAINER: "Formateur ou formatrice (PEMF)",
    Role.ADVISER: "Conseiller ou conseillère pédagogique",
    Role.INSPECTOR: "Inspecteur ou inspectrice (IEN)",
    Role.SECRETARY: "Secrétariat de circonscription",
    Role.BRIGADE_MANAGER: "Cellule remplacement",
    Role.SUBSTITUTE: "Titulaire remplaçant",
    Role.DEPARTEMENT: "Direction départementale",
    Role.PARTNER_COORDINATOR: "Coordination ESPE/INSPÉ",
    Role.STUDENT: "Étudiant ou étudiante",
}


class Place(StrEnum):
    """The kind of place that a role is held in."""

    SCHOOL = "school"
    DISTRICT = "district"
    DEPARTEMENT = "departement"
    INSTITUTION = "institution"


PLACE_OF_ROLE = {
    Role.TEACHER: Place.SCHOOL,
    Role.HEAD_TEACHER: Place.SCHOOL,
    Role.SUBSTITUTE: Place.SCHOOL,  # the school of attachment
    Role.TRAINER: Place.DISTRICT,
    Role.ADVISER: Place.DISTRICT,
    Role.INSPECTOR: Place.DISTRICT,
    Role.SECRETARY: Place.DISTRICT,
    Role.BRIGADE_MANAGER: Place.DEPARTEMENT,
    Role.DEPARTEMENT: Place.DEPARTEMENT,
    Role.PARTNER_COORDINATOR: Place.INSTITUTION,
    Role.STUDENT: Place.INSTITUTION,
}

SECOND_FACTOR_ROLES = frozenset({Role.INSPECTOR, Role.ADVISER, Role.SECRETARY, Role.BRIGADE_MANAGER, Role.DEPARTEMENT})

# The roles that a role may give, change and take back in its own district or institution. The others come from the
# technical administrator, or whoever manages people could make an inspector of an account that obeys them.
ROLES_GIVEN_BY = {
    Role.INSPECTOR: frozenset(
        {Role.TEACHER, Role.HEAD_TEACHER, Role.SUBSTITUTE, Role.TRAINER, Role.ADVISER, Role.SECRETARY}
    ),
    Role.SECRETARY: frozenset({Role.TEACHER, Role.HEAD_TEACHER, Role.SUBSTITUTE, Role.TRAINER}),
    Role.PARTNER_COORDINATOR: frozenset({Role.STUDENT}),
}


class GradeLevel(StrEnum):
    TPS = "TPS"
    PS = "PS"
    MS = "MS"
    GS = "GS"
    CP = "CP"
    CE1 = "CE1"
    CE2 = "CE2"
    CM1 = "CM1"
    CM2 = "CM2"
    ULIS = "ULIS"
    UPE2A = "UPE2A"


CYCLES = (  # the levels that follow one another
    {GradeLevel.TPS, GradeLevel.PS, GradeLevel.MS, GradeLevel.GS},
    {GradeLevel.CP, GradeLevel.CE1, GradeLevel.CE2},
    {GradeLevel.CM1, GradeLevel.CM2},
    {GradeLevel.ULIS, GradeLevel.UPE2A},
)


class WeekPattern(StrEnum):
    FOUR_DAYS = "4"
    FOUR_DAYS_AND_A_HALF = "4.5"


class PriorityStatus(StrEnum):
    NONE = ""
    REP = "REP"
    REP_PLUS = "REP+"


DAY_WORDS = {"MON": "lundi", "TUE": "mardi", "WED": "mercredi", "THU": "jeudi", "FRI": "vendredi"}
HALF_WORDS = {"AM": "matin", "PM": "après-midi"}
HALF_DAYS = tuple(f"{day}_{half}" for day in DAY_WORDS for half in HALF_WORDS)


def uai_key(digits: str) -> str:
    """Return the check letter of the seven digits of a UAI.

    Source: shared domain dossier, checked there on 37 713 real codes.
    """
    return UAI_LETTERS[int(digits) % 23]


def is_uai(code: str) -> bool:
    """Tell whether `code` is a well-formed UAI whose check letter is right."""
    return bool(UAI_SHAPE.match(code)) and uai_key(code[:7]) == code[7]


def half_day_in_words(code: str) -> str:
    """Name a half-day: `MON_AM` is « lundi matin »."""
    day, half = code.split("_")
    return f"{DAY_WORDS[day]} {HALF_WORDS[half]}"


def school_year_bounds(on: date) -> tuple[date, date]:
    """Return the first and last day (1 September to 31 August) of the school year that holds `on`."""
    first = on.year if on.month >= 9 else on.year - 1
    return date(first, 9, 1), date(first + 1, 8, 31)


def school_year_label(first_day: date) -> str:
    """Name a school year by its two calendar years: `2026-2027`."""
    return f"{first_day.year}-{first_day.year + 1}"


def worded[Word: StrEnum](labels: Mapping[Word, str]) -> list[tuple[str, str]]:
    """Return the choices of a field, of the words that its values have."""
    return [(value.value, label) for value, label in labels.items()]


def levels_in_order(levels: Collection[str]) -> list[str]:
    """Return these levels in the order of the school, without those that no class has."""
    return [level.value for level in GradeLevel if level.value in levels]


def number_in(text: str | None) -> int | None:
    """Return the number that an address or a form gives as text; None if it is none of ours."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,15}", text) else None


def same_host(url: str, hosts: Collection[str]) -> bool:
    """Tell whether a URL leads to one of these hosts (`name` or `name:port`), and bears no password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and parts.netloc.lower() in hosts and len(url) <= URL_MAX


def fault_of_url(url: str, open_hosts: Collection[str]) -> str:
    """Say why we would not call a URL, in French; empty if we would. `open_hosts` may do without encryption."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        return "Cette adresse n’est pas complète."
    if parts.scheme == "https" or (parts.scheme == "http" and host in open_hosts):
        return ""
    return "Cette adresse commence par https://."
