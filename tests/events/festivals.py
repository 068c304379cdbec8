"""Festivals for the tests."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from circo.models import Person
from events.festival import actions
from events.festival.actions import WantedAnimation, WantedFestival
from events.festival.rules import AnimationKind, AnimationState, FestivalVerb, Moment, Span
from events.models import Animation, AnimationSession, Festival
from tests.world import Ground, school_year

NOW = datetime(2027, 5, 10, 9, 0)  # noqa: DTZ001 (a Monday; the tests travel there)
SATURDAY = date(2027, 6, 19)
SPAN = Span(SATURDAY, SATURDAY, time(10), time(17))


def wanted(span: Span = SPAN, **fields: Any) -> WantedFestival:
    return WantedFestival(**{"title": "Fête de l’apprendre", "span": span, "where": "École Jean-Moulin"} | fields)


def animation_wanted(**fields: Any) -> WantedAnimation:
    given = {"kind": AnimationKind.WORKSHOP, "title": "Fusées à eau", "hosts": "Les CE1 de Jean-Moulin"}
    return WantedAnimation(**given | fields)


def moment(starts: int = 10, ends: int = 11, on: date = SATURDAY) -> Moment:
    return Moment(on, time(starts), time(ends))


def founded(ground: Ground, by: Person, span: Span = SPAN, **fields: Any) -> Festival:
    return actions.found(district=ground.district, wanted=wanted(span, **fields), by=by)


def called(ground: Ground, by: Person, **fields: Any) -> Festival:
    return actions.lead(festival=founded(ground, by, **fields), verb=FestivalVerb.CALL, by=by)


def proposed(festival: Festival, by: Person, at: Moment | None = None, **fields: Any) -> Animation:
    wanted_one = animation_wanted(**fields)
    return actions.propose(festival=festival, wanted=wanted_one, moment=at or moment(), by=by)


def retained(festival: Festival, by: Person, team: Person, spot: int | None = None, **fields: Any) -> Animation:
    animation = proposed(festival, by, **fields)
    return actions.decide(animation=animation, state=AnimationState.ACCEPTED, spot=spot, by=team)


def published(ground: Ground, teacher: Person, team: Person, **fields: Any) -> tuple[Festival, Animation]:
    """A published festival with one workshop of a few seats."""
    festival = called(ground, team)
    animation = retained(festival, teacher, team, **{"capacity": 5} | fields)
    return actions.lead(festival=festival, verb=FestivalVerb.PUBLISH, by=team), animation


def in_a_month(ground: Ground, teacher: Person, team: Person, mark: str = "") -> tuple[Festival, AnimationSession]:
    """A published festival, whatever today is."""
    on = timezone.localdate() + timedelta(days=30)
    festival = Festival.objects.create(
        district=ground.district,
        school_year=school_year(),
        title=f"Fête{mark}",
        first_day=on,
        last_day=on,
        where=f"Préau{mark}",
        words=f"Bienvenue{mark}",
        state="PUBLISHED",
        created_by=team,
    )
    animation = Animation.objects.create(
        festival=festival,
        proposer=teacher,
        title=f"Fusées{mark}",
        hosts=f"Les CE1{mark}",
        place=f"Cour{mark}",
        spot=1,
        capacity=5,
        volunteers=2,
        audiences=["enfants"],
        state="ACCEPTED",
    )
    return festival, AnimationSession.objects.create(
        animation=animation, on=on, starts=time(10), ends=time(11), seats=5
    )
