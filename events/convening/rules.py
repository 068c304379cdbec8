"""Pure rules of convocations: their life, what one may answer, and which half-days an answer takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from circo.calendar.rules import HALVES, Half
from circo.errors import Refusal

WORD_MAX = 200  # characters
REMINDED_AGAIN_AFTER = timedelta(hours=20)  # once a day, whoever presses
REPLY_BEFORE = timedelta(days=7)  # before the day: time for a substitute to be told


class ConvocationState(StrEnum):
    PREPARED = "PREPARED"
    SENT = "SENT"
    ANSWERED = "ANSWERED"
    WITHDRAWN = "WITHDRAWN"


STATE_LABELS = {
    ConvocationState.PREPARED: "à envoyer",
    ConvocationState.SENT: "envoyée",
    ConvocationState.ANSWERED: "répondue",
    ConvocationState.WITHDRAWN: "retirée",
}
CALLED = (ConvocationState.SENT, ConvocationState.ANSWERED)


class Answer(StrEnum):
    COMES = "COMES"
    MORNING = "MORNING"
    AFTERNOON = "AFTERNOON"
    CANNOT = "CANNOT"


ANSWER_LABELS = {
    Answer.COMES: "vient",
    Answer.MORNING: "vient le matin seulement",
    Answer.AFTERNOON: "vient l’après-midi seulement",
    Answer.CANNOT: "ne peut pas venir",
}
OWN_ANSWER_LABELS = {
    Answer.COMES: "je viens",
    Answer.MORNING: "je viens le matin seulement",
    Answer.AFTERNOON: "je viens l’après-midi seulement",
    Answer.CANNOT: "je ne peux pas venir",
}


class Reason(StrEnum):
    """Kinds of reasons: enough to plan with, and nothing of anybody's health."""

    CLASS = "CLASS"
    TRAINING = "TRAINING"
    ABSENCE = "ABSENCE"
    OTHER = "OTHER"


REASON_LABELS = {
    Reason.CLASS: "un engagement avec ma classe (sortie, classe découverte…)",
    Reason.TRAINING: "une autre formation ou convocation",
    Reason.ABSENCE: "une absence déjà autorisée",
    Reason.OTHER: "une autre raison",
}
_HALVES: Mapping[str, tuple[Half, ...]] = {
    "": HALVES,  # nothing said yet: the whole day is kept
    Answer.COMES: HALVES,
    Answer.MORNING: ("AM",),
    Answer.AFTERNOON: ("PM",),
    Answer.CANNOT: (),
}


def halves_of(answer: str) -> tuple[Half, ...]:
    """The half-days that somebody keeps for the day, as they answered."""
    return _HALVES[answer]


def check_answer(answer: Answer, reason: str) -> None:
    """Refuse an answer that leaves a half-day without saying why.

    Raises: Refusal.
    """
    if answer is not Answer.COMES and not reason:
        raise Refusal("Dites pourquoi, en choisissant dans la liste\u00a0: l’équipe saura quoi prévoir.")


def usual_reply_by(on: date, today: date) -> date:
    """The day before which one is asked to answer: a week before, or as soon as can be."""
    return max(on - REPLY_BEFORE, min(today + timedelta(days=2), on - timedelta(days=1)), today)


def check_reply_by(reply_by: date, on: date, today: date) -> None:
    """Refuse a day of answer that is past, or not before the day itself.

    Raises: Refusal.
    """
    if reply_by < today:
        raise Refusal("Le jour de réponse est déjà passé.")
    if reply_by >= on:
        raise Refusal("On répond avant la journée\u00a0: choisissez un jour plus tôt.")
