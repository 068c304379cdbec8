"""The live channel of one pair: something has changed, and whether the other is here. No word passes through it."""

from __future__ import annotations

from typing import Any

from django.urls import path

from circo import live
from circo.models import Person
from networks.mentoring import queries


class MentoringChannel(live.Channel):
    url_name = "live:mentoring"

    def name(self) -> str:
        return f"mentoring-{self.scope['url_route']['kwargs']['pair_id']}"

    def news(self, person: Person) -> dict[str, Any] | None:
        state = queries.state_for(self.scope["url_route"]["kwargs"]["pair_id"], person)
        return None if state is None else {"state": state}


websocket_urlpatterns = [path("ws/mentorat/<int:pair_id>/", MentoringChannel.as_asgi(), name="live:mentoring")]
