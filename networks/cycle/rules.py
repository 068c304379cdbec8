"""The yearly cycle: what each one wishes, what it leads to, and what becomes of everybody when the new year opens."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from networks.groups.rules import NOWHERE, OVER_THE_YEAR, Stage, Standing, State, Verb, find

DECIDED_AT_ONCE_MOST = 500  # memberships of one batch: a page holds fewer


class Answer(StrEnum):
    CONTINUE = "CONTINUE"
    PAUSE = "PAUSE"
    LEAVE = "LEAVE"


ANSWER_LABELS = {
    Answer.CONTINUE: "Je continue l’an prochain",
    Answer.PAUSE: "Je fais une pause d’un an",
    Answer.LEAVE: "Je quitte le groupe en fin d’année",
}
SHORT_ANSWERS = {Answer.CONTINUE: "continuer", Answer.PAUSE: "faire une pause", Answer.LEAVE: "quitter le groupe"}


class Case(StrEnum):
    """Why a line of the preview is what it is."""

    GOES_ON = "GOES_ON"
    SAME_STAGE = "SAME_STAGE"
    BACK = "BACK"  # from a pause or a long leave
    RESTS = "RESTS"
    ON_LEAVE = "ON_LEAVE"
    LEAVES = "LEAVES"
    MOVED = "MOVED"  # to another district
    GONE = "GONE"  # without any posting on the first day
    MISSING = "MISSING"  # neither answered nor decided
    ALREADY = "ALREADY"  # in the new year, by hand


CASE_LABELS = {
    Case.MISSING: "Sans réponse ni décision",
    Case.GOES_ON: "Étape suivante",
    Case.SAME_STAGE: "Même étape",
    Case.BACK: "Retour, à la même étape",
    Case.RESTS: "Pause d’un an",
    Case.ON_LEAVE: "Congé long",
    Case.LEAVES: "Fin du parcours",
    Case.MOVED: "Changement de circonscription",
    Case.GONE: "Plus d’affectation",
    Case.ALREADY: "Déjà dans la nouvelle année",
}


@dataclass(frozen=True)
class Facts:
    """What is known of a membership when the new year opens."""

    state: State
    answer: str  # of Answer; empty if none
    decided: str  # of Verb; empty if nothing is decided
    districts: Collection[int]  # where a posting holds the person on the first day of the new year
    district_id: int  # of the group
    already: bool


@dataclass(frozen=True)
class Outcome:
    """What becomes of a membership: `target` is NOWHERE for who is not carried over."""

    case: Case
    verb: Verb | None
    target: State


def proposed(state: State, answer: str) -> Verb | None:
    """The decision that a wish leads to; None while neither the wish nor the standing says anything.

    A return from a pause or a long leave takes the stage that one had.
    """
    if answer == Answer.LEAVE:
        return Verb.END
    if state.standing == Standing.ON_LEAVE:
        return Verb.STAY if answer == Answer.CONTINUE else Verb.KEEP_LEAVE
    if answer == Answer.PAUSE:
        return Verb.REST
    if answer != Answer.CONTINUE:
        return None
    if state.standing == Standing.PAUSED or state.stage == Stage.RELAY:
        return Verb.STAY
    return Verb.ADVANCE


def verbs_from(state: State) -> list[Verb]:
    """The decisions that are possible for a membership."""
    return [verb for verb in OVER_THE_YEAR if find(verb, state)]


def outcome(facts: Facts) -> Outcome:
    """What opening the new year makes of a membership.

    A posting decides before a wish: nobody is of a group of a district where one no longer works.
    """
    if facts.already:
        return Outcome(Case.ALREADY, None, NOWHERE)
    if facts.district_id not in facts.districts:
        return Outcome(Case.MOVED if facts.districts else Case.GONE, Verb.END, NOWHERE)
    verb = Verb(facts.decided) if facts.decided else proposed(facts.state, facts.answer)
    move = find(verb, facts.state) if verb else None
    if move is None:  # a decision that an event since then made impossible is to be taken again
        return Outcome(Case.MISSING, None, NOWHERE)
    return Outcome(_case(move.verb, facts.state), move.verb, move.target)


def _case(verb: Verb, state: State) -> Case:
    if verb == Verb.STAY:
        return Case.SAME_STAGE if state.standing == Standing.ACTIVE else Case.BACK
    return {
        Verb.ADVANCE: Case.GOES_ON,
        Verb.REST: Case.RESTS,
        Verb.KEEP_LEAVE: Case.ON_LEAVE,
        Verb.END: Case.LEAVES,
    }[verb]


def is_open(closes_on: date, today: date) -> bool:
    """Tell whether wishes are still taken: the closing day is the last one."""
    return today <= closes_on
