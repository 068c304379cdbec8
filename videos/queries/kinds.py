"""The kinds of jobs and of notices of films."""

# The kinds of jobs that prepare a film: see docs/decisions/0011-pipeline.md
PREPARE, PIECE, COPY, SOUND, FINISH = "film-prepare", "film-piece", "film-copy", "film-sound", "film-finish"
QUICK, HEAVY = "quick", "transcode"  # their queues
CONSENT_WITHDRAWN, FILM_ENDING = "consent-withdrawn", "film-ending"
# Those that blur one: see docs/decisions/0017-blurring.md
FACES, FOLLOW, BLUR = "film-faces", "film-follow", "film-blur"
FILM_BLURRED = "film-blurred"
SPEECH = "film-speech"  # the kind of job that hears a film
FILM_READY, FILM_REFUSED, FILM_COMMENTED = "film-ready", "film-refused", "film-commented"  # kinds of notices
FILM_MENTION, FILM_REPLY = "film-mention", "film-reply"
