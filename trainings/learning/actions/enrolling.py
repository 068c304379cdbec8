"""Take a path, leave it, come back, say one's rhythm, go on in a newer version."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from trainings.contents import print_of
from trainings.learning import rules
from trainings.learning.actions.settling import held, settle
from trainings.learning.queries import lists
from trainings.models import (
    Enrolment,
    GridAnswer,
    LearningPath,
    ModuleRoute,
    PathSession,
    PathVersion,
    QuestionAnswer,
    Step,
    StepProgress,
    WatchedExcerpt,
)
from trainings.queries import modules_whole

GONE = "Ce parcours ne prend plus personne pour l’instant."


@transaction.atomic
def enrol(*, path: LearningPath, by: Person, session: PathSession | None = None, followed: bool = False) -> Enrolment:
    """Begin a path in its published version, or in that of a session. Twice is once; who had left comes back.

    `followed`: the tutor whom `session` names may see how far one is; if it is another by now, nobody may.

    Raises: Refusal if it takes nobody, or if the session is of another path or over.
    """
    version = session.version if session else lists.current_version(path)
    if version is None or version.path_id != path.pk:
        raise Refusal(GONE)
    if session:
        agreed_to = session.tutor_id
        session = PathSession.objects.select_for_update(of=("self",), no_key=True).get(pk=session.pk)
        if session.ended_at or session.last_day < timezone.localdate():
            raise Refusal("Cette session est terminée.")
        followed = followed and agreed_to is not None and session.tutor_id == agreed_to
    held = Enrolment.objects.select_for_update(of=("self",), no_key=True).filter(person=by, path=path)
    enrolment = held.first()
    if enrolment is None:
        Person.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)  # two tabs at once: one by one
        enrolment = held.first()
    if enrolment is None:
        enrolment = Enrolment.objects.create(
            person=by, path=path, version=version, session=session, followed=followed and session is not None
        )
        settle(enrolment, by)
        return enrolment
    enrolment.left_at = None
    if session and enrolment.completed_at is None:
        enrolment.session, enrolment.followed = session, followed
    enrolment.save(update_fields=["left_at", "session", "followed"])
    return enrolment


@transaction.atomic
def leave(*, enrolment: Enrolment, by: Person) -> None:
    """Leave a path that is not finished; everything stays, and `come_back` takes it up again.

    Raises: Refusal if it is finished.
    """
    found = held(enrolment, by)
    if found.completed_at:
        raise Refusal("Ce parcours est terminé\u00a0: il reste dans votre liste.")
    found.left_at, found.followed = timezone.now(), False
    found.save(update_fields=["left_at", "followed"])


@transaction.atomic
def come_back(*, enrolment: Enrolment, by: Person) -> None:
    """Take up again a path that one left."""
    Enrolment.objects.editable_by(by).filter(pk=enrolment.pk).update(left_at=None, seen_at=timezone.now())


@transaction.atomic
def set_wishes(
    *,
    enrolment: Enrolment,
    goals: str,
    weekly_minutes: int | None,
    reminder_day: str,
    by: Person,
    passes_on: bool = False,
) -> None:
    """Say what one expects, one's rhythm, and whether the store of statements is told what one does from now on.

    Raises: Refusal for a rhythm that is not offered, or a reminder without a day.
    """
    found = held(enrolment, by)
    if weekly_minutes not in (None, *rules.WEEKLY_MINUTES):
        raise Refusal("Choisissez un rythme de la liste.")
    if reminder_day not in ("", *rules.CODES):
        raise Refusal("Choisissez un jour de la semaine.")
    found.goals, found.weekly_minutes, found.reminder_day = goals.strip(), weekly_minutes, reminder_day
    if passes_on and not found.passes_on:
        found.passed_on_at = timezone.now()
    found.passes_on = passes_on
    found.save(update_fields=["goals", "weekly_minutes", "reminder_day", "passes_on", "passed_on_at"])


@transaction.atomic
def move_to_current(*, enrolment: Enrolment, by: Person) -> Enrolment:
    """Go on in the published version. What stayed the same stays done; nothing that was written is lost.

    What was done of a step that changed, or is no more, stays with the former version's step.
    Raises: Refusal if the path is finished, or if there is no newer version.
    """
    found = held(enrolment, by)
    target = lists.current_version(found.path)
    if found.completed_at or target is None or target.pk == found.version_id:
        raise Refusal("Vous suivez déjà la version la plus récente.")
    source, found.version, found.last_step = found.version, target, None
    _carry(found, source, target)
    found.save(update_fields=["version", "last_step"])
    settle(found, by)
    return found


def _carry(enrolment: Enrolment, source: PathVersion, target: PathVersion) -> None:
    """Hang what was done on the target's rows of the same key, wherever they say the same."""
    old_modules, new_modules = modules_whole(source), {module.key: module for module in modules_whole(target)}
    routes = {route.module_id: route for route in ModuleRoute.objects.filter(enrolment=enrolment)}
    for old in old_modules:
        new = new_modules.get(old.key)
        if new and old.pk in routes:
            ModuleRoute.objects.filter(pk=routes[old.pk].pk).update(module=new)
    new_steps = {step.key: step for module in new_modules.values() for step in module.steps.all()}
    for old_step in (step for module in old_modules for step in module.steps.all()):
        new_step = new_steps.get(old_step.key)
        if new_step and print_of(old_step) == print_of(new_step):
            _carry_step(enrolment, old_step, new_step)


def _carry_step(enrolment: Enrolment, old: Step, new: Step) -> None:
    StepProgress.objects.filter(enrolment=enrolment, step=old).update(step=new)
    GridAnswer.objects.filter(enrolment=enrolment, step=old).update(step=new)
    questions = {one.key: one for one in new.questions.all()}
    for question in old.questions.all():
        rows = QuestionAnswer.objects.filter(enrolment=enrolment, question=question)
        rows.update(question=questions[question.key])
    excerpts = {one.key: one for one in new.excerpts.all()}
    for excerpt in old.excerpts.all():
        WatchedExcerpt.objects.filter(enrolment=enrolment, excerpt=excerpt).update(excerpt=excerpts[excerpt.key])
