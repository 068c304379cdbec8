import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circo.settings")

app = Celery("circo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
