"""What the worker that gives seats does: seek the best ones, say how far it is, stop when asked, write them at once.

It loads SciPy: no page imports it, and the kind of its job is named by its path (`events.apps`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.urls import reverse
from django.utils import timezone

from circo import jobs, notices
from circo.errors import Refusal
from circo.models import Person
from circo.optimal.watching import Watch
from circo.seeking import watch_of
from events.days.rules import DayState
from events.models import Convocation, SharingDay, Slot, WorkshopSeat, WorkshopSession, WorkshopWait, WorkshopWish
from events.programme import queries, seating
from events.programme.assigning import checking
from events.programme.assigning.problem import GOALS, Asked, Assigned, Offer
from events.programme.assigning.solving import assign

SEEKS_S = 120  # 1,500 people at three moments take from one to five; beyond, the best found is given
TRIES = 3  # people answer and the team writes while the worker seeks
STOPPED = "Le calcul a été arrêté\u00a0: les places restent comme elles étaient."
CHANGED = "Le programme ou des réponses ont changé pendant le calcul\u00a0: relancez-le."
NO_MORE = "La journée n’est plus annoncée, ou son programme n’est plus montré."


@dataclass(frozen=True)
class Situation:
    """All that seats depend on: who needs one, and what is left."""

    people: Sequence[Asked]
    offers: Sequence[Offer]


@dataclass(frozen=True)
class Given:
    """What came of giving seats: how many of those that were needed, how many people have a first wish, of how many."""

    seats: int
    needed: int
    happy: int
    wishing: int
    is_proved: bool


class _Changed(Exception):
    """What seats depend on is no longer what they were sought for."""


def work(attempt: jobs.Run) -> None:
    """Give a seat to all who need one, by their wishes; who sits stays, who misses the first wish waits for it.

    What was given stays until the new seats are written, in one transaction.
    """
    day = SharingDay.objects.get(pk=attempt.subject_id)
    stop = SharingDay.objects.filter(pk=day.pk, seats_stop_asked_at__isnull=False)
    for _ in range(TRIES):
        found, situation = _seek(day, watch_of(attempt, seconds=SEEKS_S, goals=len(GOALS), asks_to_stop=stop.exists))
        try:
            with attempt.finish():
                write(day, situation, found)
        except _Changed:
            continue
        return
    raise Refusal(CHANGED)


def _seek(day: SharingDay, watch: Watch) -> tuple[Assigned, Situation]:
    """Seek seats; nothing is kept that the independent reading of them, and of their proof, finds wrong.

    Raises: Refusal.
    """
    situation = situation_of(day)
    found = assign(situation.people, situation.offers, watch)
    if faults := checking.faults_of(situation.people, situation.offers, found):
        raise Refusal(f"La vérification des places a échoué ({', '.join(sorted(faults))})\u00a0: rien n’a été changé.")
    return found, situation


def situation_of(day: SharingDay) -> Situation:
    """Read who needs a seat, and what is left."""
    slots = queries.choosable(day)
    return Situation(_asked(day, slots), [offer for slot in slots for offer in _offers(slot)])


def write(day: SharingDay, sought: Situation, found: Assigned) -> None:
    """Give the seats that were found, and tell who has one now.

    The day is locked, then who is called, then the moments: in that order everywhere.
    Raises: _Changed if they were sought for another situation; Refusal if one asked to stop, or the day is no more.
    """
    held = SharingDay.objects.select_for_update(of=("self",)).get(pk=day.pk)
    if held.seats_stop_asked_at:
        raise Refusal(STOPPED)
    if held.state != DayState.PUBLISHED or not queries.is_shown(held):
        raise Refusal(NO_MORE)
    list(Convocation.objects.filter(day=held).select_for_update().order_by("pk").values_list("pk"))
    seating.lock_all(held)
    if situation_of(held) != sought:
        raise _Changed
    WorkshopSeat.objects.bulk_create(
        WorkshopSeat(convocation_id=person, slot_id=slot, session_id=session)
        for (person, slot), session in found.seats.items()
    )
    _wait(sought.people, found)
    needed = sum(len(one.wishes) for one in sought.people)
    held.given = asdict(Given(found.given, needed, *_remember_luck(held), found.is_proved))
    held.assigned_at = held.assigned_at or timezone.now()
    held.seats_failure = ""
    held.sequence += 1
    held.save()
    _tell(held, found)


def _offers(slot: Slot) -> list[Offer]:
    left = seating.free(slot)
    rows = WorkshopSession.objects.standing().filter(slot=slot).order_by("pk").values_list("pk", "workshop_id")
    return [Offer(pk, slot.pk, workshop, left[pk]) for pk, workshop in rows if left[pk] > 0]


def _asked(day: SharingDay, slots: Sequence[Slot]) -> list[Asked]:
    """Who needs a seat at which moments, what they wished there, and whether they were unlucky last time."""
    wishes: dict[tuple[int, int], list[int]] = defaultdict(list)
    for wish in WorkshopWish.objects.filter(slot__in=slots, session__cancelled_at=None).order_by("rank", "pk"):
        wishes[wish.convocation_id, wish.slot_id].append(wish.session_id)
    seats: dict[int, dict[int, int]] = defaultdict(dict)
    for seat in WorkshopSeat.objects.filter(slot__in=slots).select_related("session").order_by("pk"):
        seats[seat.convocation_id][seat.slot_id] = seat.session.workshop_id
    needed: dict[int, list[int]] = defaultdict(list)
    persons: dict[int, int] = {}
    for slot in slots:
        for one in queries.expected(day, slot).order_by("pk"):
            persons[one.pk] = one.person_id
            if slot.pk not in seats[one.pk]:
                needed[one.pk].append(slot.pk)
    unlucky = queries.unlucky(day)
    return [
        Asked(pk, {slot: wishes[pk, slot] for slot in at}, persons[pk] in unlucky, frozenset(seats[pk].values()))
        for pk, at in needed.items()
    ]


def _wait(people: Sequence[Asked], found: Assigned) -> None:
    slots = {slot for one in people for slot in one.wishes}
    rows = WorkshopWait.objects.filter(slot__in=slots).order_by().values_list("convocation_id", "slot_id")
    waiting = set(rows)
    WorkshopWait.objects.bulk_create(
        WorkshopWait(convocation_id=one.person, slot_id=slot, session_id=asked[0])
        for one in people
        for slot, asked in one.wishes.items()
        if asked and found.seats.get((one.person, slot)) != asked[0] and (one.person, slot) not in waiting
    )


def _remember_luck(day: SharingDay) -> tuple[int, int]:
    """Write who has a first wish, for the next day to make up; return how many have one, of how many who wished."""
    firsts = WorkshopWish.objects.filter(convocation__day=day, rank=1, session__cancelled_at=None).order_by("pk")
    wished = set(firsts.values_list("convocation_id", "session_id"))
    seated = set(WorkshopSeat.objects.filter(slot__day=day).order_by().values_list("convocation_id", "session_id"))
    wishing, happy = {pk for pk, _ in wished}, {pk for pk, _ in wished & seated}
    Convocation.objects.filter(pk__in=happy).update(had_first_wish=True)
    Convocation.objects.filter(pk__in=wishing - happy).update(had_first_wish=False)
    return len(happy), len(wishing)


def _tell(day: SharingDay, found: Assigned) -> None:
    seated = Convocation.objects.filter(pk__in={person for person, _ in found.seats}).order_by()
    notices.tell_many(
        Person.objects.filter(pk__in=seated.values("person_id")).order_by("pk"),
        kind=seating.SEATED.name,
        key=f"seats-{day.pk}-{day.sequence}",
        title="Vos ateliers de la journée des partages sont connus",
        text=day.title,
        path=reverse("events:day_page", args=[day.pk]),
    )
