"""Signed tokens of OpenID Connect, checked whole: algorithm, key, issuer, audience, time, and who they speak of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

CLOCKS_APART_S = 10  # by how much two clocks may differ
PUBLIC_KEY_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "ES256", "ES384"})


def verify(
    token: str, *, keys: dict[str, Any], algorithms: Iterable[str], issuer: str, audience: str, required: Sequence[str]
) -> dict[str, Any]:
    """Return the claims of a token signed by one of `keys`, made by `issuer` for `audience`, and still valid.

    The algorithm is the key's own, never the one that the token names: no `none`, no HMAC with a public key.
    Raises: OAuth2Error for any doubt.
    """
    try:
        kid = jwt.get_unverified_header(token)["kid"]
        (key,) = (key for key in keys["keys"] if key.get("kid") == kid and key.get("use", "sig") == "sig")
        signer = jwt.PyJWK(key)
        if signer.algorithm_name not in PUBLIC_KEY_ALGORITHMS.intersection(algorithms):
            raise OAuth2Error("algorithm of the key refused")
        return jwt.decode(
            token,
            signer,
            algorithms=[signer.algorithm_name],
            issuer=issuer,
            audience=audience,
            leeway=CLOCKS_APART_S,
            options={"require": list(required), "strict_aud": False},
        )
    except (jwt.PyJWTError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise OAuth2Error("token refused") from error
