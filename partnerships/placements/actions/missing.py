"""Say that a half-day does not take place, or did not, and replace it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.models import Person
from partnerships.models import Placement, PlacementDay, Student
from partnerships.placements import holding, rules, telling, writing
from partnerships.placements.actions import booking
from partnerships.placements.queries import openings, pages
from partnerships.placements.rules import MISSED_LABELS, MissedBy


def may_say_missed(placement: Placement, person: Person, why: MissedBy, student: Student | None) -> bool:
    """Who runs the placement says it of anybody; a student of oneself."""
    if student is not None and student.person_id == person.pk:
        return why is MissedBy.STUDENT
    return pages.runs(placement, person)


@transaction.atomic
def miss(
    *, placement: Placement, half_day: HalfDay, why: MissedBy, by: Person, student: Student | None = None
) -> Placement:
    """Say that a half-day does not take place: the teacher is not there (nobody comes), or a student is not (`student`;
    both if none is named). Its seats are free again; it may be replaced.

    Raises: Refusal for who may not say so, or where nothing is planned.
    """
    seen = Placement.objects.visible_to(by).filter(pk=placement.pk).exists()
    if not seen or not may_say_missed(placement, by, why, student):
        raise Refusal("Ce n’est pas à vous de noter cette absence.")
    held = holding.held(placement)
    if not held.is_open:
        raise Refusal(rules.CLOSED)
    rows = writing.standing_on(held, [half_day])
    if why is MissedBy.STUDENT and student is not None:
        rows = [row for row in rows if row.student_id == student.pk]
        if not rows:
            raise Refusal(f"{student.person} n’est pas attendu·e à ce moment-là.")
    writing.give_back(held, rows, timezone.now(), why)
    held.sequence += 1
    held.save(update_fields=["sequence", "updated_at"])
    if held.published_at is not None:
        who = "" if why is MissedBy.HOST or student is None else f" ({student.person})"
        telling.missed(held, f"{MISSED_LABELS[why]}{who}, {openings.in_words(half_day)}", by)
    return held


@transaction.atomic
def take_back(*, placement: Placement, half_day: HalfDay, by: Person) -> Placement:
    """Say that a half-day takes place after all, for those whose absence one may note; a student before it begins.

    Raises: Taken where somebody else is there by now; Refusal where nothing of the kind is to be taken back.
    """
    held = holding.held(placement)
    if not held.is_open:
        raise Refusal(rules.CLOSED)
    rows = [
        row
        for row in booking.last_freed(held, [half_day])
        if row.missed_by and may_say_missed(held, by, MissedBy(row.missed_by), row.student)
    ]
    if not rows:
        raise Refusal("Il n’y a rien à reprendre à ce moment-là.")
    if openings.has_begun(half_day) and any(row.person_id == by.pk for row in rows):
        raise Refusal("Cette demi-journée a commencé\u00a0: voyez avec la classe, ou avec l’institut.")
    booking.take_back(held, rows, by)
    return held


@transaction.atomic
def replace(
    *, placement: Placement, half_day: HalfDay, to: HalfDay, by: Person, adult: Person | None = None
) -> Placement:
    """Put another half-day in the place of one that did not take place, for those who missed it. `adult`: who answers
    there for who holds the class; else who was to answer.

    Raises: Taken where there is no room; Refusal for all else that may not be.
    """
    held = booking.opened(placement, by)
    missed = [row for row in booking.last_freed(held, [half_day]) if row.missed_by]
    if not missed:
        raise Refusal("Rien n’a manqué à ce moment-là, ou c’est déjà remplacé.")
    going = [one for one in writing.students_of(held) if one.pk in {row.student_id for row in missed}]
    rows = [
        PlacementDay(
            placement=held,
            student_id=row.student_id,
            person_id=row.person_id,
            offer=held.offer,
            day=to.day,
            half=to.half,
            kind=row.kind,
            adult=booking.still_there(held, adult or row.adult, to, must=adult is not None),
            replaces=row,
        )
        for row in missed
    ]
    by_pk = {one.pk: one for one in going}
    for row in rows:
        row.student = by_pk[row.student_id]
    writing.write(held, rows, going, openings.planned(going))
    said = f"{openings.in_words(half_day)} est remplacé par {openings.in_words(to)}"
    booking.tell_change(held, said, by)
    return held
