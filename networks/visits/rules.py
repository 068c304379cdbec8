"""Pure rules of observation sites and visits: their lives as one table of moves each, distances, half-days, words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from circo.calendar.rules import HalfDay
from circo.rules import HALF_WORDS

TITLE_MAX, TEXT_MAX, WORD_MAX, FACTS_MAX = 120, 4000, 500, 40
SEATS_MAX = 4  # visitors at once: beyond, pupils are no longer alone with their teacher
SITES_MAX = 6  # of one host
DATES_MAX = 60
WEEKS_AHEAD = 12  # how far the calendar of a site is shown, and may be booked
DEFAULT_MINUTES, DEFAULT_NOTICE_HOURS, DEFAULT_OFFER_HOURS, DEFAULT_VISITS_A_YEAR = 180, 48, 24, 6
BUSY_REASON = "Visite de classe"
# When a half-day begins and ends in a class, about: what a calendar shows, and from when a visit belongs to the past.
HOURS = {"AM": (time(8, 30), time(12, 0)), "PM": (time(13, 30), time(16, 30))}


class Practice(StrEnum):
    ORAL = "ORAL"
    READING = "READING"
    WRITING = "WRITING"
    NUMBERS = "NUMBERS"
    PROBLEMS = "PROBLEMS"
    SHAPES = "SHAPES"
    SCIENCE = "SCIENCE"
    ARTS = "ARTS"
    SPORT = "SPORT"
    LANGUAGES = "LANGUAGES"
    AUTONOMY = "AUTONOMY"
    TOGETHER = "TOGETHER"
    LEVELS = "LEVELS"
    INCLUSION = "INCLUSION"
    DIGITAL = "DIGITAL"


PRACTICES = {
    Practice.ORAL: "Langage oral",
    Practice.READING: "Lecture et compréhension",
    Practice.WRITING: "Écriture",
    Practice.NUMBERS: "Nombres et calcul",
    Practice.PROBLEMS: "Résolution de problèmes",
    Practice.SHAPES: "Formes, espace, mesures",
    Practice.SCIENCE: "Sciences",
    Practice.ARTS: "Arts et musique",
    Practice.SPORT: "Éducation physique",
    Practice.LANGUAGES: "Langues vivantes",
    Practice.AUTONOMY: "Plans de travail et autonomie",
    Practice.TOGETHER: "Coopération entre élèves",
    Practice.LEVELS: "Classe à plusieurs niveaux",
    Practice.INCLUSION: "École inclusive",
    Practice.DIGITAL: "Numérique",
}


# --- Lives: one table of moves each. From it: the buttons, the refusals, the tests ------------------------------------
class Actor(StrEnum):
    VISITOR = "VISITOR"
    HOST = "HOST"
    TEAM = "TEAM"
    CLOCK = "CLOCK"


@dataclass(frozen=True)
class Move[State: StrEnum]:
    """One verb: from which states to which, by whom; `says` is the refusal from any other state, unless `says_from`
    has words for that one."""

    sources: frozenset[State]
    target: State
    actors: frozenset[Actor]
    says: str
    says_from: Mapping[State, str] = field(default_factory=dict)

    def refusal(self, state: State) -> str:
        """Say why the verb is not possible from that state."""
        return self.says_from.get(state, self.says)


def _move[State: StrEnum](
    sources: Iterable[State],
    target: State,
    actors: Iterable[Actor],
    says: str,
    says_from: Mapping[State, str] | None = None,
) -> Move[State]:
    return Move(frozenset(sources), target, frozenset(actors), says, says_from or {})


class SiteState(StrEnum):
    OPEN = "OPEN"
    PAUSED = "PAUSED"  # by the host
    SUSPENDED = "SUSPENDED"  # by the team, with a reason


SITE_MOVES: Mapping[str, Move[SiteState]] = {
    "pause": _move({SiteState.OPEN}, SiteState.PAUSED, {Actor.HOST}, "Ce lieu n’est pas ouvert en ce moment."),
    "open": _move({SiteState.PAUSED}, SiteState.OPEN, {Actor.HOST}, "Ce lieu n’est pas en pause."),
    "suspend": _move(
        {SiteState.OPEN, SiteState.PAUSED}, SiteState.SUSPENDED, {Actor.TEAM}, "Ce lieu est déjà suspendu."
    ),
    "resume": _move({SiteState.SUSPENDED}, SiteState.OPEN, {Actor.TEAM}, "Ce lieu n’est pas suspendu."),
}


class HeadAnswer(StrEnum):
    TOLD = "TOLD"  # the head teacher knows, and has said nothing
    AGREED = "AGREED"
    OBJECTED = "OBJECTED"


class VisitState(StrEnum):
    WAITING = "WAITING"
    OFFERED = "OFFERED"  # a freed seat is kept for this person, for a while
    ASKED = "ASKED"
    CONFIRMED = "CONFIRMED"
    HELD = "HELD"
    REPORTED = "REPORTED"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"
    LAPSED = "LAPSED"  # nobody answered in time


SEATED = frozenset({VisitState.OFFERED, VisitState.ASKED, VisitState.CONFIRMED, VisitState.HELD, VisitState.REPORTED})
TAKEN = SEATED - {VisitState.OFFERED}  # the visitor said yes: that half-day is theirs
LIVE = SEATED | {VisitState.WAITING}
COMING = frozenset({VisitState.WAITING, VisitState.OFFERED, VisitState.ASKED, VisitState.CONFIRMED})
DONE = frozenset({VisitState.HELD, VisitState.REPORTED})
TOLD_TO_HOST = frozenset(
    {VisitState.ASKED, VisitState.CONFIRMED, VisitState.DECLINED, *DONE}
)  # else if it was confirmed
COUNTED = TAKEN  # towards the visits of a year

# What a given report tells is not taken back by one of the two alone: the other has read it, and may have opened it.
REPORTED_STANDS = (
    "Le compte rendu est donné\u00a0: pour la plateforme, cette visite a eu lieu. Si c’est une erreur, "
    "dites-le à votre circonscription, qui peut refuser les heures."
)

VISIT_MOVES: Mapping[str, Move[VisitState]] = {
    "offer": _move({VisitState.WAITING}, VisitState.OFFERED, {Actor.CLOCK}, "Cette personne n’attend plus de place."),
    "accept": _move({VisitState.OFFERED}, VisitState.ASKED, {Actor.VISITOR}, "Cette place ne vous est plus proposée."),
    "confirm": _move(
        {VisitState.ASKED}, VisitState.CONFIRMED, {Actor.HOST}, "Cette demande n’attend plus votre réponse."
    ),
    "decline": _move(
        {VisitState.ASKED}, VisitState.DECLINED, {Actor.HOST}, "Cette demande n’attend plus votre réponse."
    ),
    "cancel": _move(
        {VisitState.WAITING, VisitState.OFFERED, VisitState.ASKED, VisitState.CONFIRMED, VisitState.HELD},
        VisitState.CANCELLED,
        {Actor.VISITOR, Actor.HOST, Actor.CLOCK},
        "Cette visite ne peut plus être annulée.",
        {VisitState.REPORTED: REPORTED_STANDS},
    ),
    "hold": _move({VisitState.CONFIRMED}, VisitState.HELD, {Actor.CLOCK}, "Cette visite n’a pas été confirmée."),
    "report": _move(
        {VisitState.HELD}, VisitState.REPORTED, {Actor.VISITOR}, "Le compte rendu s’écrit une fois la visite faite."
    ),
    "lapse": _move(
        {VisitState.WAITING, VisitState.OFFERED, VisitState.ASKED}, VisitState.LAPSED, {Actor.CLOCK}, "Trop tard."
    ),
}
HOST_CANCELS = frozenset({VisitState.CONFIRMED, VisitState.HELD})  # before that, the host declines


def may_move(verb: str, state: VisitState, actor: Actor) -> bool:
    """Tell whether that person may do that verb from that state."""
    move = VISIT_MOVES[verb]
    if verb == "cancel" and actor is Actor.HOST and state not in HOST_CANCELS:
        return False
    return state in move.sources and actor in move.actors


def may_move_site(verb: str, state: SiteState, actor: Actor) -> bool:
    """Tell whether that person may do that verb to a site of that state."""
    move = SITE_MOVES[verb]
    return state in move.sources and actor in move.actors


# --- Seats ----------------------------------------------------------------------------------------------------------
def free_seat(taken: Iterable[int | None], seats: int) -> int | None:
    """The lowest seat that nobody has; None if all are taken."""
    held = set(taken)
    return next((seat for seat in range(1, seats + 1) if seat not in held), None)


# --- Places ---------------------------------------------------------------------------------------------------------
def distance_in_words(km: float | None, *, is_home: bool = False) -> str:
    """Say how far a school is: `à 12 km à vol d’oiseau`."""
    if is_home:
        return "dans votre école"
    if km is None:
        return "distance inconnue"
    return "à moins d’un kilomètre" if km < 1 else f"à {round(km)}\u00a0km à vol d’oiseau"


# --- Half-days ------------------------------------------------------------------------------------------------------
_LINE = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s+(matin|apr[èe]s[ -]midi)$", re.IGNORECASE)


def parse_dates(text: str) -> list[str]:
    """Read one date a line, `12/03/2027 matin`, and return their codes in order.

    Raises: ValueError with the line that is not one.
    """
    codes = set()
    for line in filter(None, (line.strip() for line in text.splitlines())):
        found = _LINE.match(" ".join(line.split()))
        if not found:
            raise ValueError(line)
        day, month, year = (int(found[part]) for part in (1, 2, 3))
        try:
            codes.add(HalfDay(date(year, month, day), "AM" if found[4].lower() == "matin" else "PM").code)
        except ValueError as error:
            raise ValueError(line) from error
    return sorted(codes)


def dates_as_text(codes: Iterable[str]) -> str:
    """Write codes as `parse_dates` reads them."""
    half_days = map(HalfDay.from_code, sorted(codes))
    return "\n".join(f"{one.day:%d/%m/%Y} {HALF_WORDS[one.half]}" for one in half_days)
