"""Reads of mentoring: one's pairs, whom one may propose to, the thread, and what agendas are told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from circo import registries
from circo.calendar.rules import HalfDay
from circo.models import District, Person
from circo.notices import NoticeKind
from circo.registries import Busy, CalendarEvent
from circo.rules import Role
from networks.meetings.rules import MEETS
from networks.mentoring import rules
from networks.mentoring.rules import State
from networks.models import (
    Membership,
    MentoringGoal,
    MentoringMeeting,
    MentoringMessage,
    MentoringPair,
    MentoringSettings,
    Network,
    Stage,
)

MESSAGE, NEWS = "mentoring-message", "mentoring-news"
NOTICES = (
    NoticeKind(MESSAGE, "Les messages de votre binôme", "Quand votre binôme de mentorat vous a écrit."),
    NoticeKind(
        NEWS,
        "La vie de votre binôme",
        "Quand un mentorat vous est proposé, commence, prend fin, ou change de rencontre.",
    ),
)
NOON = 12
EVENTS_MAX = 200


def pairs(person: Person) -> QuerySet[MentoringPair]:
    """The pairs of which the person is one of the two, but those that somebody declined."""
    rows = MentoringPair.objects.visible_to(person).exclude(state=State.DECLINED)
    return rows.select_related("newcomer", "mentor").order_by("-created_at", "-pk").fetch_mode(models.FETCH_RAISE)


def introduced(person: Person) -> list[dict[str, object]]:
    """What an adviser sees of the pairs that she introduced: who the two are, and whether it is on. Nothing else."""
    is_on = Case(When(state=State.ON, then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = MentoringPair.objects.introduced_by(person).annotate(on_now=is_on).order_by("-created_at", "-pk")
    names = ("newcomer__first_name", "newcomer__last_name", "mentor__first_name", "mentor__last_name", "on_now")
    return [
        {"newcomer": f"{one} {two}", "mentor": f"{three} {four}", "is_on": on}
        for one, two, three, four, on in rows.values_list(*names)[:100]
    ]


# --- Who may be proposed to -----------------------------------------------------------------------------------------
def _of_stages(stages: Collection[Stage]) -> QuerySet[Membership]:
    return Membership.objects.in_force().filter(stage__in=stages, person__is_active=True).order_by()


MENTORS, NEWCOMERS = (Stage.SECOND_YEAR, Stage.RELAY), (Stage.FIRST_YEAR,)


def _people(rows: QuerySet[Membership]) -> QuerySet[Person]:
    return Person.objects.filter(pk__in=rows.values("person_id")).order_by("last_name", "first_name", "pk")


def networks_of(person: Person) -> QuerySet[Network]:
    mine = Membership.objects.in_force().of(person).order_by()
    return Network.objects.filter(pk__in=mine.values("group__network_id"))


def mentors_for(person: Person) -> QuerySet[Person]:
    """Those who may accompany a newcomer: relays and second-year members of the same networks; none for the others."""
    if not _of_stages(NEWCOMERS).filter(person=person).exists():
        return Person.objects.none()
    rows = _of_stages(MENTORS).filter(group__network__in=networks_of(person).order_by().values("pk"))
    return _people(rows).exclude(pk=person.pk)


def newcomers_for(person: Person) -> QuerySet[Person]:
    """Those whom a relay or second-year member may accompany: first-year members of the same networks."""
    if not _of_stages(MENTORS).filter(person=person).exists():
        return Person.objects.none()
    rows = _of_stages(NEWCOMERS).filter(group__network__in=networks_of(person).order_by().values("pk"))
    return _people(rows).exclude(pk=person.pk)


def districts_introduced_in(person: Person) -> frozenset[int]:
    """The districts in which one is an adviser: an inspector introduces nobody, for one must be free to refuse."""
    return person.reach().district_ids_as(Role.ADVISER)


def to_introduce(person: Person, stages: Collection[Stage]) -> QuerySet[Person]:
    rows = _of_stages(stages).filter(group__network__district_id__in=districts_introduced_in(person))
    return _people(rows).exclude(pk=person.pk)


def district_of(newcomer: Person, mentor: Person) -> District | None:
    """The district in which one of the two is new, and the other is not."""
    new = _of_stages(NEWCOMERS).filter(person=newcomer).values("group__network__district_id")
    old = _of_stages(MENTORS).filter(person=mentor).values("group__network__district_id")
    return District.objects.filter(pk__in=new).filter(pk__in=old).order_by("pk").first()


# --- The thread -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Page:
    """All that the two read of their pair."""

    pair: MentoringPair
    other: Person | None
    messages: list[MentoringMessage]
    earlier: int | None  # the number before which there are more
    goals: list[MentoringGoal]
    meetings: list[MentoringMeeting]
    state: str


def address(pair: MentoringPair, place: str = "") -> str:
    return reverse("networks:mentoring_pair", args=[pair.pk]) + (f"#{place}" if place else "")


def page_of(pair: MentoringPair, person: Person, *, before: int | None = None) -> Page:
    """Read the page of a pair that the caller has found in scope, for one of the two."""
    messages, earlier = thread(pair, person, before=before)
    return Page(
        pair=pair,
        other=pair.other_of(person),
        messages=messages,
        earlier=earlier,
        goals=list(MentoringGoal.objects.visible_to(person).filter(pair=pair).fetch_mode(models.FETCH_RAISE)),
        meetings=list(MentoringMeeting.objects.visible_to(person).filter(pair=pair).order_by("-starts_at", "-pk")[:50]),
        state=state_text(pair),
    )


def thread(
    pair: MentoringPair, person: Person, *, before: int | None = None
) -> tuple[list[MentoringMessage], int | None]:
    """The latest messages, in the order they were written, and where one finds the earlier ones."""
    rows = MentoringMessage.objects.visible_to(person).filter(pair=pair).select_related("author")
    if before is not None:
        rows = rows.filter(number__lt=before)
    found = list(rows.order_by("-number").fetch_mode(models.FETCH_RAISE)[: rules.A_PAGE + 1])
    earlier = found[rules.A_PAGE - 1].number if len(found) > rules.A_PAGE else None
    return found[: rules.A_PAGE][::-1], earlier


def state_text(pair: MentoringPair) -> str:
    """Name the last change of a thread, and what each has read of it, without telling how many there are."""
    said = f"{pair.pk}:{pair.number}:{pair.newcomer_read}:{pair.mentor_read}:{pair.state}:{pair.erasure_asked_by_id}"
    return salted_hmac("networks.mentoring", said, algorithm="sha256").hexdigest()[:16]


def state_for(pair_id: int, person: Person) -> str | None:
    """What tells one of the two that something has changed; None for anybody else."""
    pair = MentoringPair.objects.visible_to(person).filter(pk=pair_id, state__in=rules.THREADED).first()
    return state_text(pair) if pair else None


def last_number(pair: MentoringPair, person: Person) -> int:
    """The number of the last message that the other has written."""
    rows = MentoringMessage.objects.visible_to(person).filter(pair=pair).exclude(author=person)
    return rows.aggregate(last=models.Max("number"))["last"] or 0


def settings_of(pair: MentoringPair) -> MentoringSettings | None:
    """What the district counts of mentoring; None if it counts nothing."""
    return MentoringSettings.objects.filter(district=pair.district_id).exclude(counting="NOT").first()


def shared_films(pair: MentoringPair, person: Person) -> list[registries.Found]:
    """What one of the two has made and the other may see, as the apps above tell it."""
    other = pair.other_of(person)
    return registries.shared_between(person, other) if other else []


# --- What agendas are told: that one is taken, and in one's own feed where one goes ---------------------------------
def _coming(person_ids: Collection[int]) -> QuerySet[MentoringMeeting]:
    theirs = Q(pair__newcomer__in=person_ids) | Q(pair__mentor__in=person_ids)
    return MentoringMeeting.objects.filter(theirs, pair__state__in=rules.THREADED).select_related("pair")


def busy(person_ids: Collection[int], first: date, last: date) -> Iterable[Busy]:
    """When people meet their pair: what is said of a group's meeting as well, and not one word more."""
    zone = timezone.get_current_timezone()
    since, until = (datetime.combine(day, time(), zone) for day in (first, last))
    rows = _coming(person_ids).filter(
        cancelled_at=None, pair__state=State.ON, starts_at__gte=since, starts_at__lt=until + timedelta(days=1)
    )
    for meeting in rows:
        starts_at = timezone.localtime(meeting.starts_at)
        half_day = HalfDay(starts_at.date(), "AM" if starts_at.hour < NOON else "PM")
        for person_id in (meeting.pair.newcomer_id, meeting.pair.mentor_id):
            if person_id is not None and person_id in person_ids:
                yield Busy(person_id, half_day, MEETS)


def events(person: Person, since: date) -> Iterable[CalendarEvent]:
    """The meetings of one's pairs, in one's own agenda: no name, for a feed leaves the platform."""
    begins = datetime.combine(since, time(), timezone.get_current_timezone())
    rows = _coming([person.pk]).filter(starts_at__gte=begins).order_by("starts_at", "pk")
    for meeting in rows[:EVENTS_MAX]:
        yield CalendarEvent(
            uid=f"mentoring-{meeting.pk}",
            sequence=meeting.sequence,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            title="Rencontre de mentorat",
            place="",
            url=address(meeting.pair, "rencontres"),
            cancelled=meeting.cancelled_at is not None or meeting.pair.state != State.ON,
            updated_at=meeting.updated_at,
        )
