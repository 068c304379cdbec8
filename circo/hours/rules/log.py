"""The private log of the 108 hours."""

from __future__ import annotations

from enum import StrEnum


class LogCategory(StrEnum):
    APC = "APC"
    TEAM = "TEAM"
    COUNCIL = "COUNCIL"


LOG_LABELS = {
    LogCategory.APC: "APC",
    LogCategory.TEAM: "Travail en équipe, parents",
    LogCategory.COUNCIL: "Conseils d’école",
}
# Source: décret 2017-444 of 29 March 2017, art. 2.
LOG_FULL_MINUTES = {LogCategory.APC: 36 * 60, LogCategory.TEAM: 48 * 60, LogCategory.COUNCIL: 6 * 60}
LOG_MINUTES_MAX = 12 * 60  # of one line
LOG_KEPT_AFTER_REMOVAL_DAYS = 1
