"""ProConnect as a provider of allauth. (allauth looks for a module of this name in each application.)"""

from __future__ import annotations

import json
import secrets
from typing import Any

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider, OpenIDConnectProviderAccount
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from circo.sign_in import proconnect
from circo.sign_in.tokens import verify


class ProConnectAdapter(OpenIDConnectOAuth2Adapter):
    """The talk with the provider, from server to server."""

    nonce: str | None = None  # of the sign-in under way; set by the callback view from the stashed state

    def __init__(self, request: HttpRequest, provider_id: str = proconnect.ID) -> None:
        super().__init__(request, provider_id)

    @property
    def issuer(self) -> str:
        announced = self.openid_config["issuer"]
        if settings.PROCONNECT["issuer"] not in ("", announced):
            raise OAuth2Error("the discovery document speaks for another issuer")
        return announced

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return f"{settings.SITE_URL}{reverse('proconnect_callback')}"

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Check the two signed tokens and that both speak of one person, in answer to our own question."""
        try:
            raw = kwargs["response"]["id_token"]
            keys = self._get(self.openid_config["jwks_uri"]).json()
            identity = self._identity(raw, keys, app)
            userinfo = self._userinfo(token.token, keys, app)
            if userinfo["sub"] != identity["sub"]:
                raise OAuth2Error("the userinfo speaks of somebody else")
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise OAuth2Error("answer refused") from error
        login = self.get_provider().sociallogin_from_response(request, {"id_token": identity, "userinfo": userinfo})
        proconnect.remember(request, login.account.uid, raw)
        return login

    def _get(self, url: str, **headers: str) -> requests.Response:
        with get_adapter().get_requests_session() as session:
            answer = session.get(url, headers=headers)
            answer.raise_for_status()
        return answer

    def _identity(self, raw: str, keys: dict[str, Any], app: SocialApp) -> dict[str, Any]:
        required = ["iss", "sub", "aud", "exp", "iat", "nonce"]
        claims = self._verify(raw, keys, app, required)
        if not self.nonce or not secrets.compare_digest(str(claims["nonce"]), self.nonce):
            raise OAuth2Error("nonce of another question")
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("made for another client")
        return claims

    def _userinfo(self, access_token: str, keys: dict[str, Any], app: SocialApp) -> dict[str, Any]:
        answer = self._get(self.profile_url, Authorization=f"Bearer {access_token}")
        if answer.headers.get("Content-Type", "").partition(";")[0].strip() != "application/jwt":
            raise OAuth2Error("the userinfo is not signed")
        return self._verify(answer.text.strip(), keys, app, ["iss", "sub", "aud"])

    def _verify(self, raw: str, keys: dict[str, Any], app: SocialApp, required: list[str]) -> dict[str, Any]:
        algorithms = settings.PROCONNECT["algorithms"]
        return verify(
            raw, keys=keys, algorithms=algorithms, issuer=self.issuer, audience=app.client_id, required=required
        )


class ProConnectAccount(OpenIDConnectProviderAccount):
    def get_user_data(self) -> dict | None:
        return None


class ProConnectProvider(OpenIDConnectProvider):
    id = proconnect.ID
    name = "ProConnect"
    account_class = ProConnectAccount
    oauth2_adapter_class = ProConnectAdapter
    supports_token_authentication = False

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse("proconnect_login")

    def get_callback_url(self) -> str:
        return reverse("proconnect_callback")

    def redirect(self, request: HttpRequest, process: Any, next_url: Any = None, data: Any = None, **kwargs: Any):
        """Ask with our own parameters only: whatever the visitor adds to the address is left out (Y000400 else)."""
        nonce = secrets.token_urlsafe(32)
        asked = {"nonce": nonce, "acr_values": settings.PROCONNECT["acr_values"]}
        if settings.PROCONNECT["ask_amr"]:
            asked["claims"] = json.dumps({"id_token": {"amr": {"essential": True}}}, separators=(",", ":"))
        scope = list(settings.PROCONNECT["scopes"])
        answer: HttpResponse = super().redirect(
            request, AuthProcess.LOGIN, next_url, auth_params=asked, scope=scope, nonce=nonce
        )
        return answer

    def extract_uid(self, data: dict[str, Any]) -> str:
        """The account's key is the pair of issuer and subject: a `sub` says nothing without who gave it."""
        return f"{data['id_token']['sub']}@{data['id_token']['iss']}"

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {name: data["id_token"][name] for name in ("acr", "amr") if name in data["id_token"]}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """The address, unless the provider itself says that nobody has confirmed it."""
        userinfo = data["userinfo"]
        return {} if userinfo.get("email_verified") is False else {"email": userinfo.get("email")}

    def extract_email_addresses(self, data: dict[str, Any]) -> list:
        return []  # allauth adds the one above, confirmed since the settings trust this provider


provider_classes = [ProConnectProvider]
