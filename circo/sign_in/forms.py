"""The forms of signing in: allauth's own, in our words, and the one that an invitation opens."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.fields import EmailField
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest

from circo import invitations
from circo.errors import Refusal
from circo.models import Invitation, Person


class LoginForm(account_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Adresse e-mail"
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""  # the link to a forgotten password stands under the button


class ResetPasswordForm(account_forms.ResetPasswordForm):
    email = EmailField(required=True, label="Adresse e-mail")

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
        help_text="Au moins 12 caractères. Une phrase de quelques mots est plus sûre, et plus facile à retenir.",
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password
