"""Reads of who takes a class, for its teacher and the head of its school: the telephone on that day alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from circo.models import Person, Posting
from circo.rules import Role
from events.models import CoverAssignment


@dataclass(frozen=True)
class Hosted:
    """One class that a substitute takes, and how to call them, on the day itself."""

    mission: CoverAssignment
    phone: str
    is_today: bool


def missions(person: Person) -> QuerySet[CoverAssignment]:
    """The missions in force, from today on, in the classes that one leaves and the schools that one heads."""
    rows = CoverAssignment.objects.held().filter(concerning(person), need__day__on__gte=timezone.localdate())
    rows = rows.select_related("substitute__substitute", "need__day", "need__school")
    return rows.prefetch_related("need__people").order_by("need__day__on", "pk").fetch_mode(models.FETCH_RAISE)


def concerning(person: Person) -> Q:
    """The missions in the schools that one heads, and in the classes that one leaves."""
    headed = Posting.objects.in_force(timezone.localdate()).filter(role=Role.HEAD_TEACHER, person=person).order_by()
    return Q(need__school__in=headed.values("school_id")) | Q(need__in=person.needs.order_by().values("pk"))


def hosted(person: Person) -> Sequence[Hosted]:
    """Who takes one's class, or those of one's school, the next first."""
    return [_hosted(one) for one in missions(person)]


def is_today(on: date) -> bool:
    return on == timezone.localdate()


def _hosted(one: CoverAssignment) -> Hosted:
    shows = is_today(one.need.day.on)
    profile = getattr(one.substitute, "substitute", None)
    return Hosted(one, profile.phone if profile is not None and shows else "", shows)
