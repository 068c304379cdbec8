"""Verbs of the festival: found it, lead it from one state to another, propose, retain, keep aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import District, Person, SchoolYear
from events.festival import booking, moving, queries, rules
from events.festival.locking import NOT_YOURS, check_open, edited, locked, prepared
from events.festival.rules import AnimationKind, AnimationState, FestivalVerb, Moment, Span
from events.festival.telling import tell_decided
from events.models import Animation, AnimationSession, Festival, FestivalMove, SeatBooking
from events.models.festival import AnimationSessionQuerySet

NOT_OPEN = "Les propositions ne sont pas ouvertes pour cette fête, ou elles sont réservées aux membres des réseaux."


@dataclass(frozen=True)
class WantedFestival:
    """All that one says of a festival."""

    title: str
    span: Span
    where: str
    access: str = ""
    words: str = ""
    proposals_until: date | None = None


@dataclass(frozen=True)
class WantedAnimation:
    """All that one says of a stand or a workshop."""

    kind: AnimationKind
    title: str
    hosts: str
    words: str = ""
    audiences: Sequence[str] = ()
    place: str = ""
    capacity: int | None = None
    materials: str = ""
    volunteers: int = 0


@transaction.atomic
def found(*, district: District, wanted: WantedFestival, by: Person) -> Festival:
    """Begin the festival of a district for a school year.

    Raises: Refusal if one does not prepare it, its days do not suit, or the year has one.
    """
    if not queries.districts_prepared_by(by).filter(pk=district.pk).exists():
        raise Refusal(NOT_YOURS)
    District.objects.select_for_update(of=("self",)).get(pk=district.pk)  # of two at once, the second reads why
    rules.check_span(wanted.span, timezone.localdate())
    festival = Festival(district=district, created_by=by)
    _write(festival, wanted)
    festival.save()
    _note_move(festival, by)
    return festival


@transaction.atomic
def change(*, festival: Festival, wanted: WantedFestival, by: Person) -> Festival:
    """Correct what a festival says.

    Raises: Refusal if one does not prepare it, it is over, or a session would fall outside.
    """
    held = prepared(festival, by)
    check_open(held)
    if wanted.span != held.span:
        rules.check_span(wanted.span, timezone.localdate())
        _check_sessions(held, wanted.span)
    was_at = held.where
    _write(held, wanted)
    held.save()
    if held.where != was_at:
        moving.tell_moved(AnimationSession.objects.filter(animation__festival=held), by=by)
    return held


@transaction.atomic
def lead(*, festival: Festival, verb: FestivalVerb, by: Person) -> Festival:
    """Lead a festival to another state.

    Raises: Refusal if one does not prepare it, its life has no such move, or it is published with nothing in it.
    """
    held = prepared(festival, by)
    target = rules.MOVES[verb].check(held.state)
    if verb is FestivalVerb.PUBLISH and not queries.sessions_shown(held).exists():
        raise Refusal("Le programme est vide\u00a0: retenez d’abord une proposition.")
    if verb is FestivalVerb.UNPUBLISH:
        _hold_sessions(held)
    if verb is FestivalVerb.UNPUBLISH and SeatBooking.objects.live().filter(session__animation__festival=held).exists():
        raise Refusal("Des visiteurs ont réservé\u00a0: le programme reste publié. Retirez plutôt ce qui n’a pas lieu.")
    if verb is FestivalVerb.END and timezone.localdate() < held.first_day:
        raise Refusal("La fête n’a pas encore commencé.")
    held.state = target
    held.save()
    _note_move(held, by)
    return held


# --- Animations -------------------------------------------------------------------------------------------------------
@transaction.atomic
def propose(*, festival: Festival, wanted: WantedAnimation, moment: Moment, by: Person) -> Animation:
    """Propose a stand or a workshop, with its first session.

    Raises: Refusal if the call is not open to this person, or the hours are outside the festival.
    """
    held = locked(festival)
    if not queries.may_propose(held, by):
        raise Refusal(NOT_OPEN)
    rules.check_moment(moment, held.span)
    animation = Animation(festival=held, proposer=by)
    _write_animation(animation, wanted)
    animation.save()
    _add_session(animation, moment)
    return animation


@transaction.atomic
def rework(*, animation: Animation, wanted: WantedAnimation, by: Person) -> Animation:
    """Correct a proposal: its author until it was decided, the team until the festival is over.

    Raises: Refusal.
    """
    held = edited(animation, by)
    was_at = held.place
    _write_animation(held, wanted)
    most = max((session.taken for session in held.sessions.select_for_update(of=("self",)).order_by("pk")), default=0)
    if held.capacity is not None and held.capacity < most:
        raise Refusal(f"{most}\u00a0places sont déjà prises à une séance\u00a0: n’en prévoyez pas moins.")
    held.save()
    held.sessions.update(seats=held.capacity)
    for session in held.sessions.order_by("pk"):
        booking.settle(session)  # more seats: who waits gets them
    if held.place != was_at:
        moving.tell_moved(_sessions_of(held), by=by)
    return held


@transaction.atomic
def decide(
    *, animation: Animation, state: AnimationState, word: str = "", spot: int | None = None, by: Person
) -> Animation:
    """Retain a proposal, keep it aside, or take the decision back; its author is told.

    Raises: Refusal if one does not prepare the festival, it is over, or the number is taken.
    """
    held = _animation_prepared(animation, by)
    if held.state == AnimationState.WITHDRAWN or state is AnimationState.WITHDRAWN:
        raise Refusal("Cette proposition a été retirée par son auteur.")
    if state is AnimationState.ACCEPTED and not held.sessions.exists():
        raise Refusal("Ajoutez d’abord une séance\u00a0: le programme dit à quelle heure venir.")
    if spot is not None and state is AnimationState.ACCEPTED:
        other = held.festival.animations.filter(spot=spot).exclude(pk=held.pk).first()
        if other is not None:
            raise Refusal(f"Le numéro {spot} est déjà celui de «\u00a0{other.title}\u00a0».")
    is_new = state != held.state
    if held.is_retained and is_new:
        booking.call_off(held)
    held.state, held.aside_word = state, word.strip() if state is AnimationState.ASIDE else ""
    held.spot = spot if state is AnimationState.ACCEPTED else None
    is_decided = state is not AnimationState.PROPOSED
    held.decided_by, held.decided_at = (by, timezone.now()) if is_decided else (None, None)
    held.save()
    if is_new:
        moving.note_change(_sessions_of(held))
    if is_new and is_decided:
        tell_decided(held, by)
    return held


@transaction.atomic
def withdraw(*, animation: Animation, by: Person) -> Animation:
    """Take one's proposal back. Twice changes nothing.

    Raises: Refusal if it is not one's own, nor that of a festival that one prepares.
    """
    held = edited(animation, by, even_decided=True)
    booking.call_off(held)
    held.state, held.spot = AnimationState.WITHDRAWN, None
    held.save()
    moving.note_change(_sessions_of(held))
    return held


@transaction.atomic
def put_back(*, animation: Animation, by: Person) -> Animation:
    """Propose again what was taken back.

    Raises: Refusal.
    """
    held = edited(animation, by, even_decided=True)
    if held.state == AnimationState.WITHDRAWN:
        held.state = AnimationState.PROPOSED
        held.save()
    return held


@transaction.atomic
def add_session(*, animation: Animation, moment: Moment, by: Person) -> AnimationSession:
    """Add a time to an animation.

    Raises: Refusal if it is outside the festival, crosses another of the same animation, or there are too many.
    """
    held = edited(animation, by)
    rules.check_moment(moment, held.festival.span)
    return _add_session(held, moment)


@transaction.atomic
def remove_session(*, session: AnimationSession, by: Person) -> None:
    """Take a time away.

    Raises: Refusal if it is the last one of what was retained.
    """
    held = edited(session.animation, by)
    if held.state == AnimationState.ACCEPTED and held.sessions.count() == 1:
        raise Refusal("C’est la seule séance de cette animation\u00a0: retirez plutôt l’animation.")
    booking.call_off_session(session)
    session.delete()


# --- What the other verbs of the festival share -----------------------------------------------------------------------
def _sessions_of(animation: Animation) -> AnimationSessionQuerySet:
    return AnimationSession.objects.filter(animation=animation)


def _hold_sessions(festival: Festival) -> None:
    """Hold every session: whoever books holds one, and reads the state of the festival once they have it."""
    rows = AnimationSession.objects.filter(animation__festival=festival).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk"))


def _animation_prepared(animation: Animation, by: Person) -> Animation:
    festival = prepared(animation.festival, by)
    check_open(festival)
    return Animation.objects.select_related("festival").get(pk=animation.pk)


def _add_session(animation: Animation, moment: Moment) -> AnimationSession:
    others = list(animation.sessions.all())
    if len(others) >= rules.SESSIONS_MOST:
        raise Refusal(f"Une animation a au plus {rules.SESSIONS_MOST}\u00a0séances.")
    if rules.crossing(moment, ((other.moment, animation.title) for other in others)):
        raise Refusal("Cette animation a déjà une séance à cette heure.")
    return AnimationSession.objects.create(
        animation=animation, on=moment.on, starts=moment.starts, ends=moment.ends, seats=animation.capacity
    )


def _check_sessions(festival: Festival, span: Span) -> None:
    outside = 0
    for session in AnimationSession.objects.filter(animation__festival=festival).exclude(
        animation__state=AnimationState.WITHDRAWN
    ):
        try:
            rules.check_moment(session.moment, span)
        except Refusal:
            outside += 1
    if outside:
        raise Refusal(
            f"{outside}\u00a0séance{'s' if outside > 1 else ''} n’entrerai{'en' if outside > 1 else ''}t plus dans ces "
            "jours ou ces heures\u00a0: changez-les d’abord."
        )


def _write(festival: Festival, wanted: WantedFestival) -> None:
    year = SchoolYear.objects.holding(wanted.span.first).order_by("pk").first()
    if year is None:
        raise Refusal("Ces jours ne sont dans aucune année scolaire ouverte sur la plateforme.")
    others = Festival.objects.filter(district=festival.district_id, school_year=year).exclude(pk=festival.pk)
    if others.exists():
        raise Refusal(f"La circonscription a déjà une fête pour l’année {year}\u00a0: modifiez-la.")
    festival.school_year = year
    festival.title, festival.where = wanted.title.strip(), wanted.where.strip()
    festival.first_day, festival.last_day = wanted.span.first, wanted.span.last
    festival.opens, festival.closes = wanted.span.opens, wanted.span.closes
    festival.access, festival.words = wanted.access.strip(), wanted.words.strip()
    festival.proposals_until = wanted.proposals_until


def _write_animation(animation: Animation, wanted: WantedAnimation) -> None:
    if wanted.capacity is not None and not 1 <= wanted.capacity <= rules.CAPACITY_MOST:
        raise Refusal("Un atelier limité a au moins une place. Laissez vide si l’entrée est libre.")
    animation.kind, animation.title, animation.hosts = wanted.kind, wanted.title.strip(), wanted.hosts.strip()
    animation.words, animation.audiences = wanted.words.strip(), list(wanted.audiences)
    animation.place, animation.capacity = wanted.place.strip(), wanted.capacity
    animation.materials, animation.volunteers = wanted.materials.strip(), wanted.volunteers


def _note_move(festival: Festival, by: Person) -> None:
    FestivalMove.objects.create(festival=festival, state=festival.state, by=by)
