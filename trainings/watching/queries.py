"""What a learner has watched of some excerpts."""

from __future__ import annotations

from collections.abc import Collection

from trainings.models import Enrolment, StepExcerpt, WatchedExcerpt
from trainings.watching import rules
from trainings.watching.rules import Seen


def end_of(excerpt: StepExcerpt) -> float:
    """Return where an excerpt ends, in seconds of its film: after the end of the film, nothing is played."""
    whole = excerpt.film.duration_s if excerpt.film else None
    return min(excerpt.out_s, whole or excerpt.out_s)


def seen_of(enrolment: Enrolment | None, excerpts: Collection[StepExcerpt]) -> dict[int, Seen]:
    """Return how much of each excerpt the learner has watched, by its id; one query. Their films are there already.

    Without an enrolment, an author looks: nothing is.
    """
    if enrolment is None:
        return {one.pk: _seen(one, 0.0, 0.0) for one in excerpts}
    rows = WatchedExcerpt.objects.filter(enrolment=enrolment, excerpt__in=excerpts)
    held = {pk: told for pk, *told in rows.values_list("excerpt_id", "seconds", "position_s")}
    return {one.pk: _seen(one, *held.get(one.pk, (0.0, 0.0))) for one in excerpts}


def _seen(excerpt: StepExcerpt, seconds: float, position_s: float) -> Seen:
    end_s = end_of(excerpt)
    return Seen(seconds, end_s - excerpt.in_s, rules.resume_at(position_s, excerpt.in_s, end_s))
