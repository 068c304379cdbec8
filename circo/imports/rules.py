"""What a cell may say: text, numbers, dates, levels, roles and half-days, read from what people type."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from circo.errors import Refusal
from circo.rules import DAY_WORDS, HALF_DAYS, GradeLevel, PriorityStatus, Role, WeekPattern, levels_in_order

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
NUMEN = re.compile(r"^\d{2}[A-Z]\d{7}[A-Z]{3}$")  # académie, system, year, five digits, three letters
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)


def plain(text: str) -> str:
    """Return `text` on one line, without invisible characters, each run of spaces as one space."""
    if not (text.isascii() and text.isprintable()):
        text = "".join(_shown(char) for char in unicodedata.normalize("NFC", text))
    return re.sub(" +", " ", text).strip()


def _shown(char: str) -> str:
    if char in "\t\r\n" or unicodedata.category(char).startswith("Z"):
        return " "
    return "" if unicodedata.category(char).startswith("C") else char


def key(text: str) -> str:
    """Return `text` as headers and words are compared: no accent, no capital, no punctuation."""
    bare = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    bare = "".join(char for char in bare if not unicodedata.combining(char)).lower()
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")


def looks_like_numen(text: str) -> bool:
    """Tell whether a cell has the shape of a NUMEN, which must never enter the platform."""
    return bool(NUMEN.match(re.sub(r"\s", "", text).upper()))


def harmless(text: str, what: str) -> str:
    """Return `text` if no spreadsheet would take it for a formula.

    Raises: Refusal if it begins like one: no name, no commune, no address does.
    """
    if text.startswith(FORMULA_STARTS):
        raise Refusal(f"{what} : « {text[:40]} » commence par « {text[0]} », comme une formule de tableur.")
    return text


def whole_number(text: str, what: str) -> int:
    """Read `24`, `24.0` or `1 240`.

    Raises: Refusal for anything else, a negative number included.
    """
    bare = re.sub(r"[\s\u202f\u00a0]", "", text)
    if not re.fullmatch(r"[0-9]{1,9}([.,]0{1,9})?", bare):
        raise Refusal(f"{what} : « {text[:40]} » n’est pas un nombre entier.")
    return int(re.split("[.,]", bare)[0])


def percent(text: str, what: str) -> int:
    """Read `80`, `80 %` or `80,0`.

    Raises: Refusal for anything else.
    """
    return whole_number(text.strip().removesuffix("%"), what)


def decimal(text: str, what: str) -> float:
    """Read `49.1735` or `49,1735`.

    Raises: Refusal for anything else.
    """
    if not re.fullmatch(r"[+-]?[0-9]{1,4}([.,][0-9]{1,20})?", text):
        raise Refusal(f"{what} : « {text[:40]} » n’est pas un nombre.")
    return float(text.replace(",", "."))


def day(text: str, what: str) -> date:
    """Read `01/09/2026`, `1/9/2026`, `01.09.2026` or `2026-09-01`.

    Raises: Refusal for what no calendar has, or a year that no school career reaches.
    """
    shape = next((form for form in ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d") if _fits(text, form)), None)
    if shape is None:
        raise Refusal(f"{what} : « {text[:40]} » n’est pas une date (attendu : jj/mm/aaaa).")
    read = datetime.strptime(text, shape).date()  # noqa: DTZ007 (a day, without an hour)
    if not EARLIEST <= read <= LATEST:
        raise Refusal(f"{what} : l’année {read.year} n’est pas plausible.")
    return read


def _fits(text: str, form: str) -> bool:
    if not re.fullmatch(r"[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{1,4}", text):
        return False
    try:
        datetime.strptime(text, form)  # noqa: DTZ007
    except ValueError:
        return False
    return True


_LEVELS = {key(level): level for level in GradeLevel}


def levels(text: str, what: str) -> list[str]:
    """Read `CE1, CE2`, `CE1-CE2`, `CE1/CE2` or `CE1 CE2`, in the order of the school.

    Raises: Refusal that names the first unknown level.
    """
    words = [word for word in re.split(r"[\s,;/+-]+", text) if word and key(word) not in ("et", "")]
    for word in words:
        if key(word) not in _LEVELS:
            known = ", ".join(GradeLevel)
            raise Refusal(f"{what} : « {word[:20]} » n’est pas un niveau (attendu : {known}).")
    read = {_LEVELS[key(word)] for word in words}
    return levels_in_order(read)


_ROLE_WORDS = {
    Role.TEACHER: "professeur, professeure, professeur des écoles, professeure des écoles, pe, enseignant, "
    "enseignante, adjoint, adjointe, professeur des écoles adjoint, instituteur, institutrice",
    Role.HEAD_TEACHER: "directeur, directrice, directeur d'école, directrice d'école, "
    "directeur ou directrice d'école, direction, chargé d'école, chargée d'école",
    Role.SUBSTITUTE: "remplaçant, remplaçante, titulaire remplaçant, titulaire remplaçante, tr, zil, bd, brigade, trs",
    Role.TRAINER: "formateur, formatrice, pemf, maître formateur, maîtresse formatrice, formateur ou formatrice (pemf)",
    Role.ADVISER: "conseiller, conseillère, cpc, cpd, erun, conseiller pédagogique, conseillère pédagogique, "
    "conseiller ou conseillère pédagogique",
    Role.SECRETARY: "secrétaire, secrétariat, secrétaire de circonscription, secrétariat de circonscription",
    Role.INSPECTOR: "inspecteur, inspectrice, ien, inspecteur ou inspectrice (ien), "
    "inspecteur de l'éducation nationale, inspectrice de l'éducation nationale",
    Role.BRIGADE_MANAGER: "cellule remplacement",
    Role.DEPARTEMENT: "direction départementale, dasen, cardie",
    Role.PARTNER_COORDINATOR: "coordination espe/inspé, coordination inspé",
    Role.STUDENT: "étudiant, étudiante, étudiant ou étudiante",
}
_ROLES = {key(word): role for role, words in _ROLE_WORDS.items() for word in words.split(",")} | {
    key(role): role for role in Role
}


def role(text: str, what: str) -> Role:
    """Read a role by its French name, its usual short form or its code.

    Raises: Refusal for an unknown one.
    """
    try:
        return _ROLES[key(text)]
    except KeyError:
        raise Refusal(
            f"{what} : « {text[:40]} » n’est pas un rôle (attendu : professeur, directeur, remplaçant, formateur, "
            "conseiller, secrétaire…)."
        ) from None


_DAYS = {word: code for code, word in DAY_WORDS.items()}
_DAYS |= {name[:3]: code for name, code in _DAYS.items()}
_HALVES = {"matin": "AM", "am": "AM", "apres_midi": "PM", "pm": "PM"}


def half_days(text: str, what: str) -> list[str]:
    """Read `lundi, mardi matin`: a day alone is its two halves. In the order of the week.

    Raises: Refusal that names the first unknown word.
    """
    read: set[str] = set()
    for part in re.split(r"[,;/+]+|\bet\b", text):
        words = key(part)
        if not words:
            continue
        if part.strip().upper() in HALF_DAYS:
            read.add(part.strip().upper())
            continue
        day_name, _, half = words.partition("_")
        if day_name not in _DAYS or (half and half not in _HALVES):
            raise Refusal(f"{what} : « {part.strip()[:40]} » n’est pas un jour (attendu : lundi, mardi matin…).")
        read |= {f"{_DAYS[day_name]}_{code}" for code in ([_HALVES[half]] if half else ("AM", "PM"))}
    return [code for code in HALF_DAYS if code in read]


def week_pattern(text: str, what: str) -> WeekPattern:
    """Read `4`, `4 jours`, `4,5` or `4 jours et demi`.

    Raises: Refusal for anything else.
    """
    words = key(text)
    if words in ("4", "4_0", "4_jours", "4j", "quatre_jours"):
        return WeekPattern.FOUR_DAYS
    if words in ("4_5", "4_5_jours", "4_5_j", "4_jours_et_demi", "4j5", "quatre_jours_et_demi"):
        return WeekPattern.FOUR_DAYS_AND_A_HALF
    raise Refusal(f"{what} : « {text[:40]} » n’est pas une semaine d’école (attendu : 4 ou 4,5).")


def priority_status(text: str, what: str) -> PriorityStatus:
    """Read `REP`, `REP+` or nothing.

    Raises: Refusal for anything else.
    """
    words = re.sub(r"\s", "", text).upper()
    if words in ("REP", "REP+"):
        return PriorityStatus(words)
    if words in ("", "HORSREP", "HEP", "NON", "SANSOBJET"):
        return PriorityStatus.NONE
    raise Refusal(f"{what} : « {text[:40]} » n’est pas connu (attendu : REP, REP+ ou rien).")


def is_public(text: str, what: str) -> bool:
    """Read `Public`, `privé`, `privé sous contrat`.

    Raises: Refusal for anything else.
    """
    word = key(text).partition("_")[0]
    if word in ("public", "pu"):
        return True
    if word in ("prive", "pr"):
        return False
    raise Refusal(f"{what} : « {text[:40]} » n’est ni public ni privé.")
