"""Pure rules of the yearly agreement: its states, and what moves it from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from circo.moves import Move

REFERENCE_MAX, TEXT_MAX, NAME_MAX, REASON_MAX = 120, 4000, 160, 500
SIGNATORIES_MAX = 8


class AgreementState(StrEnum):
    DRAFT = "DRAFT"
    SENT = "SENT"
    SIGNED = "SIGNED"
    ENDED = "ENDED"


STATE_LABELS = {
    AgreementState.DRAFT: "en préparation",
    AgreementState.SENT: "à signer",
    AgreementState.SIGNED: "signée",
    AgreementState.ENDED: "terminée",
}


class Verb(StrEnum):
    SEND = "SEND"
    REOPEN = "REOPEN"
    END = "END"
    RESUME = "RESUME"


@dataclass(frozen=True)
class AgreementMove(Move[AgreementState]):
    """One verb of the agreement, and the word of its button."""

    label: str = ""


MOVES: Mapping[Verb, AgreementMove] = {
    Verb.SEND: AgreementMove(
        {AgreementState.DRAFT},
        AgreementState.SENT,
        "Cette convention a déjà été donnée à signer.",
        "Donner à signer",
    ),
    Verb.REOPEN: AgreementMove(
        {AgreementState.SENT},
        AgreementState.DRAFT,
        "On ne corrige qu’une convention qui attend des signatures.",
        "Corriger le texte",
    ),
    Verb.END: AgreementMove(
        {AgreementState.SENT, AgreementState.SIGNED},
        AgreementState.ENDED,
        "Cette convention n’est pas en cours.",
        "Mettre fin",
    ),
    Verb.RESUME: AgreementMove(
        {AgreementState.ENDED}, AgreementState.SENT, "Cette convention n’est pas terminée.", "Reprendre"
    ),
}
