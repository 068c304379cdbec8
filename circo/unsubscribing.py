"""Leave the e-mails of notices from a link in them, without signing in, and come back on it.

A token names one person and one subscription; it opens nothing else. It never expires: a mail kept for a year still
lets its reader leave. The token that undoes holds the former wishes, and lives one day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

from circo.models import Delivery, Person
from circo.notices import choose, kind_named, wishes_of

DIGEST = "*"  # the subscription to the daily digest, whatever its kinds
_LEAVE = "circo.unsubscribing.leave"
_UNDO = "circo.unsubscribing.undo"
UNDO_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Subscription:
    person: Person
    name: str  # of a kind, or DIGEST
    label: str

    @property
    def is_digest(self) -> bool:
        return self.name == DIGEST

    def kinds(self) -> list[str]:
        """The kinds whose e-mails it still sends."""
        wishes = wishes_of(self.person)
        if self.is_digest:
            return [name for name, delivery in wishes.items() if delivery == Delivery.DAILY]
        return [self.name] if wishes[self.name] != Delivery.NONE else []


def token(person: Person, name: str) -> str:
    """Sign the link by which this person leaves this subscription."""
    return signing.dumps([person.pk, name], salt=_LEAVE)


def subscription_of(signed: str) -> Subscription | None:
    """Return what a token names; None for one that we did not sign, or whose person or kind is gone."""
    try:
        person_id, name = signing.loads(signed, salt=_LEAVE)
    except signing.BadSignature:
        return None
    person, kind = Person.objects.filter(pk=person_id).first(), kind_named(name)
    if person is None or (kind is None and name != DIGEST):
        return None
    return Subscription(person=person, name=name, label=kind.label if kind else "le résumé du jour")


def leave(subscription: Subscription) -> str:
    """Stop the e-mails of this subscription; the news stay on the portal. Return the token that undoes it."""
    silent = dict.fromkeys(subscription.kinds(), Delivery.NONE)
    return undo_token(subscription.person, choose(person=subscription.person, wishes=silent))


def undo_token(person: Person, before: dict[str, Delivery]) -> str:
    """Sign the former wishes of a person, to come back to them within a day."""
    return signing.dumps([person.pk, before], salt=_UNDO)


@dataclass(frozen=True)
class Undo:
    person: Person
    before: dict[str, Delivery]

    def is_done(self) -> bool:
        """Tell whether the wishes of today are again the former ones."""
        wishes = wishes_of(self.person)
        return all(wishes.get(name) == delivery for name, delivery in self.before.items())


def undo_of(signed: str) -> Undo | None:
    """Return what an undo token remembers; None if it is forged, older than a day, or of somebody who is gone."""
    try:
        person_id, before = signing.loads(signed, salt=_UNDO, max_age=UNDO_FOR)
    except signing.BadSignature:
        return None
    person = Person.objects.filter(pk=person_id).first()
    return Undo(person, {name: Delivery(value) for name, value in before.items()}) if person else None


def undo(memory: Undo) -> None:
    """Come back to the former wishes."""
    choose(person=memory.person, wishes=memory.before)
