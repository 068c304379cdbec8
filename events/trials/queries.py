"""Reads of trials: those of a plan, side by side with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from events.models import CoverAssignment, CoverPlan, CoverTrial
from events.trials import rules

TRY = "cover_trial"  # the kind of the job


WAITS, FAILED = "…", "–"  # in the place of a value


@dataclass(frozen=True)
class Table:
    """The plan and its trials as columns; a trial under way has no value yet."""

    trials: Sequence[CoverTrial]
    rows: Sequence[tuple[str, int | str, Sequence[int | str]]]

    @property
    def waits(self) -> bool:
        return any(one.result is None and not one.failure for one in self.trials)


def table(plan: CoverPlan) -> Table:
    """Trials whose plan has been computed again since are of another plan: they are not shown."""
    rows = CoverTrial.objects.filter(plan=plan).select_related("by")
    trials = list(rows.filter(at__gte=plan.solved_at) if plan.solved_at else rows)
    now: dict[str, int] = next((one.result["now"] for one in trials if one.result), {})
    then = [(one.result["then"] if one.result else {}, _missing(one)) for one in trials]
    unknown = WAITS if any(sign == WAITS for _, sign in then) else FAILED
    lines = [
        (words, now.get(key, unknown), [one.get(key, sign) for one, sign in then]) for key, words in rules.MEASURES
    ]
    return Table(trials, lines)


def _missing(one: CoverTrial) -> str:
    return FAILED if one.failure else WAITS


def locks(plan: CoverPlan) -> list[CoverAssignment]:
    """The locked classes of a plan."""
    rows = plan.assignments.filter(is_locked=True).select_related("substitute", "need__day", "need__school")
    return list(rows.order_by("need__day__on", "pk"))


def prices(found: Sequence[CoverTrial]) -> dict[int, CoverTrial]:
    """The trial that lifts the lock of each class, the last asked."""
    return {one.need_id: one for one in found if one.need_id is not None}
