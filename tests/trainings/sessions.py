"""A session of a path, its tutor, and learners who agree to be followed or not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from circo.models import Person
from tests.trainings.learners import learner, path_of
from tests.world import Ground
from trainings.models import Enrolment, PathReview, PathSession, PathVersion, SessionDate


def session_of(version: PathVersion, tutor: Person | None = None, **fields: Any) -> PathSession:
    """A session that began a month ago, and lasts two more."""
    today = timezone.localdate()
    about = {"title": "Au printemps", "first_day": today - timedelta(days=30), "last_day": today + timedelta(days=60)}
    district = fields.pop("district", version.path.district)
    return PathSession.objects.create(version=version, district=district, tutor=tutor, **about | fields)


def taking(person: Person, session: PathSession, *, followed: bool = True) -> Enrolment:
    return learner(person, session.version, session=session, followed=followed)


def session_rows(ground: Ground, teacher: Person, mark: str) -> dict[type, Any]:
    """A session, its date, and what its learner says of the path."""
    session = session_of(path_of(ground.district, f"Lire des histoires{mark}"), title=f"Au printemps{mark}")
    review = PathReview.objects.create(enrolment=taking(teacher, session), keeps=f"Je lis plus lentement{mark}")
    return {PathSession: session, SessionDate: date_of(session, where=f"Salle 2{mark}"), PathReview: review}


def date_of(session: PathSession, days: int = 7, **fields: Any) -> SessionDate:
    """A date at ten, in so many days."""
    day = timezone.localtime() + timedelta(days=days)
    starts_at = day.replace(hour=10, minute=0, second=0, microsecond=0)
    return SessionDate.objects.create(
        session=session, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), **fields
    )
