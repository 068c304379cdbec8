"""All that the pages of films read, in a constant number of queries."""

from videos.queries.circles import circle, covers
from videos.queries.downloads import downloads
from videos.queries.films import film_list_page, film_page, films, search, todos
from videos.queries.kinds import (
    COPY,
    FILM_COMMENTED,
    FILM_READY,
    FILM_REFUSED,
    FINISH,
    HEAVY,
    PIECE,
    PREPARE,
    QUICK,
    SOUND,
)
from videos.queries.moments import restorable_moments
from videos.queries.uploads import deposit_page, open_uploads, same_film, stored_bytes, waiting_uploads

__all__ = [
    "COPY",
    "FILM_COMMENTED",
    "FILM_READY",
    "FILM_REFUSED",
    "FINISH",
    "HEAVY",
    "PIECE",
    "PREPARE",
    "QUICK",
    "SOUND",
    "circle",
    "covers",
    "deposit_page",
    "downloads",
    "film_list_page",
    "film_page",
    "films",
    "open_uploads",
    "restorable_moments",
    "same_film",
    "search",
    "stored_bytes",
    "todos",
    "waiting_uploads",
]
