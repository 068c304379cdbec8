"""A worker whose tasks have little time: Celery's own limit, which is of two hours elsewhere."""

from circo.settings import *  # noqa: F403

CELERY_TASK_TIME_LIMIT = 3
