"""The circles to which a person may open a grid, a collection or a sheet."""

from __future__ import annotations

from circo.access import Permission
from circo.models import District, Person
from networks.models import MutualisationGroup, Network
from videos.models.circles import Circle


def circles_of(person: Person) -> dict[str, Circle]:
    """One's groups of this year, their networks, and the districts where one watches films: each under its key."""
    groups = MutualisationGroup.objects.of_member(person).select_related("network")
    held = list(groups)
    networks = {group.network_id: group.network for group in held}
    districts = District.objects.filter(pk__in=person.reach().district_ids_for(Permission.WATCH_FILMS))
    found: list[Circle] = [*held, *networks.values(), *districts]
    return {key_of(circle): circle for circle in found}


def key_of(circle: Circle) -> str:
    return f"{circle._meta.model_name}-{circle.pk}"


def label_of(circle: Circle) -> str:
    """Say a circle as a form offers it."""
    if isinstance(circle, MutualisationGroup):
        return f"Mon groupe «\u00a0{circle}\u00a0»"
    if isinstance(circle, Network):
        return f"Le réseau «\u00a0{circle}\u00a0»"
    return f"Toute la circonscription «\u00a0{circle}\u00a0»"
