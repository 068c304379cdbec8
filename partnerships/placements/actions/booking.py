"""Hold half-days of a class for a student or a pair, move them, give them up and take them back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.models import Person
from partnerships.cohorts.rules import DayKind
from partnerships.models import HostOffer, Placement, PlacementDay, PlacementStudent, Student
from partnerships.placements import checking, holding, rules, seating, telling, writing
from partnerships.placements.queries import openings
from partnerships.placements.rules import PlacementState, Planned


@transaction.atomic
def hold(
    *, offer: HostOffer, students: Sequence[Student], kind: DayKind, half_days: Collection[HalfDay], by: Person
) -> Placement:
    """Keep seats of a class on some half-days, for a student or a pair who do one kind of day there: all or none.

    They join what is held already for the same students in the same class.
    Raises: Taken where there is no room, with the half-day; Refusal for all else that may not be.
    Source: docs/decisions/0036-placement-seats.md
    """
    wanted = sorted(set(half_days))
    if not 1 <= len(wanted) <= rules.DAYS_AT_ONCE:
        raise Refusal(f"Choisissez de 1 à {rules.DAYS_AT_ONCE}\u00a0demi-journées.")
    keys = sorted({one.pk for one in students})
    if len(Student.objects.editable_by(by).filter(pk__in=keys)) != len(keys):
        raise Refusal(checking.NOT_YOURS)
    held = holding.hold(person_ids=[one.person_id for one in students], offer_ids=[offer.pk])[offer.pk]
    going = list(writing.students().filter(pk__in=keys).order_by("pk"))
    checking.check_party(going)
    checking.check_offer(held, going[0])
    placement = _placement_for(held, going, by)
    before = openings.planned(going)
    writing.write(placement, _rows(placement, going, kind, wanted), going, before)
    return placement


def _placement_for(offer: HostOffer, going: Sequence[Student], by: Person) -> Placement:
    """What is held for exactly these students in this class, or a new placement."""
    first, *others = going
    rows = Placement.objects.filter(offer=offer, state=PlacementState.HELD, students__student=first)
    for row in rows.prefetch_related("students").order_by("pk"):
        if {one.student_id for one in row.students.all()} == {one.pk for one in going}:
            row.offer = offer
            return row
    made = Placement.objects.create(offer=offer, cohort=first.cohort, created_by=by)
    PlacementStudent.objects.bulk_create(
        PlacementStudent(placement=made, student=one, rank=rank) for rank, one in enumerate([first, *others], 1)
    )
    return made


def _rows(
    placement: Placement, going: Sequence[Student], kind: DayKind, half_days: Collection[HalfDay]
) -> list[PlacementDay]:
    return [
        PlacementDay(
            placement=placement,
            student=one,
            person=one.person,
            offer=placement.offer,
            day=half_day.day,
            half=half_day.half,
            kind=kind.value,
        )
        for half_day in half_days
        for one in going
    ]


def coordinated(placement: Placement, by: Person, *, other_offer: HostOffer | None = None) -> Placement:
    """Hold a placement that `by` coordinates, and read it again.

    Raises: Refusal if it is another institution's.
    """
    if not Placement.objects.editable_by(by).filter(pk=placement.pk).exists():
        raise Refusal(checking.NOT_YOURS)
    return holding.held(placement, other_offer=other_offer)


def opened(placement: Placement, by: Person, *, other_offer: HostOffer | None = None) -> Placement:
    """The same, of a placement whose half-days may still change."""
    held = coordinated(placement, by, other_offer=other_offer)
    if not held.is_open:
        raise Refusal(rules.CLOSED)
    return held


def check_coming(rows: Sequence[PlacementDay]) -> None:
    """Refuse to change what has begun."""
    for row in rows:
        if openings.has_begun(row.half_day):
            raise Refusal(f"Cette demi-journée est passée\u00a0: {row.when}. Notez plutôt une absence.")


@transaction.atomic
def move(
    *,
    placement: Placement,
    half_day: HalfDay,
    to: HalfDay,
    by: Person,
    offer: HostOffer | None = None,
    adult: Person | None = None,
) -> Placement:
    """Put a half-day of a placement elsewhere: at another moment, in another class (`offer`), or both. Return the
    placement in which it is now: in another class, one that is held. `adult`: who answers there for who holds it.

    Raises: Taken where there is no room; Refusal for all else that may not be.
    """
    elsewhere = offer if offer is not None and offer.pk != placement.offer_id else None
    held = opened(placement, by, other_offer=elsewhere)
    rows = writing.standing_on(held, [half_day])
    check_coming(rows)
    if elsewhere is None and to == half_day:
        return held
    going = [one for one in writing.students_of(held) if one.pk in {row.student_id for row in rows}]
    before = openings.planned(going)
    now = timezone.now()
    writing.give_back(held, rows, now)
    if elsewhere is not None:
        return _move_away(held, rows, elsewhere, to, going, before, adult, by, now)
    for row in rows:
        row.day, row.half, row.freed_at, row.derogation, row.basis = to.day, to.half, None, None, ""
        row.adult = still_there(held, adult or row.adult, to, must=adult is not None)
    writing.write(held, rows, going, before)
    said = f"{openings.in_words(half_day)} passe à {openings.in_words(to)}"
    tell_change(held, said, by)
    return held


def still_there(placement: Placement, adult: Person | None, to: HalfDay, *, must: bool) -> Person | None:
    """The adult, if in the school at that moment; else nobody."""
    if adult is None:
        return None
    try:
        checking.check_adult(placement, adult, [to])
    except Refusal:
        if must:
            raise
        return None
    return adult


def _move_away(
    held: Placement,
    rows: Sequence[PlacementDay],
    elsewhere: HostOffer,
    to: HalfDay,
    going: Sequence[Student],
    before: Mapping[int, Sequence[Planned]],
    adult: Person | None,
    by: Person,
    now: datetime,
) -> Placement:
    other = holding.hold(person_ids=[], offer_ids=[elsewhere.pk])[elsewhere.pk]
    checking.check_offer(other, going[0])
    target = _placement_for(other, going, by)
    made = _rows(target, going, DayKind(rows[0].kind), [to])
    replaced = {row.student_id: row.replaces_id for row in rows}
    for row in made:
        row.adult = still_there(target, adult, to, must=True)
        row.replaces_id = replaced[row.student_id]
    writing.write(target, made, going, before)
    if not held.days.standing().exists():
        cancelled(held, f"Déplacé chez {other}"[: rules.REASON_MAX], now)
    tell_change(held, f"pas de stage {openings.in_words(rows[0].half_day)}", by)
    return target


@transaction.atomic
def free(*, placement: Placement, half_days: Collection[HalfDay], by: Person) -> Placement:
    """Give up some half-days. A placement that has none left is cancelled.

    Raises: Refusal for those that have begun, or before which later ones would come too early.
    """
    held = opened(placement, by)
    rows = writing.standing_on(held, half_days)
    if not rows:
        raise Refusal("Choisissez au moins une demi-journée.")
    check_coming(rows)
    going = writing.students_of(held)
    before = openings.planned(going)
    now = timezone.now()
    writing.give_back(held, rows, now)
    checking.check_orders(going, before)
    if not held.days.standing().exists():
        cancelled(held, "", now)
    said = "pas de stage " + " ni ".join(openings.in_words(one) for one in sorted(set(half_days))[:3])
    tell_change(held, said, by)
    return held


def cancelled(placement: Placement, reason: str, now: datetime) -> None:
    """Write that a held row is cancelled, and where it comes back to."""
    placement.cancelled_from, placement.state = placement.state, PlacementState.CANCELLED.value
    placement.reason, placement.cancelled_at = reason, now
    placement.sequence += 1
    placement.save()


@transaction.atomic
def put_back(*, placement: Placement, half_days: Collection[HalfDay], by: Person) -> Placement:
    """Take back half-days that were given up, or said not to have taken place, if they are still to be had.

    Raises: Taken where somebody else is there by now; Refusal for all else that may not be.
    """
    held = opened(placement, by)
    rows = last_freed(held, half_days)
    if not rows:
        raise Refusal("Il n’y a rien à reprendre à ce moment-là.")
    take_back(held, rows, by)
    return held


def take_back(held: Placement, rows: Sequence[PlacementDay], by: Person) -> None:
    """Write again rows that were let go, and say so."""
    going = [one for one in writing.students_of(held) if one.pk in {row.student_id for row in rows}]
    bring_back(held, rows, going, may_be_over=any(row.missed_by for row in rows))
    tell_change(held, f"le stage a de nouveau lieu {openings.in_words(rows[0].half_day)}", by)


def last_freed(placement: Placement, half_days: Collection[HalfDay]) -> list[PlacementDay]:
    """The last row of each student that was let go on each of these half-days, and that nothing replaces."""
    replaced = PlacementDay.objects.standing().filter(replaces=OuterRef("pk"))
    rows = placement.days.filter(~Exists(replaced), freed_at__isnull=False)
    rows = rows.select_related("adult", "student__person", "student__status").order_by("freed_at", "pk")
    found = {(row.student_id, row.half_day): row for row in rows if row.half_day in set(half_days)}
    return sorted(found.values(), key=lambda row: (row.half_day, row.pk))


def bring_back(
    placement: Placement, rows: Sequence[PlacementDay], going: Sequence[Student], *, may_be_over: bool = False
) -> None:
    """Write again rows that were let go, with the visits of the tutor that went with them."""
    before = openings.planned(going)
    visits = placement.visits.filter(seating.on({row.half_day for row in rows}), tutor=placement.tutor)
    visits = visits.filter(cancelled_at__in={row.freed_at for row in rows})
    for row in rows:
        row.freed_at, row.missed_by = None, ""
    writing.write(placement, rows, going, before, may_be_over=may_be_over)
    visits.update(cancelled_at=None)


def tell_change(placement: Placement, said: str, by: Person) -> None:
    """Say that half-days changed: one version more for calendars, and a word to those who were told of them."""
    placement.sequence += 1
    placement.save(update_fields=["sequence", "updated_at"])
    if placement.published_at is not None:
        telling.changed(placement, said, by)
