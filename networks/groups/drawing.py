"""The page of docs that draws the table of moves: `python -m networks.groups.drawing > docs/membership-moves.md`."""

from __future__ import annotations

import sys

from networks.groups.rules import (
    ACTS,
    HAND_LABELS,
    MOVES,
    NOWHERE,
    OVER_THE_YEAR,
    STATES,
    Hand,
    Move,
    Standing,
    Verb,
    in_words,
    moves_from,
)

INTRODUCTION = """# The moves of a membership

Drawn from `networks/groups/rules/` by `python -m networks.groups.drawing`; a test fails when this page is stale. The
same table makes the constraints of the database, the buttons, what a refusal says and the test of every forbidden move.
"""


def page() -> str:
    """The whole page, as it stands in docs."""
    within = [move for move in MOVES if move.verb not in OVER_THE_YEAR]
    over = [move for move in MOVES if move.verb in OVER_THE_YEAR]
    parts = [
        INTRODUCTION,
        "## Within a school year\n",
        "Each standing (the stage stays the same, but for PROMOTE and STEP_BACK, which go one stage up or down):\n",
        _diagram(within),
        "## From one school year to the next\n",
        _diagram(over),
        "## Verbs\n",
        _verbs(),
        "## What is possible from each state\n",
        _states(),
    ]
    return "\n".join(parts)


def _diagram(moves: list[Move]) -> str:
    edges = dict.fromkeys(
        (move.source.standing or "[*]", move.target.standing or "[*]", move.verb.value) for move in moves
    )
    lines = [f"    {source} --> {target}: {verb}" for source, target, verb in edges]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```", ""])


def _verbs() -> str:
    rows = ["| Verb | Button | Who | Said where it is not allowed |", "| --- | --- | --- | --- |"]
    for verb, act in ACTS.items():
        who = ", ".join(HAND_LABELS[hand] for hand in Hand if hand in act.hands)
        rows.append(f"| {verb} | {act.label} | {who} | {act.refusal} |")
    return "\n".join([*rows, ""])


def _states() -> str:
    rows = ["| State | In words | Verbs |", "| --- | --- | --- |"]
    for state in (NOWHERE, *sorted(STATES, key=lambda one: (one.stage, list(Standing).index(Standing(one.standing))))):
        verbs = dict.fromkeys(move.verb.value for move in moves_from(state, Hand, Verb))
        name = f"{state.stage} {state.standing}".strip() or "—"
        rows.append(f"| {name} | {in_words(state)} | {', '.join(verbs) or '—'} |")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.stdout.write(page() + "\n")
