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
    StepKind.PACKAGE: "Une activité préparée ailleurs.",
}
WITH_PARTS = frozenset(
    {StepKind.READING, StepKind.WATCH, StepKind.QUIZ, StepKind.GRID}
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
FOLLOWED = frozenset({VersionState.PUBLISHED, VersionState.REPLACED, VersionState.ARCHIVED})  # have learners


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
