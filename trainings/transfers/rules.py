"""Pure rules of transfers: their forms, how they are named, how many at once."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

KEPT = timedelta(days=7)
AT_ONCE_MAX = 3  # of one person
FILE_NAME_MAX = 255


class TransferForm(StrEnum):
    SCORM = "SCORM"
    CARTRIDGE = "CARTRIDGE"
    COURSE = "COURSE"  # brought, not taken away


FORM_LABELS = {
    TransferForm.SCORM: "paquet SCORM 1.2",
    TransferForm.CARTRIDGE: "cartouche Common Cartridge",
    TransferForm.COURSE: "cours Moodle ou M@gistère",
}
SUFFIXES = {TransferForm.SCORM: "zip", TransferForm.CARTRIDGE: "imscc"}


class TransferState(StrEnum):
    MAKING = "MAKING"
    READY = "READY"
    FAILED = "FAILED"


STATE_LABELS = {
    TransferState.MAKING: "en préparation",
    TransferState.READY: "prêt",
    TransferState.FAILED: "échoué",
}
