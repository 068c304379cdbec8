"""The live channel of a salon: its messages as they come, who is here, who is writing."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import path

from circo.live_rooms import Changes, Room, RoomChannel
from networks.models import Salon
from networks.salons import drawing, queries, rules


class SalonRoom:
    """What the hub of a salon asks of it."""

    def __init__(self, salon_id: int) -> None:
        self.salon_id = salon_id
        self.name = Salon(pk=salon_id).channel

    def last(self) -> int:
        return Salon.objects.filter(pk=self.salon_id).values_list("last_seq", flat=True).first() or 0

    def changes(self, since: int) -> Changes:
        return changes(self.salon_id, since)

    def hearers(self, person_ids: Collection[int]) -> set[int]:
        return queries.hearers(self.salon_id, person_ids)


def changes(salon_id: int, since: int) -> Changes:
    """What has changed in a salon since a number, as everybody reads it."""
    posts = queries.changed_since(salon_id, since)
    upto = posts[-1].changed_seq if posts else since
    more = len(posts) == rules.A_CATCH_UP
    return Changes(since, upto, [drawing.told(post) for post in posts], more)


class SalonChannel(RoomChannel):
    url_name = "live:salon"

    def room(self) -> Room:
        return SalonRoom(self.scope["url_route"]["kwargs"]["salon_id"])


websocket_urlpatterns = [path("ws/salons/<int:salon_id>/", SalonChannel.as_asgi(), name="live:salon")]
