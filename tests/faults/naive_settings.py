"""What the usual design asks of the broker: a task that is not acknowledged in time is given to another worker."""

from circo.settings import *  # noqa: F403
from circo.settings import CELERY_BROKER_TRANSPORT_OPTIONS, JOB_LEASE_S

CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | {"visibility_timeout": 2 * JOB_LEASE_S}
