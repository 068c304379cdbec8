"""Read the outlines of communes for the maps."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from circo.errors import Refusal
from circo.maps.importing import import_communes


class Command(BaseCommand):
    help = "Lit les contours des communes (GeoJSON) pour les cartes ; un contour déjà connu est remplacé."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="un GeoJSON, par exemple communes-27-eure.geojson")
        parser.add_argument("--source", required=True, help="origine et licence, affichées sous les cartes")
        parser.add_argument("--codes", default="", help="le début des codes INSEE à lire, par exemple 27")

    def handle(self, *, file: Path, source: str, codes: str, **options):
        try:
            count = import_communes(file, source=source, starts_with=codes)
        except Refusal as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} commune{'s' if count > 1 else ''} sur les cartes.")
