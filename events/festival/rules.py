"""Pure rules of the festival: its life, what an animation says, when a session suits, how seats are kept.

Source: docs/decisions/0029-festival.md
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from circo.calendar.rules import days_between
from circo.documents.rules import hour, weekday
from circo.errors import Refusal
from circo.moves import Move

TITLE_MAX, WHERE_MAX, WHO_MAX, SHORT_MAX, FIRST_NAME_MAX = 120, 160, 160, 200, 60  # characters
TEXT_MAX = 4_000
DAYS_MOST = 7  # of one festival
CAPACITY_MOST, VOLUNTEERS_MOST, SESSIONS_MOST, SPOT_MOST = 500, 20, 12, 999
OPENS, CLOSES = time(10), time(17)
SUNDAY = 6


class FestivalState(StrEnum):
    DRAFT = "DRAFT"
    CALL = "CALL"
    PUBLISHED = "PUBLISHED"
    OVER = "OVER"


STATE_LABELS = {
    FestivalState.DRAFT: "en préparation",
    FestivalState.CALL: "appel à propositions",
    FestivalState.PUBLISHED: "programme publié",
    FestivalState.OVER: "a eu lieu",
}
SHOWN = (FestivalState.PUBLISHED, FestivalState.OVER)  # to everybody
OPEN = (FestivalState.DRAFT, FestivalState.CALL, FestivalState.PUBLISHED)


class FestivalVerb(StrEnum):
    """What one does of a festival; the values are those of addresses."""

    CALL = "appeler"
    CLOSE_CALL = "fermer-l-appel"
    PUBLISH = "publier"
    UNPUBLISH = "retirer"
    END = "terminer"
    REOPEN = "rouvrir"


MOVES: Mapping[FestivalVerb, Move[FestivalState]] = {
    FestivalVerb.CALL: Move(
        {FestivalState.DRAFT}, FestivalState.CALL, "L’appel à propositions a déjà été ouvert pour cette fête."
    ),
    FestivalVerb.CLOSE_CALL: Move(
        {FestivalState.CALL}, FestivalState.DRAFT, "L’appel à propositions n’est pas ouvert."
    ),
    FestivalVerb.PUBLISH: Move(
        {FestivalState.CALL, FestivalState.DRAFT}, FestivalState.PUBLISHED, "Le programme est déjà publié."
    ),
    FestivalVerb.UNPUBLISH: Move(
        {FestivalState.PUBLISHED}, FestivalState.CALL, "Le programme n’est pas publié, ou la fête a eu lieu."
    ),
    FestivalVerb.END: Move(
        {FestivalState.PUBLISHED}, FestivalState.OVER, "Seule une fête publiée peut être déclarée terminée."
    ),
    FestivalVerb.REOPEN: Move({FestivalState.OVER}, FestivalState.PUBLISHED, "Cette fête n’est pas terminée."),
}


class AnimationState(StrEnum):
    PROPOSED = "PROPOSED"
    ACCEPTED = "ACCEPTED"
    ASIDE = "ASIDE"
    WITHDRAWN = "WITHDRAWN"


ANIMATION_LABELS = {
    AnimationState.PROPOSED: "proposée",
    AnimationState.ACCEPTED: "retenue",
    AnimationState.ASIDE: "mise de côté",
    AnimationState.WITHDRAWN: "retirée",
}


class AnimationKind(StrEnum):
    STAND = "STAND"
    WORKSHOP = "WORKSHOP"


KIND_LABELS = {AnimationKind.STAND: "stand", AnimationKind.WORKSHOP: "atelier"}


class Audience(StrEnum):
    """For whom an animation is; the values are those of addresses."""

    CHILDREN = "enfants"
    PARENTS = "parents"
    ELDERS = "aines"
    ASSOCIATIONS = "associations"
    TEACHERS = "enseignants"


AUDIENCE_LABELS = {
    Audience.CHILDREN: "enfants",
    Audience.PARENTS: "parents",
    Audience.ELDERS: "aînés",
    Audience.ASSOCIATIONS: "associations",
    Audience.TEACHERS: "enseignants",
}


def audiences_in_words(chosen: Collection[str]) -> str:
    """Say for whom something is, in the order of the list: `enfants et parents`."""
    names = [label for audience, label in AUDIENCE_LABELS.items() if audience in chosen]
    return " et ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "tout public"


class PictureKind(StrEnum):
    PHOTO = "PHOTO"
    PLAN = "PLAN"


PICTURE_LABELS = {PictureKind.PHOTO: "photo", PictureKind.PLAN: "plan du site"}
PICTURES_MOST, VISITORS_MOST = 60, 100_000  # of one festival


# --- When -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Span:
    """The days and the hours of a festival."""

    first: date
    last: date
    opens: time
    closes: time

    @property
    def days(self) -> list[date]:
        return list(days_between(self.first, self.last))


@dataclass(frozen=True)
class Moment:
    """Some hours of one of its days."""

    on: date
    starts: time
    ends: time

    def crosses(self, other: Moment) -> bool:
        return self.on == other.on and self.starts < other.ends and other.starts < self.ends

    def __str__(self) -> str:
        return f"{weekday(self.on)}, de {hour(self.starts)} à {hour(self.ends)}"


def check_span(span: Span, today: date) -> None:
    """Refuse days or hours that no festival can have.

    Raises: Refusal.
    """
    if span.last < span.first:
        raise Refusal("Le dernier jour vient après le premier.")
    if (span.last - span.first).days >= DAYS_MOST:
        raise Refusal(f"Une fête dure au plus {DAYS_MOST}\u00a0jours.")
    if span.closes <= span.opens:
        raise Refusal("L’heure de fin vient après l’heure de début.")
    if span.first < today:
        raise Refusal(f"Le {weekday(span.first)} est déjà passé. Choisissez un jour à venir.")


def doubts_of(span: Span) -> list[str]:
    """What is said of unusual days, without forbidding them."""
    return [
        f"Le {weekday(on)} est un dimanche\u00a0: c’est possible, dites-le aux familles."
        for on in span.days
        if on.weekday() == SUNDAY
    ]


def check_moment(moment: Moment, span: Span) -> None:
    """Refuse the hours of a session that are not within the festival.

    Raises: Refusal.
    """
    if not span.first <= moment.on <= span.last:
        raise Refusal(f"Le {weekday(moment.on)} n’est pas un jour de la fête\u00a0: {in_words(span)}.")
    if moment.ends <= moment.starts:
        raise Refusal("L’heure de fin vient après l’heure de début.")
    if moment.starts < span.opens or moment.ends > span.closes:
        hours = f"de {hour(span.opens)} à {hour(span.closes)}"
        raise Refusal(f"La fête a lieu {hours}\u00a0: choisissez une heure entre les deux.")


def in_words(span: Span) -> str:
    """Say when a festival is: `samedi 19 juin 2027, de 10 h à 17 h`."""
    hours = f"de {hour(span.opens)} à {hour(span.closes)}"
    if span.first == span.last:
        return f"{weekday(span.first)}, {hours}"
    return f"du {weekday(span.first)} au {weekday(span.last)}, {hours}"


def crossing(wanted: Moment, taken: Iterable[tuple[Moment, str]]) -> str:
    """The name of what somebody already has at these hours; nothing if they are free."""
    return next((name for moment, name in taken if moment.crosses(wanted)), "")


# --- Seats ------------------------------------------------------------------------------------------------------------
SEATS_MOST = 6  # of one booking
HELD_FOR = timedelta(hours=24)
HELD_SHORT = timedelta(hours=3)  # a group that alone takes more than half of the seats
TRACE_KEPT = timedelta(days=2)  # of the connection from which seats were asked that nobody confirmed
KEPT_AFTER = timedelta(days=30)
TOLD_AGAIN_AFTER = timedelta(minutes=30)  # a session that moves and moves again: what visitors are told, once


class BookingState(StrEnum):
    HELD = "HELD"  # its seats are kept until somebody opens the link of the mail
    CONFIRMED = "CONFIRMED"
    WAITING = "WAITING"
    CANCELLED = "CANCELLED"


BOOKING_LABELS = {
    BookingState.HELD: "à confirmer",
    BookingState.CONFIRMED: "confirmée",
    BookingState.WAITING: "sur liste d’attente",
    BookingState.CANCELLED: "annulée",
}
TAKING = (BookingState.HELD, BookingState.CONFIRMED)  # seats
LIVE = (*TAKING, BookingState.WAITING)


# A robot that writes words or an address in their place would have us mail them to whom it likes.
_FIRST_NAME = re.compile(r"[^\W\d_]+([ ’'-][^\W\d_]+){0,3}")


def check_first_name(name: str) -> None:
    """Refuse what is no first name.

    Raises: Refusal.
    """
    if not _FIRST_NAME.fullmatch(name) or len(name) > FIRST_NAME_MAX:
        raise Refusal("Écrivez votre prénom, en lettres seulement.")


def held_until(now: datetime, starts_at: datetime, *, is_large: bool = False) -> datetime:
    """Until when seats wait for a yes: a day, some hours for a large share of them, and never beyond the beginning."""
    return min(now + (HELD_SHORT if is_large else HELD_FOR), starts_at)
