"""The columns of a table of students, and how their cells are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from circo.errors import Refusal
from circo.imports import rules
from circo.imports.columns import PEOPLE, Column
from networks.visits.rules import PRACTICES
from partnerships.students.rules import Transport

_people = {column.name: column for column in PEOPLE}
COLUMNS = (
    Column(
        "email",
        "e-mail",
        "L’adresse donnée par l’université, qui sert à se connecter. Une personne tient sur une ligne.",
        _people["email"].aliases,
        required=True,
        example="ines.garreau@univ-exemple.fr",
    ),
    _people["last_name"],
    _people["first_name"],
    Column(
        "cohort",
        "promotion",
        "Son nom, tel que la plateforme le montre. Rien\u00a0: la seule promotion de l’année.",
        ("groupe", "cohorte", "parcours"),
        example="Groupe A",
    ),
    Column(
        "status",
        "statut",
        "Tel que la plateforme le montre. Rien\u00a0: le seul statut de l’institut.",
        ("statut de l'étudiant", "régime"),
        example="Étudiant",
    ),
    Column(
        "home",
        "commune",
        "La commune où l’on habite\u00a0: son nom, ou son code INSEE (ce n’est pas le code postal).",
        ("commune de résidence", "domicile", "ville", "code_insee", "insee"),
        example="Val-de-Reuil",
    ),
    Column(
        "transport",
        "transport",
        "«\u00a0voiture\u00a0» ou «\u00a0transports en commun\u00a0».",
        ("moyen de transport", "véhicule", "mobilité"),
        example="voiture",
    ),
    Column(
        "levels", "niveaux souhaités", "Par exemple «\u00a0CP, CE1\u00a0».", ("niveaux", "niveau"), example="CP, CE1"
    ),
    Column(
        "practices",
        "pratiques à voir",
        "Telles que la plateforme les montre, séparées par des points-virgules.",
        ("pratiques", "vœux"),
        example="Langage oral ; Sciences",
    ),
    Column(
        "partner",
        "binôme",
        "L’adresse de qui l’accompagne\u00a0: la même promotion, une fois suffit.",
        ("adresse du binôme", "mail du binôme", "binome"),
    ),
)


def one_of[T](known: dict[str, T], what_it_is: str) -> Callable[[str, str], T]:
    """Read one of the rows that are known, by their names as names are compared."""

    def read(text: str, what: str) -> T:
        if (found := known.get(rules.key(text))) is None:
            raise Refusal(f"{what}\u00a0: «\u00a0{text[:40]}\u00a0» n’est pas {what_it_is}.")
        return found

    return read


def commune(text: str, what: str, known: Mapping[str, Sequence[str]]) -> str:
    """Read the code of a commune; `known`: codes by name, and by code."""
    found = known.get(rules.key(text), [])
    if len(found) > 1:
        codes = ", ".join(found[:4])
        raise Refusal(
            f"{what}\u00a0: plusieurs communes s’appellent «\u00a0{text[:40]}\u00a0». Écrivez son code INSEE ({codes})."
        )
    if not found:
        raise Refusal(f"{what}\u00a0: «\u00a0{text[:40]}\u00a0» n’est pas une commune connue ici.")
    return found[0]


_TRANSPORTS = {rules.key(word): Transport.CAR for word in ("voiture", "en voiture", "auto", "véhicule", "oui")} | {
    rules.key(word): Transport.PUBLIC
    for word in ("transports en commun", "en transports en commun", "transports", "bus", "train", "car", "tc", "non")
}


def transport(text: str, what: str) -> str:
    try:
        return _TRANSPORTS[rules.key(text)].value
    except KeyError:
        raise Refusal(
            f"{what}\u00a0: «\u00a0{text[:40]}\u00a0» n’est pas connu (attendu\u00a0: voiture, transports en commun)."
        ) from None


_PRACTICES = {rules.key(label): practice for practice, label in PRACTICES.items()}


def practices(text: str, what: str) -> list[str]:
    """Read labels between semicolons; between commas too, where no label holds one itself."""
    words = text.split(";") if ";" in text or rules.key(text) in _PRACTICES else text.split(",")
    read = set()
    for word in filter(None, (part.strip() for part in words)):
        if (practice := _PRACTICES.get(rules.key(word))) is None:
            raise Refusal(
                f"{what}\u00a0: «\u00a0{word[:40]}\u00a0» n’est pas une pratique connue. Séparez-les par des "
                "points-virgules."
            )
        read.add(practice)
    return [practice.value for practice in PRACTICES if practice in read]
