"""Make the bucket ready, and prove that it is closed: harmless when it is done again."""

from __future__ import annotations

import secrets
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from botocore.exceptions import ClientError
from django.conf import settings

from circo import bucket
from circo.errors import Refusal
from videos import rules

CLOCKS_APART_S = 2  # more, and links would die early, or live longer than the right that they carry


def prepare() -> Iterator[str]:
    """Make the bucket ready, telling each step.

    Raises: Refusal if it lets strangers in, or if its clock is wrong; Outside if it does not answer.
    """
    name = settings.S3["bucket"]
    if not name:
        raise Refusal(
            "Aucun dépôt S3 n’est nommé\u00a0: donnez S3_BUCKET, S3_ENDPOINT, S3_ACCESS_KEY et S3_SECRET_KEY."
        )
    yield _make(name)
    yield _open_to_our_pages(name)
    yield _forget_the_unfinished(name)
    yield _close_to_the_public(name)
    yield _prove_closed(name)
    yield _compare_clocks(name)


def _make(name: str) -> str:
    try:
        bucket.attempt(lambda: bucket.client().head_bucket(Bucket=name))
    except ClientError:
        bucket.attempt(lambda: bucket.client().create_bucket(Bucket=name))
        return f"Dépôt créé\u00a0: {name}"
    return f"Dépôt trouvé\u00a0: {name}"


def _open_to_our_pages(name: str) -> str:
    """Let the player of our own pages read what a link leads to; no other site's."""
    rule = {
        "AllowedOrigins": [settings.SITE_URL],
        "AllowedMethods": ["GET", "HEAD"],
        "AllowedHeaders": ["range"],
        "ExposeHeaders": ["Content-Length", "Content-Range", "ETag"],
        "MaxAgeSeconds": 600,
    }
    rules_ = {"CORSRules": [rule]}
    bucket.attempt(lambda: bucket.client().put_bucket_cors(Bucket=name, CORSConfiguration=rules_))
    return f"Lecture par les pages de {settings.SITE_URL}, et par elles seules"


def _forget_the_unfinished(name: str) -> str:
    days = rules.UPLOAD_KEPT_FOR.days + 1
    unfinished = {"DaysAfterInitiation": days}
    rule = {"ID": "envois", "Status": "Enabled", "Filter": {"Prefix": ""}, "AbortIncompleteMultipartUpload": unfinished}
    told = {"Rules": [rule]}
    bucket.attempt(lambda: bucket.client().put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration=told))
    return f"Morceaux d’envois abandonnés effacés après {days}\u00a0jours"


def _close_to_the_public(name: str) -> str:
    closed = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    try:
        bucket.client().put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=closed)
    except ClientError:
        return "Ce serveur ne connaît pas la fermeture au public de S3\u00a0: voyons s’il est fermé"
    return "Fermé au public"


def _prove_closed(name: str) -> str:
    key = f"essai-{secrets.token_hex(8)}"
    bucket.attempt(lambda: bucket.client().put_object(Bucket=name, Key=key, Body=b"essai"))
    try:
        base = f"{settings.S3['public_endpoint'] or bucket.client().meta.endpoint_url}/{quote(name)}"
        for address in (f"{base}/{key}", f"{base}/", f"{base}/?list-type=2"):
            if _opens(address):
                raise Refusal(
                    f"Ce dépôt est ouvert à n’importe qui ({address})\u00a0: fermez-le avant d’y mettre un film."
                )
    finally:
        bucket.delete([key])
    return "Refusé sans lien\u00a0: un objet, la liste des objets"


def _opens(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 (the address of our own bucket)
            return bool(answer.status < 400)
    except urllib.error.HTTPError:
        return False


def _compare_clocks(name: str) -> str:
    told = bucket.client().head_bucket(Bucket=name)["ResponseMetadata"]["HTTPHeaders"]["date"]
    apart_s = abs((datetime.now(UTC) - parsedate_to_datetime(told)).total_seconds())
    if apart_s > CLOCKS_APART_S + 1:  # the header counts whole seconds
        raise Refusal(f"L’horloge du dépôt et la nôtre diffèrent de {apart_s:.0f}\u00a0s\u00a0: réglez-les (NTP).")
    return "Horloges accordées"
