"""What the sweeps need of third places."""

from __future__ import annotations

from tests.house.supplying import Scene, Supplied
from tests.networks.places import booking_of, place_of


def supply(scene: Scene) -> Supplied:
    place = place_of(scene.ground.district, f"La Filature{scene.mark}", access_notes=f"Par la cour{scene.mark}")
    booked = booking_of(place, scene.teacher, purpose=f"Préparer{scene.mark}", group=scene.ground.group)
    here, mine = {"pk": place.pk}, {"pk": booked.pk}
    return Supplied(
        urls={
            **{f"networks:{name}": here for name in ("place_page", "booking_new", "booking_create")},
            **{f"networks:booking_{verb}": mine for verb in ("edit", "change", "cancel", "restore")},
        },
        admin={"thirdplace": place},
    )
