"""The six-digit codes of the demonstration's accounts, for visitors who have no application to make them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt

from circo import rules
from circo.portal.demo.accounts import ACCOUNTS, Account


@dataclass(frozen=True)
class Shown:
    """An account as the page shows it; no code if it has no second factor."""

    account: Account
    role: str
    code: str = ""
    next_code: str = ""


def shown_accounts(now_s: float) -> Sequence[Shown]:
    """Every account with its code of this instant and the one after."""
    secrets = _secrets()
    counter = int(now_s) // app_settings.TOTP_PERIOD
    return [
        Shown(
            account,
            rules.ROLE_LABELS[account.role] if account.role else "Administration technique",
            *(_code(secrets[account.email], counter + ahead) for ahead in (0, 1) if account.email in secrets),
        )
        for account in ACCOUNTS
    ]


def seconds_left(now_s: float) -> int:
    """How long the present code is still good."""
    return app_settings.TOTP_PERIOD - int(now_s) % app_settings.TOTP_PERIOD


def _secrets() -> dict[str, str]:
    rows = Authenticator.objects.filter(
        type=Authenticator.Type.TOTP, user__email__in=[account.email for account in ACCOUNTS]
    ).values_list("user__email", "data")
    return {email: decrypt(data["secret"]) for email, data in rows}


def _code(secret: str, counter: int) -> str:
    return format_hotp_value(hotp_value(secret, counter))
