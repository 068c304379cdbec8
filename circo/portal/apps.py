from django.apps import AppConfig

from circo import celery  # noqa: F401 (the web and the commands ring its bell: without it, Celery would look elsewhere)


class PortalConfig(AppConfig):
    name = "circo.portal"
    label = "portal"
    verbose_name = "Portail"
