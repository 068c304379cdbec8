"""What a published plan asks of substitutes when its day is called off, and when it takes place after all."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.urls import reverse

from circo import notices
from circo.calendar import queries as calendar
from circo.errors import Refusal
from circo.models import Person
from events.brigade.rules import ON_MISSION
from events.days.rules import DayState
from events.missions import queries as missions
from events.models import AssignedHalfDay, CoverAssignment, SharingDay
from events.plans import queries
from events.plans.publishing import COVERED, MISSIONS, when_of


def call_off(day: SharingDay) -> None:
    """Free the substitutes of a day that is called off, for any other plan; they are told.

    Who takes which class is kept: the day may take place after all.
    """
    AssignedHalfDay.objects.filter(assignment__need__day=day).update(is_in_force=False)
    _tell(day)


def call_on(day: SharingDay, by: Person) -> None:
    """Ask the substitutes of a day that takes place after all to come again; `by` is told who can't any more.

    Raises: Refusal if one of them takes another class then.
    """
    held = AssignedHalfDay.objects.filter(assignment__need__day=day, assignment__is_in_force=True).order_by("pk")
    wanted = set(held.values_list("substitute_id", "half"))
    people = {one.pk: one for one in Person.objects.filter(pk__in={pk for pk, _ in wanted})}
    elsewhere = AssignedHalfDay.objects.filter(is_in_force=True, day=day.on, substitute_id__in=people)
    rows = elsewhere.exclude(assignment__need__day=day).values_list("substitute_id", "half")
    if taken := {pk for pk, half in rows if (pk, half) in wanted}:
        raise Refusal(_taken([people[pk] for pk in taken]))
    try:
        with transaction.atomic():
            held.update(is_in_force=True)
    except IntegrityError as error:  # another plan is published at this very moment
        raise Refusal(_taken([])) from error
    away = {
        one.person_id
        for found in calendar.busy(people, day.on, day.on).values()
        for one in found
        if one.reason != ON_MISSION and (one.person_id, one.half_day.half) in wanted
    }
    if away:
        _tell_away(day, _named([people[pk] for pk in away]), by)
    _tell(day)


def _named(people: list[Person]) -> str:
    return ", ".join(sorted(map(str, people)))


def _taken(people: list[Person]) -> str:
    who = f"\u00a0: {_named(people)}" if people else ""
    return (
        f"Un autre plan a pris des remplaçants de cette journée entre-temps{who}. La cellule remplacement les libère "
        "d’abord dans cet autre plan\u00a0; remettez ensuite la journée."
    )


def _tell_away(day: SharingDay, names: str, by: Person) -> None:
    """Whoever puts a day back learns who is absent by now: a repair finds who takes these classes."""
    plan_id = queries.in_force([day.pk])[day.pk]
    notices.tell(
        person=by,
        kind=COVERED.name,
        key=f"day-{day.pk}-away-{day.sequence}",
        title=f"Ne sont plus disponibles le {day.on:%d/%m/%Y}\u00a0: {names}",
        text="La journée est remise. Dans le plan, dites qui ne vient pas\u00a0: une réparation vous sera proposée.",
        path=reverse("events:plan_page", args=[plan_id]),
    )


def _tell(day: SharingDay) -> None:
    """Tell those whom the plan in force of a day asked to come that it is called off, or takes place after all."""
    is_off = day.state == DayState.CANCELLED
    rows = CoverAssignment.objects.filter(need__day=day, is_in_force=True)
    for one in rows.select_related("substitute", "need__day", "need__school").order_by("pk"):
        notices.tell(
            person=one.substitute,
            kind=MISSIONS.name,
            key=f"mission-{one.pk}-day-{day.sequence}",
            title=f"{'Vous ne remplacez plus' if is_off else 'Vous remplacez de nouveau'} {when_of(one)}",
            text=f"{one.need.school}. La journée {'est annulée' if is_off else 'a lieu'}.",
            path=reverse("events:mission_list"),
        )
        heads = missions.heads_of(one.need.school_id, one.need.day.on)
        notices.tell_many(
            heads,
            kind=COVERED.name,
            key=f"mission-{one.pk}-day-{day.sequence}",
            title=f"{one.substitute} {'ne prend plus' if is_off else 'prend'} une classe {when_of(one)}",
            text=f"{one.need}. La journée {'est annulée' if is_off else 'a lieu'}.",
            path=reverse("events:hosted_list"),
        )
