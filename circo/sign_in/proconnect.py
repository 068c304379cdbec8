"""ProConnect, the State's identity provider for its agents: who it is, what it vouches for, how one leaves it.

Off unless PROCONNECT_CLIENT_ID is set. It never opens an account: it recognises one (docs/proconnect.md).
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

import requests
from allauth.account.signals import user_logged_in
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

ID = "proconnect"
_PENDING = "proconnect_pending"  # the uid and id_token of a sign-in that is under way
_HINT = "proconnect_hint"  # the id_token of the open session: the provider asks for it when one leaves
_VOUCHED = "proconnect_second_factor"  # the person whose second factor the provider has checked


def is_on() -> bool:
    return bool(settings.PROCONNECT["client_id"] and settings.PROCONNECT["discovery"])


def app() -> SocialApp | None:
    """The only provider of this platform, made of the settings; None while they are empty."""
    if not is_on():
        return None
    ours = settings.PROCONNECT
    return SocialApp(
        provider=ID,
        provider_id=ID,
        name="ProConnect",
        client_id=ours["client_id"],
        secret=ours["secret"],
        settings={
            "server_url": ours["discovery"],
            "verified_email": True,  # it hands out only the professional addresses that the employer has confirmed
            "email_authentication": True,
            "oauth_pkce_enabled": ours["pkce"],
        },
    )


def gave_second_factor(claims: dict[str, Any]) -> bool:
    """Tell whether an id_token says that the person gave a second factor at the provider."""
    amr = claims.get("amr")
    methods = set(amr) if isinstance(amr, list) else set()
    ours = settings.PROCONNECT
    return claims.get("acr") in ours["second_factor_acr"] or bool(methods & set(ours["second_factor_amr"]))


def vouches_for(request: HttpRequest) -> bool:
    """Tell whether the provider checked a second factor of the person of this very session."""
    return request.user.pk is not None and request.session.get(_VOUCHED) == request.user.pk


def lacks_second_factor(request: HttpRequest) -> bool:
    """Tell whether this session still needs the second factor that its person's role asks for.

    Asked by the gate and again by the admin, so remembered for the request.
    """
    memo = request.__dict__
    if "_lacks_second_factor" not in memo:
        memo["_lacks_second_factor"] = request.user.lacks_second_factor() and not vouches_for(request)
    return memo["_lacks_second_factor"]


def remember(request: HttpRequest, uid: str, id_token: str) -> None:
    """Keep the id_token of a sign-in that has still to come to its end."""
    request.session[_PENDING] = {"uid": uid, "id_token": id_token}


def leaving_address(request: HttpRequest) -> str | None:
    """Where a session that came from the provider must go to end there too; None for the others."""
    hint = request.session.get(_HINT)
    if not (hint and is_on()):
        return None
    try:
        end = _discovery().get("end_session_endpoint")
    except (requests.RequestException, ValueError):
        return None  # the provider is away: leaving here must still work
    parameters = {
        "id_token_hint": hint,
        "state": secrets.token_urlsafe(32),
        "post_logout_redirect_uri": f"{settings.SITE_URL}{reverse('proconnect_left')}",
    }
    return f"{end}?{urlencode(parameters)}" if end else None


def _discovery() -> dict[str, Any]:
    answer = requests.get(settings.PROCONNECT["discovery"], timeout=settings.SOCIALACCOUNT_REQUESTS_TIMEOUT)
    answer.raise_for_status()
    return answer.json()


def _note_origin(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Write into a session just opened that it came from the provider, and what the provider vouched for."""
    pending = request.session.pop(_PENDING, None)
    request.session.pop(_HINT, None)
    request.session.pop(_VOUCHED, None)
    sociallogin = kwargs.get("sociallogin")
    if sociallogin is None or sociallogin.account.provider != ID:
        return
    if pending and pending["uid"] == sociallogin.account.uid:
        request.session[_HINT] = pending["id_token"]
    if gave_second_factor(sociallogin.account.extra_data):
        request.session[_VOUCHED] = user.pk


def listen() -> None:
    user_logged_in.connect(_note_origin)
