"""What the pages of sessions read. How far learners are comes from `Enrolment.objects.followed_by` alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from circo.access import Permission
from circo.hours.rules import in_words
from circo.models import Person, Posting
from circo.queries import counted
from circo.registries import CANCELLED_TOLD, Busy, CalendarEvent
from circo.rules import Role
from networks.groups.rules import Stage
from networks.meetings.rules import MEETS, MeetingState, Presence, half_days
from networks.models import Attendance, Meeting, Membership, MutualisationGroup
from trainings.following import rules
from trainings.models import (
    Enrolment,
    LearningPath,
    PathSession,
    PathVersion,
    QuestionAnswer,
    SessionDate,
    SessionPresence,
    StepProgress,
)
from trainings.paths.rules import StepKind, VersionState

PER_PAGE, LEARNERS_PER_PAGE = 20, 50
MEETINGS_MOST = 60


# --- Who and what a session may be made of ----------------------------------------------------------------------------
def published_version(person: Person, path: LearningPath) -> PathVersion | None:
    """The version that a session of this path takes today."""
    rows = PathVersion.objects.visible_to(person).filter(path=path, state=VersionState.PUBLISHED)
    return rows.select_related("path__district").first()


def tutors(district_ids: Collection[int]) -> QuerySet[Person]:
    """Who may accompany a session there: advisers, trainers and relays; never somebody whose role judges."""
    held = Posting.objects.in_force(timezone.localdate())
    there = Q(district_id__in=district_ids) | Q(school__district_id__in=district_ids)
    helping = held.filter(there, role__in=(Role.ADVISER, Role.TRAINER)).order_by()
    judging = held.filter(there, role=Role.INSPECTOR).order_by()
    relays = Membership.objects.in_force().filter(stage=Stage.RELAY, group__network__district_id__in=district_ids)
    known = Q(pk__in=helping.values("person_id")) | Q(pk__in=relays.order_by().values("person_id"))
    rows = Person.objects.filter(known, is_active=True).exclude(pk__in=judging.values("person_id"))
    return rows.order_by("last_name", "first_name", "pk")


def groups(district_ids: Collection[int]) -> QuerySet[MutualisationGroup]:
    return MutualisationGroup.objects.filter(network__district_id__in=district_ids).order_by("name", "pk")


def members(group: MutualisationGroup) -> QuerySet[Person]:
    """The members of a group today."""
    rows = Membership.objects.in_force().filter(group=group).order_by().values("person_id")
    return Person.objects.filter(pk__in=rows, is_active=True).order_by("pk")


# --- The lists --------------------------------------------------------------------------------------------------------
def sessions(person: Person) -> QuerySet[PathSession]:
    """The sessions that one leads, or of one's team, with `learners`: how many take part."""
    learners = counted(Enrolment.objects.filter(left_at=None), "session")
    related = ("version__path", "tutor", "group", "district")
    return PathSession.objects.editable_by(person).select_related(*related).annotate(learners=learners)


def session_list_page(person: Person, given: Mapping[str, str]) -> Page:
    """Read the sessions, the last to begin first. Two queries, whatever their number."""
    return Paginator(sessions(person).order_by("-first_day", "-pk"), PER_PAGE).get_page(given.get("page"))


# --- One session, for who opened it and who leads it ------------------------------------------------------------------
@dataclass(frozen=True)
class LearnerRow:
    """How far one learner is, who agreed that it be seen."""

    enrolment: Enrolment
    stuck: str
    visited: str

    @property
    def done(self) -> str:
        one = self.enrolment
        return f"{one.done_steps} étape{'s' if one.done_steps > 1 else ''} sur {one.total_steps}"

    @property
    def left(self) -> str:
        minutes = self.enrolment.left_minutes
        return f"encore {in_words(minutes)} environ" if minutes and not self.enrolment.completed_at else ""


@dataclass(frozen=True)
class SessionPage:
    session: PathSession
    is_led: bool
    is_written: bool  # its title, days, tutor and group may be changed
    learners: int
    followed: int
    page: Page | None  # nothing for who does not lead it
    rows: Sequence[LearnerRow]
    stuck: int
    stuck_alone: bool
    dates: Sequence[SessionDate]
    meetings: Sequence[Meeting]

    @property
    def others(self) -> int:
        return self.learners - self.followed

    @property
    def query(self) -> str:
        return "vue=bloques" if self.stuck_alone else ""


def session_page(session: PathSession, person: Person, given: Mapping[str, str]) -> SessionPage:
    """Read the page of a session. Ten queries at the most, whatever the number of its learners."""
    is_led = PathSession.objects.led_by(person).filter(pk=session.pk).exists()
    now = timezone.now()
    rows = followed_learners(session, person)  # of who does not lead it: nobody
    stuck_alone = given.get("vue") == "bloques"
    stuck = rows.filter(_seems_stuck(now))
    page = Paginator(stuck if stuck_alone else rows, LEARNERS_PER_PAGE).get_page(given.get("page")) if is_led else None
    return SessionPage(
        session=session,
        is_led=is_led,
        is_written=session.district_id in person.reach().district_ids_for(Permission.WRITE_PATHS),
        learners=Enrolment.objects.filter(session=session, left_at=None).count(),
        followed=rows.count() if is_led else 0,
        page=page,
        rows=[_row(one, now) for one in page.object_list] if page else [],
        stuck=stuck.count() if is_led else 0,
        stuck_alone=stuck_alone,
        dates=list(session.dates.kept().annotate(present=_noted())),
        meetings=meetings_of(session, person),
    )


def _noted() -> Coalesce:
    return counted(SessionPresence.objects.filter(noted_at__isnull=False), "date")


def followed_learners(session: PathSession, person: Person) -> QuerySet[Enrolment]:
    """The learners of a session whom this person may follow, in alphabetical order: nothing of what they write, answer
    or watch is read."""
    done = StepProgress.objects.filter(enrolment=OuterRef("pk"), done_at__isnull=False).order_by("-done_at")
    passed = StepProgress.objects.filter(
        enrolment=OuterRef("enrolment"), step=OuterRef("question__step"), done_at__isnull=False
    )
    failed = QuestionAnswer.objects.filter(
        ~Exists(passed), enrolment=OuterRef("pk"), tries__gte=rules.TRIES, question__step__kind=StepKind.QUIZ
    )
    shown = ("done_steps", "total_steps", "left_minutes", "seen_at", "completed_at", "session")
    names = ("person__first_name", "person__last_name")
    return (
        Enrolment.objects.followed_by(person)
        .filter(session=session)
        .select_related("person")
        .only(*shown, *names)
        .annotate(done_last=Coalesce(Subquery(done.values("done_at")[:1]), F("started_at")), fails=Exists(failed))
        .order_by("person__last_name", "person__first_name", "pk")
    )


def _seems_stuck(now: datetime) -> Q:
    silent = Q(done_last__lt=now - timedelta(days=rules.SILENT_DAYS))
    return Q(silent | Q(fails=True), completed_at=None)


def _row(one: Any, now: datetime) -> LearnerRow:
    stuck = rules.why_stuck(is_over=one.completed_at is not None, done_last=one.done_last, fails=one.fails, now=now)
    visited = rules.last_visit(timezone.localdate(one.seen_at), timezone.localdate(now))
    return LearnerRow(one, stuck, visited)


def meetings_of(session: PathSession, person: Person) -> list[Meeting]:
    """The meetings of the session's group between its days, of those that this person sees."""
    if session.group_id is None:
        return []
    rows = Meeting.objects.visible_to(person).filter(meetings_between(session))
    return list(rows.select_related("booking__place", "school").order_by("starts_at", "pk")[:MEETINGS_MOST])


def meetings_between(session: PathSession) -> Q:
    """The meetings of a session's group that are of the session."""
    return Q(
        group=session.group_id,
        state__in=(MeetingState.PLANNED, MeetingState.HELD),
        starts_at__date__gte=session.first_day,
        starts_at__date__lte=session.last_day,
    )


# --- Presences --------------------------------------------------------------------------------------------------------
def may_be_noted(session_date: SessionDate, person: Person) -> list[Enrolment]:
    """Whom this tutor may note as present: those who are followed, and those who say that they were there. Each with
    `is_noted` and `is_said`. One query."""
    said = SessionPresence.objects.filter(date=session_date, enrolment=OuterRef("pk"))
    followed = Enrolment.objects.followed_by(person).filter(session=session_date.session_id).order_by().values("pk")
    rows = Enrolment.objects.filter(session=session_date.session_id, left_at=None)
    rows = rows.annotate(
        is_said=Exists(said.filter(said_at__isnull=False)), is_noted=Exists(said.filter(noted_at__isnull=False))
    ).filter(Q(pk__in=followed) | Q(is_said=True))
    names = ("session", "person__first_name", "person__last_name")
    found = rows.select_related("person").only(*names).order_by("person__last_name", "person__first_name", "pk")
    return list(found) if SessionDate.objects.led_by(person).filter(pk=session_date.pk).exists() else []


def was_at_a_date(enrolment: Enrolment) -> bool:
    """Tell whether a presence of this learner at a date or a meeting of the session is noted."""
    session = enrolment.session
    if session is None:
        return False
    if SessionPresence.objects.filter(
        enrolment=enrolment, date__session=session, date__removed_at=None, noted_at__isnull=False
    ).exists():
        return True
    held = Meeting.objects.filter(meetings_between(session)).order_by().values("pk")
    rows = Attendance.objects.filter(person=enrolment.person_id, presence=Presence.PRESENT, confirmed_at__isnull=False)
    return session.group_id is not None and rows.filter(meeting__in=held).exists()


def has_dates(session: PathSession) -> bool:
    return session.group_id is not None or session.dates.kept().exists()


# --- The learner's side -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class DateRow:
    date: SessionDate
    presence: SessionPresence | None


@dataclass(frozen=True)
class LearnerSide:
    """What a learner reads of the session: who sees what, and when one meets."""

    session: PathSession
    enrolment: Enrolment
    dates: Sequence[DateRow]
    meetings: Sequence[Meeting]

    @property
    def is_seen(self) -> bool:
        return self.session.is_accompanied and self.enrolment.followed

    @property
    def may_be_seen(self) -> bool:
        return self.session.is_accompanied and self.enrolment.left_at is None


def learner_side(enrolment: Enrolment | None, person: Person) -> LearnerSide | None:
    """Read what a learner sees of the session, if one takes part in one. Four queries at the most."""
    if enrolment is None or enrolment.session_id is None:
        return None
    related = ("tutor", "group")
    session = PathSession.objects.visible_to(person).select_related(*related).get(pk=enrolment.session_id)
    said = {row.date_id: row for row in SessionPresence.objects.filter(enrolment=enrolment)}
    dates = [DateRow(one, said.get(one.pk)) for one in session.dates.kept()]
    return LearnerSide(session, enrolment, dates, meetings_of(session, person))


# --- The agenda -------------------------------------------------------------------------------------------------------
def events(person: Person, since: date) -> Iterable[CalendarEvent]:
    """The dates of the sessions that one takes or leads. What people type of a session stays here."""
    begins = datetime.combine(since, time(), timezone.get_current_timezone())
    lately = Q(removed_at=None) | Q(removed_at__gt=timezone.now() - CANCELLED_TOLD)
    rows = SessionDate.objects.attended_by(person).filter(lately, ends_at__gte=begins)
    for one in rows.select_related("session__version").order_by("starts_at", "pk"):
        yield CalendarEvent(
            uid=f"path-session-date-{one.pk}",
            sequence=one.sequence,
            starts_at=one.slot.starts_at,
            ends_at=one.slot.ends_at,
            title="Rencontre d’un parcours",
            place=one.place_words,
            url=reverse("trainings:path_show", args=[one.session.version.path_id]),
            cancelled=one.is_cancelled,
            updated_at=one.updated_at,
        )


def busy(person_ids: Collection[int], first: date, last: date) -> Iterable[Busy]:
    """The half-days on which a date of a session takes people. Two queries at the most."""
    zone = timezone.get_current_timezone()
    since, until = datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)
    taken = Enrolment.objects.filter(person__in=person_ids, left_at=None, session__isnull=False).order_by()
    rows = SessionDate.objects.kept().filter(session__ended_at=None, starts_at__gte=since, starts_at__lt=until)
    rows = rows.filter(Q(session__in=taken.values("session_id")) | Q(session__tutor__in=person_ids))
    dates = list(rows.select_related("session").order_by("starts_at", "pk"))
    takers: dict[int, set[int]] = {}
    pairs = taken.filter(session__in={one.session_id for one in dates}).values_list("session_id", "person_id")
    for session_id, person_id in pairs:
        takers.setdefault(session_id, set()).add(person_id)
    asked = set(person_ids)
    for one in dates:
        for person_id in sorted(takers.get(one.session_id, set()) | asked & {one.session.tutor_id}):
            for half_day in half_days(one.slot):
                yield Busy(person_id, half_day, MEETS)
