"""What a learner's page is given to send beats with: signed by us, of one person, one enrolment and one excerpt.

Everything that a beat must be compared with is in it, so that a beat reads no excerpt, step or version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.core import signing

from circo.errors import Refusal
from trainings.models import Enrolment, StepExcerpt
from trainings.watching import queries, rules

SALT = "trainings.watching"


class Untrue(Refusal):
    """A beat that none of our pages sends."""


class TooLate(Refusal):
    """A beat of a page that was opened too long ago, or of a path that was left."""


@dataclass(frozen=True)
class Play:
    """An excerpt opened by a learner; milliseconds of the film."""

    person_id: int
    enrolment_id: int
    excerpt_id: int
    film_id: UUID
    in_ms: int
    out_ms: int
    opened_at: datetime


def token_for(enrolment: Enrolment, excerpt: StepExcerpt, *, now: datetime) -> str:
    """Return what the page that shows `excerpt` to the learner of `enrolment` sends its beats with.

    The caller has read both in the learner's scope; `excerpt.film` is there.
    """
    bounds = [round(1000 * excerpt.in_s), round(1000 * queries.end_of(excerpt))]
    told = [enrolment.person_id, enrolment.pk, excerpt.pk, str(excerpt.film_id), *bounds, int(1000 * now.timestamp())]
    return signing.Signer(salt=SALT).sign_object(told)


def read(token: str, *, now: datetime) -> Play:
    """Read a token. Whose it is, the caller asks.

    Raises: Untrue if we did not write it, TooLate once its life is over.
    """
    try:
        told = signing.Signer(salt=SALT).unsign_object(token)
    except signing.BadSignature as error:
        raise Untrue("Ces secondes ne sont pas comptées\u00a0: elles ne viennent pas de nos pages.") from error
    person_id, enrolment_id, excerpt_id, film_id, in_ms, out_ms, opened = told
    opened_at = datetime.fromtimestamp(opened / 1000, tz=UTC)
    if now - opened_at > rules.TOKEN_LIFE:
        raise TooLate("Cette page est ouverte depuis trop longtemps. Actualisez-la pour que la suite compte.")
    return Play(person_id, enrolment_id, excerpt_id, UUID(film_id), in_ms, out_ms, opened_at)
