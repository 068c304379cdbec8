"""When the people of a group are free: what the ground says of its days, and what takes each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone

from circo.calendar import queries as calendar_queries
from circo.calendar import rules as calendar_rules
from circo.calendar.rules import HalfDay
from circo.models import Person, Posting, School, SchoolYear
from circo.registries import Busy
from networks.groups.rules import Standing
from networks.meetings import rules
from networks.meetings.queries.calling import called_on, participants
from networks.meetings.rules import MEETS, Calendar, Candidate, MeetingState, Presence
from networks.models import Attendance, Meeting, Membership, MutualisationGroup
from networks.places.rules import Slot


def calendar_of(group: MutualisationGroup, first: date, last: date) -> Calendar:
    """What the ground says of the days of a group, from one to the other."""
    departement = group.network.district.departement
    zone = calendar_rules.zone_of(departement.code, departement.holiday_zone)
    known = SchoolYear.objects.aggregate(first=Min("first_day"), last=Max("last_day"))
    public: dict[date, str] = {}
    holidays: dict[date, str] = {}
    for year in range(first.year, last.year + 1):
        public |= calendar_rules.public_holidays(departement.code, year)
        holidays |= calendar_rules.school_holidays(zone, year)
    return Calendar(known["first"], known["last"], public, holidays)


def groups_to_meet(person: Person) -> QuerySet[MutualisationGroup]:
    """The groups that one may call to a meeting: one's own, those that one animates or manages."""
    circle = MutualisationGroup.objects.in_circle_of(person).order_by().values("pk")
    managed = MutualisationGroup.objects.editable_by(person).order_by().values("pk")
    rows = MutualisationGroup.objects.filter(Q(pk__in=circle) | Q(pk__in=managed))
    return rows.select_related("network__district__departement", "adviser")


def candidates(
    group: MutualisationGroup,
    first: date,
    last: date,
    length: timedelta,
    *,
    with_taken: bool = False,
    in_class: bool = False,
) -> list[Candidate]:
    """The moments at which nobody of a group is taken, the days in order; others and those of class if one asks.

    Costs the same number of queries whoever is in the group.
    """
    people = {person.pk: str(person) for person in participants(group, first)}
    calendar = calendar_of(group, first, last)
    slots = list(rules.moments(first, last, length, calendar, timezone.get_current_timezone()))
    taken = _taken(people, first, last)
    evenings = _evenings(people, first, last)
    classes = _classes(people, first, last)
    found = [_candidate(slot, people, taken, evenings, classes) for slot in slots if slot.starts_at > timezone.now()]
    asked = [one for one in found if (in_class or not one.teaching) and (with_taken or not one.taken)]
    return asked[: rules.PROPOSED_MOST]


def _candidate(
    slot: Slot,
    people: dict[int, str],
    taken: dict[HalfDay, set[int]],
    evenings: Sequence[tuple[int, Slot]],
    classes: dict[HalfDay, set[int]],
) -> Candidate:
    """By what somebody is taken is theirs to tell: a visit that they ask for, a day off."""
    busy = {pk for half_day in rules.half_days(slot) for pk in taken.get(half_day, ())}
    busy |= {pk for pk, other in evenings if other.starts_at < slot.ends_at and slot.starts_at < other.ends_at}
    teaching = {pk for half_day in rules.half_days(slot) for pk in classes.get(half_day, ())}
    return Candidate(slot, sorted(people[pk] for pk in busy), len(teaching - busy))


def _taken(people: Collection[int], first: date, last: date) -> dict[HalfDay, set[int]]:
    found: dict[HalfDay, set[int]] = defaultdict(set)
    for pk, taken in calendar_queries.busy(people, first, last).items():
        for each in taken:
            found[each.half_day].add(pk)
    return found


def _evenings(people: Collection[int], first: date, last: date) -> list[tuple[int, Slot]]:
    """The planned meetings of these people, whatever the hour: half-days say nothing of an evening."""
    return [(pk, meeting.slot) for pk, meeting in _planned_of(people, first, last) if meeting.slot]


def _planned_of(people: Collection[int], first: date, last: date) -> list[tuple[int, Meeting]]:
    """Each of these people with each planned meeting to which they are called. Three queries."""
    zone = timezone.get_current_timezone()
    between = (datetime.combine(first, time.min, zone), datetime.combine(last + timedelta(days=1), time.min, zone))
    meetings = list(
        Meeting.objects.filter(state=MeetingState.PLANNED, starts_at__gte=between[0], starts_at__lt=between[1])
        .filter(
            Q(group__memberships__person_id__in=people, group__memberships__standing=Standing.ACTIVE)
            | Q(group__adviser_id__in=people)
        )
        .distinct()
        .select_related("group")
        .order_by("starts_at", "pk")
    )
    rows = Membership.objects.filter(
        group__in={one.group_id for one in meetings}, person_id__in=people, standing=Standing.ACTIVE
    ).values_list("group_id", "person_id", "school_year__first_day", "school_year__last_day")
    excused = _excused(meetings, people)
    found = []
    members = list(rows.order_by("pk"))
    for meeting in meetings:
        on = called_on(meeting)
        called = {pk for group_id, pk, start, end in members if group_id == meeting.group_id and start <= on <= end}
        adviser_id = meeting.group.adviser_id
        if adviser_id is not None and adviser_id in people:
            called.add(adviser_id)
        found += [(pk, meeting) for pk in sorted(called) if (meeting.pk, pk) not in excused]
    return found


def _excused(meetings: Iterable[Meeting], people: Collection[int]) -> set[tuple[int, int]]:
    rows = Attendance.objects.filter(
        meeting__in=[meeting.pk for meeting in meetings], person_id__in=people, presence=Presence.EXCUSED
    )
    return set(rows.order_by("pk").values_list("meeting_id", "person_id"))


def _classes(people: Collection[int], first: date, last: date) -> dict[HalfDay, set[int]]:
    """Which of these people have class on which half-day, as their schools teach."""
    held = Posting.objects.in_force(first).filter(person_id__in=people, school__isnull=False).order_by("pk")
    schools_of: dict[int, set[int]] = defaultdict(set)
    for pk, school_id in held.values_list("person_id", "school_id"):
        schools_of[school_id].add(pk)
    schools = School.objects.filter(pk__in=schools_of).order_by("pk")
    found: dict[HalfDay, set[int]] = defaultdict(set)
    for school_id, half_days in calendar_queries.school_half_days(schools, first, last).items():
        for half_day in half_days:
            found[half_day] |= schools_of[school_id]
    return found


def busy(person_ids: Collection[int], first: date, last: date) -> Iterable[Busy]:
    """The half-days on which a meeting takes people: what `register_busy` gives to the calendar."""
    for pk, meeting in _planned_of(person_ids, first, last):
        for half_day in rules.half_days(meeting.slot) if meeting.slot else ():
            yield Busy(pk, half_day, MEETS)
