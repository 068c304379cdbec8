"""What the other rooms and the apps above tell of groups, without being imported by them.

Each registers its providers in `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circo.models import District, SchoolYear
    from networks.models import MutualisationGroup

NewYearEvent = Callable[["District", "SchoolYear"], bool]
Activity = Callable[["MutualisationGroup", date], dict[int, date]]
Attendance = Callable[[Sequence[int], date, date], dict[tuple[int, int], int]]
LastMeeting = Callable[[Sequence[int]], dict[int, date]]

_new_year_events: list[NewYearEvent] = []
_activities: list[Activity] = []
_attendances: list[Attendance] = []
_last_meetings: list[LastMeeting] = []


def register_new_year_event(provider: NewYearEvent) -> None:
    """Tell whether something already happened in the groups of a district in a school year: a meeting set, a visit
    booked. An event is what somebody would lose, or be wrongly told of, if the opening of that year were taken back."""
    _new_year_events.append(provider)


def has_new_year_event(district: District, year: SchoolYear) -> bool:
    return any(provider(district, year) for provider in _new_year_events)


def register_activity(provider: Activity) -> None:
    """`provider(group, since)` gives, by person's id, the last day on which each did something in the group."""
    _activities.append(provider)


def last_activity(group: MutualisationGroup, since: date) -> dict[int, date]:
    """The last day on which each person did something in the group, whichever app saw it."""
    found: dict[int, date] = {}
    for provider in _activities:
        for person_id, day in provider(group, since).items():
            found[person_id] = max(day, found.get(person_id, day))
    return found


def watches_activity() -> bool:
    return bool(_activities)


def register_attendance(provider: Attendance) -> None:
    """`provider(group_ids, first, last)` counts the meetings attended, by (person's id, group's id)."""
    _attendances.append(provider)


def attendance(group_ids: Sequence[int], first: date, last: date) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = {}
    for provider in _attendances:
        for key, count in provider(group_ids, first, last).items():
            found[key] = found.get(key, 0) + count
    return found


def knows_attendance() -> bool:
    return bool(_attendances)


def register_last_meeting(provider: LastMeeting) -> None:
    """`provider(group_ids)` gives, by group's id, the day of the last meeting that was held."""
    _last_meetings.append(provider)


def last_meetings(group_ids: Sequence[int]) -> dict[int, date]:
    found: dict[int, date] = {}
    for provider in _last_meetings:
        for group_id, day in provider(group_ids).items():
            found[group_id] = max(day, found.get(group_id, day))
    return found


def knows_meetings() -> bool:
    return bool(_last_meetings)
