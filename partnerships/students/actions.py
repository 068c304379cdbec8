"""Verbs of students: add one, describe, make a pair, take one out of a cohort and back."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from circo import invitations
from circo.errors import Refusal
from circo.models import Commune, Person, Posting
from circo.rules import Role, levels_in_order
from partnerships.models import Cohort, PlacementDay, Student, StudentPair, StudentStatus
from partnerships.students import pairs
from partnerships.students.rules import Transport


@dataclass(frozen=True)
class Wishes:
    """Where a student lives, how one travels, and what one wishes to see."""

    home: Commune | None = None
    transport: Transport = Transport.CAR
    levels: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()


def _check(cohort: Cohort, by: Person) -> None:
    if not Cohort.objects.editable_by(by).filter(pk=cohort.pk).exists():
        raise Refusal("Cette promotion n’est pas, ou plus, d’un institut que vous coordonnez.")


@transaction.atomic
def add(*, cohort: Cohort, email: str, first_name: str, last_name: str, status: StudentStatus, by: Person) -> Student:
    """Put somebody in a cohort: an account is made if none has this address, and the role of a student is given.

    Whoever has an account keeps the name that it says.
    Raises: Refusal if `by` does not manage that cohort, or if the person is in it already.
    """
    _check(cohort, by)
    # Two hands that bring one newcomer come one after the other.
    Cohort.objects.select_for_update(of=("self",), no_key=True).get(pk=cohort.pk)
    person = Person.objects.filter(email__iexact=email.strip()).first()
    if person is None:
        person = _newcomer(email, first_name.strip(), last_name.strip())
    if not person.is_active:
        raise Refusal("Le compte de cette adresse est fermé\u00a0: demandez à la direction départementale.")
    _post(person, cohort)
    try:
        with transaction.atomic():
            return Student.objects.create(person=person, cohort=cohort, status=status)
    except IntegrityError as error:
        raise Refusal(f"{person} est déjà dans cette promotion.") from error


def _newcomer(email: str, first_name: str, last_name: str) -> Person:
    try:
        with transaction.atomic():
            return Person.objects.create_user(email, first_name=first_name, last_name=last_name)
    except IntegrityError as error:  # into another cohort, or by an import
        raise Refusal("Quelqu’un vient d’ajouter cette adresse\u00a0: recommencez.") from error


def _post(person: Person, cohort: Cohort) -> None:
    """Give the role of a student for the school year of the cohort, unless it is held all that time."""
    year = cohort.school_year
    mine = Posting.objects.filter(person=person, role=Role.STUDENT, institution_id=cohort.institution_id)
    held = mine.filter(starts_on__lte=year.first_day).filter(Q(ends_on=None) | Q(ends_on__gte=year.last_day))
    if held.exists():
        return
    same = mine.filter(starts_on=year.first_day).first() or Posting(
        person=person, role=Role.STUDENT, institution_id=cohort.institution_id, starts_on=year.first_day
    )
    same.ends_on = year.last_day
    same.save()


def invite(*, student: Student, by: Person) -> None:
    """Mail the link that opens the account.

    Raises: Refusal if the account is open already, or is not one that `by` manages.
    """
    _check(student.cohort, by)
    invitations.invite(person=student.person, by=by)


def invite_all(*, cohort: Cohort, by: Person) -> int:
    """Invite each student of a cohort whose account is not open, and whom nobody has invited; return how many."""
    _check(cohort, by)
    count = 0
    for student in waiting(cohort):
        try:
            invitations.invite(person=student.person, by=by)
        except Refusal:  # somebody who also works elsewhere, whom another team invites
            continue
        count += 1
    return count


def waiting(cohort: Cohort) -> list[Student]:
    """The students of a cohort who have no account yet, and no link that still opens one."""
    now = timezone.now()
    rows = Student.objects.filter(cohort=cohort).standing().select_related("person", "cohort")
    rows = rows.exclude(person__invitations__used_at=None, person__invitations__expires_at__gt=now)
    return [row for row in rows.order_by("pk") if not row.person.has_usable_password() and row.person.is_active]


@transaction.atomic
def describe(*, student: Student, status: StudentStatus, wishes: Wishes, by: Person) -> Student:
    """Write what is known of a student.

    Raises: Refusal if `by` does not manage that cohort, or if the status is another institution's.
    """
    _check(student.cohort, by)
    if status.institution_id != student.cohort.institution_id:
        raise Refusal("Ce statut est celui d’un autre institut.")
    return _write(student, wishes, status)


@transaction.atomic
def wish(*, student: Student, wishes: Wishes, by: Person) -> Student:
    """Write one's own wishes.

    Raises: Refusal if it is somebody else, or if one has left.
    """
    if student.person_id != by.pk:
        raise Refusal("Ce ne sont pas vos vœux.")
    return _write(student, wishes)


def _write(student: Student, wishes: Wishes, status: StudentStatus | None = None) -> Student:
    row = pairs.held([student])[0]
    if row.left_at is not None:
        raise Refusal(pairs.LEFT.format(row.person))
    row.home, row.transport = wishes.home, wishes.transport
    row.levels, row.practices = levels_in_order(wishes.levels), list(wishes.practices)
    row.status = status or row.status
    row.save()
    return row


@transaction.atomic
def pair(*, one: Student, other: Student, by: Person) -> StudentPair:
    """Make a pair of two students of one cohort.

    Raises: Refusal if one of them left, is in another cohort, or has a pair already.
    """
    _check(one.cohort, by)
    return pairs.make(one, other)


@transaction.atomic
def unpair(*, student: Student, by: Person) -> Student | None:
    """Undo a pair; return who was with this student, None if nobody was."""
    _check(student.cohort, by)
    return pairs.undo(pairs.held([student])[0])


@transaction.atomic
def leave(*, student: Student, by: Person) -> Student:
    """Take a student out of a cohort: the pair is undone. Twice is as once.

    Raises: Refusal for whom a class still expects.
    """
    _check(student.cohort, by)
    # As `placements.holding` does: whoever is being placed just now is, or is not, before one looks.
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=student.person_id)
    expected = PlacementDay.objects.standing().filter(student=student, day__gte=timezone.localdate())
    if (first := expected.order_by("day", "half").first()) is not None:
        raise Refusal(
            f"Une classe attend encore {student.person}, {first.when}\u00a0: annulez d’abord ses stages à venir."
        )
    unpair(student=student, by=by)
    row = pairs.held([student])[0]
    if row.left_at is None:
        row.left_at = timezone.now()
        row.save(update_fields=["left_at"])
    return row


@transaction.atomic
def restore(*, student: Student, by: Person) -> Student:
    """Put a student back who was just taken out; the pair is to be made again."""
    _check(student.cohort, by)
    row = pairs.held([student])[0]
    row.left_at = None
    row.save(update_fields=["left_at"])
    return row
