"""What the sweeps need of the brigade."""

from __future__ import annotations

from typing import Any

from events.models import BrigadeRules, HeldHalfDay, Substitute, Unavailability
from tests.events.brigade import school_day, substitute
from tests.house.supplying import Scene, Supplied
from tests.world import Ground


def brigade_rows(ground: Ground, mark: str) -> dict[type, Any]:
    """What the admin shows of a brigade."""
    one = substitute(f"Lucie{ground.departement.code}{mark.replace(' ', '')}", ground.schools[0])
    return {
        Substitute: Substitute.objects.create(person=one, preferred=["CP"], phone=f"02{mark}"),
        BrigadeRules: BrigadeRules.objects.create(departement=ground.departement),
    }


def supply(scene: Scene) -> Supplied:
    school = scene.ground.schools[0]
    rows = brigade_rows(scene.ground, scene.mark)
    profile = rows[Substitute]
    one = profile.person
    on = school_day(school)
    period = Unavailability.objects.create(person=one, starts_on=on, ends_on=on, note=f"Mission{scene.mark}")
    HeldHalfDay.objects.create(unavailability=period, person=one, day=on, half="AM")
    here, mine = {"pk": one.pk}, {"pk": period.pk}
    return Supplied(
        urls={
            **{f"events:substitute_{verb}": here for verb in ("page", "edit", "update")},
            "events:unavailability_add": here,
            **{f"events:unavailability_{verb}": mine for verb in ("remove", "restore")},
        },
        admin={"substitute": profile, "brigaderules": rows[BrigadeRules]},
    )
