"""Half-days written, or given back, with their seats, and with all that is refused. Called with the rows held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from partnerships.cohorts.rules import DayKind
from partnerships.models import Placement, PlacementDay, Student
from partnerships.placements import checking, freeing, seating
from partnerships.placements.queries import openings
from partnerships.placements.rules import PlacementState, Planned

FIELDS = ["day", "half", "adult", "derogation", "basis", "freed_at", "missed_by"]


def students_of(placement: Placement) -> list[Student]:
    """The students of a placement with what their checks read."""
    return list(students().filter(placed__placement=placement).order_by("placed__rank"))


def students() -> QuerySet[Student]:
    return Student.objects.select_related("person", "status", "cohort__programme", "cohort__institution")


def standing_on(placement: Placement, half_days: Collection[HalfDay]) -> list[PlacementDay]:
    """The rows of a placement that stand on these half-days.

    Raises: Refusal for a half-day on which it has none.
    """
    rows = placement.days.standing().filter(seating.on(half_days))
    found = list(rows.select_related("adult", "student__person", "student__status").order_by("day", "half", "pk"))
    for half_day in sorted(set(half_days) - {row.half_day for row in found}):
        raise Refusal(f"Ce stage n’a rien, ou plus rien, {openings.in_words(half_day)}.")
    return found


def write(
    placement: Placement,
    rows: Sequence[PlacementDay],
    going: Sequence[Student],
    before: Mapping[int, Sequence[Planned]],
    *,
    may_be_over: bool = False,
) -> None:
    """Save half-days that stand from now on, with their seats. `going`: the students of the rows; `before`: the
    half-days of each as they stood.

    Raises: Taken where there is no room; Refusal for all else that may not be.
    """
    half_days = {row.half_day for row in rows}
    first = min(half_days)
    checking.check_free(rows, may_be_over=may_be_over)
    with seating.taking(first):
        _save(rows)
        seating.reseat(placement, half_days)
        seating.keep_places(placement.offer, {row.person_id for row in rows}, first)
    of_kind: dict[str, set[HalfDay]] = defaultdict(set)
    for row in rows:
        if not (may_be_over and openings.has_begun(row.half_day)):
            of_kind[row.kind].add(row.half_day)
    for kind, days in sorted(of_kind.items()):
        checking.check_open(placement.offer, going, days, DayKind(kind))
    checking.check_orders(going, before)
    if placement.state == PlacementState.PUBLISHED:
        make_public(placement, rows)
        freeing.changed(placement.offer.person_id, half_days)


def _save(rows: Sequence[PlacementDay]) -> None:
    PlacementDay.objects.bulk_create([row for row in rows if row.pk is None])
    PlacementDay.objects.bulk_update([row for row in rows if row.pk is not None], FIELDS)


def make_public(placement: Placement, rows: Sequence[PlacementDay]) -> None:
    """Write by what right students hold the class on these half-days.

    Raises: Refusal where nothing lets them, or no adult who is there is named.
    """
    checking.found_bases(placement, rows)
    named: dict[int, set[HalfDay]] = defaultdict(set)
    adults = {}
    for row in rows:
        if row.kind == DayKind.RESPONSIBILITY and row.adult is not None:
            adults[row.adult.pk] = row.adult
            named[row.adult.pk].add(row.half_day)
    for pk, half_days in sorted(named.items()):
        checking.check_adult(placement, adults[pk], half_days)
    PlacementDay.objects.bulk_update(rows, ["basis", "derogation"])


def give_back(placement: Placement, rows: Sequence[PlacementDay], now: datetime, missed_by: str = "") -> None:
    """Let half-days go, with their seats; the tutor does not come where nobody is."""
    if not rows:
        return
    for row in rows:
        row.freed_at, row.missed_by = now, missed_by
    PlacementDay.objects.bulk_update(rows, ["freed_at", "missed_by"])
    half_days = {row.half_day for row in rows}
    seating.reseat(placement, half_days)
    seating.keep_places(placement.offer, {row.person_id for row in rows}, min(half_days))
    there = {row.half_day for row in placement.days.standing().filter(seating.on(half_days))}
    placement.visits.filter(seating.on(half_days - there), cancelled_at=None).update(cancelled_at=now)
    freeing.changed(placement.offer.person_id, half_days)
