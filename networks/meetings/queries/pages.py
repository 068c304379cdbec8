"""What pages show: the meetings of somebody or of a group, a poll, a list of presences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from circo.models import Person
from networks.meetings import rules
from networks.meetings.queries.calling import called_on, participants
from networks.meetings.queries.freedom import groups_to_meet
from networks.meetings.rules import Choice, MeetingState, Presence, Tally
from networks.models import Attendance, Meeting, MeetingDocument, MutualisationGroup, PollAnswer, PollOption

COMING_SHOWN = 6  # on the page of a group: the list holds the others
PAST_SHOWN = 5


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
    polls_first = models.F("starts_at").asc(nulls_first=True)
    past = Q(state=MeetingState.HELD) | Q(state=MeetingState.PLANNED, ends_at__lt=timezone.now())
    return OfGroup(
        coming=list(rows.filter(open_polls | coming).order_by(polls_first, "pk")[:COMING_SHOWN]),
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
