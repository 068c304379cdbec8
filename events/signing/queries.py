"""Reads of presences: the list of a half-day, who has signed, what one signed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from circo.calendar.rules import HALVES, Half
from circo.models import Person
from circo.models.folding import fold
from events.convening.queries import Line, lines_of
from events.convening.rules import Answer
from events.models import Convocation, Presence, SharingDay
from events.signing import rules


@dataclass(frozen=True)
class Row:
    """One person on the list of a half-day, and their presence."""

    line: Line
    presence: Presence | None

    @property
    def pk(self) -> int:
        return self.line.convocation.pk

    @property
    def note(self) -> str:
        """What was said before the day, in a few words."""
        said = self.line.convocation
        return said.get_answer_display() if said.answer and said.answer != Answer.COMES else ""


def called(day: SharingDay) -> QuerySet[Convocation]:
    """Who is on the lists of a day: who was called, whatever they answered; some come all the same."""
    return Convocation.objects.filter(day=day).called()


def rows_of(day: SharingDay, half: Half, words: str = "") -> list[Row]:
    """The list of a half-day, in order; narrowed to the names and schools that hold these words. Three queries."""
    lines = lines_of(day, called(day))
    held = {one.convocation_id: one for one in Presence.objects.filter(convocation__day=day, half=half).order_by("pk")}
    wanted = fold(words).split()
    return [Row(line, held.get(line.convocation.pk)) for line in lines if _holds(line, wanted)]


def _holds(line: Line, wanted: Sequence[str]) -> bool:
    text = fold(f"{line.person} {line.school_name}")
    return all(word in text for word in wanted)


def counts_of(day: SharingDay) -> dict[str, int]:
    """How many have signed each half-day. One query."""
    rows = Presence.objects.filter(convocation__day=day).order_by("pk").values_list("half", flat=True)
    found: dict[str, int] = dict.fromkeys(HALVES, 0)
    for half in rows:
        found[half] += 1
    return found


def signed_by(day: SharingDay, person: Person) -> dict[str, Presence]:
    """The half-days that one signed."""
    rows = Presence.objects.filter(convocation__day=day, convocation__person=person)
    return {one.half: one for one in rows.order_by("pk")}


def half_now(day: SharingDay, now: datetime) -> Half | None:
    """The half-day that one may sign at an instant; the later, between the two."""
    return next((half for half in reversed(HALVES) if rules.is_signed_now(*day.at(half), now)), None)


def presences_of(day: SharingDay) -> dict[int, dict[str, Presence]]:
    """All presences of a day, by convocation and half-day. One query."""
    found: dict[int, dict[str, Presence]] = defaultdict(dict)
    for one in Presence.objects.filter(convocation__day=day).order_by("pk"):
        found[one.convocation_id][one.half] = one
    return found


EXPORTED = (
    "nom",
    "prénom",
    "école",
    "réponse",
    "matin",
    "arrivée le matin",
    "départ le matin",
    "après-midi",
    "arrivée l’après-midi",
    "départ l’après-midi",
    "durée en minutes",
)


def exported(day: SharingDay) -> list[Sequence[object]]:
    """The presences of a day as a table, one line a person called. Three queries."""
    known = presences_of(day)
    return [EXPORTED, *(_exported(day, line, known[line.convocation.pk]) for line in lines_of(day, called(day)))]


def _exported(day: SharingDay, line: Line, presences: Mapping[str, Presence]) -> Sequence[object]:
    held = [presences.get(half) for half in HALVES]
    stays = {one.half_day: one.stay for one in presences.values()}
    cells = [cell for one in held for cell in _cells(one)]
    who = (line.person.last_name, line.person.first_name, line.school_name)
    return (*who, line.convocation.get_answer_display(), *cells, rules.attended_minutes(stays, day.hours))


def _cells(presence: Presence | None) -> tuple[str, str, str]:
    if presence is None:
        return ("absent·e", "", "")
    arrived, left = (f"{at:%H:%M}" if at else "" for at in (presence.arrived_at, presence.left_at))
    return ("présent·e", arrived, left)
