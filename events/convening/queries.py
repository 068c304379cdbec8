"""Reads of convocations: who is on the list and from where, what each answered, what takes people's time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from circo.access import Permission
from circo.calendar.rules import HalfDay
from circo.documents.rules import weekday
from circo.models import Person, Posting, School
from circo.registries import CANCELLED_TOLD, Busy, CalendarEvent, Todo
from circo.rules import ROLE_LABELS, Role
from circo.search import matching
from events.convening import rules
from events.convening.rules import Answer, ConvocationState
from events.days import rules as day_rules
from events.days.queries import WITH_A_CLASS, members
from events.days.rules import DayState
from events.models import Convocation, SharingDay
from events.needs import queries as needs
from events.needs.leaving import queries as leaving
from events.needs.leaving.queries import Crowded

TAKEN = "Une journée des partages"
FOUND_MOST = 12  # people proposed as guests
AWAY_MOST = 100  # people of a district called elsewhere, on one page


# --- The list ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """One person on the list of a day, and the class that they leave."""

    convocation: Convocation
    posting: Posting | None

    @property
    def person(self) -> Person:
        return self.convocation.person

    @property
    def school(self) -> School | None:
        return self.posting.school if self.posting else None

    @property
    def school_name(self) -> str:
        return str(self.school) if self.school else ""

    @property
    def quality(self) -> str:
        return ROLE_LABELS[Role(self.posting.role)] if self.posting is not None else ""


def postings_of(person_ids: Iterable[int], on: date) -> dict[int, Posting]:
    """The class that each of these people has on a day, if any; of two, the larger share. One query."""
    held = Posting.objects.in_force(on).filter(person_id__in=person_ids, school__isnull=False, role__in=WITH_A_CLASS)
    rows = held.select_related("school").order_by("share_percent", "pk")
    return {posting.person_id: posting for posting in rows}


def lines_of(day: SharingDay, convocations: QuerySet[Convocation] | None = None) -> list[Line]:
    """Who is on the list of a day, in order, with the class that each leaves. Two queries."""
    rows = Convocation.objects.filter(day=day) if convocations is None else convocations
    held = list(
        rows.select_related("person", "document", "certificate", "guest_of").order_by(
            "person__last_name", "person__first_name", "pk"
        )
    )
    postings = postings_of([one.person_id for one in held], day.on)
    return [Line(one, postings.get(one.person_id)) for one in held]


@dataclass(frozen=True)
class ListPage:
    """The list of a day, cut as one works on it."""

    lines: Sequence[Line]
    taken_out: Sequence[Line]
    missing: int  # members who are on no list
    gone: Sequence[Line]  # on the list, and no longer members
    crowded: Sequence[Crowded] = field(default_factory=list)


def list_page(day: SharingDay) -> ListPage:
    """All that the page of the list shows. The same number of queries however long the list."""
    lines = lines_of(day)
    standing = [one for one in lines if one.convocation.state != ConvocationState.WITHDRAWN]
    now = set(members(day.district, day.on).values_list("pk", flat=True))
    known = {one.person.pk for one in lines}
    return ListPage(
        lines=standing,
        taken_out=[one for one in lines if one.convocation.state == ConvocationState.WITHDRAWN],
        missing=len(now - known),
        gone=[one for one in standing if not one.convocation.is_guest and one.person.pk not in now],
        crowded=leaving.crowded(needs.facts_of(day)),
    )


def counts(page: ListPage) -> dict[str, int]:
    """How many of a list are to send, silent, coming, not coming."""
    held = [line.convocation for line in page.lines]
    return {
        "to_send": sum(1 for one in held if one.state == ConvocationState.PREPARED),
        "silent": sum(1 for one in held if one.state == ConvocationState.SENT),
        "come": sum(1 for one in held if one.answer and one.answer != Answer.CANNOT),
        "cannot": sum(1 for one in held if one.answer == Answer.CANNOT),
    }


def with_letter(convocations: QuerySet[Convocation], day: SharingDay) -> QuerySet[Convocation]:
    """The convocations of a day, with what their letter says."""
    return convocations.filter(day=day).select_related("person", "document", "sent_by", "day")


def line_of(convocation: Convocation) -> Line:
    """One convocation with the class that is left."""
    postings = postings_of([convocation.person_id], convocation.day.on)
    return Line(convocation, postings.get(convocation.person_id))


def guests_found(day: SharingDay, person: Person, words: str, *, called: bool = False) -> list[Person]:
    """The people whose name holds these words and who are not on the list; with `called`, who were not called."""
    if not words.strip():
        return []
    on_list = day.convocations.called() if called else day.convocations.standing()
    known = on_list.order_by().values("person_id")
    rows = Person.objects.visible_to(person).filter(is_active=True).exclude(pk__in=known)
    return list(matching(rows, ("folded",), words, FOUND_MOST))


def guest_from(day: SharingDay, email: str) -> tuple[Person, int] | None:
    """Whoever has this address and works, that day, in another district of its département: with that district."""
    held = Posting.objects.in_force(day.on).filter(person__email__iexact=email.strip(), person__is_active=True)
    rows = held.select_related("person", "school__district", "district").order_by("-share_percent", "pk")
    for posting in rows:
        district = posting.school.district if posting.school is not None else posting.district
        if district is not None and district.departement_id == day.district.departement_id:
            return (posting.person, district.pk) if district.pk != day.district_id else None
    return None


def away(person: Person) -> list[Convocation]:
    """Who, of the districts whose team one belongs to, is called to a day of another: the newest days first."""
    rows = Convocation.objects.away_from(person).filter(day__state__in=day_rules.SHOWN)
    rows = rows.select_related("person", "day__district").prefetch_related("presences")
    return list(rows.order_by("-day__on", "person__last_name", "person__first_name", "pk")[:AWAY_MOST])


def may_read_reasons(day: SharingDay, person: Person) -> bool:
    """Tell whether one reads why somebody cannot come: who convenes, by a role that one holds."""
    return day.district_id in person.reach().district_ids_held_for(Permission.CONVENE)


# --- One's own --------------------------------------------------------------------------------------------------------
def own(day: SharingDay, person: Person) -> Convocation | None:
    """What one received for a day, even if one was taken out since."""
    return Convocation.objects.of(person).filter(day=day).first()


def inspector_of(day: SharingDay) -> Person | None:
    """Who signs for a district on that day."""
    held = Posting.objects.in_force(timezone.localdate()).filter(role=Role.INSPECTOR, district=day.district_id)
    posting = held.select_related("person").order_by("-starts_on", "pk").first()
    return posting.person if posting else None


# --- What the ground reads --------------------------------------------------------------------------------------------
def busy(person_ids: Collection[int], first: date, last: date) -> Iterable[Busy]:
    """The half-days on which a day takes those who are called: what `register_busy` gives to the calendar."""
    rows = Convocation.objects.coming().filter(
        person_id__in=person_ids, day__on__range=(first, last), day__state__in=day_rules.ON_GOING
    )
    for person_id, on, answer in rows.order_by("pk").values_list("person_id", "day__on", "answer"):
        for half in rules.halves_of(answer):
            yield Busy(person_id, HalfDay(on, half), TAKEN)


def events_of(person: Person, since: date) -> list[CalendarEvent]:
    """The days to which one is called, for the agenda and the other calendars."""
    lately = timezone.now() - CANCELLED_TOLD
    rows = (
        Convocation.objects.of(person)
        .filter(day__on__gte=since)
        .exclude(day__state=DayState.CANCELLED, day__cancelled_at__lt=lately)
        .exclude(state=ConvocationState.WITHDRAWN, withdrawn_at__lt=lately)
        .exclude(answer=Answer.CANNOT, answered_at__lt=lately)
    )
    return [event_of(one) for one in rows.select_related("day__place").order_by("day__on", "pk")]


def event_of(convocation: Convocation, description: str = "") -> CalendarEvent:
    """A day as calendars read it, for one person: its hours are those that this person keeps.

    `description` is for the file that one downloads: what the team wrote in the programme stays out of the feed.
    """
    day = convocation.day
    kept = convocation.halves or ("AM", "PM")
    starts_at, ends_at = day.at(kept[0])[0], day.at(kept[-1])[1]
    return CalendarEvent(
        uid=f"sharing-day-{day.pk}",
        sequence=day.sequence + convocation.sequence,
        starts_at=starts_at,
        ends_at=ends_at,
        title="Journée des partages",
        place=", ".join(filter(None, (day.place_words, day.address))),
        url=reverse("events:day_page", args=[day.pk]),
        cancelled=day.state == DayState.CANCELLED or not convocation.is_called or not convocation.halves,
        updated_at=max(day.updated_at, convocation.updated_at),
        description=description,
    )


def todos(person: Person) -> list[Todo]:
    """The convocations that one has not answered."""
    today = timezone.localdate()
    rows = Convocation.objects.of(person).filter(
        state=ConvocationState.SENT, day__state=DayState.PUBLISHED, day__on__gte=today
    )
    return [
        Todo(
            "Répondre à une convocation",
            f"{one.day.title}, {weekday(one.day.on)}",
            reverse("events:day_page", args=[one.day_id]) + "#convocation",
            "mail",
            due_on=one.day.reply_by,
            minutes=1,
        )
        for one in rows.select_related("day").order_by("day__on", "pk")
    ]
