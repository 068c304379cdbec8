"""Reads of missions: one's own, the half-days that they take, who heads the school."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import cast

from django.db import models
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from circo.calendar.rules import Half, HalfDay
from circo.models import Person, Posting
from circo.registries import Busy, Todo
from circo.rules import Role
from events.brigade.rules import ON_MISSION
from events.models import AssignedHalfDay, CoverAssignment


def missions(person: Person) -> QuerySet[CoverAssignment]:
    """A substitute's own missions, the next first, with all that a sheet reads."""
    rows = CoverAssignment.objects.of_substitute(person).select_related("need__day", "need__school__district")
    return rows.prefetch_related("need__people").order_by("need__day__on", "pk").fetch_mode(models.FETCH_RAISE)


def coming(person: Person) -> QuerySet[CoverAssignment]:
    """Of them, those that are not over."""
    return missions(person).filter(need__day__on__gte=timezone.localdate())


def heads_of(school_id: int, on: date) -> list[Person]:
    """The head teachers of a school on a day."""
    rows = Posting.objects.in_force(on).filter(role=Role.HEAD_TEACHER, school_id=school_id)
    return [posting.person for posting in rows.select_related("person").order_by("pk")]


# --- What the ground reads --------------------------------------------------------------------------------------------
def busy(person_ids: Collection[int], first: date, last: date) -> list[Busy]:
    """The half-days on which plans in force take substitutes: what `register_busy` gives to the calendar."""
    rows = AssignedHalfDay.objects.filter(is_in_force=True, substitute_id__in=person_ids, day__range=(first, last))
    found = rows.order_by("day", "pk").values_list("substitute_id", "day", "half")
    return [Busy(pk, HalfDay(day, cast(Half, half)), ON_MISSION) for pk, day, half in found]


def todos(person: Person) -> list[Todo]:
    """The missions that one has not confirmed yet."""
    return [
        Todo(
            "Confirmer un remplacement",
            f"{one.need.school}, {one.need.get_span_display()}",
            reverse("events:mission_page", args=[one.pk]),
            "school",
            due_on=one.need.day.on,
            minutes=1,
        )
        for one in coming(person).filter(confirmed_at=None)
    ]
