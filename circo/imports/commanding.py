"""What the two commands share: their arguments, the report on the screen."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from circo.errors import Refusal
from circo.imports import lines, running
from circo.imports.lines import Line
from circo.models import District, Outcome, Person


class ImportCommand(BaseCommand):
    """Import a file at once; the operator of the machine may import everywhere, or act as a person with `--by`."""

    kind = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="le fichier CSV ou XLSX")
        parser.add_argument("--district", required=True, help="la circonscription : son nom, son UAI ou son numéro")
        parser.add_argument("--by", help="au nom de qui : une adresse e-mail (ses droits s’appliquent)")
        parser.add_argument("--dry-run", action="store_true", help="dire ce qui changerait, sans rien écrire")

    def handle(self, *args: Any, **options: Any) -> None:
        district, by = _district(options["district"]), _person(options["by"])
        try:
            planned, ignored = running.import_now(
                self.kind,
                options["file"],
                place=district,
                by=by,
                on=timezone.localdate(),
                dry_run=options["dry_run"],
                tell=lambda _: None,
            )
        except (Refusal, OSError) as error:
            raise CommandError(f"Fichier refusé : {error}") from error
        self._tell(planned, ignored, dry_run=options["dry_run"], verbosity=options["verbosity"])

    def _tell(self, planned: list[Line], ignored: tuple[str, ...], *, dry_run: bool, verbosity: int) -> None:
        for line in planned:
            if line.outcome != Outcome.SAME or verbosity > 1:
                detail = f" : {' ; '.join(line.notes)}" if line.notes else ""
                self.stdout.write(f"Ligne {line.number}, {line.outcome.label}, {line.label}{detail}")
        if ignored:
            self.stdout.write(f"Colonnes laissées de côté : {', '.join(ignored)}.")
        found = lines.counts(line.outcome for line in planned)
        self.stdout.write(", ".join(f"{Outcome(name).label} : {count}" for name, count in found.items()) + ".")
        if dry_run:
            self.stdout.write("Essai seulement : rien n’est écrit.")


def _district(text: str) -> District:
    found = Q(name=text) | Q(uai=text.upper())
    if text.isdecimal():
        found |= Q(pk=int(text))
    try:
        return District.objects.select_related("departement").get(found)
    except District.DoesNotExist:
        raise CommandError(f"Aucune circonscription ne répond à « {text} ».") from None
    except District.MultipleObjectsReturned:
        raise CommandError(f"Plusieurs circonscriptions répondent à « {text} » : donnez l’UAI.") from None


def _person(email: str | None) -> Person | None:
    if not email:
        return None
    try:
        return Person.objects.get(email__iexact=email)
    except Person.DoesNotExist:
        raise CommandError(f"Personne n’a l’adresse {email}.") from None
