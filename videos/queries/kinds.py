"""The kinds of jobs and of notices of films."""

from circo.notices import Delivery, NoticeKind

# The kinds of jobs that prepare a film: see docs/decisions/0011-pipeline.md
PREPARE, PIECE, COPY, SOUND, FINISH = "film-prepare", "film-piece", "film-copy", "film-sound", "film-finish"
FACES, FOLLOW, BLUR = "film-faces", "film-follow", "film-blur"  # that blur one: docs/decisions/0017-blurring.md
SPEECH = "film-speech"  # that hears one
MAKING = (PREPARE, PIECE, COPY, SOUND, FINISH, BLUR)  # by which a film in preparation becomes ready
OF_A_FILM = (*MAKING, FACES, FOLLOW, SPEECH)  # all that workers do with a film: the subject of each begins with its id
QUICK, HEAVY = "quick", "transcode"  # their queues

FILM_READY, FILM_REFUSED, FILM_BLURRED = "film-ready", "film-refused", "film-blurred"
CONSENT_WITHDRAWN, FILM_ENDING = "consent-withdrawn", "film-ending"
OBSERVATION_ASKED, OBSERVATION_SHOWN = "observation-asked", "observation-shown"
FILM_COMMENTED, FILM_MENTION, FILM_REPLY = "film-commented", "film-mention", "film-reply"
NOTICES = (
    NoticeKind(FILM_READY, "Un film à voir", "Quand un film est partagé avec l’un de vos groupes."),
    NoticeKind(FILM_REFUSED, "Un film refusé", "Quand l’un de vos films n’a pas pu être préparé.", Delivery.AT_ONCE),
    NoticeKind(FILM_BLURRED, "Un film flouté", "Quand l’un de vos films est flouté, et attend votre regard."),
    NoticeKind(
        CONSENT_WITHDRAWN,
        "Un accord retiré",
        "Quand une famille ou un adulte filmé change d’avis : le film est retiré aussitôt.",
        Delivery.AT_ONCE,
    ),
    NoticeKind(
        FILM_ENDING, "Un film bientôt retiré", "Soixante jours avant la fin des accords donnés pour l’un de vos films."
    ),
    NoticeKind(OBSERVATION_ASKED, "Une séance à observer", "Quand on vous invite à observer un film avec une grille."),
    NoticeKind(OBSERVATION_SHOWN, "Des regards réunis", "Quand les regards portés sur une séance peuvent se comparer."),
    NoticeKind(FILM_COMMENTED, "Un commentaire sur mon film", "Quand quelqu’un commente l’un de vos films."),
    NoticeKind(FILM_MENTION, "On me mentionne", "Quand quelqu’un écrit votre nom dans la discussion d’un film."),
    NoticeKind(
        FILM_REPLY,
        "Une réponse dans une discussion",
        "Quand quelqu’un répond là où vous avez écrit, ou sur votre film.",
    ),
)
