"""The live channel of one film's discussion: what one reads has changed, and who is here."""

from __future__ import annotations

from typing import Any

from django.urls import path

from circo import live
from circo.models import Person
from videos import queries


class FilmChannel(live.Channel):
    """Open wherever a film is watched: on its own page, and beside an excerpt, a grid, captions."""

    url_name = "live:film"

    def name(self) -> str:
        return f"film-{self.scope['url_route']['kwargs']['film_id']}"

    def news(self, person: Person) -> dict[str, Any] | None:
        film_id = self.scope["url_route"]["kwargs"]["film_id"]
        state = queries.state_of_discussion(film_id, person)
        if state is None:
            return None
        return {"state": state, "here": self._here(person)}

    def _here(self, person: Person) -> list[str] | None:
        """The names of the others who have this film open: each of them sees it, or was closed out."""
        ids = live.note_presence(self.name(), person.pk)
        if ids is None:
            return None
        return [str(one) for one in queries.named([pk for pk in ids if pk != person.pk])]


websocket_urlpatterns = [path("ws/films/<uuid:film_id>/", FilmChannel.as_asgi(), name="live:film")]
