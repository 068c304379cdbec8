"""Freed teachers, colleagues who teach, and observations for the tests."""

from __future__ import annotations

from circo.calendar.rules import HalfDay
from circo.models import Person, School
from circo.rules import Role
from partnerships.models import CrossingPlan, HostOffer, PeerObservation, Placement
from partnerships.observations import actions, solving
from partnerships.placements.actions import life
from tests.partnerships.partner import status_of
from tests.partnerships.placed import DAYS, HOLD, Stage
from tests.world import World, person, post

WHEN = DAYS[0]


class Crossing(Stage):
    """A student holds Amina’s class on `WHEN`: she is freed. Bruno and Chloé teach in her school."""

    def __init__(self, world: World) -> None:
        super().__init__(world, before_accompanied=0, before_responsibility=0)
        self.alone = status_of(self.ground, " seul", may_be_alone=True)
        self.amina, self.bruno, self.chloe = world.amina, world.bruno, world.chloe
        self.adviser = world.adviser
        self.placement = self.freed(self.offer)

    def freed(self, offer: HostOffer, when: HalfDay = WHEN, name: str = "Seule") -> Placement:
        """Publish that a student holds that class."""
        who = self.student(name, status=self.alone)
        placement = self.hold(when, kind=HOLD, who=[who], offer=offer)
        placement.days.update(adult=self.adult(offer.school))
        return life.publish(placement=life.confirm(placement=placement, by=self.by), by=self.by)

    def adult(self, school: School | None = None) -> Person:
        made = person(f"adulte{Person.objects.count()}@ecole.test", "Rose", "Sur-Place")
        post(made, Role.TEACHER, school or self.offer.school)
        return made

    def colleague(self, name: str = "Hervé", *, school=None) -> Person:
        made = person(f"{name.lower()}@ecole.test", name, "Voisin")
        post(made, Role.TEACHER, school or self.offer.school, levels=["CE1"])
        return made

    def plan(self, first: HalfDay = WHEN, last: HalfDay = WHEN) -> CrossingPlan:
        """A proposal, computed here and now."""
        plan = actions.prepare(district=self.ground.district, first_day=first.day, last_day=last.day, by=self.adviser)
        solving.at_once(plan)
        return CrossingPlan.objects.get(pk=plan.pk)

    def observation(self, observer: Person | None = None, host: Person | None = None, **fields) -> PeerObservation:
        """One that was published, without the optimiser."""
        plan = CrossingPlan.objects.create(
            district=self.ground.district, first_day=WHEN.day, last_day=WHEN.day, created_by=self.adviser
        )
        half_day = fields.pop("when", WHEN)
        plan.lines.create(
            observer=observer or self.amina,
            host=host or self.bruno,
            school=fields.pop("school", self.offer.school),
            day=half_day.day,
            half=half_day.half,
        )
        made = actions.publish(plan=plan, by=self.adviser)
        assert not made.left, made.left[0][1]
        return made.done[0]
