"""Where a learner is in a path: what is done, open, closed, sealed, and where to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from circo.hours.rules import in_words
from circo.models import Person
from trainings.learning import rules
from trainings.learning.queries import sealing
from trainings.learning.rules import ModuleDone, Route, StepDone
from trainings.models import Enrolment, Module, ModuleRoute, PathVersion, Step, StepProgress


@dataclass(frozen=True)
class StepOnWay:
    """One step and where the learner is with it."""

    step: Step
    progress: StepProgress | None
    is_sealed: bool
    is_closed: bool  # another module comes before it

    @property
    def is_done(self) -> bool:
        return self.progress is not None and self.progress.done_at is not None

    @property
    def is_waiting(self) -> bool:
        """Something to do now."""
        return not (self.is_done or self.is_sealed or self.is_closed)


@dataclass(frozen=True)
class ModuleOnWay:
    """One module, the learner's route through it, and what comes before it, if that is not over."""

    module: Module
    route: Route
    steps: Sequence[StepOnWay]
    waits_for: Sequence[Module]
    done: ModuleDone

    @property
    def is_over(self) -> bool:
        return self.done.is_over

    @property
    def is_known(self) -> bool:
        return self.route is Route.KNOWN

    @property
    def is_optional(self) -> bool:
        return self.route is Route.OPTIONAL

    @property
    def shown_steps(self) -> Sequence[StepOnWay]:
        """All of them; of a module that one says to know, the quiz that proves it."""
        if self.route is not Route.KNOWN or self.done.is_done:
            return self.steps
        return [one for one in self.steps if one.step.proves_module]

    @property
    def can_be_proved(self) -> bool:
        return any(one.step.proves_module for one in self.steps)


@dataclass(frozen=True)
class Way:
    """A path as one learner goes through it; without an enrolment, as anybody reads it before."""

    version: PathVersion
    modules: Sequence[ModuleOnWay]
    enrolment: Enrolment | None = None

    @property
    def is_complete(self) -> bool:
        return rules.is_complete([module.done for module in self.modules])

    @property
    def earned_minutes(self) -> int:
        return rules.minutes_earned(module.done for module in self.modules)

    @property
    def asked(self) -> Sequence[ModuleOnWay]:
        return [module for module in self.modules if module.route is not Route.OPTIONAL]

    @property
    def total(self) -> int:
        return sum(len(self._counted(module)) for module in self.asked)

    @property
    def done(self) -> int:
        return sum(one.is_done or module.is_over for module in self.asked for one in self._counted(module))

    @staticmethod
    def _counted(module: ModuleOnWay) -> Sequence[StepOnWay]:
        return [one for one in module.shown_steps if not (one.is_sealed or one.step.is_optional)]

    @property
    def left_minutes(self) -> int:
        return sum(module.module.minutes for module in self.asked if not module.is_over and not module.is_known)

    @property
    def sentence(self) -> str:
        """Say how far one is: « 4 étapes sur 9, encore 1 h 15 environ »."""
        said = f"{self.done} étape{'s' if self.done > 1 else ''} sur {self.total}"
        return f"{said}, encore {in_words(self.left_minutes)} environ" if self.left_minutes else said

    @property
    def next_step(self) -> StepOnWay | None:
        """Where to go on: what waits from the step one did last, else the first that waits."""
        steps = [one for module in self.asked for one in module.shown_steps]
        last = self.enrolment.last_step_id if self.enrolment else None
        here = next((place for place, one in enumerate(steps) if one.step.pk == last), 0)
        return next((one for one in (*steps[here:], *steps[:here]) if one.is_waiting), None)

    def step_after(self, step: Step) -> StepOnWay | None:
        """The step that follows in the order of the path, whatever was done, among those that can be opened."""
        steps = [one for module in self.modules for one in module.shown_steps]
        keys = [one.step.pk for one in steps]
        after = steps[keys.index(step.pk) + 1 :] if step.pk in keys else []
        return next((one for one in after if not (one.is_sealed or one.is_closed)), None)

    def find(self, step_id: int) -> tuple[ModuleOnWay, StepOnWay] | None:
        return next(((module, one) for module in self.modules for one in module.steps if one.step.pk == step_id), None)


def way(version: PathVersion, person: Person, enrolment: Enrolment | None = None) -> Way:
    """Draw up the way of one person through a version. Six queries and those of `sealing`, whatever its size."""
    light = Step.objects.defer("text").prefetch_related("excerpts")
    modules = list(version.modules.prefetch_related("needs", Prefetch("steps", light)))
    steps = [step for module in modules for step in module.steps.all()]
    sealed = sealing.sealed(steps, person)
    progress = {row.step_id: row for row in StepProgress.objects.filter(enrolment=enrolment)} if enrolment else {}
    routes = routes_of(enrolment)
    done = {module.pk: _done(module, routes.get(module.pk), progress, sealed) for module in modules}
    over = {pk for pk, one in done.items() if one.is_over}
    closed = rules.closed_by({module.pk: [one.pk for one in module.needs.all()] for module in modules}, over)
    names = {module.pk: module for module in modules}
    return Way(
        version=version,
        enrolment=enrolment,
        modules=[
            ModuleOnWay(
                module=module,
                route=done[module.pk].route,
                steps=[
                    StepOnWay(step, progress.get(step.pk), step.pk in sealed, module.pk in closed)
                    for step in module.steps.all()
                ],
                waits_for=[names[pk] for pk in closed.get(module.pk, ())],
                done=done[module.pk],
            )
            for module in modules
        ],
    )


def routes_of(enrolment: Enrolment | None) -> dict[int, Route]:
    """What a learner decided of each module, by its key."""
    rows = ModuleRoute.objects.filter(enrolment=enrolment).order_by() if enrolment else ModuleRoute.objects.none()
    return {pk: Route(route) for pk, route in rows.values_list("module_id", "route")}


def _done(module: Module, route: Route | None, progress: dict[int, StepProgress], sealed: set[int]) -> ModuleDone:
    said = route or (Route.OPTIONAL if module.is_optional else Route.TODO)
    steps = [
        StepDone(
            is_done=step.pk in progress and progress[step.pk].done_at is not None,
            is_optional=step.is_optional,
            is_sealed=step.pk in sealed,
            proves_module=step.proves_module,
        )
        for step in module.steps.all()
    ]
    return ModuleDone(said, module.minutes, steps)
