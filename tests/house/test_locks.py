"""What runs in production needs nothing but its lock: this suite runs on the tests' lock, and would not notice."""

import os
import subprocess
import sys

from django.conf import settings

# Imports the whole project, and what it names only in words, in a Python where the test tools do not exist.
PROGRAM = """
import importlib, importlib.metadata, pkgutil, re, sys
from importlib.machinery import PathFinder
from pathlib import Path

def plain(name):
    return re.sub("[-_.]+", "-", name).lower()

locked = {plain(name) for name in re.findall(r"^([\\w.-]+)==", Path(sys.argv[1]).read_text(), re.M)}
absent = {
    module for module, owners in importlib.metadata.packages_distributions().items()
    if not locked.intersection(map(plain, owners))
}

class LockedFinder(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in absent else super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = LockedFinder
import django
django.setup()
for root in ("circo", "networks", "videos", "trainings", "events", "partnerships"):
    package = importlib.import_module(root)
    for module in pkgutil.walk_packages(package.__path__, root + "."):
        if module.name not in {"circo.settings_test", "circo.confine"}:
            importlib.import_module(module.name)
from circo.celery import app
app.connection_for_write().transport
for name in ("celery.apps.beat", "celery.apps.worker", "celery.concurrency.prefork", "uvicorn.main", "psycopg_pool"):
    importlib.import_module(name)
print(len(absent), "absent")
"""


def test_the_platform_runs_on_its_own_lock(tmp_path):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "circo.settings", "DATA_DIR": str(tmp_path), "DEMO": "1"}
    for variable in ("DATABASE_URL", "REDIS_URL"):
        environment.pop(variable, None)
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, "requirements.lock"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert int(run.stdout.split()[0]) > 20  # the test tools were really away
