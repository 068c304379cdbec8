"""The hours that the sweeps look at: one entry in each state, and what is owed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circo.hours.rules import State
from circo.models import HoursQuota
from tests.circo.hours import entry_of

if TYPE_CHECKING:
    from tests.house.routes import Scene, Supplied


def supply(scene: Scene) -> Supplied:
    from tests.house.routes import Supplied  # noqa: PLC0415 (the routes import their suppliers)

    for state in State:
        label, source = f"Réunion{scene.mark}", f"tests.{state}:1"
        entry_of(scene.teacher, scene.secretary, state, label=label, source=source)
    HoursQuota.objects.create(person=scene.teacher, school_year=scene.world.year, minutes=900)
    return Supplied()
