"""All that the pages of films read, in a constant number of queries."""

from videos.queries.circles import circle, covers, future_circle
from videos.queries.downloads import downloads
from videos.queries.films import film_list_page, film_page, films, search, todos
from videos.queries.kinds import (
    CONSENT_WITHDRAWN,
    COPY,
    FILM_COMMENTED,
    FILM_ENDING,
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
from videos.queries.projects import (
    decisions_for,
    films_of_project,
    is_answered,
    project_list_page,
    project_page,
    projects,
    recorded_of_key,
    recorded_page,
    scans,
    school_of,
    withdrawal_page,
)
from videos.queries.protection import circle_in_words, protection, protection_page
from videos.queries.uploads import deposit_page, open_uploads, same_film, stored_bytes, waiting_uploads

__all__ = [
    "CONSENT_WITHDRAWN",
    "COPY",
    "FILM_COMMENTED",
    "FILM_ENDING",
    "FILM_READY",
    "FILM_REFUSED",
    "FINISH",
    "HEAVY",
    "PIECE",
    "PREPARE",
    "QUICK",
    "SOUND",
    "circle",
    "circle_in_words",
    "covers",
    "decisions_for",
    "deposit_page",
    "downloads",
    "film_list_page",
    "film_page",
    "films",
    "films_of_project",
    "future_circle",
    "is_answered",
    "open_uploads",
    "project_list_page",
    "project_page",
    "projects",
    "protection",
    "protection_page",
    "recorded_of_key",
    "recorded_page",
    "restorable_moments",
    "same_film",
    "scans",
    "school_of",
    "search",
    "stored_bytes",
    "todos",
    "waiting_uploads",
    "withdrawal_page",
]
