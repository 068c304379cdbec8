"""Pure rules of mentoring: the life of a pair as one table, for how long one takes back, how much one writes."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from enum import StrEnum

from circo.errors import Refusal
from circo.moves import Move

MESSAGE_MAX = 10_000  # characters
GOAL_MAX = 2_000
PLACE_MAX = 300
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


MOVES = {
    "accept": Move({State.PROPOSED}, State.ON, "Cette proposition n’attend plus de réponse."),
    "decline": Move({State.PROPOSED}, State.DECLINED, "Cette proposition n’attend plus de réponse."),
    "end": Move({State.ON}, State.ENDED, "Ce binôme n’est pas en cours."),
    "take_back": Move({State.ENDED}, State.ON, "Ce binôme n’est pas terminé."),
}


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
