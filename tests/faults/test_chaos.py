"""A dozen films under a dozen random faults: all done once, or refused with a reason; nothing left over.

More seeds by hand: `make chaos SEEDS="4 5 6"`.
"""

import os
from pathlib import Path

import pytest

from tests.faults import chaos
from tests.faults.conftest import SETTLES_WITHIN_S

pytestmark = pytest.mark.fault

SEEDS = [int(seed) for seed in os.environ.get("CHAOS_SEEDS", "1").split()]
ROWS = Path(os.environ["CHAOS_ROWS"]) if "CHAOS_ROWS" in os.environ else None


@pytest.mark.parametrize("seed", SEEDS)
def test_every_film_is_done_once_whatever_dies(scene, seed):
    report = chaos.run(scene, seed, within_s=SETTLES_WITHIN_S)
    chaos.append(report, ROWS)
    assert report.problems == {}
    assert report.settled_s is not None


@pytest.mark.parametrize("seed", SEEDS)
def test_canary_the_usual_design_does_not_pass(scene, seed):
    """Were it to pass, the faults would prove nothing."""
    report = chaos.run_naive(scene, seed, within_s=20)
    chaos.append(report, ROWS)
    assert report.problems.get("stuck") or report.problems["duplicates"]
