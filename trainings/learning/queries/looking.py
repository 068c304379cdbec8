"""What a learner noted with a grid, beside what the author noted and, together, what the others did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from trainings.models import Enrolment, GridAnswer, Step
from videos.grids.rules import Kind
from videos.models import Criterion, Entry

OTHERS_FROM = 3  # other learners: below, what is said together would name somebody
CHOSEN = (Kind.SCALE, Kind.YES_NO)


@dataclass(frozen=True)
class Look:
    """One criterion of a grid: one's own answer, the author's, and how the others answered."""

    criterion: Criterion
    mine: str
    expert: Sequence[str]
    others: Sequence[str]


def criteria(step: Step) -> list[Criterion]:
    """The criteria of the grid of a step, in order."""
    rows = Criterion.objects.filter(grid=step.grid_id, removed_at=None) if step.grid_id else Criterion.objects.none()
    return list(rows)


def answers(enrolment: Enrolment, step: Step) -> dict[int, GridAnswer]:
    """One's own answers, by criterion."""
    rows = GridAnswer.objects.filter(enrolment=enrolment, step=step).select_related("criterion")
    return {row.criterion_id: row for row in rows}


def looks(enrolment: Enrolment, step: Step) -> list[Look]:
    """One's own look beside the others'; nothing before one has looked. Four queries, whatever the number of learners.

    The author opens the own look by naming it in the step; of the others, only what they said together is told.
    """
    mine = answers(enrolment, step)
    if not mine:
        return []
    expert = _expert(step)
    others = _others(enrolment, step)
    return [
        Look(
            criterion=criterion,
            mine=mine[criterion.pk].said if criterion.pk in mine else "",
            expert=_told(criterion, expert.get(criterion.pk, [])),
            others=_together(criterion, others.get(criterion.pk, Counter())),
        )
        for criterion in criteria(step)
    ]


def _expert(step: Step) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = {}
    if step.expert_id:
        rows = Entry.objects.filter(observation=step.expert_id, removed_at=None).select_related("criterion")
        for entry in rows:
            found.setdefault(entry.criterion_id, []).append(entry)
    return found


def _told(criterion: Criterion, entries: Sequence[Entry]) -> list[str]:
    if criterion.kind == Kind.COUNTER:
        return [str(len(entries))]
    if criterion.kind in CHOSEN:
        return [f"{one.answer} ({one.timecode})" for one in entries]
    return [f"{one.text} ({one.timecode})" for one in entries if one.text]


def _others(enrolment: Enrolment, step: Step) -> dict[int, Counter[int]]:
    rows = GridAnswer.objects.filter(step=step, number__isnull=False).exclude(enrolment=enrolment).order_by()
    found: dict[int, Counter[int]] = {}
    for criterion_id, number in rows.values_list("criterion_id", "number"):
        if number is not None:
            found.setdefault(criterion_id, Counter())[number] += 1
    return found


def _together(criterion: Criterion, counts: Counter[int]) -> list[str]:
    if counts.total() < OTHERS_FROM:
        return []
    if criterion.kind == Kind.COUNTER:
        return [f"de {min(counts)} à {max(counts)}"]
    names = criterion.answers
    return [f"{names[rank]}\u00a0: {count}" for rank, count in sorted(counts.items()) if rank < len(names)]
