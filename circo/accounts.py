"""Closing an account, opening it again, giving it another address. Nothing that its person did is lost."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from circo.models import Invitation, Person
from circo.sign_in.sessions import end_sessions


@transaction.atomic
def close(*, person: Person, by: Person) -> bool:
    """Close an account: its sessions end at once (see circo.sign_in). False if it was closed already."""
    return _set_open(person, False, by)


@transaction.atomic
def reopen(*, person: Person, by: Person) -> bool:
    """Open a closed account again. False if it was open already."""
    return _set_open(person, True, by)


def _set_open(person: Person, is_open: bool, by: Person) -> bool:
    found = Person.objects.editable_by(by).select_for_update(of=("self",)).filter(pk=person.pk).first()
    if found is None or found.is_active is is_open:
        return False
    found.is_active = is_open
    found._history_user = by
    found.save(update_fields=["is_active"])
    return True


@transaction.atomic
def leave_former_address(*, person: Person) -> None:
    """Make the address just given the only one: links sent to the former one, and visits in course, end.

    Without this, whoever reads the former address could still choose a new password.
    """
    now = timezone.now()
    Invitation.objects.filter(person=person).usable_at(now).update(expires_at=now)
    EmailAddress.objects.filter(user=person).exclude(email__iexact=person.email).delete()
    end_sessions(person)
