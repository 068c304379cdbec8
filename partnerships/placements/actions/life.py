"""Confirm, publish, cancel, restore and end a placement, and name who answers for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.models import Person
from partnerships.cohorts.rules import DayKind
from partnerships.models import LogEntry, Placement, PlacementDay
from partnerships.placements import checking, freeing, holding, rules, telling, writing
from partnerships.placements.actions import booking
from partnerships.placements.queries import openings, pages
from partnerships.placements.rules import MOVES, PlacementState, Verb

NOT_PUBLISHED_BY_YOU = "Ce stage n’est pas de ceux que vous publiez."


def _go(placement: Placement, target: PlacementState) -> None:
    placement.state = target.value
    placement.sequence += 1
    placement.save()


@transaction.atomic
def confirm(*, placement: Placement, by: Person) -> Placement:
    """Say that it stands: the class and the school see it, and name who answers there. Nobody is written to yet."""
    held = booking.coordinated(placement, by)
    MOVES[Verb.CONFIRM].check(held.state)
    held.confirmed_at = timezone.now()
    _go(held, PlacementState.CONFIRMED)
    return held


@transaction.atomic
def reopen(*, placement: Placement, by: Person) -> Placement:
    """Take a confirmation back."""
    held = booking.coordinated(placement, by)
    MOVES[Verb.REOPEN].check(held.state)
    held.confirmed_at = None
    _go(held, PlacementState.HELD)
    return held


@transaction.atomic
def publish(*, placement: Placement, by: Person) -> Placement:
    """Make a confirmed placement known to all whom it concerns, if everything still holds.

    Raises: Refusal for what changed meanwhile (a closed school, the university), or where students would hold the class
        without a legal basis or a named adult.
    Source: docs/decisions/0036-placement-seats.md
    """
    held = _publishable(placement, by)
    MOVES[Verb.PUBLISH].check(held.state)
    _publish(held, [row for row in _standing(held) if not openings.has_begun(row.half_day)])
    return held


def _publishable(placement: Placement, by: Person) -> Placement:
    """Hold a placement that one may publish.

    Raises: Refusal else.
    """
    if not Placement.objects.publishable_by(by).filter(pk=placement.pk).exists():
        raise Refusal(NOT_PUBLISHED_BY_YOU)
    return holding.held(placement)


def _standing(placement: Placement) -> list[PlacementDay]:
    rows = placement.days.standing().select_related("adult", "student__person", "student__status")
    return list(rows.order_by("day", "half", "pk"))


def _publish(held: Placement, rows: Sequence[PlacementDay]) -> None:
    if not rows:
        raise Refusal("Ce stage n’a plus de demi-journée à venir.")
    going = writing.students_of(held)
    for kind in DayKind:
        if half_days := {row.half_day for row in rows if row.kind == kind}:
            checking.check_open(held.offer, going, half_days, kind)
    writing.make_public(held, rows)
    held.published_at = timezone.now()
    _go(held, PlacementState.PUBLISHED)
    freeing.changed(held.offer.person_id, {row.half_day for row in rows})
    telling.published(held)


@transaction.atomic
def found_again(*, placement: Placement, by: Person) -> Placement:
    """Write again by what right students hold the class on the half-days to come of a public placement: what allowed it
    has ended, or changed.

    Raises: Refusal where nothing allows it, nobody answers on the spot, or it is not public.
    """
    held = _publishable(placement, by)
    if held.state != PlacementState.PUBLISHED:
        raise Refusal("Ce stage n’est pas publié\u00a0: son fondement s’écrit quand il le devient.")
    writing.make_public(held, [row for row in _standing(held) if not openings.has_begun(row.half_day)])
    return held


@transaction.atomic
def cancel(*, placement: Placement, reason: str, by: Person) -> Placement:
    """Call a placement off: what has not begun is given back.

    Raises: Refusal once it is over, or without a reason where others know of it.
    """
    held = booking.coordinated(placement, by)
    MOVES[Verb.CANCEL].check(held.state)
    if held.published_at is not None and not reason.strip():
        raise Refusal("Dites pourquoi en quelques mots\u00a0: les personnes concernées le liront.")
    now = timezone.now()
    rows = [row for row in _standing(held) if not openings.has_begun(row.half_day, now)]
    if held.published_at is not None and not rows:
        raise Refusal("Toutes ses demi-journées sont passées\u00a0: terminez ce stage plutôt.")
    writing.give_back(held, rows, now)
    booking.cancelled(held, reason.strip()[: rules.REASON_MAX], now)
    telling.cancelled(held, by)
    return held


@transaction.atomic
def restore(*, placement: Placement, by: Person) -> Placement:
    """Bring back a placement that was called off, as it was, with its half-days that are still to come.

    Raises: Taken where somebody else is there by now; Refusal for all else that may not be.
    """
    held = booking.coordinated(placement, by)
    MOVES[Verb.RESTORE].check(held.state)
    rows = held.days.filter(freed_at=held.cancelled_at, missed_by="")
    rows = rows.select_related("adult", "student__person", "student__status").order_by("day", "half", "pk")
    coming = [row for row in rows if not openings.has_begun(row.half_day)]
    held.state, held.cancelled_from, held.cancelled_at, held.reason = held.cancelled_from, "", None, ""
    going = writing.students_of(held)
    if coming:
        booking.bring_back(held, coming, going)
    elif not held.days.standing().exists():
        raise Refusal("Toutes ses demi-journées sont passées\u00a0: il n’y a plus rien à rétablir.")
    _go(held, PlacementState(held.state))
    freeing.changed(held.offer.person_id, {row.half_day for row in coming})
    if held.published_at is not None:
        telling.changed(held, "le stage a de nouveau lieu", by)
    return held


@transaction.atomic
def end(*, placement: Placement, by: Person) -> Placement:
    """Close a placement whose half-days are all over: the teacher and the tutor may write their reviews.

    Raises: Refusal before that.
    """
    held = booking.coordinated(placement, by)
    MOVES[Verb.END].check(held.state)
    if any(not openings.has_begun(row.half_day) for row in _standing(held)):
        raise Refusal("Ce stage a encore des demi-journées à venir.")
    _go(held, PlacementState.ENDED)
    return held


@transaction.atomic
def resume(*, placement: Placement, by: Person) -> Placement:
    """Take back the end of a placement."""
    held = booking.coordinated(placement, by)
    MOVES[Verb.RESUME].check(held.state)
    _go(held, PlacementState.PUBLISHED)
    return held


# --- Who answers for it -----------------------------------------------------------------------------------------------
@transaction.atomic
def name_adult(*, placement: Placement, half_days: Collection[HalfDay], adult: Person, by: Person) -> Placement:
    """Name the adult of the school who answers on the spot while students hold the class.

    Raises: Refusal for who may not name them, or for an adult who is not in the school then.
    """
    if not pages.runs(placement, by) or not Placement.objects.visible_to(by).filter(pk=placement.pk).exists():
        raise Refusal("C’est à l’école, ou à l’institut, de nommer cet adulte.")
    held = holding.held(placement)
    if not held.is_open:
        raise Refusal(rules.CLOSED)
    rows = [row for row in writing.standing_on(held, half_days) if row.kind == DayKind.RESPONSIBILITY]
    if not rows:
        raise Refusal("On nomme un adulte pour les demi-journées où la classe est tenue par des étudiants.")
    booking.check_coming(rows)
    wanted = {row.half_day for row in rows}
    checking.check_adult(held, adult, wanted)
    for row in rows:
        row.adult = adult
    PlacementDay.objects.bulk_update(rows, ["adult"])
    held.sequence += 1
    held.save(update_fields=["sequence", "updated_at"])
    if adult.pk != by.pk and held.confirmed_at is not None:  # what is merely held is the institution's alone
        telling.adult_named(held, adult, ", ".join(openings.in_words(one) for one in sorted(wanted)))
    return held


@transaction.atomic
def follow(*, placement: Placement, tutor: Person | None, by: Person) -> Placement:
    """Say who follows the students for the institution, or that nobody does. What a student has shared of the log with
    the one before is nobody else's: the next reads nothing of it, and plans visits anew.

    Raises: Refusal for somebody who does not work there.
    """
    held = booking.coordinated(placement, by)
    if not held.is_open:
        raise Refusal(rules.CLOSED)
    if tutor is not None and not openings.tutors_of(held.cohort.institution_id).filter(pk=tutor.pk).exists():
        raise Refusal("Le tuteur ou la tutrice travaille à l’institut.")
    if tutor != held.tutor:
        LogEntry.objects.filter(of__placement=held, is_for_tutor=True).update(is_for_tutor=False)
        visits = held.visits.filter(cancelled_at=None, day__gte=timezone.localdate())
        for visit in visits.select_related("placement", "tutor"):
            visit.cancelled_at = timezone.now()
            visit.save(update_fields=["cancelled_at"])
            telling.visit_called_off(visit)
    held.tutor = tutor
    held.save(update_fields=["tutor", "updated_at"])
    return held


def move(*, placement: Placement, verb: Verb, by: Person, reason: str = "") -> Placement:
    """Do one verb of the table.

    Raises: Refusal as each of them does.
    """
    if verb is Verb.CANCEL:
        return cancel(placement=placement, reason=reason, by=by)
    step = {
        Verb.CONFIRM: confirm,
        Verb.REOPEN: reopen,
        Verb.PUBLISH: publish,
        Verb.END: end,
        Verb.RESUME: resume,
        Verb.RESTORE: restore,
    }[verb]
    return step(placement=placement, by=by)


@dataclass(frozen=True)
class Batch:
    """What became of several placements at once: `left`, with the reason of each."""

    done: tuple[Placement, ...]
    left: tuple[tuple[Placement, str], ...]


def move_all(*, placements: Sequence[Placement], verb: Verb, by: Person) -> Batch:
    """Do one verb with each of these placements; those that do not have it stay as they are, each with its reason."""
    done, left = [], []
    for placement in placements:
        try:
            done.append(move(placement=placement, verb=verb, by=by))
        except Refusal as refusal:
            left.append((placement, str(refusal)))
    return Batch(tuple(done), tuple(left))
