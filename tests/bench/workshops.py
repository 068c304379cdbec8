"""Seats in workshops at two sizes made from a seed, and what first come, first served makes of them.

Run alone, prints one run as JSON, in a process of its own so that its memory is its own:
    python -m tests.bench.workshops short-1500 1
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from circo.optimal.watching import Watch
from events.programme.assigning.checking import faults_of
from events.programme.assigning.problem import Asked, Offer
from events.programme.assigning.solving import assign, first_come, worth

SLOTS, WISHED = (1, 2, 3), 3
ORDERS = 3


@dataclass(frozen=True)
class Size:
    """`workshops` are the same at each moment; `seated` is the share of people who have a seat then."""

    people: int
    workshops: int
    seated: float


SIZES = {
    "short-60": Size(60, 6, 0.84),
    "short-1500": Size(1_500, 60, 0.84),
    "full-1500": Size(1_500, 30, 1.0),
}


def drawn(size: Size, seed: int) -> tuple[list[Asked], list[Offer]]:
    """Workshops that please more and more, three wishes a moment, one person of five unlucky last time."""
    pick = random.Random(seed)
    count = size.workshops
    seats = round(size.people * size.seated / count)
    offers = [Offer(1000 * slot + one, slot, one, seats) for slot in SLOTS for one in range(count)]
    appeal = [1 / (1 + one) ** 0.8 for one in range(count)]
    asked = []
    for person in range(size.people):
        wishes = {}
        for slot in SLOTS:
            liked = dict.fromkeys(pick.choices(range(count), appeal, k=40))
            wishes[slot] = [1000 * slot + one for one in liked][:WISHED]
        asked.append(Asked(person, wishes, was_unlucky=pick.random() < 0.2))
    return asked, offers


def measure(name: str, seed: int) -> dict[str, Any]:
    """One run: the seats, their check, and those of first come, first served."""
    people, offers = drawn(SIZES[name], seed)
    found, solve_s = _clocked(lambda: assign(people, offers, Watch()))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    faults, check_s = _clocked(lambda: faults_of(people, offers, found))
    arrivals = []
    for order in range(ORDERS):
        queue = random.Random(order).sample(people, len(people))
        arrivals.append(outcome(people, first_come(queue, offers)))
    return {
        "solve_s": solve_s,
        "check_s": check_s,
        "peak_mb": peak_mb,
        "proved": found.is_proved,
        "faults": sorted(faults),
        "priced": [one.name for one in found.proofs if one.prices],
        "best": outcome(people, found.seats),
        "arrival": {name: sum(one[name] for one in arrivals) / ORDERS for name in arrivals[0]},
    }


def outcome(people: Sequence[Asked], seats: dict[tuple[int, int], int]) -> dict[str, float]:
    """What a reader compares: seats, first wishes, people without any, and the worth of all ranks."""
    wishes = {(one.person, slot): wished for one in people for slot, wished in one.wishes.items()}
    firsts = [seat for seat, session in seats.items() if wishes[seat][:1] == [session]]
    return {
        "missing": len(wishes) - len(seats),
        "firsts": len(firsts),
        "without": len(people) - len({person for person, _ in firsts}),
        "ranks": worth(people, seats)[2],
    }


def _clocked(function: Callable[[], Any]) -> tuple[Any, float]:
    began = time.process_time()
    return function(), time.process_time() - began


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))  # noqa: T201
