"""What only a worker needs is not loaded by the process that answers pages."""

import os
import subprocess
import sys

from django.conf import settings

HEAVY = ("scipy", "ortools", "pandas")
PROGRAM = f"""
import sys
from circo.asgi import application
from django.urls import get_resolver
assert len(get_resolver().reverse_dict) > 20
print(sorted(set({HEAVY!r}) & set(sys.modules)))
"""


def test_the_web_process_loads_no_solver(tmp_path):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "circo.settings", "DATA_DIR": str(tmp_path), "DEMO": "1"}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert run.stdout.strip() == "[]"
