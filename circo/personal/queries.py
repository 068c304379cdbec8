"""What the page of one's own data reads."""

from __future__ import annotations

from dataclasses import dataclass

from circo.models import DataExport, ExportState, Job, JobState, Person

KIND = "data-export"  # of the job that makes an export


def names_of(person: Person) -> list[str]:
    """The names under which a person is known, or was."""
    former = Person.history.filter(id=person.pk).order_by("history_date").values_list("first_name", "last_name")
    return list(dict.fromkeys([str(person), *(f"{first} {last}".strip() for first, last in former)]))


@dataclass(frozen=True)
class DataPage:
    """How far one's own export is: `percent` and `doing` while it is being made."""

    export: DataExport | None
    percent: int = 0
    doing: str = ""


def data_page(person: Person) -> DataPage:
    """Read how far one's own export is."""
    export = DataExport.objects.visible_to(person).first()
    if export is None or export.state != ExportState.MAKING:
        return DataPage(export)
    job = Job.objects.filter(kind=KIND, subject_id=str(export.pk)).first()
    if job is None or job.state == JobState.QUEUED:
        return DataPage(export, doing="En attente d’un moment de libre…")
    return DataPage(export, job.percent, f"Préparation\u00a0: {job.percent}\u00a0%")
