"""Two students who go together: the rows held, then the two seats taken."""

from __future__ import annotations

from collections.abc import Sequence

from circo.errors import Refusal
from partnerships.models import Student, StudentPair

LEFT = "{} n’est plus dans la promotion."


def held(students: Sequence[Student]) -> list[Student]:
    """Hold these rows, in the order of their keys, and read them again: another hand may have changed them."""
    keys = [student.pk for student in students]
    list(Student.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))
    found = {row.pk: row for row in Student.objects.filter(pk__in=keys).select_related("person", "cohort", "status")}
    return [found[key] for key in keys]


def make(one: Student, other: Student) -> StudentPair:
    """Make a pair of two students of one cohort, inside the transaction of whoever asks.

    Raises: Refusal if one of them left, is in another cohort, or has a pair already.
    """
    if one.pk == other.pk:
        raise Refusal("Un binôme réunit deux personnes.")
    both = held([one, other])
    if both[0].cohort_id != both[1].cohort_id:
        raise Refusal("Un binôme réunit deux personnes de la même promotion.")
    for student in both:
        if student.left_at is not None:
            raise Refusal(LEFT.format(student.person))
        if student.pair_id is not None:
            raise Refusal(f"{student.person} est déjà en binôme\u00a0: défaites-le d’abord.")
    made = StudentPair.objects.create(cohort=one.cohort)
    for seat, student in enumerate(both, start=1):
        student.pair, student.pair_seat = made, seat
        student.save(update_fields=["pair", "pair_seat"])
    return made


def undo(student: Student) -> Student | None:
    """Undo the pair of a held student; return who was with them, None if nobody was."""
    if student.pair_id is None:
        return None
    both = held(list(Student.objects.filter(pair_id=student.pair_id).order_by("pk")))
    broken = student.pair_id
    for each in both:
        each.pair = each.pair_seat = None
        each.save(update_fields=["pair", "pair_seat"])
    StudentPair.objects.filter(pk=broken).delete()
    return next((each for each in both if each.pk != student.pk), None)
