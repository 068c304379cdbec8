"""Pure rules of proposals: what may be asked, where a line stands, and what its goals mean in plain French."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from circo import french
from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from partnerships.cohorts.rules import HALF_DAYS_MAX, KIND_LABELS, DayKind

SOLVE_S = 120
SPAN_MAX_DAYS = 200
KEPT_DAYS = 90
SAID_MAX = 300
COMFORT_MIN = 45

type Needs = tuple[int, int, int]  # half-days of each kind, in their order
type Days = Mapping[str, Sequence[str]]  # half-days by kind, as codes


class LineState(StrEnum):
    OPEN = "OPEN"
    ACCEPTING = "ACCEPTING"  # asked, not written yet
    ACCEPTED = "ACCEPTED"
    UNDOING = "UNDOING"


STATE_LABELS = {
    LineState.OPEN: "proposée",
    LineState.ACCEPTING: "en cours d’acceptation",
    LineState.ACCEPTED: "acceptée",
    LineState.UNDOING: "en cours d’annulation",
}
GOING = frozenset({LineState.ACCEPTING, LineState.UNDOING})


# --- What may be asked ------------------------------------------------------------------------------------------------
def check_asked(first: date, last: date, today: date, needs: Needs) -> None:
    """Refuse dates that are over or in disorder, and half-days that are none.

    Raises: Refusal.
    """
    if last < first:
        raise Refusal("Le dernier jour vient après le premier.")
    if last <= today:
        raise Refusal("Ces dates sont passées\u00a0: choisissez des jours à venir.")
    if (last - first).days > SPAN_MAX_DAYS:
        raise Refusal(f"Au plus {SPAN_MAX_DAYS}\u00a0jours du premier au dernier.")
    if not 1 <= sum(needs) <= HALF_DAYS_MAX:
        raise Refusal(f"Demandez de 1 à {HALF_DAYS_MAX}\u00a0demi-journées.")


def needs_of(asked: Needs, kinds: Collection[str]) -> Needs:
    """What a course takes of what was asked: nothing of the kinds that it does not have."""
    one, two, three = (count if kind in kinds else 0 for kind, count in zip(DayKind, asked, strict=True))
    return one, two, three


def missing_before(needs: Needs, done: Mapping[DayKind, int], before: Mapping[DayKind, int]) -> tuple[DayKind, int]:
    """The kind of which half-days are missing before the next may begin, and how many; 0 where nothing is."""
    kinds = list(DayKind)
    for at, (kind, count) in enumerate(zip(kinds[1:], needs[1:], strict=True)):
        missing = before.get(kind, 0) - done.get(kinds[at], 0) - needs[at] if count else 0
        if missing > 0:
            return kinds[at], missing
    return DayKind.OBSERVATION, 0


def missing_words(kind: DayKind, count: int) -> str:
    number = f"{count}\u00a0demi-journée{french.ending(count)}"
    return f"Il manque {number} {french.of(KIND_LABELS[kind])} avant la suite\u00a0: demandez-en plus."


# --- Lines ------------------------------------------------------------------------------------------------------------
def half_days_of(days: Days) -> dict[DayKind, list[HalfDay]]:
    """The half-days of a line by kind, in order; kinds without any are left out."""
    found = {kind: [HalfDay.from_code(code) for code in days.get(kind.value, ())] for kind in DayKind}
    return {kind: each for kind, each in found.items() if each}


# --- Goals ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class GoalLine:
    """One goal: what the proposal comes to, and how sure it is that nothing does better."""

    words: str
    proof: str


PROVED = "prouvé, et vérifié par un second calcul"
SEARCHED = "le calcul a tout examiné\u00a0: rien ne fait mieux"
STOPPED = "le calcul s’est arrêté avant la fin\u00a0: une autre répartition ferait peut-être mieux"
# Several goals of the solver are one for whoever reads.
GOALS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("placed", ("placed",)),
    ("hosts", ("told", "hosts")),
    ("wishes", ("wishes",)),
    ("travel", ("beyond", "far", "minutes")),
    ("spread", ("spread",)),
    ("load", ("load",)),
)


def goal_lines(measures: Mapping[str, int], proofs: Sequence[Mapping[str, Any]]) -> list[GoalLine]:
    """What a proposal comes to, goal by goal in their order, each with how it is proved."""
    by_name = {one["name"]: one for one in proofs}
    found = []
    for name, parts in GOALS:
        told = [by_name[part] for part in parts if part in by_name]
        if name == "hosts" and not told:
            continue
        found.append(GoalLine(_goal_words(name, measures), _proof_words(told, len(parts))))
    return found


def _proof_words(proofs: Sequence[Mapping[str, Any]], expected: int) -> str:
    if len(proofs) < expected or any(one["bound"] > one["value"] for one in proofs):
        return STOPPED
    return PROVED if all(one["prices"] for one in proofs) else SEARCHED


def _goal_words(name: str, measures: Mapping[str, int]) -> str:
    n = measures.get
    match name:
        case "placed":
            return f"Étudiants placés\u00a0: {n('placed', 0)} sur {n('students', 0)}"
        case "hosts":
            return f"Gardent la classe de la proposition d’avant\u00a0: {n('hosts', 0)}"
        case "wishes":
            return f"Vœux\u00a0: {n('levels', 0)} ont un niveau souhaité, {n('practices', 0)} une pratique souhaitée"
        case "travel":
            mean, worst, beyond = n("minutes", 0), n("worst", 0), n("beyond", 0)
            return (
                f"Trajet\u00a0: {mean}\u00a0minutes en moyenne, {worst} au plus, "
                f"{beyond} au-delà de {COMFORT_MIN}\u00a0minutes"
            )
        case "spread":
            return f"Pratiques que la promotion verra\u00a0: {n('spread', 0)}"
        case _:
            most, classes = n("most", 0), n("classes", 0)
            guests = f"{most}\u00a0étudiant{french.ending(most)}"
            rooms = f"{classes}\u00a0classe{french.ending(classes)}"
            return f"Charge\u00a0: au plus {guests} par classe dans l’année, {rooms} en tout"
