"""Pure rules of experiments: their life as one table of moves, what each move asks for, how a figure is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

TEXTS = (
    "title",
    "finding",
    "question",
    "hypothesis",
    "objectives",
    "referent",
    "asks_derogation",
    "derogation",
    "council_on",
    "outcome",
    "keeps",
)
TITLE_MAX = 160
TEXT_MAX = 10_000  # characters of one text
WHY_MAX = 500  # characters of a reason
PARTS_MAX = 40  # classes, steps, indicators or values of one experiment
ENTRIES_MAX = 1000  # of one diary
UNDO_MINUTES = 5
VALUE_DIGITS, VALUE_PLACES = 9, 2


class State(StrEnum):
    IDEA = "IDEA"
    RUNNING = "RUNNING"
    REVIEWED = "REVIEWED"
    SET_ASIDE = "SET_ASIDE"


STATE_LABELS = {
    State.IDEA: "idée",
    State.RUNNING: "en cours",
    State.REVIEWED: "bilan fait",
    State.SET_ASIDE: "mise de côté",
}
OPEN = (State.IDEA, State.RUNNING)  # what may still be written in
SHARED = (State.RUNNING, State.REVIEWED)  # what the team of the district reads


@dataclass(frozen=True)
class Move:
    """One step of an experiment's life. `done` is what the log and the notices say of it."""

    name: str
    source: State
    target: State
    label: str
    done: str
    asks_why: bool = False


MOVES = (
    Move("lancer", State.IDEA, State.RUNNING, "Lancer l’expérimentation", "L’expérimentation est lancée"),
    Move("revenir", State.RUNNING, State.IDEA, "Revenir à l’idée", "L’expérimentation redevient une idée", True),
    Move("conclure", State.RUNNING, State.REVIEWED, "Conclure par le bilan", "Le bilan est fait"),
    Move("rouvrir", State.REVIEWED, State.RUNNING, "Rouvrir l’expérimentation", "L’expérimentation est rouverte", True),
    Move("ecarter", State.IDEA, State.SET_ASIDE, "Mettre de côté", "L’idée est mise de côté", True),
    Move("suspendre", State.RUNNING, State.SET_ASIDE, "Mettre de côté", "L’expérimentation est mise de côté", True),
    Move("reprendre", State.SET_ASIDE, State.IDEA, "Reprendre cette idée", "L’idée est reprise"),
)
MOVE_NAMED = {move.name: move for move in MOVES}
ALLOWED = frozenset((move.source, move.target) for move in MOVES)


def moves_from(state: str) -> list[Move]:
    """Return what may be done of an experiment in that state: the buttons of its page."""
    return [move for move in MOVES if move.source == state]


def refusal_of(move: Move, state: str) -> str:
    """Say why an experiment in that state does not make a move; empty if it may."""
    if move.source == state:
        return ""
    now = STATE_LABELS[State(state)]
    possible = " ou ".join(f"«\u00a0{one.label}\u00a0»" for one in moves_from(state))
    return f"Cette expérimentation est à l’état «\u00a0{now}\u00a0»\u00a0: vous pouvez choisir {possible}."


@dataclass(frozen=True)
class Measure:
    """An indicator as the rules see it."""

    name: str
    before: Decimal | None
    after: Decimal | None
    why_missing: str = ""  # the reason why there is no « after »


@dataclass(frozen=True)
class Missing:
    """One thing that a move still waits for, and the place of the page where it is written."""

    text: str
    place: str  # an anchor of the page, or the slug of its form


def missing_for(
    target: str, *, question: str, classes: int, measures: Sequence[Measure], outcome: str
) -> list[Missing]:
    """List what an experiment lacks to be in a state; nothing but running and reviewed asks for anything."""
    if target not in SHARED:
        return []
    lacks = []
    if not question.strip():
        lacks.append(Missing("la question que le groupe se pose", "texte"))
    if not classes:
        lacks.append(Missing("au moins une classe", "classes"))
    if not any(one.before is not None for one in measures):
        lacks.append(Missing("au moins un indicateur avec sa valeur «\u00a0avant\u00a0»", "indicateurs"))
    if target == State.REVIEWED:
        lacks += _missing_after(measures)
        if not outcome.strip():
            lacks.append(Missing("ce que l’expérimentation a donné", "texte"))
    return lacks


def _missing_after(measures: Iterable[Measure]) -> list[Missing]:
    return [
        Missing(
            f"la valeur «\u00a0après\u00a0» de «\u00a0{one.name}\u00a0», ou la raison pour laquelle elle manque",
            "indicateurs",
        )
        for one in measures
        if one.after is None and not one.why_missing.strip()
    ]


def sentence_of(lacks: Sequence[Missing]) -> str:
    """Say all that is missing in one sentence."""
    return f"Il manque encore\u00a0: {'\u00a0; '.join(lack.text for lack in lacks)}."


def number(value: Decimal) -> str:
    """Write a number as one reads it in French: `1 234,5`, and a true minus."""
    text = f"{abs(value):,.{VALUE_PLACES}f}".rstrip("0").rstrip(".").replace(",", "\u202f").replace(".", ",")
    return f"−{text}" if value < 0 and text != "0" else text


def with_unit(value: Decimal, unit: str) -> str:
    """Write a value with its unit."""
    return f"{number(value)}\u00a0{unit}" if unit else number(value)


def change(before: Decimal, after: Decimal, unit: str) -> str:
    """Write by how much a value changed, with its sign; percentages change by points."""
    unit = "points" if unit.strip() == "%" else unit
    sign = "+" if after > before else ""
    return f"{sign}{with_unit(after - before, unit)}" if after != before else "inchangé"
