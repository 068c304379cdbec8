"""What is written around a placement: visits of the tutor, reviews, the student’s log."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.models import Person
from partnerships.models import LogEntry, Placement, PlacementReview, PlacementStudent, TutorVisit
from partnerships.placements import rules, telling
from partnerships.placements.actions import booking
from partnerships.placements.queries import openings
from partnerships.placements.rules import PlacementState

NOT_YOUR_LOG = "Ce carnet est celui de quelqu’un d’autre."


# --- Visits of the tutor ----------------------------------------------------------------------------------------------
@transaction.atomic
def plan_visit(*, placement: Placement, half_day: HalfDay, by: Person) -> TutorVisit:
    """Say that the tutor comes to see the students on a half-day when they are in the class.

    Raises: Refusal without a tutor, on another half-day, or twice.
    """
    held = booking.opened(placement, by)
    if held.tutor is None:
        raise Refusal("Dites d’abord qui suit ce stage pour l’institut.")
    if openings.has_begun(half_day):
        raise Refusal(f"Cette demi-journée est passée\u00a0: {openings.in_words(half_day)}.")
    if not held.days.standing().on(half_day).exists():
        raise Refusal(f"Personne n’est en stage dans cette classe, {openings.in_words(half_day)}.")
    try:
        with transaction.atomic():
            visit = TutorVisit.objects.create(placement=held, tutor=held.tutor, day=half_day.day, half=half_day.half)
    except IntegrityError as error:
        raise Refusal("Cette visite est déjà prévue.") from error
    telling.visit_planned(visit)
    return visit


@transaction.atomic
def call_visit_off(*, visit: TutorVisit, by: Person) -> TutorVisit:
    """Say that the tutor does not come. Twice is as once."""
    booking.coordinated(visit.placement, by)
    if TutorVisit.objects.filter(pk=visit.pk, cancelled_at=None).update(cancelled_at=timezone.now()):
        telling.visit_called_off(visit)
    visit.refresh_from_db(fields=["cancelled_at"])
    return visit


# --- Reviews ----------------------------------------------------------------------------------------------------------
def reviewers(placement: Placement) -> set[int | None]:
    """Who says at the end what a student has learnt: the teacher of the class, the tutor."""
    return {placement.offer.person_id, placement.tutor_id}


@transaction.atomic
def write_review(*, of: PlacementStudent, strengths: str, next_steps: str, by: Person) -> PlacementReview:
    """Write one's review of a student, a draft until it is given.

    Raises: Refusal for anybody but the teacher and the tutor, before the placement is public, once it is given, or
        without a word.
    """
    placement = of.placement
    if by.pk not in reviewers(placement):
        raise Refusal("Le bilan est écrit par l’enseignant·e de la classe, et par le tuteur ou la tutrice.")
    if placement.state not in rules.KNOWN:
        raise Refusal("On écrit le bilan d’un stage publié, ou terminé.")
    if not strengths.strip():
        raise Refusal("Dites au moins ce qui est acquis.")
    PlacementStudent.objects.select_for_update(of=("self",), no_key=True).get(
        pk=of.pk
    )  # the first words, twice at once
    row = PlacementReview.objects.select_for_update(of=("self",)).filter(of=of, author=by).first()
    row = row or PlacementReview(of=of, author=by)
    if row.given_at is not None:
        raise Refusal("Ce bilan est donné\u00a0: il ne change plus.")
    row.strengths, row.next_steps = strengths.strip(), next_steps.strip()
    row.save()
    return row


@transaction.atomic
def give_review(*, review: PlacementReview, by: Person) -> PlacementReview:
    """Give one's review to the student, and to the institution. Giving it again changes nothing.

    Raises: Refusal for anybody else, or before the end.
    """
    row = PlacementReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if row.author_id != by.pk:
        raise Refusal("Ce bilan est celui de quelqu’un d’autre.")
    if row.of.placement.state != PlacementState.ENDED:
        raise Refusal("Le bilan se donne une fois le stage terminé.")
    if row.given_at is None:
        row.given_at = timezone.now()
        row.save(update_fields=["given_at", "updated_at"])
        telling.review_given(row)
    return row


# --- The log ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def write_log(
    *,
    of: PlacementStudent,
    day: date,
    text: str,
    by: Person,
    is_for_host: bool = False,
    is_for_tutor: bool = False,
    entry: LogEntry | None = None,
) -> LogEntry:
    """Write a page of one's own log, and say who else reads it: by default, nobody.

    Raises: Refusal for somebody else's, without a word, or before one was told of the placement.
    """
    mine = Placement.objects.gone_by(by).filter(pk=of.placement_id).exists()
    if of.student.person_id != by.pk or not mine or (entry is not None and entry.of_id != of.pk):
        raise Refusal(NOT_YOUR_LOG)
    if not text.strip():
        raise Refusal("Écrivez quelques mots.")
    row = entry or LogEntry(of=of)
    row.day, row.text, row.is_for_host, row.is_for_tutor = day, text.strip(), is_for_host, is_for_tutor
    row.save()
    return row


def remove_log(*, entry: LogEntry, by: Person) -> LogEntry:
    """Take a page of one's own log away: nobody reads it any more. Twice is as once.

    Raises: Refusal for somebody else's.
    """
    return _remove(entry, by, timezone.now())


def restore_log(*, entry: LogEntry, by: Person) -> LogEntry:
    """Bring back a page that one has just taken away."""
    return _remove(entry, by, None)


def _remove(entry: LogEntry, by: Person, at: datetime | None) -> LogEntry:
    if entry.of.student.person_id != by.pk:
        raise Refusal(NOT_YOUR_LOG)
    entry.removed_at = at
    entry.save(update_fields=["removed_at"])
    return entry
