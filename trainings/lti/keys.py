"""The keys with which we sign what we say to other platforms, and their rotation."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import transaction
from django.utils import timezone

from trainings.models import LtiKey

ALGORITHM = "RS256"  # the only one that every platform knows
BITS = 2048
KNOWN_AFTER = timedelta(days=1)  # platforms keep our list of keys for a while
SIGNS_FOR = timedelta(days=90)
TOKEN_LIFE_S = 300


def make() -> LtiKey:
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    kid = secrets.token_urlsafe(12)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    public = {name: public[name] for name in ("kty", "n", "e")} | {"kid": kid, "use": "sig", "alg": ALGORITHM}
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return LtiKey.objects.create(kid=kid, public=public, private=pem)


def published() -> dict[str, Any]:
    """The set of our public keys, the next one to sign included."""
    return {"keys": list(LtiKey.objects.values_list("public", flat=True))}


def _signer() -> LtiKey:
    """The newest key that platforms had time to learn, else the oldest; one of which the seal can no longer be opened
    is passed over."""
    known = timezone.now() - KNOWN_AFTER
    rows = [key for key in LtiKey.objects.all() if key.private.startswith("-----BEGIN")]
    return next((key for key in rows if key.created_at <= known), rows[-1] if rows else None) or make()


def sign(claims: Mapping[str, Any]) -> str:
    """Sign claims, valid for five minutes and for one use."""
    key, now = _signer(), int(time.time())
    whole = {"iat": now, "exp": now + TOKEN_LIFE_S, **claims}
    return jwt.encode(whole, key.private, algorithm=ALGORITHM, headers={"kid": key.kid})


@transaction.atomic
def rotate() -> None:
    """Make the next key when the newest is old; forget those that have not signed for a day. Harmless twice."""
    now, rows = timezone.now(), list(LtiKey.objects.all())
    if not rows:
        return
    if rows[0].created_at <= now - SIGNS_FOR:
        rows.insert(0, make())
    signing_for_a_day = [at for at, key in enumerate(rows) if key.created_at <= now - 2 * KNOWN_AFTER]
    if signing_for_a_day:
        LtiKey.objects.filter(pk__in=[key.pk for key in rows[signing_for_a_day[0] + 1 :]]).delete()
