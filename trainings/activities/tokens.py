"""The address of a package's files: signed, of one person, for some hours. In the sandbox there is no cookie to ask.

The page that plays the activity has asked for all rights before it writes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.core import signing

from circo.errors import Refusal
from circo.models import Person
from trainings.activities import rules
from trainings.models import StepDocument

SALT = "trainings.activities"


class Untrue(Refusal):
    """An address that we did not write."""


class TooLate(Refusal):
    """An address of a page that was opened too long ago."""


@dataclass(frozen=True)
class Playing:
    """A package opened by somebody."""

    person_id: int
    sha256: str
    opened_at: datetime


def token_for(document: StepDocument, person: Person, *, now: datetime) -> str:
    """Return what the page that plays `document` to `person` asks its files with."""
    told = [person.pk, document.sha256, int(now.timestamp())]
    return signing.Signer(salt=SALT).sign_object(told).replace(":", "~")


def read(token: str, *, now: datetime) -> Playing:
    """Read a token.

    Raises: Untrue if we did not write it, TooLate once its life is over.
    """
    try:
        person_id, sha256, opened = signing.Signer(salt=SALT).unsign_object(token.replace("~", ":"))
    except signing.BadSignature as error:
        raise Untrue("Cette adresse ne mène à aucune activité.") from error
    opened_at = datetime.fromtimestamp(opened, tz=UTC)
    if now - opened_at > rules.ADDRESS_LIFE:
        raise TooLate("Cette page est ouverte depuis trop longtemps\u00a0: actualisez-la.")
    return Playing(person_id, sha256, opened_at)
