"""What follows each act of a learner: how many steps are done, whether the path is, and its hours."""

from __future__ import annotations

from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from trainings.learning import certificates, crediting, telling
from trainings.learning.queries.way import Way, way
from trainings.lti import passing
from trainings.models import Enrolment, Step, StepProgress

OVER = "Vous avez quitté ce parcours\u00a0: reprenez-le d’abord."

COUNTED = ("done_steps", "total_steps", "left_minutes")
SETTLED = (*COUNTED, "completed_at", "credited_minutes", "certificate", "last_step", "seen_at")


def held(enrolment: Enrolment, by: Person) -> Enrolment:
    """Hold one's own enrolment, and read it again.

    Raises: Refusal if it is not one's own, or was left.
    """
    rows = Enrolment.objects.editable_by(by).select_for_update(of=("self",), no_key=True).select_related("version")
    found = rows.filter(pk=enrolment.pk).first()
    if found is None:
        raise Refusal("Vous ne suivez pas ce parcours.")
    if found.left_at:
        raise Refusal(OVER)
    return found


def begun(enrolment: Enrolment, step: Step, by: Person) -> StepProgress:
    """The progress of a step that this learner may do now.

    Raises: Refusal for a step of another version, one that waits for a module, or one that is sealed.
    """
    found = way(enrolment.version, by, enrolment).find(step.pk)
    if found is None:
        raise Refusal("Cette étape n’est pas de la version que vous suivez.")
    module, one = found
    if one.is_sealed:
        raise Refusal("Cette étape n’est plus visible\u00a0: vous pouvez continuer sans elle.")
    if one.is_closed:
        raise Refusal(f"Terminez d’abord «\u00a0{module.waits_for[0]}\u00a0».")
    return one.progress or StepProgress(enrolment=enrolment, step=step)


def done(progress: StepProgress) -> None:
    """Write that a step is done; the first time counts."""
    progress.done_at = progress.done_at or timezone.now()
    progress.save()


def settle(enrolment: Enrolment, by: Person, step: Step | None = None) -> Way:
    """Count again what is done; once everything is, the path is finished and its hours are proposed, once.

    `step`: what one has just done, from which one goes on, on any device.
    """
    found = way(enrolment.version, by, enrolment)
    enrolment.seen_at = timezone.now()
    enrolment.last_step = step or enrolment.last_step
    enrolment.done_steps, enrolment.total_steps, enrolment.left_minutes = found.done, found.total, found.left_minutes
    if found.is_complete and enrolment.completed_at is None:
        enrolment.completed_at = timezone.now()
        enrolment.credited_minutes = found.earned_minutes
        enrolment.certificate = certificates.issue(enrolment, by)
        crediting.credit(enrolment, by)
        telling.completed(enrolment)
    enrolment.save(update_fields=[*SETTLED])
    passing.tell(enrolment)
    return found
