from django.apps import AppConfig


class CircoConfig(AppConfig):
    name = "circo"
    verbose_name = "Circonscription"
