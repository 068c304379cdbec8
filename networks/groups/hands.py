"""Whose hand somebody's is, before a membership."""

from __future__ import annotations

from circo.access import Permission
from circo.models import Person
from networks.groups.rules import Hand
from networks.models import Membership, MutualisationGroup


def hands_of(by: Person | None, group: MutualisationGroup, person_id: int) -> frozenset[Hand]:
    """The hands that `by` has on a membership of `person_id`; the clock's for nobody.

    Nobody of the team has its hand on oneself: one would open to oneself what a group shares.
    The network of the group is read.
    """
    if by is None:
        return frozenset({Hand.CLOCK})
    reach, district_id = by.reach(), group.network.district_id
    if by.pk == person_id:
        return frozenset({Hand.PERSON})
    found = set()
    if district_id in reach.district_ids_for(Permission.MANAGE_GROUPS):
        found.add(Hand.TEAM)
    if district_id in reach.district_ids_for(Permission.DECIDE_GROUPS):
        found.add(Hand.INSPECTOR)
    return frozenset(found)


def hands_on(by: Person | None, membership: Membership) -> frozenset[Hand]:
    return hands_of(by, membership.group, membership.person_id)
