"""What we tell allauth: nobody signs up, mails wait in our queue, factors are kept, ProConnect opens what exists."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse

from circo import mailing
from circo.models import Person
from circo.models.people import SECOND_FACTORS
from circo.sign_in import crypt, proconnect

logger = logging.getLogger(__name__)

# Spoken by allauth in French already, but for these.
ERRORS = {
    "email_password_mismatch": "L’adresse e-mail ou le mot de passe ne convient pas.",
    "too_many_login_attempts": "Trop d’essais manqués : attendez cinq minutes, puis réessayez.",
    "account_inactive": "Ce compte est fermé.",
    "incorrect_password": "Ce mot de passe n’est pas le bon.",
    "enter_current_password": "Ce mot de passe n’est pas votre mot de passe actuel.",
    "duplicate_email": "C’est déjà votre adresse.",
    "email_taken": "Cette adresse ne peut pas être utilisée.",
    "rate_limited": "Attendez un peu avant de recommencer.",
    "same_as_current": "Le nouveau mot de passe doit être différent de l’actuel.",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | ERRORS

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # an account exists because someone was imported or invited

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail: the page never waits for a mail server, and its speed tells nothing about the address."""
        whole = {"platform": settings.PLATFORM, "site_url": settings.SITE_URL, "email": email, **context}
        mailing.queue_text(
            key=f"{template_prefix}:{secrets.token_hex(16)}",
            to=email,
            subject=mailing.plain(f"{template_prefix}_subject.txt", whole),
            text=mailing.plain(f"{template_prefix}_message.txt", whole),
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.SITE_URL}{path}"  # never the Host header of whoever asked

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return f"{settings.SITE_URL}{reverse('account_confirm_email', args=[emailconfirmation.key])}"

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Refuse an address that is the login of somebody else, even of one who has not come in yet."""
        taken = Person.objects.filter(email__iexact=email_address.email).exclude(pk=email_address.user_id)
        if taken.exists():
            context = {"email": email_address.email}
            self.add_message(request, messages.ERROR, "account/messages/email_confirmation_failed.txt", context)
            return False
        return super().confirm_email(request, email_address)

    def get_login_stages(self) -> list[str]:
        """Ask for the second factor as allauth does, unless ProConnect has just asked for one."""
        theirs, ours = "allauth.mfa.stages.AuthenticateStage", "circo.sign_in.stages.SecondFactorStage"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Votre fonction demande une deuxième clé pour entrer : ajoutez-en d’abord une "
        "autre, vous pourrez ensuite retirer celle-ci.",
        "incorrect_code": "Ce code ne convient pas. Attendez le suivant, puis réessayez.",
    }

    def encrypt(self, text: str) -> str:
        return crypt.close(text)

    def decrypt(self, encrypted_text: str) -> str:
        return crypt.reopen(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Tell whether another factor stays, for those whose role asks for one."""
        person: Person = authenticator.user
        if not person.needs_second_factor():
            return True
        others = person.authenticator_set.exclude(pk=authenticator.pk)
        return others.filter(type__in=SECOND_FACTORS).exists()

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        return f"Ma clé n° {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def _get_site_name(self) -> str:
        return settings.PLATFORM["name"]


class ProviderAdapter(DefaultSocialAccountAdapter):
    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list:
        """The providers of the settings, and no others: no row of the database adds one."""
        app = proconnect.app()
        wanted = app is not None and provider in (None, proconnect.ID) and client_id in (None, app.client_id)
        return [app] if wanted else []

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: Any) -> tuple[Person, str] | None:
        """Recognise by their address a person who never came from there; afterwards only the provider's own key counts.

        Without this, whoever later receives the address of somebody who left would enter that person's account.
        """
        for address in sociallogin.email_addresses:
            if not address.verified or sociallogin.account.provider != proconnect.ID:
                continue
            person = _person_at(address.email)
            if person and not SocialAccount.objects.filter(user=person, provider=proconnect.ID).exists():
                return person, address.email
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.user.pk is None:
            raise ImmediateHttpResponse(render(request, "socialaccount/unknown_person.html", status=403))

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Bring back to the sign-in page whoever gave up there; note for the staff what else went wrong."""
        if error == AuthError.CANCELLED:
            raise ImmediateHttpResponse(redirect("account_login"))
        logger.warning("sign-in by %s refused: %s %r", provider.id, error, exception)

    def generate_state_param(self, state: dict) -> str:
        return secrets.token_urlsafe(32)  # 43 characters: ProConnect asks for 32 at least


def _person_at(email: str) -> Person | None:
    """The open account of this address: its login, or an address that its owner has confirmed."""
    by_login = Person.objects.filter(email__iexact=email, is_active=True).first()
    if by_login:
        return by_login
    row = EmailAddress.objects.filter(email__iexact=email, verified=True, user__is_active=True).first()
    return row.user if row else None
