"""What the settings of films must not say together."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

WAYS = ("django", "nginx", "s3")


def films_are_where_they_are_sent_from(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """MEDIA_DELIVERY and S3_… agree."""
    way, s3 = settings.MEDIA_DELIVERY, settings.S3
    found: list[CheckMessage] = []
    if way not in WAYS:
        found.append(Error(f"MEDIA_DELIVERY is {way!r}.", hint=f"One of {', '.join(WAYS)}.", id="videos.E001"))
    if s3["bucket"] and way != "s3":
        told = "Films lie in a bucket, and are to be sent from a disk."
        found.append(Error(told, hint="Set MEDIA_DELIVERY=s3, or leave S3_BUCKET empty.", id="videos.E002"))
    if way == "s3":
        lacking = [name for name in ("bucket", "endpoint", "access_key", "secret_key") if not s3[name]]
        if lacking:
            names = ", ".join(f"S3_{name.upper()}" for name in lacking)
            found.append(Error("MEDIA_DELIVERY is s3, and no bucket is named.", hint=f"Set {names}.", id="videos.E003"))
        elif settings.HTTPS and urlsplit(s3["public_endpoint"]).scheme != "https":
            told = "The site is on https, the bucket is not: browsers refuse what it sends."
            found.append(Error(told, hint="Set S3_PUBLIC_ENDPOINT=https://…", id="videos.E004"))
    return found
