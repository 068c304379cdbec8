"""The steps of a draft."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from circo.errors import Refusal
from circo.models import Person
from networks.models import Salon
from trainings.models import Module, RemovedPart, Step
from trainings.paths import rules
from trainings.paths.actions import drafts
from trainings.paths.rules import StepKind
from trainings.quizzes.rules import PASS_PERCENT
from videos.models import Grid, Observation


@dataclass(frozen=True)
class StepText:
    """All that an author says of a step, whatever its kind; what its kind does not have stays as it is here."""

    title: str
    text: str = ""
    is_optional: bool = False
    pass_percent: int = PASS_PERCENT
    proves_module: bool = False
    grid: Grid | None = None
    expert: Observation | None = None
    salon: Salon | None = None
    practice: str = ""


@transaction.atomic
def add(*, module: Module, kind: StepKind, text: StepText, by: Person) -> Step:
    """Add a step at the end of a module of a draft.

    Raises: Refusal if the draft is published, the module full, without a title, or for a grid, a look or a salon that
        this person does not see.
    """
    version = drafts.held(module.version, by)
    module = version.modules.filter(pk=module.pk).first() or _no_module()
    if module.steps.count() >= rules.STEPS_MAX:
        raise Refusal(f"Un module tient en {rules.STEPS_MAX}\u00a0étapes\u00a0: faites-en deux modules.")
    step = Step(module=module, kind=kind, rank=drafts.last_rank(module.steps.all()) + 1)
    return _written(step, text, by)


@transaction.atomic
def write(*, step: Step, text: StepText, by: Person) -> Step:
    """Say a step of a draft otherwise.

    Raises: Refusal as `add`.
    """
    return _written(held(step, by), text, by)


def _written(step: Step, text: StepText, by: Person) -> Step:
    if not text.title.strip():
        raise Refusal("Donnez un titre à cette étape.")
    if text.grid and text.grid.pk != step.grid_id and not Grid.objects.visible_to(by).filter(pk=text.grid.pk).exists():
        raise Refusal("Choisissez une grille que vous voyez.")
    if text.salon and text.salon.pk != step.salon_id and not _sees(by, text.salon):
        raise Refusal("Choisissez un salon où vous entrez.")
    if text.expert and text.expert.pk != step.expert_id and text.expert.observer_id != by.pk:
        raise Refusal("Choisissez l’un de vos regards.")
    if text.expert and (text.grid is None or text.expert.round.grid_id != text.grid.pk):
        raise Refusal("Ce regard a été posé avec une autre grille.")
    step.title, step.text, step.is_optional = text.title.strip(), text.text.strip(), text.is_optional
    step.pass_percent, step.proves_module = text.pass_percent, text.proves_module
    step.grid, step.expert, step.salon, step.practice = text.grid, text.expert, text.salon, text.practice
    step.save()
    return step


def _sees(by: Person, salon: Salon) -> bool:
    return Salon.objects.visible_to(by).filter(pk=salon.pk).exists()


def _no_module() -> Module:
    raise Refusal("Ce module n’est plus dans ce parcours.")


def held(step: Step, by: Person) -> Step:
    """Hold the draft of a step, and read the step again.

    Raises: Refusal if the draft is published, or no longer holds it.
    """
    version = drafts.held(step.module.version, by)
    found = Step.objects.select_related("module__version").filter(pk=step.pk, module__version=version).first()
    if found is None:
        raise Refusal("Cette étape n’est plus dans ce parcours.")
    return found


@transaction.atomic
def move(*, step: Step, module: Module, place: int, by: Person) -> Step:
    """Put a step at a place, from 0, of a module of the same draft.

    Raises: Refusal if the draft is published, no longer holds either, or if that module is full.
    """
    found = held(step, by)
    target = found.module.version.modules.filter(pk=module.pk).first() or _no_module()
    if target != found.module:
        if target.steps.count() >= rules.STEPS_MAX:
            raise Refusal(f"Un module tient en {rules.STEPS_MAX}\u00a0étapes\u00a0: faites-en deux modules.")
        found.module = target
        found.save(update_fields=["module"])
    drafts.put_in_order(rules.moved(list(target.steps.all()), found, place))
    return found


@transaction.atomic
def remove(*, step: Step, by: Person) -> RemovedPart:
    """Take a step out of its draft; `drafts.bring_back` brings it back for some minutes.

    Raises: Refusal if the draft is published, or no longer holds it.
    """
    return drafts.take_out_step(held(step, by))
