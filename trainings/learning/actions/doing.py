"""Do the steps in which one reads, writes, watches, or goes and does something elsewhere on the platform."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from networks.meetings.rules import Presence
from networks.models import Attendance, Post, Visit
from networks.visits.rules import DONE
from trainings.following import queries as following
from trainings.learning.actions.settling import begun, done, held, settle
from trainings.learning.queries.looking import criteria
from trainings.learning.queries.sealing import films_seen
from trainings.learning.queries.way import Way
from trainings.models import Enrolment, GridAnswer, QuestionAnswer, Step
from trainings.paths.rules import StepKind
from trainings.watching import queries as watching
from videos.models import Film

NOTHING_WRITTEN = "Écrivez au moins une phrase\u00a0: elle n’est que pour vous."


@transaction.atomic
def read(*, enrolment: Enrolment, step: Step, by: Person) -> Way:
    """Say that one has read a text, or done an activity of which only oneself knows.

    Raises: Refusal for a step that is done otherwise, or may not be done.
    """
    if step.kind not in (StepKind.READING, StepKind.PACKAGE):
        raise Refusal("Cette étape ne se termine pas ainsi.")
    found = held(enrolment, by)
    done(begun(found, step, by))
    return settle(found, by, step)


@transaction.atomic
def write(*, enrolment: Enrolment, step: Step, text: str, by: Person) -> Way:
    """Write in one's log, which nobody else reads; a step of the log is done once something is written.

    Raises: Refusal for an empty text, or a step that has no log.
    """
    if step.kind != StepKind.LOG:
        raise Refusal("Cette étape n’a pas de journal.")
    if not text.strip():
        raise Refusal(NOTHING_WRITTEN)
    found = held(enrolment, by)
    progress = begun(found, step, by)
    progress.text, progress.text_at = text.strip(), timezone.now()
    done(progress)
    return settle(found, by, step)


@transaction.atomic
def deposit(*, enrolment: Enrolment, step: Step, film: Film | None, by: Person) -> Way:
    """Name the film of one's own class that one deposited for a step. It opens the film to nobody.

    Raises: Refusal if the film is not one's own.
    """
    if step.kind != StepKind.DEPOSIT:
        raise Refusal("Cette étape ne demande pas de film.")
    if film is None or not Film.objects.editable_by(by).filter(pk=film.pk).exists():
        raise Refusal("Choisissez l’un de vos films.")
    found = held(enrolment, by)
    progress = begun(found, step, by)
    progress.film = film
    done(progress)
    return settle(found, by, step)


@transaction.atomic
def observe(*, enrolment: Enrolment, step: Step, answers: Mapping[int, int | str], by: Person) -> Way:
    """Note what one saw with the grid of a step, criterion by criterion; again corrects it.

    Raises: Refusal for a criterion of another grid, or a step that may not be done.
    """
    if step.kind != StepKind.GRID:
        raise Refusal("Cette étape n’a pas de grille.")
    found = held(enrolment, by)
    progress = begun(found, step, by)
    if set(answers) != {one.pk for one in criteria(step)}:
        raise Refusal("La grille a changé\u00a0: reprenez-la.")
    for criterion_id, said in answers.items():
        values = {"number": said, "text": ""} if isinstance(said, int) else {"number": None, "text": said.strip()}
        GridAnswer.objects.update_or_create(enrolment=found, step=step, criterion_id=criterion_id, defaults=values)
    done(progress)
    return settle(found, by, step)


@transaction.atomic
def confirm(*, enrolment: Enrolment, step: Step, by: Person) -> Way:
    """Say that one has watched, visited, taken part: the platform looks whether it knows of it.

    Raises: Refusal that says what is missing.
    """
    fault = _FAULTS.get(StepKind(step.kind))
    if fault is None:
        raise Refusal("Cette étape ne se termine pas ainsi.")
    found = held(enrolment, by)
    progress = begun(found, step, by)
    if said := fault(found, step, by):
        raise Refusal(said)
    done(progress)
    return settle(found, by, step)


def fault_of_watching(enrolment: Enrolment, step: Step, by: Person) -> str:
    """Say what is missing of a step to watch: excerpts, then questions; empty if nothing is."""
    films = films_seen([step], by)
    seen = [one for one in step.excerpts.select_related("film") if one.film_id in films]
    watched = watching.seen_of(enrolment, seen)
    left = [one for one in seen if not watched[one.pk].is_watched]
    if left:
        return f"Il reste à regarder «\u00a0{left[0].title}\u00a0»."
    asked = step.questions.filter(excerpt__in=seen) | step.questions.filter(excerpt=None)
    answered = QuestionAnswer.objects.filter(enrolment=enrolment).order_by().values("question_id")
    return "Il reste une question à laquelle répondre." if asked.exclude(pk__in=answered).exists() else ""


def _fault_of_visit(enrolment: Enrolment, step: Step, by: Person) -> str:
    day = timezone.localdate(enrolment.started_at)
    held_visits = Visit.objects.filter(visitor=by, state__in=DONE, day__gte=day)
    if step.practice and not any(step.practice in visit.site.practices for visit in held_visits.select_related("site")):
        return (
            "Aucune visite de cette sorte n’est notée comme faite depuis que vous suivez ce parcours. La personne qui "
            "vous a reçu·e peut le noter."
        )
    if not held_visits.exists():
        return (
            "Aucune visite n’est notée comme faite depuis que vous suivez ce parcours. La personne qui vous a reçu·e "
            "peut le noter."
        )
    return ""


def _fault_of_salon(enrolment: Enrolment, step: Step, by: Person) -> str:
    posts = Post.objects.filter(salon=step.salon, author=by, created_at__gte=enrolment.started_at, removed_at=None)
    return "" if posts.exists() else "Vous n’avez pas encore écrit dans ce salon depuis que vous suivez ce parcours."


def _fault_of_meeting(enrolment: Enrolment, step: Step, by: Person) -> str:
    if enrolment.session is not None and following.has_dates(enrolment.session):
        was_there = following.was_at_a_date(enrolment)
        return "" if was_there else "Votre présence à une rencontre de votre session n’est pas encore notée."
    day = timezone.localdate(enrolment.started_at)
    rows = Attendance.objects.filter(person=by, presence=Presence.PRESENT, meeting__starts_at__date__gte=day)
    return "" if rows.exists() else "Votre présence à une rencontre n’est pas encore notée."


_FAULTS: dict[StepKind, Callable[[Enrolment, Step, Person], str]] = {
    StepKind.WATCH: fault_of_watching,
    StepKind.VISIT: _fault_of_visit,
    StepKind.SALON: _fault_of_salon,
    StepKind.MEETING: _fault_of_meeting,
}
