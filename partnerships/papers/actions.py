"""Verbs of the papers of placements: write the text of a course’s agreements, note that one came back signed, sign a
half-day, take that back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from partnerships.models import (
    DaySignature,
    PlacementDay,
    PlacementStudent,
    PlacementTerms,
    Programme,
)
from partnerships.papers import rules
from partnerships.placements import rules as placement_rules
from partnerships.placements.actions import booking
from partnerships.placements.queries import pages


@transaction.atomic
def write_terms(*, terms: PlacementTerms, by: Person) -> PlacementTerms:
    """Keep the text of the agreements of a course.

    Raises: Refusal if the course is not of an institution whose students `by` manages.
    """
    if not Programme.objects.editable_by(by).filter(pk=terms.programme_id).exists():
        raise Refusal("Cette formation n’est pas, ou plus, d’un institut que vous coordonnez.")
    Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=terms.programme_id)
    if terms.pk is None:  # another hand may have written the first words just before: these are the last
        known = PlacementTerms.objects.filter(programme=terms.programme_id).values_list("pk", flat=True)
        terms.pk = known.first()
    terms.save()
    return terms


@transaction.atomic
def note_agreement(*, of: PlacementStudent, by: Person, is_signed: bool = True) -> None:
    """Note that the agreement of a student came back today, signed by all, for the half-days as they stand; or take
    that back.

    Twice is as once. Raises: Refusal if `by` does not coordinate the placement, or if the class does not know of it.
    """
    placement = booking.coordinated(of.placement, by)
    if placement.state not in placement_rules.TOLD:
        raise Refusal("Confirmez d’abord ce stage\u00a0: la classe et l’école ne l’attendent pas encore.")
    rows = list(placement.days.filter(student_id=of.student_id))
    PlacementStudent.objects.filter(pk=of.pk).update(
        agreement_signed_on=timezone.localdate() if is_signed else None,
        agreement_days=pages.agreed(rows, of.student_id) if is_signed else "",
    )


@transaction.atomic
def sign(*, day: PlacementDay, by: Person, is_signed: bool = True) -> DaySignature | None:
    """Sign that a student was there that half-day, as the student or as who received; or take one’s own signature back.

    Twice is as once. Raises: Refusal if the half-day did not begin, is long past or does not stand, or if `by` is
    neither of them.
    """
    row = PlacementDay.objects.select_for_update(of=("self",)).select_related("placement__offer").get(pk=day.pk)
    is_student = row.person_id == by.pk
    if not (is_student or row.adult_id == by.pk or pages.receives(row.placement, by)):
        raise Refusal("Cette demi-journée n’est pas la vôtre.")
    if row.placement.state not in placement_rules.KNOWN or row.freed_at is not None:
        raise Refusal("Cette demi-journée n’a pas eu lieu, ou le stage n’est pas publié.")
    if not rules.may_sign(row.half_day, timezone.localdate()):
        raise Refusal("On signe le jour même, ou dans le mois qui suit.")
    found = DaySignature.objects.filter(day=row).first() or DaySignature(day=row)
    if is_student:
        found.student_at = (found.student_at or timezone.now()) if is_signed else None
    else:
        found.host_at = (found.host_at or timezone.now()) if is_signed else None
        found.host_by = by if is_signed else None
    if found.student_at is None and found.host_at is None:
        if found.pk:
            found.delete()
        return None
    found.save()
    return found
