"""Reads of the festival: who prepares it, who may propose, what its pages show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum, Value, When
from django.urls import reverse
from django.utils import timezone

from circo.access import Permission
from circo.models import District, Person
from circo.queries import counted
from circo.registries import Todo
from events.festival import rules
from events.festival.rules import AnimationState, BookingState, FestivalState, FestivalVerb
from events.models import Animation, AnimationSession, Festival, FestivalHelper, SeatBooking
from events.models.festival import AnimationSessionQuerySet
from networks.groups.rules import Standing
from networks.models import Membership


@dataclass(frozen=True)
class Visitor:
    """All that those who host learn of whoever booked."""

    first_name: str
    seats: int
    state: str


# What the team has to decide first.
ORDER = (AnimationState.PROPOSED, AnimationState.ACCEPTED, AnimationState.ASIDE, AnimationState.WITHDRAWN)


def districts_prepared_by(person: Person) -> QuerySet[District]:
    """The districts whose festival one prepares."""
    ids = person.reach().district_ids_for(Permission.PREPARE_FESTIVAL)
    return District.objects.filter(pk__in=ids).order_by("name", "pk")


def festivals(person: Person) -> QuerySet[Festival]:
    """Those that one may open, each saying whether one prepares it."""
    mine = Festival.objects.editable_by(person).filter(pk=OuterRef("pk"))
    rows = Festival.objects.visible_to(person).select_related("district", "school_year")
    return rows.annotate(is_prepared=Exists(mine))


def festival_list(person: Person) -> list[Festival]:
    """The newest first, with how many animations are retained in each."""
    retained = counted(Animation.objects.accepted(), "festival")
    return list(festivals(person).annotate(retained=retained).order_by("-first_day", "-pk"))


def is_network_teacher(person: Person, district_id: int, on: date) -> bool:
    """Whether somebody is, that school year, an active member of a group of the networks of a district."""
    held = Membership.objects.of_day(on).filter(standing=Standing.ACTIVE, group__network__district_id=district_id)
    return held.filter(person_id=person.pk).exists()


def may_propose(festival: Festival, person: Person) -> bool:
    """Teachers of the networks while the call is open; whoever prepares it, until it is over."""
    if festival.is_open and Festival.objects.editable_by(person).filter(pk=festival.pk).exists():
        return True
    today = timezone.localdate()
    is_called = festival.state == FestivalState.CALL and (festival.proposals_until or today) >= today
    return is_called and is_network_teacher(person, festival.district_id, today)


def with_sessions(animations: QuerySet[Animation]) -> QuerySet[Animation]:
    sessions = AnimationSession.objects.order_by("on", "starts", "pk")
    return animations.select_related("proposer").prefetch_related(Prefetch("sessions", sessions))


def animations_of(festival: Festival, person: Person) -> list[Animation]:
    """What somebody sees of the animations of a festival: what waits first."""
    rank = Case(*(When(state=state, then=Value(place)) for place, state in enumerate(ORDER)))
    rows = with_sessions(Animation.objects.visible_to(person).filter(festival=festival))
    return list(rows.annotate(rank=rank).order_by("rank", "title", "pk"))


def animations(person: Person) -> QuerySet[Animation]:
    """Those that one may open, each saying whether it is one's own, and whether one prepares its festival."""
    prepared = Festival.objects.editable_by(person).filter(pk=OuterRef("festival_id"))
    rows = with_sessions(Animation.objects.visible_to(person)).select_related("festival__district", "decided_by")
    mine = Case(When(proposer_id=person.pk, then=Value(True)), default=Value(False))
    return rows.annotate(is_prepared=Exists(prepared), is_mine=mine)


def visitors_of(animation: Animation) -> dict[int, list[Visitor]]:
    """Who comes, by session: a first name and a number of seats, never an address."""
    rows = SeatBooking.objects.live().filter(session__animation=animation).order_by("asked_at", "pk")
    found: dict[int, list[Visitor]] = {}
    for session_id, first_name, seats, state in rows.values_list("session_id", "first_name", "seats", "state"):
        found.setdefault(session_id, []).append(Visitor(first_name, seats, rules.BOOKING_LABELS[BookingState(state)]))
    return found


def verbs_of(festival: Festival) -> list[FestivalVerb]:
    """What one may do of it now: it is over no sooner than its first day."""
    has_begun = festival.first_day <= timezone.localdate()
    found = [verb for verb, move in rules.MOVES.items() if festival.state in move.sources]
    return [verb for verb in found if has_begun or verb is not FestivalVerb.END]


# --- Without an account -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Chosen:
    """What a visitor asked for, read from the address: what is none of the choices asks for nothing."""

    audience: str = ""
    hour: str = ""  # « 2027-06-19T10 »
    place: str = ""


@dataclass(frozen=True)
class Programme:
    """The programme of a festival, by place then by hour, and what narrows it."""

    by_place: Sequence[tuple[str, Sequence[AnimationSession]]]
    audiences: Sequence[tuple[str, str]]
    hours: Sequence[tuple[str, str]]
    places: Sequence[tuple[str, str]]
    total: int
    shown: int


def shown_festivals() -> QuerySet[Festival]:
    """Those whose programme was published."""
    return Festival.objects.shown().select_related("district")


def bookable(festival: Festival) -> QuerySet[AnimationSession]:
    """The sessions whose seats visitors book."""
    rows = AnimationSession.objects.bookable().with_left().filter(animation__festival=festival)
    return rows.select_related("animation__festival")


def bookings() -> QuerySet[SeatBooking]:
    """All of them: the signed link of a mail says which, and to whom it was sent."""
    return SeatBooking.objects.select_related("session__animation__festival")


NOWHERE = "Sur place"  # of what no place is written


def sessions_shown(festival: Festival) -> AnimationSessionQuerySet:
    """The sessions of what was retained."""
    rows = AnimationSession.objects.retained().filter(animation__festival=festival)
    return rows.select_related("animation").order_by("on", "starts", "animation__title", "pk")


def programme(festival: Festival, chosen: Chosen) -> Programme:
    """One query: a festival has some hundred sessions at most."""
    rows = list(sessions_shown(festival).with_left())
    audiences = {audience for row in rows for audience in row.animation.audiences}
    hours = {_hour_key(row): _hour_words(row, festival) for row in rows}
    kept = [row for row in rows if _suits(row, chosen)]
    by_place: dict[str, list[AnimationSession]] = {}
    for row in kept:
        by_place.setdefault(row.animation.place or NOWHERE, []).append(row)
    places = sorted({row.animation.place or NOWHERE for row in rows})
    return Programme(
        sorted(by_place.items()),
        [(value.value, label) for value, label in rules.AUDIENCE_LABELS.items() if value in audiences],
        sorted(hours.items()),
        [(name, name) for name in places],
        len({row.animation_id for row in rows}),
        len({row.animation_id for row in kept}),
    )


def _hour_key(row: AnimationSession) -> str:
    return f"{row.on:%Y-%m-%d}T{row.starts:%H}"


def _hour_words(row: AnimationSession, festival: Festival) -> str:
    hour = f"de {row.starts.hour}\u00a0h à {row.starts.hour + 1}\u00a0h"
    return hour if festival.first_day == festival.last_day else f"le {row.on:%d/%m}, {hour}"


def _suits(row: AnimationSession, chosen: Chosen) -> bool:
    audiences = row.animation.audiences
    return (
        (not chosen.audience or not audiences or chosen.audience in audiences)
        and (not chosen.hour or _hour_key(row) == chosen.hour)
        and (not chosen.place or (row.animation.place or NOWHERE) == chosen.place)
    )


def stands(festival: Festival) -> list[tuple[str, int]]:
    """Where the team gave numbers on the site plan: each with its place."""
    rows = Animation.objects.accepted().filter(festival=festival, spot__isnull=False).order_by("place", "spot")
    return [(row.place or NOWHERE, row.spot) for row in rows if row.spot is not None]


# --- What it was ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Figures:
    """What a festival was, in numbers."""

    visitors: int | None
    animations: int
    sessions: int
    seats: int
    helpers: int

    @property
    def pairs(self) -> Sequence[tuple[int, str]]:
        """Each figure with its word, without what nobody counted."""
        found = (
            (self.visitors, "visiteur,visiteurs"),
            (self.animations, "stand ou atelier,stands et ateliers"),
            (self.sessions, "séance,séances"),
            (self.seats, "place réservée,places réservées"),
            (self.helpers, "bénévole,bénévoles"),
        )
        return [(count, words.split(",")[count > 1]) for count, words in found if count]


def figures_of(festival: Festival) -> Figures:
    """Three queries. Seats stay counted once the names are forgotten."""
    rows = AnimationSession.objects.retained().filter(animation__festival=festival)
    seats = rows.aggregate(sessions=Count("pk"), seats=Sum("taken"))
    helpers = FestivalHelper.objects.filter(session__animation__festival=festival)
    return Figures(
        festival.visitors,
        Animation.objects.accepted().filter(festival=festival).count(),
        seats["sessions"],
        seats["seats"] or 0,
        helpers.aggregate(people=Count("person", distinct=True))["people"],
    )


# --- What the home page reads -----------------------------------------------------------------------------------------
def todos(person: Person) -> list[Todo]:
    """For the team: proposals to decide."""
    waiting = Animation.objects.filter(state=AnimationState.PROPOSED)
    rows = Festival.objects.editable_by(person).filter(~Q(state=FestivalState.OVER))
    found = rows.annotate(waiting=counted(waiting, "festival")).filter(waiting__gt=0).order_by("first_day", "pk")
    return [
        Todo(
            f"Choisir parmi les propositions ({festival.waiting})",
            festival.title,
            reverse("events:festival_page", args=[festival.pk]),
            "check",
            minutes=10,
        )
        for festival in found.fetch_mode(models.FETCH_RAISE)
    ]
