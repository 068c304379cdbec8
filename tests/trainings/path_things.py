"""What the sweeps need of training paths."""

from __future__ import annotations

from tests.house.supplying import Scene, Supplied
from tests.trainings.written import draft_of


def supply(scene: Scene) -> Supplied:
    there = "_there" if scene.mark else ""
    version = draft_of(scene.ground, scene.world.people[f"trainer{there}"], scene.mark)
    return Supplied({"trainings:path_page": {"pk": version.path_id}})
