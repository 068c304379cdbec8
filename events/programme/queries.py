"""Reads of a programme: its moments with their sessions, what one wished, where one sits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from circo.documents.rules import hour, weekday
from circo.models import Job, Person
from circo.queries import counted
from circo.registries import Todo
from events.convening.rules import CALLED, Answer, halves_of
from events.days.rules import DayState
from events.models import (
    Convocation,
    SharingDay,
    Slot,
    Workshop,
    WorkshopSeat,
    WorkshopSession,
    WorkshopWait,
    WorkshopWish,
)
from events.programme import rules
from events.programme.rules import SlotKind

GIVE = "day_seats"  # the kind of the job


def is_shown(day: SharingDay) -> bool:
    """Tell whether the programme is open to all who see the day."""
    return day.programme_at is not None


def may_wish(day: SharingDay) -> bool:
    """Tell whether one may say wishes: the programme is shown, seats are not given, the day to say them is not past."""
    until = day.wishes_until
    is_open = until is not None and timezone.localdate() <= until
    return is_shown(day) and is_open and day.assigned_at is None and day.state == DayState.PUBLISHED


def may_move(day: SharingDay) -> bool:
    """Tell whether one may change seats: they are given, and the day is not over."""
    return day.assigned_at is not None and day.state == DayState.PUBLISHED and day.on >= timezone.localdate()


def giving(day: SharingDay) -> Job | None:
    """The job that seeks the seats of a day, if one waits or runs."""
    return Job.objects.going().filter(kind=GIVE, subject_id=str(day.pk)).first()


def programme(day: SharingDay) -> list[Slot]:
    """The moments of a day in order, each with its sessions, who leads, how many sit and wait. Four queries."""
    sessions = (
        WorkshopSession.objects.standing()
        .select_related("workshop")
        .prefetch_related("workshop__facilitators")
        .annotate(seated=counted(WorkshopSeat.objects.all(), "session"))
        .annotate(waiting=counted(WorkshopWait.objects.all(), "session"))
        .annotate(wished=counted(WorkshopWish.objects.all(), "session"))
        .annotate(firsts=counted(WorkshopWish.objects.filter(rank=1), "session"))
        .order_by("workshop__title", "pk")
    )
    rows = Slot.objects.filter(day=day).prefetch_related(Prefetch("sessions", queryset=sessions))
    found = list(rows.order_by("starts", "pk"))
    for slot in found:
        slot.day = day
    return found


def workshops(day: SharingDay) -> QuerySet[Workshop]:
    """The workshops of a day, in order, with how many times each is held."""
    held = Workshop.objects.filter(day=day, removed_at=None).prefetch_related("facilitators")
    return held.annotate(times=counted(WorkshopSession.objects.standing(), "workshop")).order_by("title", "pk")


def choosable(day: SharingDay) -> list[Slot]:
    """The moments at which one chooses a workshop."""
    return [slot for slot in programme(day) if slot.kind == SlotKind.WORKSHOPS and slot.sessions.all()]


def expected(day: SharingDay, slot: Slot) -> QuerySet[Convocation]:
    """Who takes part in a moment, as they answered, but for those who lead a workshop; the silent are expected."""
    answers = [answer for answer in ("", *Answer) if slot.half in halves_of(answer)]
    rows = Convocation.objects.filter(day=day, state__in=CALLED, answer__in=answers)
    return rows.exclude(person_id__in=leading(slot).order_by().values("pk"))


def leading(slot: Slot) -> QuerySet[Person]:
    """Who leads a workshop at a moment."""
    held = WorkshopSession.objects.standing().filter(slot=slot)
    return Person.objects.filter(workshops__in=held.order_by().values("workshop_id"))


def leads(convocation: Convocation, slot: Slot) -> WorkshopSession | None:
    """The workshop that somebody leads at a moment: they sit in no other."""
    rows = WorkshopSession.objects.standing().filter(slot=slot, workshop__facilitators=convocation.person_id)
    return rows.select_related("workshop").order_by("pk").first()


def removed_workshops(day: SharingDay) -> QuerySet[Workshop]:
    """The workshops of a day that were taken away."""
    return Workshop.objects.filter(day=day, removed_at__isnull=False).order_by("pk")


def sessions(day: SharingDay) -> QuerySet[WorkshopSession]:
    """The workshops of a day, each as often as it is held."""
    rows = WorkshopSession.objects.standing().filter(slot__day=day)
    return rows.select_related("slot__day", "workshop").order_by("pk")


def cancelled_sessions(day: SharingDay) -> QuerySet[WorkshopSession]:
    """The sessions that do not open after all, in order."""
    rows = WorkshopSession.objects.filter(slot__day=day, cancelled_at__isnull=False)
    return rows.select_related("slot__day", "workshop").order_by("slot__starts", "workshop__title", "pk")


def lacks_people(day: SharingDay, session: Any) -> bool:
    """Tell whether too few people are in a session of `programme` for it to open, once wishes are closed.

    Until seats are given, all who wished it count: it may then open if they sit there.
    """
    if day.assigned_at is None and (day.wishes_until is None or timezone.localdate() <= day.wishes_until):
        return False
    people = session.seated if day.assigned_at else session.wished
    return rules.is_too_few(people, session.opens_from)


def unlucky(day: SharingDay) -> set[int]:
    """The people who had none of their first wishes on the last day of the district on which seats were given."""
    before = SharingDay.objects.standing().filter(district=day.district_id, on__lt=day.on, assigned_at__isnull=False)
    last = before.order_by("-on", "-pk").first()
    rows = Convocation.objects.filter(day=last, had_first_wish=False) if last else Convocation.objects.none()
    return set(rows.order_by("pk").values_list("person_id", flat=True))


@dataclass(frozen=True)
class Room:
    """What a moment of workshops offers, and to how many."""

    slot: Slot
    seats: int
    people: int

    @property
    def missing(self) -> int:
        return max(self.people - self.seats, 0)


def rooms(day: SharingDay, slots: Sequence[Slot]) -> list[Room]:
    """The moments of workshops, each with its seats and who is expected. One query a moment."""
    return [
        Room(slot, sum(one.capacity for one in slot.sessions.all()), expected(day, slot).count())
        for slot in slots
        if slot.kind == SlotKind.WORKSHOPS
    ]


@dataclass(frozen=True)
class Choice:
    """One moment for one person: what they wished, where they sit, what they wait for."""

    slot: Slot
    wishes: Sequence[int]  # ids of sessions, in order
    seat: WorkshopSession | None
    wait: WorkshopSession | None
    why: str
    leads: WorkshopSession | None = None

    @property
    def missed(self) -> WorkshopSession | None:
        """The first wish, if one does not sit there."""
        wished = self.wished
        return wished[0] if wished and self.seat is not None and wished[0].pk != self.seat.pk else None

    @property
    def wished(self) -> list[WorkshopSession]:
        """The sessions that one wished, in order."""
        known = {one.pk: one for one in self.slot.sessions.all()}
        return [known[pk] for pk in self.wishes if pk in known]


def choices_of(convocation: Convocation, slots: Sequence[Slot]) -> list[Choice]:
    """What one wished and got, moment by moment, of those at which one is there. Three queries."""
    wished: dict[int, list[int]] = defaultdict(list)
    for wish in WorkshopWish.objects.filter(convocation=convocation).order_by("rank"):
        wished[wish.slot_id].append(wish.session_id)
    seats = dict(WorkshopSeat.objects.filter(convocation=convocation).order_by("pk").values_list("slot", "session"))
    waits = dict(WorkshopWait.objects.filter(convocation=convocation).order_by("pk").values_list("slot", "session"))
    found = []
    for slot in slots:
        if slot.kind != SlotKind.WORKSHOPS or slot.half not in convocation.halves:
            continue
        sessions = {one.pk: one for one in slot.sessions.all()}
        seat, wait = sessions.get(seats.get(slot.pk, 0)), sessions.get(waits.get(slot.pk, 0))
        led = next((one for one in sessions.values() if _is_led_by(one.workshop, convocation.person_id)), None)
        why = rules.why(wished[slot.pk], seat.pk if seat else None)
        found.append(Choice(slot, wished[slot.pk], seat, wait, why, led))
    return found


def _is_led_by(workshop: Workshop, person_id: int) -> bool:
    return any(person.pk == person_id for person in workshop.facilitators.all())


def seated(day: SharingDay) -> Mapping[int, list[Person]]:
    """Who sits where, by session, in order of name. One query."""
    found: dict[int, list[Person]] = defaultdict(list)
    rows = WorkshopSeat.objects.filter(session__slot__day=day).select_related("convocation__person")
    for one in rows.order_by("convocation__person__last_name", "convocation__person__first_name", "pk"):
        found[one.session_id].append(one.convocation.person)
    return found


def possible_facilitators(day: SharingDay) -> QuerySet[Person]:
    """Who may lead a workshop: those on the list of the day, and the team and the trainers of the district."""
    listed = Convocation.objects.filter(day=day).standing().order_by().values("person_id")
    staff = Person.objects.posted_in([day.district_id]).filter(postings__district_id=day.district_id)
    rows = Person.objects.filter(models.Q(pk__in=listed) | models.Q(pk__in=staff.order_by().values("pk")))
    return rows.filter(is_active=True).order_by("last_name", "first_name", "pk")


def lines(slots: Sequence[Slot]) -> list[tuple[str, str]]:
    """The programme in a few words, for letters and calendars: (« 9 h », « Accueil »)."""
    return [(hour(slot.starts), slot.title) for slot in slots]


LEADERS_MOST = 12  # named on a letter: beyond, the programme says them


def leaders(day: SharingDay) -> list[str]:
    """Who leads the workshops of a day, each once; nobody if they are too many for a letter."""
    rows = Person.objects.filter(workshops__day=day, workshops__removed_at=None).distinct()
    found = [str(person) for person in rows.order_by("last_name", "first_name", "pk")[: LEADERS_MOST + 1]]
    return found if len(found) <= LEADERS_MOST else []


def todos(person: Person) -> list[Todo]:
    """The wishes that one may say, and has not; nothing for who leads a workshop each time."""
    open_days = SharingDay.objects.filter(
        state=DayState.PUBLISHED,
        programme_at__isnull=False,
        assigned_at=None,
        wishes_until__gte=timezone.localdate(),
        pk__in=WorkshopSession.objects.standing().order_by().values("slot__day_id"),
    )
    said = WorkshopWish.objects.filter(convocation=OuterRef("pk"))
    led = WorkshopSession.objects.standing().filter(slot=OuterRef("pk"), workshop__facilitators=person.pk)
    held = WorkshopSession.objects.standing().filter(slot=OuterRef("pk"))
    free = Slot.objects.filter(Exists(held), ~Exists(led), day=OuterRef("day"), kind=SlotKind.WORKSHOPS)
    rows = (
        Convocation.objects.of(person)
        .coming()
        .filter(~Exists(said), Exists(free), day__in=open_days.order_by().values("pk"))
    )
    return [
        Todo(
            "Choisir vos ateliers",
            f"{one.day.title}, {weekday(one.day.on)}",
            reverse("events:wishes_edit", args=[one.day_id]),
            "pencil",
            due_on=one.day.wishes_until,
            minutes=3,
        )
        for one in rows.select_related("day").order_by("day__on", "pk")
    ]
