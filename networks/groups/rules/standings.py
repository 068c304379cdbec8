"""Where a member may stand: stages, standings, what brought somebody here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

INVITATION_DAYS = 21  # three school weeks, holidays included
REQUESTS_MOST = 3  # that wait at the same time: one asks where one would really go
WORD_MOST = 1000  # characters of a word, a reason, a note


class Stage(StrEnum):
    FIRST_YEAR = "FIRST_YEAR"
    SECOND_YEAR = "SECOND_YEAR"
    RELAY = "RELAY"


STAGE_LABELS = {
    Stage.FIRST_YEAR: "première année",
    Stage.SECOND_YEAR: "deuxième année",
    Stage.RELAY: "relais",
}


class Standing(StrEnum):
    """Where somebody stands in a group this year. ACTIVE alone is a member: the films of the group hang on it."""

    REQUESTED = "REQUESTED"
    INVITED = "INVITED"
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    ON_LEAVE = "ON_LEAVE"
    LEFT = "LEFT"
    MOVED = "MOVED"
    DECLINED = "DECLINED"  # by the person
    REFUSED = "REFUSED"  # by the team
    WITHDRAWN = "WITHDRAWN"  # by whoever wrote it
    EXPIRED = "EXPIRED"


STANDING_LABELS = {
    Standing.REQUESTED: "demande en attente",
    Standing.INVITED: "invitation en attente",
    Standing.ACTIVE: "membre",
    Standing.PAUSED: "en pause",
    Standing.ON_LEAVE: "en congé long",
    Standing.LEFT: "a quitté le groupe",
    Standing.MOVED: "a changé de circonscription",
    Standing.DECLINED: "invitation déclinée",
    Standing.REFUSED: "demande non retenue",
    Standing.WITHDRAWN: "invitation ou demande retirée",
    Standing.EXPIRED: "invitation expirée",
}
ENDED = (Standing.LEFT, Standing.MOVED)  # with the day when it ended
WAITING = (Standing.REQUESTED, Standing.INVITED)
COUNTED = (Standing.ACTIVE, Standing.PAUSED, Standing.ON_LEAVE)  # who is carried into the next school year
CLOSED = (Standing.DECLINED, Standing.REFUSED, Standing.WITHDRAWN, Standing.EXPIRED)  # never became a member


class Origin(StrEnum):
    """What brought somebody here, as everybody may read it. A career meeting is not among them: it is written apart,
    for the inspector alone, and leaves what is read here as it was."""

    VOLUNTEER = "VOLUNTEER"
    INVITED = "INVITED"
    SCHOOL_VISIT = "SCHOOL_VISIT"
    PEER = "PEER"


ORIGIN_LABELS = {
    Origin.VOLUNTEER: "de sa propre initiative",
    Origin.INVITED: "sur invitation de l’équipe",
    Origin.SCHOOL_VISIT: "après une visite d’école",
    Origin.PEER: "par un ou une collègue",
}


@dataclass(frozen=True)
class State:
    """A stage and a standing; both are empty outside of a group, before and after."""

    stage: str
    standing: str


NOWHERE = State("", "")


def in_words(state: State) -> str:
    """Name a state: « première année, membre »."""
    if state == NOWHERE:
        return "hors du groupe"
    return f"{STAGE_LABELS[Stage(state.stage)]}, {STANDING_LABELS[Standing(state.standing)]}"
