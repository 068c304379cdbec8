from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "circo.portal"
    label = "portal"
    verbose_name = "Portail"
