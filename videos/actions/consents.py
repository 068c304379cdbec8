"""Answers: an agreement with its paper, a refusal, a change of mind. Each acts at once: the gate reads these rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from circo import notices
from circo.errors import Refusal
from circo.models import Person
from videos import announcing, queries
from videos.actions.owned import locked
from videos.consents import scans
from videos.consents.rules import NO, Answer
from videos.models import Absence, Agreement, Film, Recorded, RecordingProject, Scan

NOT_YOURS = "Seule la personne qui a préparé ce projet note les réponses."


@transaction.atomic
def agree(
    *,
    recorded: Recorded,
    numbers: Collection[int],
    signed_on: date,
    by: Person,
    file: UploadedFile | None = None,
    ends_on: date | None = None,
    assented: bool = False,
    sole_holder: bool = False,
) -> Recorded:
    """Write that these signers (by `Agreement.number`) agreed, as the signed paper says; or that paper is kept already.

    `sole_holder`: the paper says that one person alone holds parental authority.

    Raises: Refusal if it is not one's own, without a paper, for a day to come, or if somebody who said no since has not
    signed anew.
    """
    recorded = _own(recorded, by)
    if signed_on > timezone.localdate():
        raise Refusal("La date de signature n’est pas encore passée.")
    chosen = list(recorded.agreements.select_for_update().filter(number__in=numbers))
    if not chosen:
        raise Refusal("Dites qui a signé.")
    changed_mind = [one for one in chosen if one.answer in NO]
    if any(one.answered_at and signed_on < timezone.localdate(one.answered_at) for one in changed_mind):
        raise Refusal("Cette personne a dit non depuis\u00a0: il faut un formulaire signé après ce jour.")
    scan = scans.keep(recorded, file) if file else recorded.paper()
    if scan is None:
        raise Refusal("Joignez le formulaire signé\u00a0: une photo ou un PDF.")
    if sole_holder:
        _leave_alone(chosen[0])
    for one in chosen:
        one.answer, one.signed_on, one.ends_on, one.scan = Agreement.Answers.AGREED, signed_on, ends_on, scan
        _answered(one, by)
    if assented and not recorded.assented:
        recorded.assented = True
        recorded.save(update_fields=["assented"])
    announce_films(recorded.project)
    return recorded


def _leave_alone(signer: Agreement) -> None:
    """Remove the signers who have not answered, but for this one, who takes the link printed on the paper."""
    printed = signer.recorded.agreements.first()
    others = signer.recorded.agreements.exclude(pk=signer.pk).filter(answer=Answer.PENDING)
    if printed and printed in others:
        signer.key = printed.key
    others.delete()


@transaction.atomic
def keep_paper(*, recorded: Recorded, file: UploadedFile, by: Person) -> Scan:
    """Keep a signed paper before one has said all that it says: it is not photographed twice.

    Raises: Refusal if it is not one's own, or no paper that we can read.
    """
    return scans.keep(_own(recorded, by), file)


def _own(recorded: Recorded, by: Person) -> Recorded:
    return locked(recorded, by, NOT_YOURS)


def _answered(agreement: Agreement, by: Person | None) -> None:
    agreement.answered_at, agreement.answered_by = timezone.now(), by
    agreement.save()


@transaction.atomic
def decline(*, agreement: Agreement, by: Person) -> Agreement:
    """Write that one signer refuses, or takes an agreement back. Saying it again changes nothing.

    Raises: Refusal if it is not one's own project.
    """
    recorded = _own(agreement.recorded, by)
    _decline(recorded.agreements.select_for_update().filter(pk=agreement.pk), by)
    take_away(recorded.project)
    return recorded.agreements.get(pk=agreement.pk)


@transaction.atomic
def decline_by_link(*, key: str) -> Recorded | None:
    """Do as whoever holds a form's secret link asks: no more of this person is shown. None for a link of nobody.

    One holder of parental authority is enough to say no; the teacher is told at once, and nothing can undo it but a new
    signed form.
    """
    recorded = queries.recorded_of_key(key)
    if recorded is None:
        return None
    if _decline(recorded.agreements.select_for_update(), None):
        take_away(recorded.project)
        _tell_author(recorded)
    return recorded


def _decline(agreements: QuerySet[Agreement], by: Person | None) -> bool:
    """Write a « no » on each; False if each said no already."""
    said = [one for one in agreements if one.answer not in NO]
    for one in said:
        one.answer = Agreement.Answers.WITHDRAWN if one.answer == Answer.AGREED else Agreement.Answers.REFUSED
        _answered(one, by)
    return bool(said)


def _tell_author(recorded: Recorded) -> None:
    project = recorded.project
    stamp = timezone.now().timestamp()
    notices.tell_many(
        Person.objects.filter(pk=project.author_id, is_active=True),
        kind=queries.CONSENT_WITHDRAWN,
        key=f"recorded-{recorded.pk}-{stamp:.0f}",
        title="Une personne filmée ne veut plus apparaître dans l’un de vos films",
        text=f"{recorded.label}, dans le projet «\u00a0{project}\u00a0»\u00a0: les films où cette personne apparaît ne "
        "sont plus montrés.",
        path=reverse("videos:recorded_page", args=[project.pk, recorded.pk]),
    )


@transaction.atomic
def mark_absent(*, film: Film, recorded: Recorded, by: Person) -> Absence:
    """Write that somebody of the project does not appear in this film.

    Raises: Refusal if the film is not one's own, or if that person is of another project.
    """
    if film.author_id != by.pk or recorded.project_id != film.project_id:
        raise Refusal("Cette personne n’est pas de la liste de ce film.")
    absence, _ = Absence.objects.update_or_create(film=film, recorded=recorded, defaults={"how": Absence.How.ABSENT})
    announcing.announce(film)
    return absence


@transaction.atomic
def unmark_absent(*, film: Film, recorded: Recorded, by: Person) -> None:
    """Write that somebody can be recognised in this film after all.

    Raises: Refusal if the film is not one's own.
    """
    if film.author_id != by.pk:
        raise Refusal("Cette personne n’est pas de la liste de ce film.")
    Absence.objects.filter(film=film, recorded=recorded).delete()
    announcing.take_back(film)


def announce_films(project: RecordingProject) -> None:
    """Tell their circles of the films of a project that are shown now; whoever was told is not told again."""
    for film in queries.films_of_project(project):
        announcing.announce(film)


def take_away(project: RecordingProject) -> None:
    """Take back what was told of the films of a project from whoever sees them no more: notices name them."""
    for film in queries.films_of_project(project):
        announcing.take_back(film)
