"""The life of an entry: who signs it, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from circo import moves


class State(StrEnum):
    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"
    VALIDATED = "VALIDATED"
    REFUSED = "REFUSED"


STATE_LABELS = {
    State.PROPOSED: "à confirmer",
    State.CONFIRMED: "confirmées",
    State.VALIDATED: "validées",
    State.REFUSED: "refusées",
}
COUNTED_STATES = (State.PROPOSED, State.CONFIRMED, State.VALIDATED)
# The signatures that an entry bears in each state (`confirmed_at`, `confirmed_by`…): no more, no fewer.
SIGNED = {
    State.PROPOSED: (),
    State.CONFIRMED: ("confirmed",),
    State.VALIDATED: ("confirmed", "validated"),
    State.REFUSED: ("refused",),
}
SIGNATURES = ("confirmed", "validated", "refused")


class Move(StrEnum):
    CONFIRM = "confirm"
    REFUSE = "refuse"
    TAKE_BACK = "take_back"
    RECONSIDER = "reconsider"
    VALIDATE = "validate"
    REOPEN = "reopen"


class Right(StrEnum):
    """What a move asks of whoever makes it; the permissions of these names are in `circo.access`."""

    CONFIRM = "confirm_hours"
    VALIDATE = "validate_hours"


@dataclass(frozen=True)
class MoveRule(moves.Move[State]):
    """One allowed move. `undone_by` takes the same person back where it began."""

    right: Right
    label: str  # of the button
    said: str  # once it is done
    undone_by: Move | None = None


MOVES: dict[Move, MoveRule] = {
    Move.CONFIRM: MoveRule(
        {State.PROPOSED},
        State.CONFIRMED,
        "Seules des heures à confirmer peuvent être confirmées.",
        right=Right.CONFIRM,
        label="Confirmer",
        said="Heures confirmées",
        undone_by=Move.TAKE_BACK,
    ),
    Move.REFUSE: MoveRule(
        {State.PROPOSED, State.CONFIRMED},
        State.REFUSED,
        "Ces heures ne peuvent plus être refusées\u00a0: l’inspection doit d’abord les rouvrir.",
        right=Right.CONFIRM,
        label="Refuser",
        said="Heures refusées",
        undone_by=Move.RECONSIDER,
    ),
    Move.TAKE_BACK: MoveRule(
        {State.CONFIRMED},
        State.PROPOSED,
        "Seules des heures confirmées, et pas encore validées, peuvent être remises en attente.",
        right=Right.CONFIRM,
        label="Remettre en attente",
        said="Heures remises en attente",
        undone_by=Move.CONFIRM,
    ),
    Move.RECONSIDER: MoveRule(
        {State.REFUSED},
        State.PROPOSED,
        "Seules des heures refusées peuvent être reprises.",
        right=Right.CONFIRM,
        label="Reprendre",
        said="Heures remises en attente",
    ),
    Move.VALIDATE: MoveRule(
        {State.CONFIRMED},
        State.VALIDATED,
        "Seules des heures confirmées peuvent être validées.",
        right=Right.VALIDATE,
        label="Valider",
        said="Heures validées",
        undone_by=Move.REOPEN,
    ),
    Move.REOPEN: MoveRule(
        {State.VALIDATED},
        State.CONFIRMED,
        "Seules des heures validées peuvent être rouvertes.",
        right=Right.VALIDATE,
        label="Rouvrir",
        said="Heures rouvertes",
        undone_by=Move.VALIDATE,
    ),
}
