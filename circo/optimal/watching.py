"""How long a plan may be sought, and who may stop it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from time import monotonic

from circo.errors import Outside


class Stopped(Outside):
    """Somebody asked to stop, or time ran out, before the first goal: there is no plan."""


@dataclass
class Watch:
    """How long to seek, how one asks to stop, and whom to tell how far things are."""

    seconds: float = inf
    asks_to_stop: Callable[[], bool] = lambda: False
    tell: Callable[[str, float], None] = lambda goal, share: None
    began: float = field(default_factory=monotonic)

    @property
    def left(self) -> float:
        """Units: seconds. 0 once somebody asked to stop."""
        return 0.0 if self.asks_to_stop() else max(0.0, self.began + self.seconds - monotonic())
