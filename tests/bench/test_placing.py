"""The goals of placements, on one seed of both sizes in real use: `pytest -m bench tests/bench/test_placing.py`."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

# CPU seconds to solve and for all reasons: the goals of the issue.
GOALS = {"circonscription": (0.1, 0.05), "departement": (2, 0.5)}


@pytest.mark.bench
@pytest.mark.parametrize("name", GOALS)
def test_the_goals_are_met(name):
    command = [sys.executable, "-m", "tests.bench.placing", name, "1"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    run = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True)
    found = json.loads(run.stdout)
    solve_s, reasons_s = GOALS[name]
    assert found["proved"]
    assert found["faults"] == []
    assert found["seconds"]["solve"] < solve_s
    assert found["reasons_s"] < reasons_s
    assert found["peak_mb"] < 300
    assert found["again"]["moved"] <= found["again"]["naive"]
    for way in ("arrival", "nearest"):
        assert found["plan"]["placed"] >= found[way]["placed"]
