"""Rows held one after the other: people, then the visit with its site, then the observation, which is read again.

Whoever waits for a row reads everything anew afterwards. The constraints of the database stand behind.
"""

from __future__ import annotations

from collections.abc import Collection

from circo.models import Person
from networks.visits import moving
from partnerships.models import PeerObservation
from partnerships.observations import queries


def hold_people(person_ids: Collection[int]) -> None:
    """Hold people, always in the same order. `no_key`: what merely names one of them need not wait."""
    rows = Person.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(person_ids))
    list(rows.order_by("pk").values_list("pk"))


def held(observation: PeerObservation) -> PeerObservation:
    """Hold the two people of an observation, its visit and itself, and read it again."""
    hold_people([observation.observer_id, observation.host_id])
    return row_of(observation.pk)


def row_of(pk: int) -> PeerObservation:
    """Hold the visit of an observation and the observation, and read it again; its people are held already."""
    found = PeerObservation.objects.select_related("visit").get(pk=pk)
    visit = moving.locked(found.visit) if found.visit is not None else None
    PeerObservation.objects.select_for_update(of=("self",)).get(pk=pk)
    row = queries.observations().get(pk=pk)
    if visit is not None:
        row.visit = visit
    return row
