"""What the sweeps need of drafts: one of the scene's teacher."""

from __future__ import annotations

from circo.drafts import tickets
from tests.circo.drafts import begin, ticket_of
from tests.house.supplying import Scene, Supplied

PLACE = "sweeps:1/words"


def supply(scene: Scene) -> Supplied:
    begin(scene.teacher, PLACE, text=f"Je pense que{scene.mark}")
    mine = {"token": tickets.issue(ticket_of(scene.teacher, PLACE, "text"))}
    return Supplied(urls={f"drafts:draft_{verb}": mine for verb in ("keep", "set_aside", "take_up")})
