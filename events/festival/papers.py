"""The poster and the programme of a festival, as PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from circo.documents.letters.base import Letter
from circo.documents.letters.reports import Report, Section
from circo.documents.rules import hour, weekday
from circo.documents.verification import square
from events.festival import queries
from events.models import AnimationSession, Festival


@dataclass(frozen=True, kw_only=True)
class Poster(Letter):
    """One page to hang at the door of a school."""

    template: ClassVar[str] = "festival_poster"

    heading: str
    when: str
    where: str
    access: str
    words: str
    titles: tuple[str, ...]
    link: str
    qr: str

    @property
    def title(self) -> str:
        return self.heading


POSTER_TITLES = 12
POSTER_WORDS = 400  # characters


def poster(festival: Festival, link: str) -> Poster:
    """The poster: what, when, where, some of what one does there, and the address of the programme."""
    titles = dict.fromkeys(row.animation.title for row in queries.sessions_shown(festival))
    return Poster(
        heading=festival.title,
        when=festival.when,
        where=festival.where,
        access=festival.access,
        words=festival.words if len(festival.words) <= POSTER_WORDS else "",
        titles=tuple(titles)[:POSTER_TITLES],
        link=link,
        qr=square(link),
    )


def programme(festival: Festival, link: str) -> Report:
    """The whole programme, place by place."""
    found = queries.programme(festival, queries.Chosen())
    when = festival.when[0].upper() + festival.when[1:]
    return Report(
        heading=festival.title,
        summary="\n\n".join(filter(None, (f"{when}\n{festival.where}", festival.access, f"Réserver\u00a0: {link}"))),
        sections=tuple(
            Section(
                place,
                header=("Quoi, avec qui", "Quand", "Pour qui", "Places"),
                rows=tuple(_row(session, festival) for session in sessions),
            )
            for place, sessions in found.by_place
        ),
    )


def _row(session: AnimationSession, festival: Festival) -> tuple[str, ...]:
    animation = session.animation
    number = f" (n° {animation.spot})" if animation.spot else ""
    hours = f"{hour(session.starts)} – {hour(session.ends)}"
    when = hours if festival.first_day == festival.last_day else f"{weekday(session.on)}, {hours}"
    seats = "entrée libre" if session.seats is None else f"{session.seats}, sur réservation"
    return f"{animation.title}{number}. {animation.hosts}", when, animation.for_whom, seats
