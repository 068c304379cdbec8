"""What a learner has watched of some excerpts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from trainings.models import Enrolment, Question, StepExcerpt, WatchedExcerpt
from trainings.watching import rules
from trainings.watching.rules import Seen
from videos.rules import timecode


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


@dataclass(frozen=True)
class Stop:
    """A question for which the player stops."""

    question: Question
    at_s: float
    is_answered: bool

    @property
    def pk(self) -> int:
        return self.question.pk

    @property
    def timecode(self) -> str:
        return timecode(self.at_s)


def stops_of(excerpt: StepExcerpt, questions: Iterable[Question], answered: Collection[int]) -> list[Stop]:
    """Return those of a step's questions for which the player of `excerpt` stops, in the order of the film.

    `answered`: the ids of those that the learner has answered.
    """
    mine = [(one.at_s, one) for one in questions if one.excerpt_id == excerpt.pk and one.at_s is not None]
    return [Stop(one, at_s, one.pk in answered) for at_s, one in sorted(mine, key=lambda pair: pair[0])]
