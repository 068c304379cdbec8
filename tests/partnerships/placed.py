"""A class, students and half-days for the tests of placements."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from circo.calendar.rules import HalfDay
from circo.models import Derogation, Person
from circo.rules import Role
from partnerships.cohorts.rules import DayKind
from partnerships.models import Cohort, HostOffer, Placement, PlacementDay, Student, StudentPair, StudentStatus
from partnerships.placements.actions import booking, life
from tests.partnerships.partner import cohort_of, offer_of, programme_of, status_of, student_in
from tests.world import Ground, World, person, post

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=timezone.get_default_timezone())
SEE, SHARE, HOLD = DayKind
# School half-days of one period, between the holidays of winter.
DAYS = [
    HalfDay(date(2027, month, day), half)
    for month, day in ((1, 11), (1, 12), (1, 14), (1, 15), (1, 18), (1, 19), (1, 21), (1, 22), (1, 25), (1, 26))
    for half in ("AM", "PM")
]


class Stage:
    """A coordinator, a cohort whose kinds each ask for two half-days of the one before, a class, a student alone."""

    def __init__(self, world: World, *, ground: Ground | None = None, **course) -> None:
        self.world, self.ground = world, ground or world.here
        self.by = world.partner_coordinator if self.ground is world.here else world.partner_coordinator_there
        fields = {"before_accompanied": 2, "before_responsibility": 2} | course
        self.cohort: Cohort = cohort_of(self.ground, programme=programme_of(self.ground, **fields))
        self.status: StudentStatus = status_of(self.ground, may_be_alone=False, legal_text="")
        self.host: Person = world.amina if self.ground is world.here else world.denis
        self.offer: HostOffer = offer_of(self.host, seats=2)
        self.ines: Student = self.student("Inès")

    def student(self, name: str, **fields) -> Student:
        return student_in(self.cohort, fields.pop("status", self.status), name=name, **fields)

    def pair(self, one: str = "Léa", other: str = "Marc") -> list[Student]:
        made = StudentPair.objects.create(cohort=self.cohort)
        return [self.student(name, pair=made, pair_seat=seat) for seat, name in enumerate((one, other), 1)]

    def other_class(self, **fields) -> HostOffer:
        host = fields.pop("host", None)
        if host is None:
            host = person(f"hote{Person.objects.count()}@ecole.test", "Hervé", "Hôte")
            post(host, Role.TEACHER, fields.get("school") or self.offer.school)
        return offer_of(host, **fields)

    def hold(self, *half_days: HalfDay, kind: DayKind = SEE, who=None, offer: HostOffer | None = None) -> Placement:
        going = [self.ines] if who is None else who
        return booking.hold(
            offer=offer or self.offer, students=going, kind=kind, half_days=half_days or DAYS[:1], by=self.by
        )

    def whole(self, who=None) -> Placement:
        """Two half-days of each kind, in order."""
        for rank, kind in enumerate(DayKind):
            placement = self.hold(*DAYS[2 * rank : 2 * rank + 2], kind=kind, who=who)
        return placement

    def published(self, *half_days: HalfDay, **fields) -> Placement:
        placement = life.confirm(placement=self.hold(*half_days, **fields), by=self.by)
        return life.publish(placement=placement, by=self.by)

    def derogation(self, first: date = date(2026, 9, 1), last: date = date(2027, 7, 31), **fields) -> Derogation:
        given = {
            "reference": "2026-14",
            "authority": "Recteur",
            "allows": "Tenir la classe",
            "allows_students_alone": True,
        }
        return Derogation.objects.create(
            district=self.ground.district, starts_on=first, ends_on=last, **(given | fields)
        )

    def adult(self) -> Person:
        made = person(f"adulte{Person.objects.count()}@ecole.test", "Rose", "Sur-Place")
        post(made, Role.TEACHER, self.offer.school)
        return made


def standing(placement: Placement) -> list[str]:
    """The codes of the half-days of a placement, one for each student."""
    return [row.half_day.code for row in PlacementDay.objects.standing().filter(placement=placement)]
