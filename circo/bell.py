"""Celery's bell: it tells the workers that something waits in the database, and carries nothing itself.

Source: docs/decisions/0003-jobs.md
"""

from __future__ import annotations

import logging
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring(task: str, **options: Any) -> bool:
    """Ring for a task; False if the broker is deaf, which is no fault: whoever waits is rung for again by the beat."""
    try:
        current_app.send_task(task, retry=False, ignore_result=True, **options)
    except (OperationalError, OSError):
        logger.warning("the broker does not answer: %s will be rung for later", task)
        return False
    return True
