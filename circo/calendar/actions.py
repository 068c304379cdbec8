"""Verbs of one's private agenda address: make it, make another, close it, open it again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from circo.access import Permission
from circo.calendar import addresses
from circo.errors import Refusal
from circo.models import CalendarFeed, Person


@transaction.atomic
def open_feed(*, by: Person) -> CalendarFeed:
    """Give a person a new private address; the one before opens nothing any more.

    Raises: Refusal if nothing of the platform is theirs to read.
    """
    Person.objects.select_for_update(of=("self",)).get(pk=by.pk)  # two presses at once make one address after another
    if not by.reach().can(Permission.USE_PORTAL):
        raise Refusal("Vous n’avez pas de fonction en cours\u00a0: votre agenda est vide.")
    nonce = addresses.new_nonce()
    digest = addresses.digest_of(addresses.secret_of(by.pk, nonce))
    fresh = {"nonce": nonce, "digest": digest, "opened_at": timezone.now(), "closed_at": None}
    return CalendarFeed.objects.update_or_create(person=by, defaults=fresh)[0]


@transaction.atomic
def close_feed(*, by: Person) -> None:
    """Close one's private address; closing it twice changes nothing."""
    CalendarFeed.objects.editable_by(by).filter(closed_at__isnull=True).update(closed_at=timezone.now())


@transaction.atomic
def reopen_feed(*, by: Person) -> None:
    """Open again the address that one has closed."""
    CalendarFeed.objects.editable_by(by).update(closed_at=None)
