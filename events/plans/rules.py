"""Pure rules of cover plans: their life and who moves one, the mark of what one saw, amounts and distances in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from circo.access import Permission
from circo.errors import Refusal

SOLVE_S = 120  # a département takes some seconds; beyond, the plan found so far is kept, with its gap
WORD_MAX = 200


class PlanState(StrEnum):
    DRAFT = "DRAFT"
    PROPOSED = "PROPOSED"
    VALIDATED = "VALIDATED"
    PUBLISHED = "PUBLISHED"
    DONE = "DONE"
    DROPPED = "DROPPED"


STATE_LABELS = {
    PlanState.DRAFT: "brouillon",
    PlanState.PROPOSED: "proposé à la cellule remplacement",
    PlanState.VALIDATED: "validé",
    PlanState.PUBLISHED: "publié",
    PlanState.DONE: "réalisé",
    PlanState.DROPPED: "abandonné",
}


@dataclass(frozen=True)
class Move:
    """One step of the life of a plan: from where to where, by whom, as a button says it."""

    source: PlanState
    target: PlanState
    permission: Permission
    label: str


MOVES = (
    Move(PlanState.DRAFT, PlanState.PROPOSED, Permission.PLAN_COVER, "Proposer à la cellule remplacement"),
    Move(PlanState.PROPOSED, PlanState.VALIDATED, Permission.VALIDATE_COVER, "Valider"),
    Move(PlanState.VALIDATED, PlanState.PUBLISHED, Permission.PUBLISH_COVER, "Publier"),
    Move(PlanState.PUBLISHED, PlanState.DONE, Permission.PLAN_COVER, "Le plan est réalisé"),
    Move(PlanState.PROPOSED, PlanState.DRAFT, Permission.PLAN_COVER, "Reprendre en brouillon"),
    Move(PlanState.VALIDATED, PlanState.DRAFT, Permission.VALIDATE_COVER, "Reprendre en brouillon"),
    Move(PlanState.DRAFT, PlanState.DROPPED, Permission.PLAN_COVER, "Abandonner"),
    Move(PlanState.DROPPED, PlanState.DRAFT, Permission.PLAN_COVER, "Reprendre ce brouillon"),
)
_BY_STEP: Mapping[tuple[str, str], Move] = {(move.source, move.target): move for move in MOVES}


def move_of(source: str, target: str) -> Move:
    """Return the step from one state to another.

    Raises: Refusal if the life of a plan has none.
    """
    try:
        return _BY_STEP[source, target]
    except KeyError:
        said = STATE_LABELS[PlanState(source)]
        raise Refusal(f"Ce plan est {said}\u00a0: cette étape n’est pas, ou plus, possible.") from None


def moves_from(state: str) -> list[Move]:
    """The steps that lead out of a state, the main one first."""
    return [move for move in MOVES if move.source == state]


class LinkKind(StrEnum):
    FORBIDDEN = "FORBIDDEN"
    AFFINITY = "AFFINITY"


LINK_LABELS = {
    LinkKind.FORBIDDEN: "jamais ensemble",
    LinkKind.AFFINITY: "se connaissent",
}


class Changed(Refusal):
    """Somebody else was quicker: what one saw of a class is no longer so."""


def mark_of(substitute_pk: int | None, *, is_locked: bool) -> str:
    """What one sees of a class, in a word that a form sends back: who takes it, and whether that is locked."""
    return f"{substitute_pk or 0}{'v' if is_locked else ''}"


def euros(cents: int) -> str:
    """Write an amount as one reads it: `21,04 €`."""
    whole, rest = divmod(cents, 100)
    return f"{whole},{rest:02d}\u00a0€"


def km(metres: int) -> str:
    """Write a distance: `12 km`, `moins d’un km`."""
    return f"{metres / 1000:.0f}\u00a0km" if metres >= 1000 else "moins d’un km"
