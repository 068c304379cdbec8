"""The forms of signing in: allauth's own, in our words, and the one that an invitation opens."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter as second_factor_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm as TheirActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.http import HttpRequest

from circo import invitations
from circo.errors import Refusal
from circo.models import Invitation, Person
from circo.sign_in import proconnect

HELP_TO_CHOOSE = "Au moins 12 caractères. Une phrase de quelques mots est plus sûre, et plus facile à retenir."
LABELS = {
    "login": "Adresse e-mail",
    "email": "Nouvelle adresse e-mail",
    "password": "Mot de passe",
    "oldpassword": "Mot de passe actuel",
    "password1": "Nouveau mot de passe",
    "password2": "Nouveau mot de passe, encore une fois",
    "code": "Code",
}


class _OurWords:
    """allauth's form in our words: labels above the fields and no examples inside, one line of help."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            field.help_text = HELP_TO_CHOOSE if name == "password1" else ""


class LoginForm(_OurWords, account_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"

    @property
    def with_proconnect(self) -> bool:
        return proconnect.is_on()


class ReauthenticateByPasswordForm(_OurWords, account_forms.ReauthenticateForm):
    pass


class ChangePasswordForm(_OurWords, account_forms.ChangePasswordForm):
    pass


class SetPasswordForm(_OurWords, account_forms.SetPasswordForm):
    pass


class ResetPasswordKeyForm(_OurWords, account_forms.ResetPasswordKeyForm):
    pass


class AddEmailForm(_OurWords, account_forms.AddEmailForm):
    pass


class ResetPasswordForm(account_forms.ResetPasswordForm):
    email = forms.EmailField(label="Adresse e-mail", widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Answer everybody alike; mail a new password's link, or the invitation to those who never came in."""
        newcomers = [person for person in self.users if not person.has_usable_password()]
        self.users = [person for person in self.users if person not in newcomers]
        for person in newcomers:
            self._invite_again(person)
        return super().save(request, **kwargs)

    @staticmethod
    def _invite_again(person: Person) -> None:
        if not Invitation.objects.filter(person=person).exists():
            return  # imported, but the team has not opened the door yet
        try:
            invitations.invite(person=person, by=None)
        except Refusal:
            return  # closed meanwhile: the page says the same as to everybody


class ChosenPasswordForm(forms.Form):
    """A first password."""

    password = forms.CharField(
        label="Choisissez un mot de passe",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=HELP_TO_CHOOSE,
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password


def _use_up(person: Person, code: str) -> None:
    """Remember a code for as long as a late clock makes it valid: allauth forgets it after one period only."""
    seconds = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1)
    cache.set(TOTP(Authenticator(user=person))._get_used_cache_key(code), "y", timeout=seconds)


class _CodeField(_OurWords):
    """The field of a code: digits on a phone's keyboard; a code that was good is used up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}

    def clean_code(self) -> str:
        code = super().clean_code()
        _use_up(self.user, code)
        return code


class AuthenticateForm(_CodeField, mfa_forms.AuthenticateForm):
    pass


class ReauthenticateForm(_CodeField, mfa_forms.ReauthenticateForm):
    pass


class ActivateTOTPForm(_CodeField, TheirActivateTOTPForm):
    pass


BROKEN_KEY = (KeyError, TypeError, ValueError, AttributeError)


class _KeyField:
    """The answer of a key: what is no such answer is refused, where allauth breaks."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except BROKEN_KEY as error:
            raise second_factor_adapter().validation_error("incorrect_code") from error


class AuthenticateWebAuthnForm(_KeyField, webauthn_forms.AuthenticateWebAuthnForm):
    pass


class ReauthenticateWebAuthnForm(_KeyField, webauthn_forms.ReauthenticateWebAuthnForm):
    pass


class LoginWebAuthnForm(_KeyField, webauthn_forms.LoginWebAuthnForm):
    pass


class AddWebAuthnForm(webauthn_forms.AddWebAuthnForm):
    name = forms.CharField(label="Nom de la clé", required=False, max_length=60, help_text="Pour la reconnaître.")
    passwordless = forms.BooleanField(
        label="Entrer avec cette clé seule, sans mot de passe",
        required=False,
        initial=True,
        help_text="Décochez si votre clé n’a ni code, ni lecteur d’empreinte.",
    )

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except BROKEN_KEY as error:
            raise second_factor_adapter().validation_error("incorrect_code") from error


class EditWebAuthnForm(webauthn_forms.EditWebAuthnForm):
    name = forms.CharField(label="Nom de la clé", max_length=60)


class RemoveFactorForm(forms.Form):
    """Confirm that a key goes; refused to those whose role asks for one and who have no other."""

    def __init__(self, *args: Any, authenticator: Authenticator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.authenticator = authenticator

    def clean(self) -> dict[str, Any] | None:
        adapter = second_factor_adapter()
        if not adapter.can_delete_authenticator(self.authenticator):
            raise adapter.validation_error("cannot_delete_authenticator")
        return super().clean()
