"""Pure rules of mentoring: the life of a pair as one table, for how long one takes back, how much one writes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from circo.errors import Refusal

MESSAGE_MAX = 10_000  # characters
GOAL_MAX = 2_000
PLACE_MAX = 300
DRAFT_MAX = 200_000  # more than may be sent: nothing typed is lost
MESSAGES_MAX = 5_000  # of one person in one pair
A_MINUTE = 30  # messages of one person
GOALS_MAX = 30
MEETINGS_MAX = 200
PAIRS_MAX = 6  # open pairs of one person
A_PAGE = 40  # messages
UNDO = timedelta(minutes=5)
EDITABLE_FOR = timedelta(minutes=15)
DURATIONS = (15, 30, 45, 60, 90, 120, 180)  # minutes


class State(StrEnum):
    PROPOSED = "PROPOSED"
    ON = "ON"
    DECLINED = "DECLINED"
    ENDED = "ENDED"


OPEN = (State.PROPOSED, State.ON)
THREADED = (State.ON, State.ENDED)  # there is a thread to read


@dataclass(frozen=True)
class Move:
    source: State
    target: State
    refusal: str  # to whom asks it from another state


MOVES = {
    "accept": Move(State.PROPOSED, State.ON, "Cette proposition n’attend plus de réponse."),
    "decline": Move(State.PROPOSED, State.DECLINED, "Cette proposition n’attend plus de réponse."),
    "end": Move(State.ON, State.ENDED, "Ce binôme n’est pas en cours."),
    "take_back": Move(State.ENDED, State.ON, "Ce binôme n’est pas terminé."),
}


def check(move: str, state: str) -> State:
    """Return the state to which a move leads.

    Raises: Refusal from a state that has no such move.
    """
    if state != MOVES[move].source:
        raise Refusal(MOVES[move].refusal)
    return MOVES[move].target


def checked(text: str, most: int, what: str) -> str:
    """Return a text that may be kept, without what nobody sees.

    Raises: Refusal if nothing is left of it, or if it is too long.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")).strip()
    if not text:
        raise Refusal(f"Écrivez {what}.")
    if len(text) > most:
        raise Refusal(
            f"C’est trop long\u00a0: {most} signes au plus, et il y en a {len(text)}. Rien n’est perdu\u00a0: "
            "raccourcissez, ou envoyez-le en plusieurs fois."
        )
    return text
