"""Invitations: a single-use link by which an imported person chooses a password and enters for the first time."""

from __future__ import annotations

import hashlib
import secrets

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from circo import mailing
from circo.errors import Refusal
from circo.models import Invitation, Person
from circo.sign_in.rules import INVITATION_LIFE

TOKEN_BYTES = 32  # 256 bits


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(*, person: Person, by: Person | None) -> Invitation:
    """Mail a fresh link to `person`; the links sent before stop working. `by` is None when they ask for it themselves.

    Raises: Refusal if `by` does not manage this person, if the account is closed, or already open.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if by is not None and not Person.objects.editable_by(by).filter(pk=person.pk).exists():
        raise Refusal("Vous ne pouvez inviter que les personnes de votre circonscription.")
    if not person.is_active:
        raise Refusal(f"Le compte de {person} est fermé : rouvrez-le avant d’inviter.")
    if person.has_usable_password():
        raise Refusal(f"{person} a déjà un compte ouvert.")
    now = timezone.now()
    Invitation.objects.filter(person=person).usable_at(now).update(expires_at=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        person=person, digest=digest_of(token), invited_by=by, expires_at=now + INVITATION_LIFE
    )
    mailing.queue_mail(
        key=f"invitation:{invitation.pk}",
        to=person.email,
        subject=f"Votre compte sur {settings.PLATFORM['name']}",
        template="invitation",
        context={
            "person": person,
            "by": by,
            "link": f"{settings.SITE_URL}{reverse('invitation_accept', args=[token])}",
            "expires_at": invitation.expires_at,
        },
    )
    return invitation


def find(token: str) -> Invitation | None:
    """Return the invitation of this link, usable or not; None if no such link was ever made."""
    return Invitation.objects.filter(digest=digest_of(token)).select_related("person").first()


def is_usable(invitation: Invitation) -> bool:
    return invitation.used_at is None and invitation.expires_at > timezone.now() and invitation.person.is_active


@transaction.atomic
def accept(*, token: str, password: str) -> Person:
    """Use the link up: set the password and confirm the address, since the link came by it.

    Raises: Refusal if the link is unknown, used, or too old.
    """
    # Compare and set: of two clicks at once, one alone passes. No join here: PostgreSQL would check the row again
    # only against the list made before it waited, and let both through.
    usable = Invitation.objects.usable_at(timezone.now()).filter(digest=digest_of(token))
    if not usable.update(used_at=timezone.now()):
        raise Refusal("Ce lien ne peut plus servir.")
    person = Invitation.objects.select_related("person").get(digest=digest_of(token)).person
    if not person.is_active:
        raise Refusal("Ce compte est fermé.")
    person.set_password(password)
    person.save(update_fields=["password"])
    EmailAddress.objects.filter(user=person).exclude(email=person.email).update(primary=False)
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})
    return person
