"""What people are told of sessions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from circo import notices
from circo.models import Delivery, Person
from trainings.models import Enrolment, PathSession

SESSIONS = notices.NoticeKind(
    "path-sessions",
    "Sessions des parcours",
    "Quand une session s’ouvre pour votre groupe, quand on vous confie son accompagnement, et quand la personne qui "
    "vous accompagne vous écrit.",
    Delivery.AT_ONCE,
)


def _path(session: PathSession) -> str:
    return reverse("trainings:path_show", args=[session.version.path_id])


def invited(session: PathSession, people: Iterable[Person]) -> None:
    """Tell the members of a group that they may join; nobody is put in."""
    notices.tell_many(
        people,
        kind=SESSIONS.name,
        key=f"session-{session.pk}-group-{session.group_id}",
        title=f"Une session d’un parcours s’ouvre pour le groupe «\u00a0{session.group}\u00a0»",
        text=f"«\u00a0{session.version.title}\u00a0». Vous la suivez si vous le souhaitez.",
        path=_path(session),
    )


def named(session: PathSession) -> None:
    """Tell who accompanies a session."""
    if session.tutor is not None:
        notices.tell(
            person=session.tutor,
            kind=SESSIONS.name,
            key=f"session-{session.pk}-tutor",
            title="Vous accompagnez une session d’un parcours",
            text=session.title,
            path=reverse("trainings:session_page", args=[session.pk]),
        )


def tutor_changed(session: PathSession, learners: Iterable[Person]) -> None:
    """Tell learners that what they agreed to no longer holds: another person accompanies."""
    notices.tell_many(
        learners,
        kind=SESSIONS.name,
        key=f"session-{session.pk}-tutor-{session.tutor_id}-{timezone.localdate().isoformat()}",
        title="L’accompagnement de votre session change",
        text="Plus personne ne voit où vous en êtes. Vous pouvez le permettre de nouveau sur la page du parcours.",
        path=_path(session),
    )


def written(enrolment: Enrolment, text: str, by: Person) -> None:
    """Hand a word of the tutor to a learner; the same word twice on one day comes once."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    notices.tell(
        person=enrolment.person,
        kind=SESSIONS.name,
        key=f"word-{enrolment.pk}-{timezone.localdate().isoformat()}-{digest}",
        title=f"{by} vous écrit à propos d’un parcours",
        text=text,
        path=reverse("trainings:path_show", args=[enrolment.path_id]),
    )
