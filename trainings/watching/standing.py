"""That a learner may send beats of an excerpt, remembered by this process: a thousand players ask ten times as often.

Who may is asked in full once a minute for each visit and page; whether the film may still be shown to anybody, every
4 seconds (as `videos.grants` does), so that a consent that is withdrawn ends it. A beat shows nothing: what outlives
its end by a minute is only what is counted of one's own, of a film that others may still see.
Source: docs/decisions/0044-beats.md
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Hashable
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from videos.models import Film

ASKED_AFTER_S = (30.0, 60.0)  # by lot: a thousand that began together are not all asked again together
MOST = 20_000  # visits and pages, or films
_until: dict[Hashable, float] = {}
_lock = threading.Lock()


def _key(request: HttpRequest, token: str) -> Hashable | None:
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return (session, token) if session and token else None


def _remember(key: Hashable, until: float) -> None:
    with _lock:
        if len(_until) >= MOST:
            _until.clear()
        _until[key] = until


def _stands(key: Hashable) -> bool:
    return time.monotonic() < _until.get(key, 0)


def remember(request: HttpRequest, token: str) -> None:
    """Remember that who sent this request was asked in full, and may send beats with this token."""
    if settings.FILM_RIGHTS_KEPT_S > 0 and (key := _key(request, token)):
        kept_s = random.uniform(*ASKED_AFTER_S)  # noqa: S311 (no secret)
        _remember(key, request.began_at + kept_s)  # type: ignore[attr-defined]


def stands(request: HttpRequest, token: str) -> bool:
    """Tell whether who sends this request was asked in full within a minute, with the same token."""
    key = _key(request, token)
    return key is not None and _stands(key)


def is_shown(film_id: UUID) -> bool:
    """Tell whether a film may be shown to others than its author, now or some seconds ago."""
    if _stands(film_id):
        return True
    began = time.monotonic()
    if not Film.objects.shared().filter(pk=film_id).exists():
        return False
    _remember(film_id, began + settings.FILM_RIGHTS_KEPT_S)
    return True


def forget() -> None:
    """Forget all of it."""
    with _lock:
        _until.clear()
