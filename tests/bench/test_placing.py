"""The goals of placements, on both sizes in real use: `pytest -m bench tests/bench/test_placing.py`.

Of three seeds the median is timed: one seed in some is worth a point more relaxed than whole, and costs a search.
"""

import json
import os
import subprocess
import sys
from statistics import median

import pytest
from django.conf import settings

# CPU seconds to solve and for all reasons: the goals of the issue.
GOALS = {"circonscription": (0.1, 0.05), "departement": (2, 0.5)}
SEEDS = (1, 2, 3)


def measured(name: str, seed: int) -> dict:
    command = [sys.executable, "-m", "tests.bench.placing", name, str(seed)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    run = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


@pytest.mark.bench
@pytest.mark.parametrize("name", GOALS)
def test_the_goals_are_met(name):
    runs = [measured(name, seed) for seed in SEEDS]
    solve_s, reasons_s = GOALS[name]
    assert median(found["seconds"]["solve"] for found in runs) < solve_s
    assert median(found["reasons_s"] for found in runs) < reasons_s
    for found in runs:
        assert found["proved"]
        assert found["faults"] == []
        assert found["peak_mb"] < 300
        assert found["again"]["moved"] <= found["again"]["naive"]
        for way in ("arrival", "nearest"):
            assert found["plan"]["placed"] >= found[way]["placed"]
