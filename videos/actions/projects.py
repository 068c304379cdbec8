"""Prepare a recording: say what, why, for whom and until when; list the people; declare the list whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from circo.dates import day_in_words
from circo.errors import Refusal
from circo.models import Person
from networks.models import MutualisationGroup
from videos import queries
from videos.actions.consents import announce_films, take_away
from videos.actions.owned import check_count, locked
from videos.consents import rules
from videos.consents.rules import Answer
from videos.erasing import erase_project
from videos.models import Agreement, Recorded, RecordingProject
from videos.rules import PROJECTS_MAX

ANSWERED = (
    "Des familles ont déjà répondu à ce projet\u00a0: ce qu’elles ont lu ne change plus. "
    "Vous pouvez seulement avancer la fin ou réduire qui verra. Pour le reste, faites un nouveau projet."
)
NARROWED = ("title", "audience", "ends_on")  # what may still change, the last two only downwards


@transaction.atomic
def create_project(*, values: Mapping[str, Any], by: Person) -> RecordingProject:
    """Write down a recording project, with the fields of `RecordingProject` in `values`.

    Raises: Refusal if `by` is not a member of the group, or if it would last too long.
    """
    check_count(by.recording_projects.all(), PROJECTS_MAX, "Vous avez déjà beaucoup de projets. Supprimez-en un.")
    project = RecordingProject(author=by, **values)
    _check(project, by)
    project.save(force_insert=True)
    return project


@transaction.atomic
def change_project(*, project: RecordingProject, values: Mapping[str, Any], by: Person) -> RecordingProject:
    """Change a recording project; once somebody has answered, only to show less, or for a shorter time.

    Raises: Refusal if it is not one's own, if people answered to other words, or if it would last too long.
    """
    project = _own(project, by)
    if queries.is_answered(project):
        _check_narrower(project, values)
    for name, value in values.items():
        setattr(project, name, value)
    _check(project, by)
    project.save()
    take_away(project)
    return project


def _check_narrower(project: RecordingProject, values: Mapping[str, Any]) -> None:
    same = all(getattr(project, name) == value for name, value in values.items() if name not in NARROWED)
    wider = values.get("audience", project.audience) > project.audience
    if not same or wider or values.get("ends_on", project.ends_on) > project.ends_on:
        raise Refusal(ANSWERED)


def _check(project: RecordingProject, by: Person) -> None:
    if not MutualisationGroup.objects.of_member(by).filter(pk=project.group_id).exists():
        raise Refusal("Choisissez un groupe dont vous êtes membre cette année.")
    if project.recorded_until < project.recorded_from:
        raise Refusal("Le dernier jour de captation vient après le premier.")
    last = rules.last_day(project.recorded_from)
    if not project.recorded_until <= project.ends_on <= last:
        until = day_in_words(last, timezone.localdate())
        raise Refusal(f"La fin vient après le dernier jour de captation, et au plus tard le {until}.")
    if not (project.image or project.voice or project.productions):
        raise Refusal("Dites ce qui est enregistré.")
    decision = project.decision
    if decision is not None and decision.departement_id != project.group.network.district.departement_id:
        raise Refusal("Cette décision vaut pour un autre département.")


def _own(project: RecordingProject, by: Person) -> RecordingProject:
    """Lock the project, if it is one's own."""
    return locked(project, by, "Seule la personne qui a préparé un projet de captation le modifie.")


@transaction.atomic
def add_pupils(*, project: RecordingProject, labels: Sequence[str], holders: int, by: Person) -> list[Recorded]:
    """Add pupils by their initials, each with `holders` of parental authority. Films of the project wait for them.

    Raises: Refusal if it is not one's own, or for anything longer than initials.
    """
    if not 1 <= holders <= rules.HOLDERS_MAX:
        raise Refusal("Un élève a un titulaire de l’autorité parentale, ou plusieurs.")
    return _add(_own(project, by), [rules.initials(label) for label in labels], pupil=True, signers=holders)


@transaction.atomic
def add_adults(*, project: RecordingProject, names: Sequence[str], by: Person) -> list[Recorded]:
    """Add adults by their names: an AESH, a parent who helps, a colleague.

    Raises: Refusal if it is not one's own.
    """
    return _add(_own(project, by), [" ".join(name.split())[:80] for name in names], pupil=False, signers=1)


def _add(project: RecordingProject, labels: Sequence[str], *, pupil: bool, signers: int) -> list[Recorded]:
    known = set(project.people.values_list("label", flat=True))
    if len(known) + len(labels) > rules.PEOPLE_MAX:
        raise Refusal(
            f"Une liste compte au plus {rules.PEOPLE_MAX} personnes\u00a0: faites un autre projet pour les suivantes."
        )
    made = []
    for label in dict.fromkeys(labels):
        if label in known:
            raise Refusal(f"{label} est déjà dans la liste. Pour un homonyme, ajoutez un chiffre\u00a0: {label} 2.")
        made.append(Recorded.objects.create(project=project, pupil=pupil, label=label))
    for one in made:
        for number in range(1, signers + 1):
            Agreement.objects.create(recorded=one, number=number)
    take_away(project)
    return made


@transaction.atomic
def remove_recorded(*, recorded: Recorded, by: Person) -> None:
    """Take somebody off the list, who was put there by mistake; the list must then be declared whole again.

    Raises: Refusal if it is not one's own, or if somebody answered: an answer is never lost.
    """
    project = _own(recorded.project, by)
    if recorded.agreements.exclude(answer=Answer.PENDING).exists():
        raise Refusal("Une réponse est notée pour cette personne\u00a0: elle reste dans la liste.")
    recorded.delete()
    project.declared_at = None
    project.save(update_fields=["declared_at"])
    take_away(project)


@transaction.atomic
def declare_whole(*, project: RecordingProject, by: Person) -> RecordingProject:
    """Write that the list holds everybody who can be recognised. Films whose record is now complete are shown.

    Raises: Refusal if it is not one's own.
    """
    project = _own(project, by)
    if project.declared_at is None:
        project.declared_at = timezone.now()
        project.save(update_fields=["declared_at"])
    announce_films(project)
    return project


@transaction.atomic
def inform(*, project: RecordingProject, on: date, by: Person) -> RecordingProject:
    """Write on which day the families were informed of a recording made for a public task.

    Raises: Refusal if it is not one's own, or if that day has not come.
    """
    project = _own(project, by)
    if on > timezone.localdate():
        raise Refusal("Notez le jour où les familles ont été informées, une fois qu’il est passé.")
    project.informed_on = on
    project.save(update_fields=["informed_on"])
    announce_films(project)
    return project


@transaction.atomic
def delete_project(*, project: RecordingProject, by: Person) -> None:
    """Remove a project that protects no film, with its list and its signed papers.

    Raises: Refusal if it is not one's own, or if a film stands under it.
    """
    project = _own(project, by)
    if project.films.kept().exists():
        raise Refusal("Un film est placé sous ce projet\u00a0: supprimez d’abord le film.")
    if project.films.exists():
        raise Refusal("Un film supprimé de ce projet peut encore être remis\u00a0: effacez-le d’abord.")
    erase_project(project)
