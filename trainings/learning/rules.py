"""Pure rules of a learner's way through a path: the route proposed, what is open, what is done, what it counts for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from circo.hours.rules import QUARTER_MINUTES
from circo.rules import DAYS as DAY_NAMES

GOALS_MAX, LOG_MAX = 2000, 20_000
WEEKLY_MINUTES = (15, 30, 45, 60, 90, 120)
CODES = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
DAYS = list(zip(CODES, DAY_NAMES, strict=True))
LEVELS = [(0, "pas encore"), (1, "un peu"), (2, "assez bien"), (3, "bien")]
KNOWN_FROM = 2.5  # the mean level from which a module is proposed as known
OPTIONAL_FROM = 1.75


class Route(StrEnum):
    TODO = "TODO"
    OPTIONAL = "OPTIONAL"
    KNOWN = "KNOWN"


ROUTE_LABELS = {Route.TODO: "à faire", Route.OPTIONAL: "si je veux", Route.KNOWN: "déjà connu"}


def proposed(levels: Sequence[int], *, is_optional: bool, can_be_proved: bool) -> Route:
    """Propose what to do of a module from how well its statements are known; none: what its author says.

    Known already is proposed only where the module has a quiz that proves it.
    """
    if levels:
        mean = sum(levels) / len(levels)
        if mean >= KNOWN_FROM and can_be_proved:
            return Route.KNOWN
        if mean >= OPTIONAL_FROM and is_optional:
            return Route.OPTIONAL
    return Route.OPTIONAL if is_optional else Route.TODO


@dataclass(frozen=True)
class StepDone:
    """One step as completion reads it. `is_sealed`: what it shows was withdrawn, so nobody is asked for it."""

    is_done: bool
    is_optional: bool = False
    is_sealed: bool = False
    proves_module: bool = False

    @property
    def is_asked(self) -> bool:
        return not self.is_optional and not self.is_sealed


@dataclass(frozen=True)
class ModuleDone:
    """One module as completion reads it."""

    route: Route
    minutes: int
    steps: Sequence[StepDone]

    @property
    def is_done(self) -> bool:
        """Everything asked for is done, and something was."""
        return any(step.is_done for step in self.steps) and all(step.is_done for step in self.steps if step.is_asked)

    @property
    def is_proved(self) -> bool:
        return self.route is Route.KNOWN and any(step.is_done for step in self.steps if step.proves_module)

    @property
    def is_over(self) -> bool:
        """Nothing of it is waited for any more."""
        return self.is_done or self.is_proved or not any(step.is_asked for step in self.steps)


def is_complete(modules: Collection[ModuleDone]) -> bool:
    """Tell whether a path is finished: every module to do is over, and at least one step was done."""
    done = any(step.is_done for module in modules for step in module.steps)
    return done and all(module.is_over for module in modules if module.route is not Route.OPTIONAL)


def minutes_earned(modules: Iterable[ModuleDone]) -> int:
    """What a finished path gives: the announced minutes of the modules that were done.

    A module shown to be known already takes no time, and gives none; one done beyond what was asked does.
    Units: minutes, the nearest quarter of an hour.
    """
    total = sum(module.minutes for module in modules if module.is_done and not module.is_proved)
    return (total + QUARTER_MINUTES // 2) // QUARTER_MINUTES * QUARTER_MINUTES


def closed_by(needs: Mapping[int, Collection[int]], over: Collection[int]) -> dict[int, list[int]]:
    """Return, of each module that may not be begun yet, the modules that come before it and are not over."""
    waiting = {module: [one for one in before if one not in over] for module, before in needs.items()}
    return {module: before for module, before in waiting.items() if before}
