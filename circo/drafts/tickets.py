"""What a page gives a form, so that what is typed there may be kept: signed, for one person and one place.

A page that checked a right makes it, and nobody else can: whoever holds it was shown that form lately.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.core import signing

from circo.drafts import rules
from circo.models import Person

SALT = "circo.drafts"


@dataclass(frozen=True)
class Ticket:
    """`names`: what may be kept, and whether one writes there rather than chooses; `path`: where to come back."""

    person_id: int
    place: str
    names: dict[str, bool]
    base: str
    path: str

    @property
    def worded(self) -> list[str]:
        return [name for name, is_worded in self.names.items() if is_worded]


def issue(ticket: Ticket) -> str:
    """Sign a ticket."""
    return signing.dumps(asdict(ticket), salt=SALT, compress=True)


def read(token: str, person: Person) -> Ticket | None:
    """Read a ticket of this person's; None for that of another, one that is too old, or was not made here."""
    try:
        ticket = Ticket(**signing.loads(token, salt=SALT, max_age=rules.PAGE_OPEN_FOR))
    except signing.BadSignature:
        return None
    return ticket if ticket.person_id == person.pk else None
