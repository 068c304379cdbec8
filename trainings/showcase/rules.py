"""Pure rules of the showcase: its life as one table of moves, how far its authors agree, how a figure is said.

A practice is selected with those whose it is, by criteria that everybody reads, answered in words: no mark, no rank.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum

from circo.moves import Move

TITLE_MAX, TEXT_MAX, WHY_MAX = 160, 3000, 300
FEW = 5  # under it, a number of people is not said: one would guess who


class State(StrEnum):
    PROPOSED = "PROPOSED"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"
    SET_ASIDE = "SET_ASIDE"


STATE_LABELS = {
    State.PROPOSED: "proposée",
    State.PUBLISHED: "publiée",
    State.WITHDRAWN: "retirée",
    State.SET_ASIDE: "mise de côté",
}
WRITABLE = (State.PROPOSED, State.WITHDRAWN)  # what its authors agreed to does not change while others read it


class Reach(IntEnum):
    """To whom it is shown, or how far an author agrees to it, from the narrowest to the widest."""

    NOBODY = 0
    DISTRICT = 10
    DEPARTEMENT = 20


REACH_LABELS = {
    Reach.NOBODY: "personne",
    Reach.DISTRICT: "la circonscription",
    Reach.DEPARTEMENT: "le département",
}
SHOWN_IN = {Reach.DISTRICT: "dans la circonscription", Reach.DEPARTEMENT: "dans tout le département"}
PUBLIC = (Reach.DISTRICT, Reach.DEPARTEMENT)


class Verb(StrEnum):
    PUBLISH = "PUBLISH"
    WITHDRAW = "WITHDRAW"
    SET_ASIDE = "SET_ASIDE"
    RESUME = "RESUME"


VERB_LABELS = {
    Verb.PUBLISH: "publiée",
    Verb.WITHDRAW: "retirée",
    Verb.SET_ASIDE: "mise de côté",
    Verb.RESUME: "reprise",
}
MOVES: dict[Verb, Move[State]] = {
    Verb.PUBLISH: Move(
        (State.PROPOSED, State.WITHDRAWN), State.PUBLISHED, "Cette pratique est déjà publiée, ou mise de côté."
    ),
    Verb.WITHDRAW: Move((State.PUBLISHED,), State.WITHDRAWN, "Cette pratique n’est pas publiée."),
    Verb.SET_ASIDE: Move(
        (State.PROPOSED, State.WITHDRAWN), State.SET_ASIDE, "Retirez d’abord cette pratique de la vitrine."
    ),
    Verb.RESUME: Move((State.SET_ASIDE,), State.PROPOSED, "Cette pratique n’est pas mise de côté."),
}

# What one asks of a practice, open to all: the name of its field, the question, what helps to answer.
CRITERIA = (
    ("effect", "Ce que cela change pour les élèves", "Ce que l’on voit, ce que l’on entend. Sans nommer d’enfant."),
    ("proof", "Ce qui permet de le dire", "Un relevé avant et après, des travaux, des visites, le temps passé."),
    ("carries", "Ce qu’une autre classe peut en reprendre", "Le geste, l’outil ou l’organisation, en quelques mots."),
    ("needs", "Ce qu’il faut pour commencer", "Du matériel, du temps, une aide, l’accord de quelqu’un."),
)


class Answer(StrEnum):
    """What an author says of being shown: nothing yet, no, or how far."""

    PENDING = "PENDING"
    NO = "NO"
    DISTRICT = "DISTRICT"
    DEPARTEMENT = "DEPARTEMENT"


ANSWER_LABELS = {
    Answer.PENDING: "pas encore de réponse",
    Answer.NO: "non",
    Answer.DISTRICT: "oui, dans la circonscription",
    Answer.DEPARTEMENT: "oui, dans tout le département",
}
AGREED_TO = {
    Answer.PENDING: Reach.NOBODY,
    Answer.NO: Reach.NOBODY,
    Answer.DISTRICT: Reach.DISTRICT,
    Answer.DEPARTEMENT: Reach.DEPARTEMENT,
}


def agreed(answers: Iterable[str]) -> Reach:
    """Return how far all its authors agree; nobody, if one did not answer, said no, or if there is none."""
    return min((AGREED_TO[Answer(one)] for one in answers), default=Reach.NOBODY)


def few(number: int, many: str) -> str:
    """Say a number of people, or of what people did: never so small a one that it names them."""
    if number == 0:
        return ""
    return f"moins de {FEW}\u00a0{many}" if number < FEW else f"{number}\u00a0{many}"


def counted(number: int, one: str, many: str) -> str:
    """Say a number of things; nothing for none."""
    return f"{number}\u00a0{one if number == 1 else many}" if number else ""
