from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from circo.errors import Outside, Refusal
from circo.portal import serving


class Command(BaseCommand):
    help = "Sert la plateforme sur cette machine : Valkey embarqué, web, travaux en arrière-plan."
    requires_system_checks = []  # the web process makes them

    def handle(self, *args, **options) -> None:
        try:
            serving.serve(say=self.stdout.write, started=self._started)
        except (Refusal, Outside) as reason:
            raise CommandError(str(reason)) from reason

    def _started(self) -> None:
        self.stdout.write(f"{settings.PLATFORM['name']} : {settings.SITE_URL}   (Ctrl-C pour arrêter)")
