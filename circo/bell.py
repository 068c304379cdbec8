"""Celery's bell: it tells the workers that something waits in the database, and carries nothing itself.

Source: docs/decisions/0003-jobs.md
"""

from __future__ import annotations

import logging
import time
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
DEAF_FOR_S = 3.0  # after a bell that nobody heard: a frozen broker must cost a page one wait, not one for each bell
_deaf_until = 0.0


def ring(task: str, **options: Any) -> bool:
    """Ring for a task; False if the broker is deaf, which is no fault: whoever waits is rung for again by the beat."""
    global _deaf_until  # noqa: PLW0603 (of this process, as its connections to the broker)
    if time.monotonic() < _deaf_until:
        return False
    try:
        current_app.send_task(task, retry=False, ignore_result=True, **options)
    except (OperationalError, OSError):
        logger.warning("the broker does not answer: %s will be rung for later", task)
        _deaf_until = time.monotonic() + DEAF_FOR_S
        return False
    return True
