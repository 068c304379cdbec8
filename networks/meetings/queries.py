"""Reads of meetings: who is called, when they are free, what a group page shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import Exists, Max, Min, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from circo.calendar import queries as calendar_queries
from circo.calendar import rules as calendar_rules
from circo.calendar.rules import HalfDay
from circo.models import Person, Posting, School, SchoolYear
from circo.registries import Busy, CalendarEvent, Todo
from networks.groups.queries import adviser_of
from networks.groups.rules import Standing
from networks.meetings import rules
from networks.meetings.rules import MEETS, Calendar, Candidate, Choice, MeetingState, Presence, Tally, Way
from networks.models import Attendance, Meeting, MeetingDocument, Membership, MutualisationGroup, PollAnswer, PollOption
from networks.places.rules import Slot

CANCELLED_TOLD = timedelta(weeks=8)  # how long what was called off is still given to calendars
PAST_SHOWN = 5


# --- Who is called ----------------------------------------------------------------------------------------------------
def participants(group: MutualisationGroup, on: date) -> QuerySet[Person]:
    """The active members of a group on that day, and who animates it today."""
    members = Membership.objects.of_day(on).filter(group=group, standing=Standing.ACTIVE).order_by()
    rows = Person.objects.filter(Q(pk__in=members.values("person_id")) | adviser_of(group), is_active=True)
    return rows.order_by("last_name", "first_name", "pk")


def called_on(meeting: Meeting) -> date:
    """The day whose members a meeting calls: its own, or today as long as it has none."""
    return meeting.slot.starts_at.date() if meeting.slot else timezone.localdate()


def is_called(meeting: Meeting, person: Person) -> bool:
    """Tell whether somebody is called to a meeting."""
    return participants(meeting.group, called_on(meeting)).filter(pk=person.pk).exists()


def may_open_papers(meeting: Meeting, person: Person) -> bool:
    """Tell whether somebody is of the circle that writes the papers of a meeting, and opens them to the team or not."""
    return Meeting.objects.attended_by(person).filter(pk=meeting.pk).exists()


# --- When they are free -----------------------------------------------------------------------------------------------
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
    taken: dict[HalfDay, dict[int, str]],
    evenings: Sequence[tuple[int, Slot]],
    classes: dict[HalfDay, set[int]],
) -> Candidate:
    busy: dict[int, str] = {}
    for half_day in rules.half_days(slot):
        busy |= taken.get(half_day, {})
    busy |= {pk: MEETS for pk, other in evenings if other.starts_at < slot.ends_at and slot.starts_at < other.ends_at}
    teaching = {pk for half_day in rules.half_days(slot) for pk in classes.get(half_day, ())}
    words = [f"{people[pk]} ({reason.lower()})" for pk, reason in sorted(busy.items(), key=lambda one: people[one[0]])]
    return Candidate(slot, words, len(teaching - set(busy)))


def _taken(people: Collection[int], first: date, last: date) -> dict[HalfDay, dict[int, str]]:
    found: dict[HalfDay, dict[int, str]] = defaultdict(dict)
    for pk, taken in calendar_queries.busy(people, first, last).items():
        for each in taken:
            found[each.half_day][pk] = each.reason
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


# --- Pages ------------------------------------------------------------------------------------------------------------
_READ = ("group__network__district__departement", "group__adviser", "booking__place", "school", "organiser")


def meetings(person: Person) -> QuerySet[Meeting]:
    """The meetings whose page one may open. `is_led`: one organises it; `is_read`: one reads its papers."""
    same = Meeting.objects.filter(pk=OuterRef("pk"))
    return (
        Meeting.objects.visible_to(person)
        .select_related(*_READ)
        .annotate(
            is_led=Exists(same.filter(pk__in=Meeting.objects.editable_by(person).order_by().values("pk"))),
            is_read=Exists(same.filter(pk__in=Meeting.objects.read_by(person).order_by().values("pk"))),
        )
    )


def attended_meetings(person: Person) -> QuerySet[Meeting]:
    """Of them, those of one's circles."""
    return meetings(person).filter(pk__in=Meeting.objects.attended_by(person).order_by().values("pk"))


@dataclass(frozen=True)
class OfGroup:
    """What the page of a group shows of its meetings."""

    coming: Sequence[Meeting]
    past: Sequence[Meeting]
    documents: Sequence[MeetingDocument]
    may_call: bool

    @property
    def next(self) -> Meeting | None:
        return next((meeting for meeting in self.coming if meeting.starts_at), None)


def of_group(group: MutualisationGroup, person: Person) -> OfGroup:
    """The polls and the meetings to come of a group, its last ones, its last documents. Four queries."""
    rows = meetings(person).filter(group=group).fetch_mode(models.FETCH_RAISE)
    open_polls = Q(state=MeetingState.POLLING)
    coming = Q(state=MeetingState.PLANNED, ends_at__gte=timezone.now())
    papers = MeetingDocument.objects.visible_to(person).filter(meeting__group=group)
    past = Q(state=MeetingState.HELD) | Q(state=MeetingState.PLANNED, ends_at__lt=timezone.now())
    return OfGroup(
        coming=list(rows.filter(open_polls | coming).order_by("starts_at", "pk")),
        past=list(rows.filter(past).order_by("-starts_at", "-pk")[:PAST_SHOWN]),
        documents=list(papers.order_by("-created_at", "pk")[:PAST_SHOWN]),
        may_call=groups_to_meet(person).filter(pk=group.pk).exists(),
    )


def meeting_list(group: MutualisationGroup, person: Person) -> QuerySet[Meeting]:
    """All the meetings of a group, the newest first, those without a date before."""
    rows = meetings(person).filter(group=group)
    return rows.order_by(models.F("starts_at").desc(nulls_first=True), "-pk").fetch_mode(models.FETCH_RAISE)


@dataclass(frozen=True)
class Row:
    """One moment of a poll: who answered what, and what I answered."""

    option: PollOption
    tally: Tally
    names: dict[str, list[str]]  # by choice
    silent: list[str]
    mine: str
    is_best: bool


@dataclass(frozen=True)
class Poll:
    rows: Sequence[Row]
    explained: str


def poll_of(meeting: Meeting, person: Person) -> Poll:
    """What was answered to a poll. Two queries, and that of the participants."""
    called = list(participants(meeting.group, timezone.localdate()))
    answers = PollAnswer.objects.select_related("person").order_by("person__last_name", "person__first_name", "pk")
    options = list(meeting.options.prefetch_related(Prefetch("answers", queryset=answers)).order_by("starts_at", "pk"))
    tallies = {option.pk: _tally(option, called) for option in options}
    best = rules.best(tallies.values())
    rows = [_row(option, tallies[option.pk], called, person, best) for option in options]
    return Poll(rows, rules.explained(best) if best else "")


def _tally(option: PollOption, called: Sequence[Person]) -> Tally:
    ids = {person.pk for person in called}
    choices = [answer.choice for answer in option.answers.all() if answer.person_id in ids]
    yes, needed, no = (choices.count(choice.value) for choice in Choice)
    return Tally(option.slot, yes, needed, no, len(called))


def _row(option: PollOption, tally: Tally, called: Sequence[Person], person: Person, best: Tally | None) -> Row:
    said = {answer.person_id: answer.choice for answer in option.answers.all()}
    names = {choice.value: [str(one) for one in called if said.get(one.pk) == choice.value] for choice in Choice}
    silent = [str(one) for one in called if one.pk not in said]
    return Row(option, tally, names, silent, said.get(person.pk, ""), tally == best)


@dataclass(frozen=True)
class Line:
    """One person on the list of a meeting."""

    person: Person
    attendance: Attendance | None

    @property
    def waits(self) -> bool:
        held = self.attendance
        return held is not None and held.presence == Presence.PRESENT and held.confirmed_at is None


def lines_of(meeting: Meeting) -> list[Line]:
    """Who is called, and who came without being called any more; with what is known of each. Two queries."""
    held = {one.person_id: one for one in meeting.attendances.select_related("person").order_by("pk")}
    called = list(participants(meeting.group, called_on(meeting)))
    known = {person.pk for person in called}
    others = [one.person for pk, one in held.items() if pk not in known]
    everybody = sorted([*called, *others], key=lambda person: (person.last_name, person.first_name, person.pk))
    return [Line(person, held.get(person.pk)) for person in everybody]


# --- What the home page, the agenda and the reminders read ------------------------------------------------------------
def todos(person: Person) -> list[Todo]:
    """Polls to answer, meetings to close, presences to confirm."""
    called = Meeting.objects.attended_by(person).select_related("group")
    answered = PollAnswer.objects.filter(option__meeting=OuterRef("pk"), person_id=person.pk)
    polls = called.filter(state=MeetingState.POLLING).exclude(Exists(answered)).order_by("pk")
    led = Meeting.objects.editable_by(person).attended_by(person).select_related("group")
    over = led.filter(state=MeetingState.PLANNED, ends_at__lt=timezone.now()).order_by("starts_at", "pk")
    waiting = Attendance.objects.filter(
        meeting=OuterRef("pk"), way=Way.SELF, presence=Presence.PRESENT, confirmed_at=None
    ).exclude(person_id=person.pk)
    to_confirm = led.filter(Exists(waiting), state=MeetingState.HELD).order_by("starts_at", "pk")
    return [
        *(_todo(one, "Choisir une date", f"{one.group.name}\u00a0: {one.title}", one.answers_until) for one in polls),
        *(_todo(one, "Dire qui est venu", f"{one.group.name}\u00a0: {one.title}") for one in over),
        *(_todo(one, "Confirmer des présences", f"{one.group.name}\u00a0: {one.title}") for one in to_confirm),
    ]


def _todo(meeting: Meeting, title: str, detail: str, due_on: date | None = None) -> Todo:
    url = reverse("networks:meeting_page", args=[meeting.pk])
    return Todo(title, detail, url, "calendar", due_on=due_on, minutes=2)


def events_of(person: Person, since: date) -> list[CalendarEvent]:
    """The meetings of one's groups, for the agenda and the other calendars."""
    from_at = datetime.combine(since, time.min, timezone.get_current_timezone())
    dated = Meeting.objects.attended_by(person).filter(starts_at__isnull=False, ends_at__gte=from_at)
    lately = Q(state__in=(MeetingState.PLANNED, MeetingState.HELD)) | Q(
        state=MeetingState.CANCELLED, cancelled_at__gt=timezone.now() - CANCELLED_TOLD
    )
    rows = dated.filter(lately).select_related("group", "booking__place", "school").order_by("starts_at", "pk")
    return [event_of(meeting) for meeting in rows]


def event_of(meeting: Meeting) -> CalendarEvent:
    """A meeting as calendars read it. Its title and agenda are typed by people: they stay here."""
    slot = meeting.slot
    if slot is None:
        raise ValueError("a meeting without a date is on no calendar")
    return CalendarEvent(
        uid=f"meeting-{meeting.pk}",
        sequence=meeting.sequence,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        title=f"Rencontre\u00a0: {meeting.group.name}",
        place=meeting.place_words,
        url=reverse("networks:meeting_page", args=[meeting.pk]),
        cancelled=meeting.state == MeetingState.CANCELLED,
        updated_at=meeting.updated_at,
    )


def near(today: date) -> list[tuple[Meeting, int]]:
    """The meetings of which people are reminded today, each with the number of days that are left."""
    found = []
    for days in rules.REMINDED_DAYS:
        start = datetime.combine(today + timedelta(days=days), time.min, timezone.get_current_timezone())
        rows = Meeting.objects.filter(
            state=MeetingState.PLANNED, starts_at__gte=start, starts_at__lt=start + timedelta(days=1)
        )
        found += [(meeting, days) for meeting in rows.select_related("group").order_by("starts_at", "pk")]
    return found


def not_excused(meeting: Meeting) -> QuerySet[Person]:
    """Who is called to a meeting and has not said that they will not come."""
    excused = meeting.attendances.filter(presence=Presence.EXCUSED).order_by().values("person_id")
    return participants(meeting.group, called_on(meeting)).exclude(pk__in=excused)
