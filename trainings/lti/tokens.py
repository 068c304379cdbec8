"""The signed word of another platform, checked whole."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.core.cache import cache
from django.utils import timezone

from circo import calling
from circo.errors import Outside
from circo.sign_in import tokens
from trainings.lti.rules import Doubt
from trainings.models import LtiPlatform

KEYS_LAST = timedelta(hours=1)
ASKED_AGAIN_AFTER_S = 60  # a stranger's token with an unknown key makes us call a platform no more often
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")
KEY_PARTS = ("kid", "kty", "use", "alg", "n", "e", "crv", "x", "y")
REQUIRED = ("iss", "aud", "sub", "exp", "iat", "nonce")


def claims_of(token: str, platform: LtiPlatform) -> dict[str, Any]:
    """The claims of an id_token signed by a key of that platform, for us, and still valid.

    Raises: Doubt.
    """
    try:
        return tokens.verify(
            token,
            keys=_keys(platform, _kid(token)),
            algorithms=ALGORITHMS,
            issuer=platform.issuer,
            audience=platform.client_id,
            required=REQUIRED,
        )
    except OAuth2Error as error:
        expired = isinstance(error.__cause__, jwt.ExpiredSignatureError)
        raise Doubt("too late" if expired else f"token refused: {type(error.__cause__ or error).__name__}") from error


def _kid(token: str) -> str:
    try:
        return str(jwt.get_unverified_header(token)["kid"])
    except (jwt.PyJWTError, KeyError) as error:
        raise Doubt("no key named") from error


def _keys(platform: LtiPlatform, kid: str) -> dict[str, Any]:
    """The public keys of a platform: those read last, or read anew when they are old or lack that one.

    Raises: Doubt if the platform does not give them.
    """
    age = timezone.now() - platform.jwks_at if platform.jwks_at else timedelta.max
    if age < KEYS_LAST and any(key["kid"] == kid for key in platform.jwks["keys"]):
        return platform.jwks
    if not cache.add(f"lti-jwks:{platform.pk}", 1, ASKED_AGAIN_AFTER_S):
        if age < 2 * KEYS_LAST:
            return platform.jwks
        raise Doubt("keys out of reach")
    try:
        keys = _read(platform)
    except Outside as error:
        raise Doubt("keys out of reach") from error
    platform.jwks, platform.jwks_at = keys, timezone.now()
    LtiPlatform.objects.filter(pk=platform.pk).update(jwks=keys, jwks_at=platform.jwks_at)
    return keys


def _read(platform: LtiPlatform) -> dict[str, Any]:
    answer = calling.ask("GET", platform.jwks_url, hosts=platform.hosts)
    found = answer.json() if answer.status == 200 else None
    if not isinstance(found, dict) or not isinstance(found.get("keys"), list):
        raise Outside(calling.AWAY)
    keys = [_key(one) for one in found["keys"] if isinstance(one, dict)]
    return {"keys": [key for key in keys if "kid" in key]}


def _key(told: dict[str, Any]) -> dict[str, str]:
    """What makes a public key, as RFC 7517 and 7518 write it; nothing else that a platform says is kept."""
    parts = {name: told[name] for name in KEY_PARTS if isinstance(told.get(name), str)}
    return {name: part for name, part in parts.items() if part.isprintable()}
