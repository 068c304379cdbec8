"""What the apps above offer to the ground's pages, without being imported by it: to-dos, search results, what is on
somebody's agenda and when people are taken, and what they keep of a person.

Each app registers its providers in `AppConfig.ready()`. A provider takes a person and returns rows already in scope;
that of busy times takes many people at once, and costs the same number of queries however many they are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from circo.calendar.rules import HalfDay

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from circo.models import Person

MOST_FOUND = 8  # results shown of each source: beyond, one adds a word


@dataclass(frozen=True)
class Todo:
    """Something that waits for a person. `icon` names a file of templates/components/icons."""

    title: str
    detail: str
    url: str
    icon: str
    due_on: date | None = None  # none: at one's own pace
    minutes: int | None = None  # how long it takes, about


@dataclass(frozen=True)
class Found:
    """One result of a search."""

    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class SearchSource:
    """One group of search results. `search(person, words, most)` returns at most `most` rows, the best first."""

    title: str
    search: Callable[[Person, str, int], Sequence[Found]]


@dataclass(frozen=True)
class Holding:
    """One kind of thing that an app keeps of a person, as it is given back in an export of personal data.

    `rows(person)` are what is theirs; `fields`, in words, what is told of each, as a path for `values_list`.
    `note` says, in French, what is not in it and where one finds it.
    """

    title: str
    rows: Callable[[Person], QuerySet[Any]]
    fields: Mapping[str, str]
    note: str = ""


@dataclass(frozen=True, order=True)
class Busy:
    """Somebody who is taken on a half-day. `reason`, in French, names a kind of thing, never what it is."""

    person_id: int
    half_day: HalfDay
    reason: str


CANCELLED_TOLD = timedelta(weeks=8)  # how long an app still gives what was called off


@dataclass(frozen=True)
class CalendarEvent:
    """Something on somebody's agenda: on the pages « Agenda » and « Mon année », and in the feed of other calendars.

    It leaves the platform: `title`, `place` and `description` are sentences of ours with, at most, the names of groups,
    places and adults; never a pupil's name, nor what is confidential.

    `uid` never changes, `sequence` rises at each change of date, place or state; what was called off stays given with
    `cancelled` for `CANCELLED_TOLD`, or subscribers never take it away. A day without hours is `all_day`:
    the local days of `starts_at` and `ends_at`, both included.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    url: str
    cancelled: bool
    updated_at: datetime
    all_day: bool = False
    description: str = ""


BusyProvider = Callable[[Collection[int], date, date], Iterable[Busy]]
EventProvider = Callable[["Person", date], Iterable[CalendarEvent]]

SharedProvider = Callable[["Person", "Person"], Sequence["Found"]]

_shared_between: list[SharedProvider] = []
_busy_providers: list[BusyProvider] = []
_event_providers: list[EventProvider] = []


@dataclass(frozen=True)
class Gathering:
    """A way in which an app gathers people, that narrows lists of the ground: the groups of the networks.

    `choices(person)` are (value, label) of what that person sees; `people(person, value)` the ids of those gathered
    there, none for a value that was not offered.
    """

    name: str  # in an address: « groupe »
    title: str
    choices: Callable[[Person], Sequence[tuple[str, str]]]
    people: Callable[[Person, str], QuerySet[Any]]


_todo_providers: list[Callable[[Person], Sequence[Todo]]] = []
_search_sources: list[SearchSource] = []
_holdings: list[Holding] = []
_erasers: list[Callable[[Person], None]] = []
_gatherings: list[Gathering] = []


def register_gathering(gathering: Gathering) -> None:
    _gatherings.append(gathering)


def gatherings() -> Sequence[Gathering]:
    return tuple(_gatherings)


def register_todos(provider: Callable[[Person], Sequence[Todo]]) -> None:
    _todo_providers.append(provider)


def register_busy(provider: BusyProvider) -> None:
    """Make known when people are taken: `provider(person_ids, first, last)`, both days included."""
    _busy_providers.append(provider)


def busy_providers() -> Sequence[BusyProvider]:
    return tuple(_busy_providers)


def register_events(provider: EventProvider) -> None:
    """Make known what is on somebody's agenda: `provider(person, since)` gives what ends on that day or later."""
    _event_providers.append(provider)


def event_providers() -> Sequence[EventProvider]:
    return tuple(_event_providers)


def register_shared_between(provider: SharedProvider) -> None:
    """Make known what one of two people has made and the other may see: `provider(one, other)`, for `one` to read."""
    _shared_between.append(provider)


def shared_between(one: Person, other: Person) -> list[Found]:
    """What these two have in common, whichever app keeps it."""
    return [found for provider in _shared_between for found in provider(one, other)]


def register_search(source: SearchSource) -> None:
    _search_sources.append(source)


def register_holdings(*holdings: Holding) -> None:
    _holdings.extend(holdings)


def holdings() -> Sequence[Holding]:
    """All that is kept of a person, whichever app keeps it."""
    return tuple(_holdings)


def register_eraser(eraser: Callable[[Person], None]) -> None:
    """Make known what an app erases of a person beyond the rows that go with the account: files, history."""
    _erasers.append(eraser)


def erasers() -> Sequence[Callable[[Person], None]]:
    return tuple(_erasers)


def todos_of(person: Person) -> list[Todo]:
    """Everything that waits for this person, the most pressing first, what has no date last."""
    found = [todo for provider in _todo_providers for todo in provider(person)]
    return sorted(found, key=lambda todo: (todo.due_on is None, todo.due_on or date.max, todo.title))


def search(person: Person, words: str, most: int = MOST_FOUND) -> list[tuple[str, Sequence[Found]]]:
    """The results of each source that found something, under its title."""
    found = ((source.title, source.search(person, words, most)) for source in _search_sources)
    return [(title, rows) for title, rows in found if rows]
