"""Pure rules of paths: kinds of steps, the life of a version, the order in which modules are taken."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

from circo.moves import Move

TITLE_MAX, SUMMARY_MAX, TEXT_MAX = 160, 2000, 20_000
MODULES_MAX, STEPS_MAX = 30, 60  # of a version, of a module: beyond, it is several paths
MODULE_MINUTES_MAX = 10 * 60
STATEMENT_MAX = 200
DOCUMENTS_MAX, EXCERPTS_MAX = 20, 12  # of one step
STATEMENTS_MAX = 12  # of one module
H5P = "h5p"  # the kind of a step's document that is the package it plays


class StepKind(StrEnum):
    READING = "READING"
    WATCH = "WATCH"
    QUIZ = "QUIZ"
    LOG = "LOG"
    GRID = "GRID"
    DEPOSIT = "DEPOSIT"
    VISIT = "VISIT"
    SALON = "SALON"
    MEETING = "MEETING"
    PACKAGE = "PACKAGE"  # an H5P activity


KIND_LABELS = {
    StepKind.READING: "texte à lire",
    StepKind.WATCH: "extrait à regarder",
    StepKind.QUIZ: "questions",
    StepKind.LOG: "journal de bord",
    StepKind.GRID: "grille à remplir",
    StepKind.DEPOSIT: "film à déposer",
    StepKind.VISIT: "visite à faire",
    StepKind.SALON: "salon à rejoindre",
    StepKind.MEETING: "rencontre",
    StepKind.PACKAGE: "activité H5P",
}


KIND_HELP = {
    StepKind.READING: "Un texte, des images, des documents à emporter.",
    StepKind.WATCH: "Un ou plusieurs extraits de films, avec des arrêts pour répondre.",
    StepKind.QUIZ: "Un choix, plusieurs, un ordre, une réponse courte, et ce qu’il y a à comprendre.",
    StepKind.LOG: "Une question à laquelle chacun répond pour soi.",
    StepKind.GRID: "Une grille d’observation à remplir sur un extrait, puis à comparer.",
    StepKind.DEPOSIT: "Filmer dans sa classe, et le déposer dans le cercle de son choix.",
    StepKind.VISIT: "Aller voir la classe d’un collègue.",
    StepKind.SALON: "Partager avec d’autres dans un salon.",
    StepKind.MEETING: "Se retrouver, en présence ou à distance.",
    StepKind.PACKAGE: "Une activité interactive préparée avec un autre outil, comme Lumi ou Moodle.",
}
WITH_PARTS = frozenset(
    {StepKind.READING, StepKind.WATCH, StepKind.QUIZ, StepKind.GRID, StepKind.PACKAGE}
)  # filled on a page of their own


class VersionState(StrEnum):
    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"  # whoever enrols now takes this one
    REPLACED = "REPLACED"  # by a newer one; those who are in it finish it
    ARCHIVED = "ARCHIVED"  # takes nobody more; stays readable


STATE_LABELS = {
    VersionState.DRAFT: "brouillon",
    VersionState.PUBLISHED: "publié",
    VersionState.REPLACED: "remplacé",
    VersionState.ARCHIVED: "archivé",
}


class Verb(StrEnum):
    PUBLISH = "PUBLISH"
    REPLACE = "REPLACE"
    ARCHIVE = "ARCHIVE"
    REOPEN = "REOPEN"


MOVES: Mapping[Verb, Move[VersionState]] = {
    Verb.PUBLISH: Move({VersionState.DRAFT}, VersionState.PUBLISHED, "Cette version est déjà publiée."),
    Verb.REPLACE: Move(
        {VersionState.PUBLISHED, VersionState.ARCHIVED},
        VersionState.REPLACED,
        "Seule une version publiée peut être remplacée.",
    ),
    Verb.ARCHIVE: Move(
        {VersionState.PUBLISHED}, VersionState.ARCHIVED, "Seule la version publiée d’un parcours s’archive."
    ),
    Verb.REOPEN: Move({VersionState.ARCHIVED}, VersionState.PUBLISHED, "Ce parcours n’est pas archivé."),
}


class Opening(StrEnum):
    """Who finds a published path in the catalogue. The films in it keep their own circles."""

    DISTRICT = "DISTRICT"
    DEPARTEMENT = "DEPARTEMENT"
    EVERYWHERE = "EVERYWHERE"


OPENING_LABELS = {
    Opening.DISTRICT: "la circonscription",
    Opening.DEPARTEMENT: "le département",
    Opening.EVERYWHERE: "toutes les circonscriptions",
}


def moved[Row](rows: Sequence[Row], row: Row, place: int) -> list[Row]:
    """Return rows in a new order, with `row` at `place` (from 0), or at the end that is nearest to it."""
    others = [one for one in rows if one != row]
    at = max(0, min(place, len(others)))
    return [*others[:at], row, *others[at:]]


def circle_in(needs: Mapping[int, Collection[int]]) -> list[int]:
    """Return modules that wait for one another, the first one again at the end; empty if none do.

    `needs`: what each module asks to be done before it.
    """
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def never_begun(needs: Mapping[int, Collection[int]]) -> set[int]:
    """Return the modules that nobody can begin: they wait, near or far, for modules that wait for one another."""
    begun: set[int] = set()
    while found := {one for one, before in needs.items() if one not in begun and begun.issuperset(before)}:
        begun |= found
    return set(needs) - begun


FILM_TIMES, SPARE_MINUTES = 4, 15  # to watch again, to think: a module of films alone takes no longer


def fault_of_minutes(minutes: int, film_s: float, *, films_alone: bool) -> str:
    """Say in French what is odd in the announced minutes of a module; empty if nothing is.

    Units: `film_s` are the seconds of all its excerpts; `films_alone`: nothing else is done in it.
    """
    film_minutes = film_s / 60
    if not minutes:
        return "Ce module est annoncé pour 0\u00a0minute\u00a0: il ne compterait pour rien."
    if film_minutes > minutes:
        return f"Les extraits durent {film_minutes:.0f}\u00a0minutes, plus que les {minutes} qui sont annoncées."
    if films_alone and minutes > film_minutes * FILM_TIMES + SPARE_MINUTES:
        return f"{minutes}\u00a0minutes sont annoncées, pour {film_minutes:.0f}\u00a0minutes de film et rien d’autre."
    return ""


def is_narrower(*, circle_is_district: bool, same_district: bool, opening: Opening) -> bool:
    """Tell whether people who find a path in the catalogue may be outside a circle of somebody in a district."""
    return not (circle_is_district and same_district and opening is Opening.DISTRICT)
