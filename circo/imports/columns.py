"""The columns that each import knows: our name, the header of our template, and the headers of other years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from circo.errors import Refusal
from circo.imports import rules


@dataclass(frozen=True)
class Column:
    """One piece of a line. `aliases` are compared without accent, capital or punctuation."""

    name: str
    title: str
    help: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    in_template: bool = True
    example: str = ""

    def answers_to(self, header: str) -> bool:
        return rules.key(header) in {rules.key(self.name), rules.key(self.title), *map(rules.key, self.aliases)}


SCHOOLS = (
    Column(
        "uai",
        "uai",
        "Le code de l’école : sept chiffres et une lettre.",
        (
            "Identifiant_de_l_etablissement",
            "Code établissement",
            "Numéro de l'école",
            "numero_uai",
            "code_uai",
            "rne",
            "code_rne",
        ),
        required=True,
        example="0271421Y",
    ),
    Column(
        "name",
        "nom",
        "Le nom de l’école.",
        ("Nom_etablissement", "Appellation officielle", "nom_de_l_ecole", "nom_ecole", "denomination"),
        required=True,
        example="École primaire Les Tilleuls",
    ),
    Column(
        "commune",
        "commune",
        "La commune de l’école.",
        ("Nom_commune", "libelle_commune", "ville", "nom_de_la_commune"),
        required=True,
        example="Val-de-Reuil",
    ),
    Column(
        "insee_code",
        "code_insee",
        "Le code INSEE de la commune (ce n’est pas le code postal).",
        ("Code_commune", "code_commune_insee", "insee", "code_insee_commune", "code_insee_de_la_commune"),
        example="27701",
    ),
    Column(
        "is_public",
        "secteur",
        "« public » ou « privé ».",
        ("Statut_public_prive", "Secteur Public/Privé", "statut"),
        example="public",
    ),
    Column(
        "week_pattern",
        "semaine",
        "« 4 » ou « 4,5 » jours de classe.",
        ("rythme", "rythme_scolaire", "semaine_scolaire"),
        example="4",
    ),
    Column(
        "priority_status",
        "education_prioritaire",
        "« REP », « REP+ », ou rien si l’école n’en est pas.",
        ("Appartenance_Education_Prioritaire", "ep"),
        example="REP+",
    ),
    Column(
        "pupil_count",
        "effectifs",
        "Le nombre d’élèves de l’école.",
        ("Nombre_d_eleves", "effectif", "nb_eleves", "nombre_eleves", "Nombre total d'élèves"),
        example="143",
    ),
    Column("latitude", "latitude", "En degrés, avec un point ou une virgule.", ("lat",), example="49.2737"),
    Column(
        "longitude", "longitude", "En degrés, avec un point ou une virgule.", ("lon", "lng", "long"), example="1.2103"
    ),
    Column("kind", "type", "Les collèges et lycées sont laissés de côté.", ("Type_etablissement",), in_template=False),
    Column(
        "state",
        "etat",
        "Les écoles fermées sont laissées de côté.",
        ("Etat établissement", "etat_etablissement"),
        in_template=False,
    ),
    Column(
        "district_code",
        "code_circonscription",
        "Les autres circonscriptions sont laissées de côté.",
        (),
        in_template=False,
    ),
    Column(
        "district_name",
        "nom_circonscription",
        "Les autres circonscriptions sont laissées de côté.",
        ("circonscription",),
        in_template=False,
    ),
)

PEOPLE = (
    Column(
        "email",
        "e-mail",
        "L’adresse professionnelle, qui sert à se connecter. Une personne tient sur une ligne.",
        (
            "email",
            "mail",
            "courriel",
            "adresse e-mail",
            "adresse mail",
            "adresse électronique",
            "adresse_email",
            "mél",
            "mail professionnel",
        ),
        required=True,
        example="amina.petit@ac-exemple.fr",
    ),
    Column(
        "last_name",
        "nom",
        "Le nom d’usage.",
        ("nom d'usage", "nom de famille", "nom_usage"),
        required=True,
        example="Petit",
    ),
    Column(
        "first_name", "prénom", "Le prénom d’usage.", ("prénom d'usage", "prenom_usage"), required=True, example="Amina"
    ),
    Column(
        "role",
        "rôle",
        "professeur, directeur, remplaçant, formateur, conseiller ou secrétaire.",
        ("fonction", "poste", "emploi"),
        required=True,
        example="professeur",
    ),
    Column(
        "uai",
        "uai",
        "Le code de l’école, pour un professeur, un directeur ou un remplaçant (son école de rattachement).",
        ("école", "code_uai", "uai_ecole", "rne", "uai de l'école", "code établissement", "affectation"),
        example="0271421Y",
    ),
    Column(
        "levels",
        "niveaux",
        "Les niveaux de la classe, par exemple « CE1, CE2 ».",
        ("niveau", "classe", "cours"),
        example="CE1, CE2",
    ),
    Column(
        "class_size",
        "effectif",
        "Le nombre d’élèves de la classe.",
        ("effectifs", "nb_eleves", "nombre d'élèves", "effectif de la classe"),
        example="24",
    ),
    Column(
        "half_days",
        "jours",
        "Les jours travaillés, par exemple « lundi, mardi matin ». Rien : toute la semaine.",
        ("demi-journées", "jours travaillés", "demi-journées travaillées", "quotité jours"),
        example="lundi, mardi, jeudi, vendredi",
    ),
    Column(
        "starts_on",
        "début",
        "Le premier jour, au format jj/mm/aaaa. Rien : le 1er septembre de l’année scolaire.",
        ("date de début", "début d'affectation", "du", "date_debut"),
        example="01/09/2026",
    ),
    Column(
        "ends_on",
        "fin",
        "Le dernier jour, s’il est connu.",
        ("date de fin", "fin d'affectation", "au", "date_fin"),
        example="",
    ),
    Column(
        "share_percent",
        "quotité",
        "La part d’un service complet, en pour cent. Les 18 heures en dépendent. Rien : 100.",
        ("quotite", "quotité de service", "temps partiel", "taux"),
    ),
)

NO_NUMEN = (
    "Ce fichier contient une colonne de NUMEN{where}. Le NUMEN est confidentiel : la plateforme n’en garde aucun. "
    "Supprimez cette colonne, puis recommencez. Rien n’a été lu, et le fichier est effacé."
)


@dataclass(frozen=True)
class Mapping:
    """Where each column that we know stands in a file, and the headers that we leave aside."""

    places: dict[str, int]
    ignored: tuple[str, ...]

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """The cells of a row by our names, cleaned; a column that the file lacks is absent."""
        return {name: rules.plain(row[place]) if place < len(row) else "" for name, place in self.places.items()}


def match(header: Sequence[str], columns: Sequence[Column]) -> Mapping:
    """Recognise the headers of a file.

    Raises: Refusal if a required column lacks, if two say the same thing, or if one holds NUMENs.
    """
    places: dict[str, int] = {}
    ignored: list[str] = []
    for place, title in enumerate(rules.plain(cell) for cell in header):
        if "numen" in rules.key(title).split("_"):
            raise Refusal(NO_NUMEN.format(where=f" (« {title[:40]} »)"))
        column = next((column for column in columns if column.answers_to(title)), None)
        if column is None:
            ignored += [title] if title else []
        elif column.name in places:
            first = rules.plain(header[places[column.name]])
            raise Refusal(f"Deux colonnes disent la même chose : « {first[:40]} » et « {title[:40]} ». Gardez-en une.")
        else:
            places[column.name] = place
    _refuse_missing(places, columns, ignored)
    return Mapping(places, tuple(ignored))


def _refuse_missing(places: dict[str, int], columns: Sequence[Column], ignored: Sequence[str]) -> None:
    missing = [column.title for column in columns if column.required and column.name not in places]
    if missing:
        read = ", ".join(f"« {title[:30]} »" for title in ignored[:8]) or "rien de connu"
        raise Refusal(
            f"Il manque {'la colonne' if len(missing) == 1 else 'les colonnes'} "
            f"{', '.join(f'« {title} »' for title in missing)}. La première ligne du fichier porte les titres des "
            f"colonnes ; on y a lu aussi : {read}."
        )


def refuse_numen(rows: Sequence[tuple[int, Sequence[str]]], header: Sequence[str]) -> None:
    """Raise Refusal, without repeating it, if any cell has the shape of a NUMEN."""
    for _number, cells in rows:
        for place, cell in enumerate(cells):
            if len(cell) >= 13 and rules.looks_like_numen(cell):
                title = rules.plain(header[place])[:40] if place < len(header) else ""
                raise Refusal(NO_NUMEN.format(where=f" (« {title} »)" if title else ""))
