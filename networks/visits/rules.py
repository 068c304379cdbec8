"""Pure rules of observation sites and visits: their lives as one table of moves each, distances, half-days, words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from circo.calendar.rules import HalfDay
from circo.moves import Move
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
class ActorMove[State: StrEnum](Move[State]):
    """One verb, for some actors alone. `refusal_from` has words of their own for some states."""

    actors: Collection[Actor]
    refusal_from: Mapping[State, str] = field(default_factory=dict)


class SiteState(StrEnum):
    OPEN = "OPEN"
    PAUSED = "PAUSED"  # by the host
    SUSPENDED = "SUSPENDED"  # by the team, with a reason


SITE_MOVES = {
    "pause": ActorMove({SiteState.OPEN}, SiteState.PAUSED, "Ce lieu n’est pas ouvert en ce moment.", {Actor.HOST}),
    "open": ActorMove({SiteState.PAUSED}, SiteState.OPEN, "Ce lieu n’est pas en pause.", {Actor.HOST}),
    "suspend": ActorMove(
        {SiteState.OPEN, SiteState.PAUSED}, SiteState.SUSPENDED, "Ce lieu est déjà suspendu.", {Actor.TEAM}
    ),
    "resume": ActorMove({SiteState.SUSPENDED}, SiteState.OPEN, "Ce lieu n’est pas suspendu.", {Actor.TEAM}),
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

VISIT_MOVES = {
    "offer": ActorMove(
        {VisitState.WAITING}, VisitState.OFFERED, "Cette personne n’attend plus de place.", {Actor.CLOCK}
    ),
    "accept": ActorMove(
        {VisitState.OFFERED}, VisitState.ASKED, "Cette place ne vous est plus proposée.", {Actor.VISITOR}
    ),
    "confirm": ActorMove(
        {VisitState.ASKED}, VisitState.CONFIRMED, "Cette demande n’attend plus votre réponse.", {Actor.HOST}
    ),
    "decline": ActorMove(
        {VisitState.ASKED}, VisitState.DECLINED, "Cette demande n’attend plus votre réponse.", {Actor.HOST}
    ),
    "cancel": ActorMove(
        {VisitState.WAITING, VisitState.OFFERED, VisitState.ASKED, VisitState.CONFIRMED, VisitState.HELD},
        VisitState.CANCELLED,
        "Cette visite ne peut plus être annulée.",
        {Actor.VISITOR, Actor.HOST, Actor.CLOCK},
        {VisitState.REPORTED: REPORTED_STANDS},
    ),
    "hold": ActorMove({VisitState.CONFIRMED}, VisitState.HELD, "Cette visite n’a pas été confirmée.", {Actor.CLOCK}),
    "report": ActorMove(
        {VisitState.HELD}, VisitState.REPORTED, "Le compte rendu s’écrit une fois la visite faite.", {Actor.VISITOR}
    ),
    "lapse": ActorMove(
        {VisitState.WAITING, VisitState.OFFERED, VisitState.ASKED}, VisitState.LAPSED, "Trop tard.", {Actor.CLOCK}
    ),
}
HOST_CANCELS = frozenset({VisitState.CONFIRMED, VisitState.HELD})  # before that, the host declines


def may_move(verb: str, state: VisitState, actor: Actor) -> bool:
    """Tell whether that person may do that verb from that state."""
    move = VISIT_MOVES[verb]
    if verb == "cancel" and actor is Actor.HOST and state not in HOST_CANCELS:
        return False
    return state in move.sources and actor in move.actors


def refusal(verb: str, state: VisitState) -> str:
    """Say why that verb is not possible from that state."""
    move = VISIT_MOVES[verb]
    return move.refusal_from.get(state, move.refusal)


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
