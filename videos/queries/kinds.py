"""The kinds of jobs and of notices of films."""

TRANSCODE = "transcode"  # the kind of job that prepares a film
FILM_READY, FILM_REFUSED, FILM_COMMENTED = "film-ready", "film-refused", "film-commented"  # kinds of notices
