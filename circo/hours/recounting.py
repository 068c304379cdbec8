"""What each app can say again of the hours that its sources give, once a rule has changed.

An app that credits hours registers one `Recounter` a kind of source, in `AppConfig.ready()`:

    recounting.register(Recounter("trainings.path", "Parcours", completions.claims))

    def claims(asked: Asked) -> Iterable[Claim]:
        for done in Enrolment.objects.completed().filter(person_id__in=asked.person_ids, done_on__range=asked.days):
            yield Claim(person=done.person, on=done.done_on, minutes=done.minutes, ...)

It says what each source gives by the rules of now, and 0 minutes where it gives nothing any more; a source that it does
not name stays as it is. It writes nothing: « Rejouer les comptes » compares, shows, then calls `actions.credit`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from circo.hours.rules import Category, Mode
from circo.models import Person

DECLARED = "circo.declared"  # the source of what somebody declared, before its own number


@dataclass(frozen=True)
class Claim:
    """What one source gives to one person: the words of `actions.credit`, without who asks it.

    Units: minutes, by quarters of an hour, before any cap.
    """

    person: Person
    on: date
    minutes: int
    category: Category
    mode: Mode
    source: str
    label: str
    path: str = ""


@dataclass(frozen=True)
class Asked:
    """Whose hours are counted again: those who teach in a district, between two days, both included."""

    district_id: int
    person_ids: Collection[int]
    first: date
    last: date

    @property
    def days(self) -> tuple[date, date]:
        return self.first, self.last


@dataclass(frozen=True)
class Recounter:
    """One kind of source. `prefix` is what stands before the colon in `HourEntry.source`; `title` names the kind.

    `claims` costs the same number of queries however many people are asked.
    """

    prefix: str
    title: str
    claims: Callable[[Asked], Iterable[Claim]]


_recounters: dict[str, Recounter] = {}


def register(recounter: Recounter) -> None:
    """Make a kind of source known; called in `AppConfig.ready()`."""
    _recounters[recounter.prefix] = recounter


def recounters() -> Sequence[Recounter]:
    return tuple(_recounters.values())


def origin_of(source: str) -> str:
    """Say where hours come from: « Rencontres de groupe », or nothing where no app says it."""
    prefix = source.split(":")[0]
    if prefix == DECLARED:
        return "Noté par la personne"
    return _recounters[prefix].title if prefix in _recounters else ""
