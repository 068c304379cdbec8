"""Reads of the imports' pages."""

from __future__ import annotations

from django.db.models import QuerySet

from circo.models import Departement, District, ImportLine, ImportRun, Institution, Job, Outcome, Person
from circo.models.import_kinds import Kind, place_ids_of
from circo.rules import Place


def places_to_import(person: Person, kind: Kind) -> QuerySet[District] | QuerySet[Departement] | QuerySet[Institution]:
    """The districts, whole départements or institutions in which this person may bring such a table."""
    ids = place_ids_of(person, kind)
    if kind.place is Place.DEPARTEMENT:
        return Departement.objects.filter(pk__in=ids).order_by("code")
    if kind.place is Place.INSTITUTION:
        return Institution.objects.filter(pk__in=ids).order_by("name")
    return District.objects.visible_to(person).filter(pk__in=ids).select_related("departement")


def runs_page(person: Person) -> QuerySet[ImportRun]:
    """The imports of one's places, the newest first."""
    return (
        ImportRun.objects.visible_to(person)
        .select_related("district", "departement", "institution", "started_by")
        .order_by("-started_at", "-pk")
    )


def lines_of(run: ImportRun, person: Person, outcome: str = "") -> QuerySet[ImportLine]:
    """The report of an import, or its lines of one outcome."""
    found = ImportLine.objects.visible_to(person).filter(run=run)
    return (found.filter(outcome=outcome) if outcome else found).order_by("number")


def job_of(run: ImportRun, kinds: dict[str, str]) -> Job | None:
    """The work under way on this import, if any; `kinds` gives its name by the state of the import."""
    kind = kinds.get(run.state)
    return Job.objects.filter(kind=kind, subject_id=str(run.pk)).first() if kind else None


def lines_to_write(run: ImportRun) -> int:
    """How many lines of a tried import would write something, or send an invitation."""
    kinds = [Outcome.CREATED, Outcome.CHANGED, *([Outcome.SAME] if run.send_invitations else [])]
    return sum(run.counts.get(kind, 0) for kind in kinds)
