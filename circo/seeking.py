"""How a worker that seeks a best plan is followed and stopped: the page sees how far it is, and may ask it to stop."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from circo import jobs
from circo.optimal.watching import Watch

ASKED_EVERY_S = 0.5
ALMOST = 0.95  # of the progress bar: the plan is still to write


def watch_of(attempt: jobs.Run, *, seconds: float, goals: int, asks_to_stop: Callable[[], bool]) -> Watch:
    """Watch over a search of about so many goals; the page is told, and asked, no more than twice a second."""
    asked = {"at": 0.0, "stop": False}
    told: dict[str, float] = {}

    def stops() -> bool:
        if not asked["stop"] and monotonic() - asked["at"] > ASKED_EVERY_S:
            asked["at"] = monotonic()
            asked["stop"] = attempt.lost.is_set() or asks_to_stop()
        return bool(asked["stop"])

    def tell(goal: str, share: float) -> None:
        last = max(told.values(), default=0.0)
        told.setdefault(goal, 0.0)
        if monotonic() - last > ASKED_EVERY_S:
            told[goal] = monotonic()
            attempt.report(min(ALMOST, (len(told) - 1 + share) / goals))

    return Watch(seconds=seconds, asks_to_stop=stops, tell=tell)
