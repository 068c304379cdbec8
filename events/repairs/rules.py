"""The states of repairs."""

from __future__ import annotations

from enum import StrEnum


class RepairState(StrEnum):
    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    DROPPED = "DROPPED"
    UNDONE = "UNDONE"


STATE_LABELS = {
    RepairState.OPEN: "à décider",
    RepairState.ACCEPTED: "acceptée",
    RepairState.DROPPED: "abandonnée",
    RepairState.UNDONE: "annulée",
}
