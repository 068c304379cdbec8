"""The columns of the tables of a brigade."""

from __future__ import annotations

from circo.imports.columns import PEOPLE as OF_PEOPLE
from circo.imports.columns import Column

_known = {column.name: column for column in OF_PEOPLE}
EMAIL = _known["email"]
OF_POSTS = tuple(_known[name] for name in ("share_percent", "half_days", "starts_on", "ends_on"))

MEMBERS = (
    EMAIL,
    _known["last_name"],
    _known["first_name"],
    Column(
        "uai",
        "uai",
        "Le code de l’école de rattachement : elle est du département.",
        ("uai de rattachement", "code_uai", "uai_ecole", "rne", "code établissement", "rne de rattachement"),
        required=True,
        example="0271421Y",
    ),
    Column(
        "kind",
        "sorte",
        "« départementale », « ZIL » ou « formation continue ». Rien : départementale.",
        ("type", "zone", "brigade", "type de remplaçant"),
        example="ZIL",
    ),
    Column(
        "preferred",
        "niveaux préférés",
        "Par exemple « CP, CE1 ». « Aucun » : tous se valent.",
        ("niveaux_preferes", "niveaux souhaités", "préférences"),
        example="CP, CE1",
    ),
    Column(
        "refused",
        "niveaux exclus",
        "Les niveaux que le plan ne donne jamais. « Aucun » : tous se donnent.",
        ("niveaux refusés", "exclus", "niveaux_exclus"),
        example="PS",
    ),
    Column(
        "is_reserve",
        "réserve",
        "« oui » : gardé pour les absences imprévues, aucune journée ne le sollicite.",
        ("gardé pour les absences imprévues", "reserve"),
        example="non",
    ),
    Column(
        "is_tenured",
        "titulaire",
        "« oui » pour un titulaire ou un stagiaire ; « non » pour un contractuel, qui n’a pas d’ISSR.",
        ("statut", "titulaire ou stagiaire"),
        example="oui",
    ),
    Column("phone", "téléphone", "Le numéro professionnel.", ("tel", "téléphone professionnel", "portable")),
    *OF_POSTS,
)

PERIODS = (
    EMAIL,
    Column(
        "starts_on",
        "du",
        "Le premier jour, au format jj/mm/aaaa.",
        ("début", "date de début", "date_debut", "jour", "date"),
        required=True,
        example="30/11/2026",
    ),
    Column(
        "starts_half",
        "à partir du",
        "« matin » ou « après-midi ». Rien : le matin.",
        ("début demi-journée", "demi-journée de début", "demi_debut"),
        example="matin",
    ),
    Column(
        "ends_on",
        "au",
        "Le dernier jour. Rien : le même jour.",
        ("fin", "date de fin", "date_fin"),
        example="18/12/2026",
    ),
    Column(
        "ends_half",
        "jusqu’au",
        "« matin » ou « après-midi ». Rien : l’après-midi.",
        ("fin demi-journée", "demi-journée de fin", "demi_fin"),
        example="après-midi",
    ),
    Column(
        "cause",
        "raison",
        "« mission longue », « temps partiel », « formation », « congé » ou « autre ». Rien : mission longue.",
        ("motif", "nature"),
        example="mission longue",
    ),
    Column("note", "précision", "Rien de médical.", ("commentaire", "remarque"), example="Année entière"),
)

DISTANCES = (
    Column(
        "home",
        "de",
        "L’UAI de l’école de départ.",
        ("uai départ", "uai_depart", "uai de départ", "départ", "uai 1", "origine", "uai_origine"),
        required=True,
        example="0271421Y",
    ),
    Column(
        "school",
        "à",
        "L’UAI de l’école d’arrivée.",
        ("uai arrivée", "uai_arrivee", "uai d'arrivée", "arrivée", "uai 2", "destination", "uai_destination", "vers"),
        required=True,
        example="0270001E",
    ),
    Column(
        "km",
        "km",
        "La distance par la route, par exemple « 12,4 ». Le retour vaut l’aller, sauf s’il est donné aussi.",
        ("distance", "distance_km", "kilomètres", "distance (km)"),
        required=True,
        example="12,4",
    ),
    Column(
        "minutes",
        "minutes",
        "La durée du trajet, si elle est connue.",
        ("durée", "durée_min", "temps", "duree (min)", "min"),
        example="17",
    ),
)
