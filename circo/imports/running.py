"""The background work of an import: the dry run, then, if somebody says so, the writing.

Lines are written by chunks, each in one transaction with its own lines of the report and the lease of the job: a worker
that dies leaves whole lines behind, and the next one goes on after them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO, cast

from django.db import transaction
from django.utils import timezone

from circo import invitations, jobs
from circo.errors import Outside, Refusal
from circo.imports import columns, lines, reading
from circo.imports.lines import Authority, Importer, Line, Tell
from circo.models import Departement, District, ImportLine, ImportRun, ImportState, Institution, Invitation, Person
from circo.models import import_kinds as kinds

CHECK, APPLY, INVITE = "import_check", "import_apply", "import_invite"
FILE_KEPT = timedelta(days=7)
LINES_KEPT = timedelta(days=90)
READING_SHARE, PLANNING_SHARE = 0.15, 0.55  # of the progress bar


def plan(importer: Importer, file: BinaryIO, authority: Authority, tell: Tell) -> tuple[list[Line], tuple[str, ...]]:
    """Read a file and say what would become of each line, without writing; and the headers left aside.

    Raises: Refusal for a file that cannot be read as a whole.
    """
    table = reading.read_table(file)
    mapping = columns.match(table.header, importer.columns)
    columns.refuse_numen(table.rows, table.header)
    tell(READING_SHARE)
    planned = importer.plan(
        table, mapping, authority, lambda share: tell(READING_SHARE + share * (PLANNING_SHARE - READING_SHARE))
    )
    return planned, mapping.ignored


def write(
    importer: Importer, planned: Sequence[Line], authority: Authority, done: Callable[[Sequence[Line], float], None]
) -> None:
    """Write the lines by chunks; `done` is called inside the transaction of each, and its error undoes the chunk."""
    for start in range(0, len(planned), lines.CHUNK):
        chunk = planned[start : start + lines.CHUNK]
        with transaction.atomic():
            importer.write(chunk, authority)
            done(chunk, (start + len(chunk)) / len(planned))


# --- The two jobs ---------------------------------------------------------------------------------------------------
def check(attempt: jobs.Run) -> None:
    """The dry run of an import: the report, and nothing else."""
    run = ImportRun.objects.select_related("district__departement", "departement", "started_by").get(
        pk=attempt.subject_id
    )
    planned, ignored = _planned(run, run.started_by, attempt.report)
    report = [_row(run, line, written=False) for line in planned]
    with attempt.finish():
        run.lines.all().delete()
        ImportLine.objects.bulk_create(report, batch_size=500)
        run.state, run.reason = ImportState.CHECKED, ""
        run.counts, run.ignored_columns = lines.counts(line.outcome for line in planned), list(ignored)
        run.save(update_fields=["state", "reason", "counts", "ignored_columns"])


def apply(attempt: jobs.Run) -> None:
    """Write an import, after checking it again: the world may have changed since the dry run."""
    run = ImportRun.objects.select_related("district__departement", "departement", "applied_by").get(
        pk=attempt.subject_id
    )
    authority = _authority(run, run.applied_by)
    planned, ignored = _planned(run, run.applied_by, attempt.report)
    already = set(run.lines.filter(written=True).values_list("number", flat=True))
    left = [line for line in planned if line.number not in already]

    def done(chunk: Sequence[Line], share: float) -> None:
        attempt.report(PLANNING_SHARE + share * (1 - PLANNING_SHARE))  # raises if another worker took over
        run.lines.filter(number__in=[line.number for line in chunk]).delete()
        ImportLine.objects.bulk_create([_row(run, line, written=True) for line in chunk])

    write(kinds.kind_of(run.kind).importer, left, authority, done)
    with attempt.finish():
        run.lines.filter(written=False).delete()
        run.state, run.reason, run.applied_at = ImportState.APPLIED, "", timezone.now()
        run.counts, run.ignored_columns = lines.counts(run.lines.values_list("outcome", flat=True)), list(ignored)
        forget_file(run)
        run.save(update_fields=["state", "reason", "applied_at", "counts", "ignored_columns", "file"])
        if run.send_invitations:
            jobs.ask(INVITE, str(run.pk))


def invite(attempt: jobs.Run) -> None:
    """Mail an invitation to whoever of a written import has not opened the account yet, and holds no valid link.

    One short transaction per person: others can write in between, and a second attempt goes on where the first stopped.
    """
    run = ImportRun.objects.select_related("applied_by").get(pk=attempt.subject_id)
    found = run.lines.filter(person__is_active=True).select_related("person").order_by("number")
    for done, line in enumerate(found):
        if done % 20 == 0:
            attempt.report(done / len(found))
        if line.person and not line.person.has_usable_password() and not _is_invited(line.person):
            _invite(line, line.person, run.applied_by)
    with attempt.finish():
        pass


def _is_invited(person: Person) -> bool:
    return Invitation.objects.filter(person=person).usable_at(timezone.now()).exists()


@transaction.atomic
def _invite(line: ImportLine, person: Person, by: Person | None) -> None:
    try:
        invitations.invite(person=person, by=by)
    except Refusal as refusal:
        line.notes.append(f"Pas d’invitation : {refusal}")
    else:
        line.notes.append("Invitation envoyée")
    line.save(update_fields=["notes"])


def _planned(run: ImportRun, by: Person | None, tell: Tell) -> tuple[list[Line], tuple[str, ...]]:
    if not run.file:
        raise Refusal("Le fichier n’est plus là. Déposez-le de nouveau.")
    try:
        file = run.file.open("rb")
    except FileNotFoundError:
        raise Refusal("Le fichier n’est plus là. Déposez-le de nouveau.") from None
    except OSError as error:
        raise Outside("Le fichier ne se laisse pas lire pour le moment.") from error
    with file:
        return plan(kinds.kind_of(run.kind).importer, cast(BinaryIO, file), _authority(run, by), tell)


def _authority(run: ImportRun, by: Person | None) -> Authority:
    if by is None:
        raise Refusal("La personne qui a lancé cet import n’a plus de compte.")
    kind = kinds.kind_of(run.kind)
    return lines.authority_of(place=run.place, kind=kind, by=by, on=timezone.localdate(run.started_at))


def _row(run: ImportRun, line: Line, *, written: bool) -> ImportLine:
    return ImportLine(
        run=run,
        number=line.number,
        outcome=line.outcome,
        label=line.label,
        notes=line.notes,
        written=written,
        person=line.subject if written and isinstance(line.subject, Person) else None,
    )


def forget_file(run: ImportRun) -> None:
    """Delete the file once the transaction holds; the row keeps its report."""
    if name := run.file.name:
        storage = run.file.storage
        transaction.on_commit(lambda: storage.delete(name), robust=True)
        run.file = ""


def check_failed(subject_id: str, reason: str) -> None:
    """The file is refused as a whole: say why, and forget it."""
    for run in ImportRun.objects.filter(pk=subject_id, state=ImportState.CHECKING):
        run.state, run.reason = ImportState.REFUSED, reason
        forget_file(run)
        run.save(update_fields=["state", "reason", "file"])


def apply_failed(subject_id: str, reason: str) -> None:
    """The writing stopped: what was written stays, the file too, and one may try again."""
    ImportRun.objects.filter(pk=subject_id, state=ImportState.APPLYING).update(state=ImportState.CHECKED, reason=reason)


def invite_failed(subject_id: str, reason: str) -> None:
    """The import is written all the same."""
    ImportRun.objects.filter(pk=subject_id).update(reason=f"Des invitations ne sont pas parties. {reason}")


# --- Commands -------------------------------------------------------------------------------------------------------
def import_now(
    code: str,
    path: Path,
    *,
    place: District | Departement | Institution,
    by: Person | None,
    on: date,
    dry_run: bool,
    tell: Tell,
) -> tuple[list[Line], tuple[str, ...]]:
    """Import a file at once, all its good lines or, if something breaks on the way, none.

    Raises: Refusal for a file that cannot be read as a whole.
    """
    kind = kinds.kind_of(code)
    authority = lines.authority_of(place=place, kind=kind, by=by, on=on)
    with path.open("rb") as file:
        planned, ignored = plan(kind.importer, file, authority, tell)
    if not dry_run:
        with transaction.atomic():
            write(
                kind.importer,
                planned,
                authority,
                lambda _, share: tell(PLANNING_SHARE + share * (1 - PLANNING_SHARE)),
            )
    return planned, ignored


# --- Time passes ----------------------------------------------------------------------------------------------------
def purge() -> None:
    """Forget the files that nobody applied in a week, and the reports of last term; harmless when run twice."""
    now = timezone.now()
    waiting = [ImportState.CHECKED, ImportState.CHECKING, ImportState.REFUSED]
    for run in (
        ImportRun.objects.filter(state__in=waiting, started_at__lt=now - FILE_KEPT).exclude(file="").order_by("pk")
    ):
        with transaction.atomic():
            run.state = ImportState.DROPPED
            run.reason = f"Personne n’a confirmé cet import en {FILE_KEPT.days} jours : son fichier est effacé."
            forget_file(run)
            run.save(update_fields=["state", "reason", "file"])
    ImportLine.objects.filter(run__started_at__lt=now - LINES_KEPT).delete()
