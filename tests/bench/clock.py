"""CPU seconds of this process, and those spent inside SciPy's solvers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import circo.optimal.linear
import circo.optimal.matching


class Clock:
    """CPU seconds of this process; and those spent inside SciPy's solvers."""

    def __init__(self) -> None:
        self.inside_s = 0.0
        for module, names in (
            (circo.optimal.linear, ("linprog", "milp")),
            (circo.optimal.matching, ("min_weight_full_bipartite_matching",)),
        ):
            for name in names:
                setattr(module, name, self._timed(getattr(module, name)))

    def _timed(self, function: Callable) -> Callable:
        def timed(*args: Any, **options: Any) -> Any:
            answer, seconds = self.of(lambda: function(*args, **options))
            self.inside_s += seconds
            return answer

        return timed

    def of(self, function: Callable[[], Any]) -> tuple[Any, float]:
        began = time.process_time()
        return function(), time.process_time() - began
