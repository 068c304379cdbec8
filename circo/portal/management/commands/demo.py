from django.core.management.base import BaseCommand, CommandError, CommandParser

from circo.errors import Outside, Refusal
from circo.portal.demo import running
from circo.portal.demo.schools import SIZES


class Command(BaseCommand):
    help = "Remplit la base d’une circonscription inventée si elle est vide, puis sert la plateforme sur cette machine."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="efface d’abord les données de la dernière fois")
        parser.add_argument("--size", choices=SIZES, default="district", help="ce que l’on remplit (district)")

    def handle(self, *args, **options) -> None:
        try:
            running.run(size=options["size"], reset=options["reset"], say=self.say)
        except (Refusal, Outside) as reason:
            raise CommandError(str(reason)) from reason
        except KeyboardInterrupt:  # while the data are made; later the supervisor hears it
            raise CommandError("Arrêté avant la fin : make demo-reset repart de rien.", returncode=130) from None

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
