from django.core.management.base import BaseCommand, CommandError

from circo.errors import Outside, Refusal
from videos import bucket_setup


class Command(BaseCommand):
    help = "Prépare le dépôt S3 des films, et vérifie qu’il est fermé. Peut être relancée."

    def handle(self, *args, **options) -> None:
        try:
            for line in bucket_setup.prepare():
                self.stdout.write(line)
        except (Refusal, Outside) as reason:
            raise CommandError(str(reason)) from reason
