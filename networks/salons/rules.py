"""Pure rules of salons: what a message may hold, how unread messages are counted, how changes are merged."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from circo.errors import Refusal
from circo.mentions import clean
from circo.rules import Role

TITLE_MAX = 80  # characters
ABOUT_MAX = 300
POST_MAX = 8_000
REASON_MAX = 300
FILE_NAME_MAX = 120
FILES_MAX = 4  # of one message
QUOTES_MAX = 3
FILES_MAX_BYTES = 300 * 1024 * 1024  # of one person, in all salons
A_PAGE = 40  # messages
EXPORTED_MAX = 5_000  # changes of which a copy is made
A_CATCH_UP = 200  # changes told at once
UNREAD_LOOKED_AT = 200  # changes among which unread messages are counted: beyond, one reads « 99+ » all the same
UNREAD_SHOWN = 99
SALONS_OF_A_GROUP_MAX = 8
SALONS_OF_A_PERSON_MAX = 60
RESTORABLE_FOR = timedelta(minutes=10)
PURGED_AFTER = timedelta(days=2)  # what was removed is kept that long
WRITTEN_OF_ONE_MAX, WRITTEN_WITHIN = 60, timedelta(minutes=5)
PINS_MAX = 10
GONE = "Une personne partie"
MODERATORS = (Role.ADVISER, Role.INSPECTOR)  # of the rooms of a district

# Kinds of notices.
MENTION, ANSWER, NEWS = "salon-mention", "salon-answer", "salon-news"
REPORT, DECISION = "salon-report", "salon-decision"

ROOMS = ("group", "network", "district", "departement")


class Reaction(StrEnum):
    """The reactions that exist, by their code."""

    THUMB = "pouce"
    THANKS = "merci"
    IDEA = "idee"
    BRAVO = "bravo"
    HEART = "coeur"
    SMILE = "sourire"

    @property
    def sign(self) -> str:
        return SIGNS[self][0]

    @property
    def label(self) -> str:
        return SIGNS[self][1]


SIGNS = {
    Reaction.THUMB: ("👍", "d’accord"),
    Reaction.THANKS: ("🙏", "merci"),
    Reaction.IDEA: ("💡", "bonne idée"),
    Reaction.BRAVO: ("👏", "bravo"),
    Reaction.HEART: ("❤️", "j’aime"),
    Reaction.SMILE: ("🙂", "sourire"),
}


class Decision(StrEnum):
    """What a moderator answers to a report."""

    HIDDEN = "HIDDEN"
    DISMISSED = "DISMISSED"

    @property
    def label(self) -> str:
        return {"HIDDEN": "message masqué", "DISMISSED": "signalement écarté"}[self.value]


def reaction_named(code: str) -> Reaction:
    """The reaction of that code, or of that sign.

    Raises: Refusal for another sign, in words that say which exist.
    """
    for one in Reaction:
        if code in (one.value, one.sign):
            return one
    signs = " ".join(one.sign for one in Reaction)
    raise Refusal(f"Cette réaction n’existe pas ici. Choisissez parmi\u00a0: {signs}")


def checked(text: str, *, alone: bool = True) -> str:
    """Return a text that may be published; `alone`: nothing else is in the message.

    Raises: Refusal if nothing is left of it, or if it is too long.
    """
    text = clean(text)
    if alone and not any(unicodedata.category(sign)[0] in "LNPS" for sign in text):
        raise Refusal("Écrivez votre message.")
    if len(text) > POST_MAX:
        counts = f"{len(text):,}".replace(",", "\u202f"), f"{POST_MAX:,}".replace(",", "\u202f")
        raise Refusal(
            f"Ce message compte {counts[0]} signes, {counts[1]} au plus\u00a0: joignez plutôt un document, "
            "ou écrivez-le en plusieurs fois. Votre texte est gardé ci-dessous."
        )
    return text


def unread_label(count: int) -> str:
    """How many messages are unread, as people read it."""
    return f"{UNREAD_SHOWN}+" if count > UNREAD_SHOWN else str(count)


# --- What a page knows, merged with what it is told ------------------------------------------------------------------
@dataclass
class Known:
    """The messages that a page has, and how far it has followed the salon. The same rules as static/js/salon-suite.js.

    A message about which the page has heard something as new or newer changes nothing; a piece of the salon's changes
    that does not begin where the page stands is a hole, which the page asks for before it moves on.
    """

    cursor: int = 0
    changed: dict[int, int] = field(default_factory=dict)  # of each message, by its seq: the number of its last change

    def hear(self, since: int, upto: int, changes: Iterable[tuple[int, int]]) -> bool:
        """Take the changes from `since` to `upto`, as (seq, changed_seq); False: something is missing before them."""
        for seq, changed_seq in changes:
            if changed_seq > self.changed.get(seq, 0):
                self.changed[seq] = changed_seq
        if since > self.cursor:
            return False
        self.cursor = max(self.cursor, upto)
        return True


def changes_after(rows: Mapping[int, int], since: int, most: int = A_CATCH_UP) -> tuple[list[tuple[int, int]], int]:
    """What the database answers to « everything since »: the changes, as (seq, changed_seq), and how far they go."""
    later = sorted(((changed, seq) for seq, changed in rows.items() if changed > since))[:most]
    return [(seq, changed) for changed, seq in later], later[-1][0] if later else since
