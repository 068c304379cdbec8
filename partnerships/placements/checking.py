"""What may not be: called with the rows held, before half-days are written or made public."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from circo import french
from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.models import Person
from partnerships.cohorts.rules import DayKind
from partnerships.models import HostOffer, Placement, PlacementDay, Student
from partnerships.offers.rules import HOSTING_REASON, KEPT_OPEN, OfferState
from partnerships.placements import rules
from partnerships.placements.queries import openings
from partnerships.placements.rules import Planned
from partnerships.placements.seating import Taken
from partnerships.students.pairs import LEFT
from partnerships.students.rules import PAIR_SIZE

NOT_YOURS = "Ce stage n’est pas, ou plus, d’un institut que vous coordonnez."


def check_party(students: Sequence[Student]) -> None:
    """Refuse who does not go together: nobody, two who are no pair, one of a pair, one who left."""
    if not students:
        raise Refusal("Choisissez qui va dans cette classe.")
    for one in students:
        if one.left_at is not None:
            raise Refusal(LEFT.format(one.person))
    pairs = {one.pair_id for one in students}
    if len(students) > 1 and (None in pairs or len(pairs) > 1 or len(students) > PAIR_SIZE):
        raise Refusal("Seuls deux étudiants en binôme vont ensemble\u00a0: faites d’abord ce binôme.")
    if len(students) == 1 and students[0].pair_id is not None:
        raise Refusal(f"{students[0].person} est en binôme\u00a0: les deux vont ensemble.")


def check_offer(offer: HostOffer, student: Student) -> None:
    """Refuse a class that is not open to the institution of a student, for the year of the cohort."""
    cohort = student.cohort
    is_theirs = offer.institutions.filter(pk=cohort.institution_id).exists()
    if offer.state != OfferState.OPEN or not is_theirs:
        raise Refusal(f"La classe {french.of(offer.person)} n’est pas ouverte à vos étudiants.")
    if offer.school_year_id != cohort.school_year_id:
        raise Refusal("Cette classe est proposée pour une autre année scolaire que celle de la promotion.")


def check_free(rows: Collection[PlacementDay], *, may_be_over: bool = False) -> None:
    """Refuse half-days that have begun, or on which one of these students is in a class already.

    Raises: Taken for the latter.
    """
    for row in sorted(rows, key=lambda row: row.half_day):
        if not may_be_over and openings.has_begun(row.half_day):
            raise Refusal(f"Cette demi-journée est passée\u00a0: {row.when}.")
    wanted = {(row.person_id, row.half_day): row for row in rows}
    institutions = {row.student.cohort.institution_id for row in rows}
    first, last = openings.among([row.half_day for row in rows])
    there = PlacementDay.objects.standing().filter(
        person_id__in={row.person_id for row in rows}, day__range=(first, last)
    )
    related = ("person", "offer__person", "offer__school", "student__cohort")
    for one in there.select_related(*related).order_by("day", "half", "pk"):
        if (one.person_id, one.half_day) in wanted:
            is_theirs = one.student.cohort.institution_id in institutions
            where = one.offer if is_theirs else "pour un autre institut"
            raise Taken(f"{one.person} est déjà en stage, {one.when}\u00a0: {where}.", one.half_day)


def check_open(offer: HostOffer, students: Sequence[Student], half_days: Collection[HalfDay], kind: DayKind) -> None:
    """Refuse half-days on which the class, the university or something else does not let them come, a class that was
    withdrawn, and students who left: booked before, that may be so only now."""
    if offer.state not in KEPT_OPEN:
        raise Refusal(f"La classe {french.of(offer.person)} n’est plus proposée aux étudiants.")
    for one in students:
        if one.left_at is not None:
            raise Refusal(LEFT.format(one.person))
        if not one.person.is_active:
            raise Refusal(f"Le compte {french.of(one.person)} est fermé.")
        if one.person_id == offer.person_id:
            raise Refusal(f"{one.person} ne va pas en stage dans sa propre classe.")
    for half_day, reason in sorted(openings.closed(offer, half_days, kind).items()):
        if reason:
            raise Refusal(f"{offer}, {openings.in_words(half_day)}\u00a0: {reason}.")
    for half_day, label in sorted(openings.kept_by_university(students[0].cohort, half_days).items()):
        raise Refusal(f"La promotion est à l’université, {openings.in_words(half_day)}\u00a0: {label}.")
    people = {one.person_id: one.person for one in students}
    for rows in calendar.busy(people, *openings.among(half_days)).values():
        for row in rows:
            if row.half_day in half_days and row.reason != rules.BUSY_REASON:  # `check_free` has looked at placements
                when = openings.in_words(row.half_day)
                raise Refusal(f"{people[row.person_id]} est déjà pris·e, {when}\u00a0: {row.reason}.")


def check_orders(students: Sequence[Student], before: Mapping[int, Sequence[Planned]]) -> None:
    """Refuse a change that puts the half-days of a student out of order; `before`: as they stood."""
    course = openings.course_of(students[0].cohort.programme)
    after = openings.planned(students)
    for one in students:
        rules.check_order(before[one.pk], after[one.pk], course, str(one.person))


# --- Who holds a class ------------------------------------------------------------------------------------------------
def check_adult(placement: Placement, adult: Person, half_days: Collection[HalfDay]) -> None:
    """Refuse somebody who is not in the school on one of these half-days."""
    for half_day in sorted(half_days):
        if not openings.adults_of(placement.offer.school_id, half_day.day).filter(pk=adult.pk).exists():
            raise Refusal(f"{adult} n’est pas de l’école à cette date\u00a0: {openings.in_words(half_day)}.")
    for one in calendar.busy([adult.pk], *openings.among(half_days))[adult.pk]:
        if one.half_day in half_days and one.reason != HOSTING_REASON:
            raise Refusal(f"{adult} n’est pas dans l’école, {openings.in_words(one.half_day)}\u00a0: {one.reason}.")


def found_bases(placement: Placement, rows: Sequence[PlacementDay]) -> None:
    """Write on half-days on which students hold the class by what right they do. They are saved by the caller.

    Raises: Refusal where nothing lets a student hold the class, or no adult is named.
    """
    held = [row for row in rows if row.kind == DayKind.RESPONSIBILITY]
    if not held:
        return
    days = [row.day for row in held]
    found = openings.permits(placement.offer.school, min(days), max(days))
    for row in held:
        if row.adult is None:
            raise Refusal(f"Nommez l’adulte de l’école qui répond sur place, {row.when}.")
        status = row.student.status
        permit = None if status.may_be_alone else rules.permit_on(row.day, found)
        if permit is None and not status.may_be_alone:
            raise Refusal(
                f"Rien ne permet à {row.student.person} de tenir la classe, {row.when}\u00a0: ni son statut, ni une "
                "dérogation en vigueur ce jour-là."
            )
        row.basis = (permit.words if permit else f"{status.name}\u00a0: {status.legal_text}")[: rules.BASIS_MAX]
        row.derogation_id = permit.key if permit else None
