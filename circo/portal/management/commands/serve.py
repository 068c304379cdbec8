from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from circo.errors import Outside, Refusal
from circo.portal import serving
from circo.portal.demo import here


class Command(BaseCommand):
    help = "Sert la plateforme sur cette machine : Valkey embarqué, web, travaux en arrière-plan."
    requires_system_checks = []  # the web process makes them

    def handle(self, *args, **options) -> None:
        try:
            if settings.DEMO:
                here.refuse_in_public()
            with serving.alone_with_the_data(), serving.listening(settings.PORT) as listener:
                serving.serve(listener, say=self.say, started=self.started)
        except (Refusal, Outside) as reason:
            raise CommandError(str(reason)) from reason

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def started(self) -> None:
        self.say(f"{settings.PLATFORM['name']} : {settings.SITE_URL}   (Ctrl-C pour arrêter)")
