"""The meetings of the demonstration: one held, with its minutes, one to come, and a date being looked for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from circo.models import Person
from circo.portal.demo.accounts import DOMAIN
from circo.portal.demo.places import weekday_after
from networks.meetings import actions, queries
from networks.meetings.actions import Sought, Wanted
from networks.meetings.rules import Choice, MeetingState, Presence, Way
from networks.models import Attendance, Meeting, MutualisationGroup, PollOption, ThirdPlace
from networks.places.rules import Slot

AGENDA = "- Regarder dix minutes d’une dictée négociée\n- Comparer nos grilles\n- Choisir ce que chacun essaie d’ici là"
MINUTES = """### Ce que nous avons vu

Le silence après la consigne : dix secondes paraissent longues, et les élèves s’en servent.

### Ce que nous essayons

- Dire la consigne **une seule fois**
- Noter qui reformule

On en reparle à la prochaine rencontre."""
LOOKED_AT_DAYS = 30
FRIDAY = 4
ANSWERS = (Choice.YES, Choice.YES, Choice.IF_NEEDED, Choice.NO)


def write_meetings() -> None:
    """Write the meetings of Amina's group, as its members would have."""
    amina, bruno = (Person.objects.get(email=f"{name}@{DOMAIN}") for name in ("amina", "bruno"))
    group = MutualisationGroup.objects.of_member(amina).select_related("network__district__departement").get()
    today = timezone.localdate()
    _held(group, amina, today - timedelta(days=16))
    if coming := _ordinary(group, weekday_after(today, 6)):
        place = ThirdPlace.objects.visible_to(bruno).filter(capacity__gte=20).order_by("pk").first()
        wanted = Wanted(_evening(coming), "Nos derniers films", AGENDA, place=place, sure=True)
        meeting = actions.plan(group=group, wanted=wanted, by=bruno)
        actions.excuse(meeting=meeting, excused=True, by=amina)
    days = [_ordinary(group, weekday_after(today, days)) for days in (12, 14, 17)]
    _poll(group, bruno, [day for day in days if day])


def _ordinary(group: MutualisationGroup, on: date) -> date | None:
    """That day, or the first one after it on which a group meets; at the end of a school year there may be none."""
    days = [on + timedelta(days=number) for number in range(LOOKED_AT_DAYS)]
    calendar = queries.calendar_of(group, days[0], days[-1])
    possible = [day for day in days if not calendar.refusal(day) and day.weekday() <= FRIDAY]
    return next((day for day in possible if not calendar.doubt(day)), next(iter(possible), None))


def _evening(on: date) -> Slot:
    zone = timezone.get_current_timezone()
    return Slot(datetime.combine(on, time(17), zone), datetime.combine(on, time(19), zone))


def _held(group: MutualisationGroup, organiser: Person, on: date) -> None:
    slot = _evening(on)
    meeting = Meeting.objects.create(
        group=group,
        organiser=organiser,
        title="Ce que fait le silence",
        agenda=AGENDA,
        minutes=MINUTES,
        where="Médiathèque de Louviers",
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        state=MeetingState.PLANNED,
    )
    people = list(queries.participants(group, timezone.localdate()))
    for rank, person in enumerate(people):
        presence = (Presence.PRESENT, Presence.PRESENT, Presence.PRESENT, Presence.EXCUSED)[rank % 4]
        Attendance.objects.create(
            meeting=meeting,
            person=person,
            presence=presence,
            way=Way.LIST,
            confirmed_at=slot.ends_at if presence is Presence.PRESENT else None,
            confirmed_by=group.adviser if presence is Presence.PRESENT else None,
        )
    actions.close(meeting=meeting, by=organiser)


def _poll(group: MutualisationGroup, organiser: Person, days: list[date]) -> None:
    slots = [_evening(day) for day in sorted(set(days))]
    if len(slots) < 2:
        return
    sought = Sought("Préparer la fête de l’apprendre", slots, answers_until=slots[0].starts_at.date(), sure=True)
    meeting = actions.open_poll(group=group, sought=sought, by=organiser)
    options = list(PollOption.objects.filter(meeting=meeting).order_by("starts_at"))
    for rank, person in enumerate(queries.participants(group, timezone.localdate())):
        if person.first_name != "Amina" and person.pk != group.adviser_id:
            choices = {one.pk: ANSWERS[(rank + place) % len(ANSWERS)] for place, one in enumerate(options)}
            actions.answer(meeting=meeting, choices=choices, by=person)
