"""The seats of a class and the places of a year and a period, made to say what the half-days of a placement say.

Called with the rows held; the constraints of the database have the last word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.db.models import Q

from circo import french
from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from partnerships.cohorts.rules import DayKind
from partnerships.models import ClassPlace, ClassSeat, HostOffer, Placement, PlacementDay, SchoolPlace
from partnerships.offers import queries as offers
from partnerships.placements import rules
from partnerships.placements.queries import openings

QUICKER = "Quelqu’un vient de prendre cette place, ou de placer cette personne, à l’instant."


class Taken(Refusal):
    """There is no room for them there. `half_day`: where; the nearest others are `openings.alternatives`."""

    def __init__(self, message: str, half_day: HalfDay) -> None:
        super().__init__(message)
        self.half_day = half_day


@contextmanager
def taking(half_day: HalfDay) -> Iterator[None]:
    """Say in words what the constraints of the database refuse."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Taken(QUICKER, half_day) from error


def reseat(placement: Placement, half_days: Collection[HalfDay]) -> None:
    """Give back the seats of a placement on these half-days, and take those that its students need now. Whoever is
    there stays, on the seats they have, though the class now opens fewer.

    Raises: Taken where the class has no room for them.
    """
    if not half_days:
        return
    offer, wanted = placement.offer, _wanted(placement, half_days)
    own: dict[HalfDay, list[int]] = defaultdict(list)
    mine = placement.seats.filter(on(half_days))
    for day, half, number in mine.order_by("number").values_list("day", "half", "number"):
        own[rules.half_day_of(day, half)].append(number)
    mine.delete()
    taken = openings.taken_seats([offer.pk], *openings.among(half_days))
    most = min(offer.seats, offers.limits([offer.school.district_id])[offer.school.district_id].seats_most)
    seats = []
    for half_day in sorted(wanted):
        kind, count = wanted[half_day]
        need = rules.ALL_SEATS if kind is DayKind.RESPONSIBILITY else count
        numbers = own[half_day][:need] if len(own[half_day]) >= need else None
        numbers = numbers or rules.seats_for(kind, count, taken[offer.pk, half_day], most)
        if numbers is None:
            raise Taken(_full(placement, half_day, kind, count, len(taken[offer.pk, half_day]), most), half_day)
        seats += [
            ClassSeat(placement=placement, offer=offer, day=half_day.day, half=half_day.half, number=number)
            for number in numbers
        ]
    ClassSeat.objects.bulk_create(seats)


def _wanted(placement: Placement, half_days: Collection[HalfDay]) -> dict[HalfDay, tuple[DayKind, int]]:
    rows = PlacementDay.objects.standing().filter(on(half_days), placement=placement).order_by()
    counts: dict[HalfDay, list[str]] = defaultdict(list)
    for day, half, kind in rows.values_list("day", "half", "kind"):
        counts[rules.half_day_of(day, half)].append(kind)
    return {one: (DayKind(kinds[0]), len(kinds)) for one, kinds in counts.items()}


def on(half_days: Collection[HalfDay]) -> Q:
    """Rows on these half-days."""
    days: dict[str, set] = defaultdict(set)
    for one in half_days:
        days[one.half].add(one.day)
    found = Q(pk__in=[])
    for half, of_half in days.items():
        found |= Q(half=half, day__in=of_half)
    return found


def _full(placement: Placement, half_day: HalfDay, kind: DayKind, count: int, taken: int, most: int) -> str:
    offer, when = placement.offer, openings.in_words(half_day)
    others = PlacementDay.objects.standing().on(half_day).filter(offer=offer).exclude(placement=placement)
    if others.filter(kind=DayKind.RESPONSIBILITY).exists():
        return f"D’autres tiennent déjà la classe {french.of(offer.person)}, {when}."
    if kind is DayKind.RESPONSIBILITY and taken:
        return (
            f"Qui tient une classe y est sans autre étudiant\u00a0: celle {french.of(offer.person)} en a déjà, {when}."
        )
    if taken >= most:
        return f"Il n’y a plus de place dans la classe {french.of(offer.person)}, {when}."
    left = "ne reste qu’une place" if most - taken == 1 else f"ne reste que {most - taken}\u00a0places"
    return f"Il {left} dans la classe {french.of(offer.person)}, {when}\u00a0: il en faut {count}."


# --- Places of a year and of a period ---------------------------------------------------------------------------------
def keep_places(offer: HostOffer, person_ids: Collection[int], half_day: HalfDay) -> None:
    """Make the places of a class in the year, and of its school in each period, those of who comes there.

    Raises: Taken beyond what the district lets in; `half_day` is what one asked for.
    """
    limits = offers.limits([offer.school.district_id])[offer.school.district_id]
    _keep_class(offer, set(person_ids), limits.class_year_most, half_day)
    _keep_school(offer, set(person_ids), limits.school_period_most, half_day)


def _keep_class(offer: HostOffer, person_ids: set[int], most: int, half_day: HalfDay) -> None:
    rows = PlacementDay.objects.standing().filter(offer=offer, person_id__in=person_ids).order_by()
    there = set(rows.values_list("person_id", flat=True))
    places = dict(ClassPlace.objects.filter(offer=offer).order_by().values_list("person_id", "number"))
    if gone := (person_ids - there) & places.keys():
        ClassPlace.objects.filter(offer=offer, person_id__in=gone).delete()
    if coming := sorted(there - places.keys()):
        kept = {number for person_id, number in places.items() if person_id not in gone}
        numbers = rules.free_numbers(len(coming), kept, most)
        if numbers is None:
            said = f"La classe {french.of(offer.person)} accueille au plus {most}\u00a0étudiants dans l’année."
            raise Taken(said, half_day)
        ClassPlace.objects.bulk_create(
            ClassPlace(offer=offer, person_id=person_id, number=number)
            for person_id, number in zip(coming, numbers, strict=True)
        )


def _keep_school(offer: HostOffer, person_ids: set[int], most: int, half_day: HalfDay) -> None:
    school, year = offer.school, offer.school_year
    periods = offers.year_periods(school, year)
    rows = PlacementDay.objects.standing().filter(
        offer__school=school, offer__school_year=year, person_id__in=person_ids
    )
    days = rows.order_by().values_list("person_id", "day").distinct()
    there = {(rank, pk) for pk, day in days for rank, period in enumerate(periods, 1) if period.holds(day)}
    mine = SchoolPlace.objects.filter(school=school, school_year=year)
    places = {(rank, pk): number for rank, pk, number in mine.order_by().values_list("period", "person_id", "number")}
    for rank, pk in sorted(each for each in places if each[1] in person_ids and each not in there):
        mine.filter(period=rank, person_id=pk).delete()
        del places[rank, pk]
    for rank, pk in sorted(there - places.keys()):
        kept = {number for (period, _), number in places.items() if period == rank}
        numbers = rules.free_numbers(1, kept, most)
        if numbers is None:
            said = f"{school} accueille au plus {most}\u00a0étudiants dans une période, de vacances à vacances."
            raise Taken(said, half_day)
        places[rank, pk] = numbers[0]
        SchoolPlace.objects.create(school=school, school_year=year, period=rank, person_id=pk, number=numbers[0])
