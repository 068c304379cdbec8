"""The goals of cross-observations, on one seed of two sizes: `pytest -m bench tests/bench/test_crossing.py`."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

GOALS = {"circonscription": 1, "departement": 15}  # CPU seconds to solve: the goals of the issue


@pytest.mark.bench
@pytest.mark.parametrize("name", GOALS)
def test_the_goals_are_met(name):
    command = [sys.executable, "-m", "tests.bench.crossing", name, "2"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    run = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True)
    found = json.loads(run.stdout)
    assert found["proved"]
    assert found["faults"] == []
    assert found["seconds"]["solve"] < GOALS[name]
    assert found["peak_mb"] < 350
    assert found["plan"]["visits"] >= found["arrival"]["visits"]
    assert found["plan"]["school"] > found["arrival"]["school"]
