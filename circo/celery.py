import os

from celery import Celery
from celery.signals import worker_process_init

from circo import processes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circo.settings")

app = Celery("circo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def _die_with_worker(**_) -> None:
    """A killed worker leaves no pool process behind, which would go on beside the worker that replaces it."""
    processes.die_with_parent(os.getppid())
