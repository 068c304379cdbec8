"""What a learner is told of the paths that one follows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from circo import notices
from circo.hours.rules import in_words
from circo.models import Delivery
from trainings.models import Enrolment, PathReview

PATHS = notices.NoticeKind(
    "paths",
    "Mes parcours",
    "Au jour que vous avez choisi pour avancer dans un parcours, quand vous en terminez un, et si l’équipe masque un "
    "mot que vous y avez laissé.",
    Delivery.AT_ONCE,
)


def completed(enrolment: Enrolment) -> None:
    """Tell that a path is finished, and what it counts for."""
    counted = (
        f"{in_words(enrolment.credited_minutes)} sont proposées à votre compte." if enrolment.credited_minutes else ""
    )
    notices.tell(
        person=enrolment.person,
        kind=PATHS.name,
        key=f"completed-{enrolment.pk}",
        title="Vous avez terminé un parcours",
        text=" ".join(part for part in (f"«\u00a0{enrolment.version.title}\u00a0».", counted) if part),
        path=reverse("trainings:path_show", args=[enrolment.path_id]),
    )


def remind(enrolments: Iterable[Enrolment], on: date) -> None:
    """Remind those who chose that day."""
    for one in enrolments:
        minutes = f"Vous aviez prévu {in_words(one.weekly_minutes)} par semaine. " if one.weekly_minutes else ""
        notices.tell(
            person=one.person,
            kind=PATHS.name,
            key=f"reminder-{one.pk}-{on.isoformat()}",
            title="C’est le jour que vous avez choisi pour votre parcours",
            text=f"{minutes}«\u00a0{one.version.title}\u00a0»",
            path=reverse("trainings:path_show", args=[one.path_id]),
        )


def review_hidden(review: PathReview) -> None:
    """Tell who wrote a word that it is hidden, and why."""
    notices.tell(
        person=review.enrolment.person,
        kind=PATHS.name,
        key=f"review-hidden-{review.pk}-{review.hidden_at:%Y%m%d%H%M%S}",
        title="Un mot que vous avez laissé sur un parcours est masqué",
        text=review.hidden_reason,
        path=reverse("trainings:path_show", args=[review.enrolment.path_id]),
    )
