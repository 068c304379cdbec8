"""What may be taken away from the page of a film."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from circo.models import Person
from videos.models import Film, Upload


@dataclass(frozen=True)
class Downloads:
    """`film`: one may keep a copy; `allowed`: so may all who see it. `original`: one may have what was sent."""

    is_mine: bool
    film: bool
    original: str  # its weight, or nothing
    original_until: datetime | None
    allowed: bool

    @property
    def any(self) -> bool:
        return self.film or bool(self.original)


def downloads(film: Film, person: Person, *, has_copy: Callable[[], bool]) -> Downloads:
    """Read what `person` may take away of `film`, a film that they see; `has_copy` is asked only if it matters."""
    mine = film.author_id == person.pk
    sent = Upload.objects.visible_to(person).complete().filter(film_id=film.pk).first() if mine else None
    return Downloads(
        is_mine=mine,
        film=film.is_watchable and (mine or film.download_allowed) and has_copy(),
        original=sent.size if sent else "",
        original_until=sent.expires_at if sent and film.is_watchable else None,
        allowed=film.download_allowed,
    )
