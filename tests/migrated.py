"""The migrated SQLite database of the tests, kept from one run to the next under the digest of every migration.

Running some hundred migrations takes longer than most test files. A changed migration, or another Django, is another
digest: the database is then made anew. PostgreSQL always migrates.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings

KEPT_S = 7 * 24 * 3600
KEPT = Path(tempfile.gettempdir()) / f"partages-tests-{os.getuid()}"


def kept_file() -> Path | None:
    """Where the migrated database is kept; None if this database is not one file, or the folder is not ours."""
    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return None
    KEPT.mkdir(mode=0o700, exist_ok=True)
    seen = KEPT.lstat()
    if seen.st_uid != os.getuid() or seen.st_mode & 0o077:
        return None
    return KEPT / f"{_digest()}.sqlite3"


def _digest() -> str:
    digest = hashlib.sha256(f"{django.__version__} {sqlite3.sqlite_version}".encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(f"{app.label}/{file.name}\0".encode() + file.read_bytes())
        # The rows that Django writes after migrating name every model.
        digest.update(" ".join(sorted(model.__name__ for model in app.get_models())).encode())
    return digest.hexdigest()[:24]


def take() -> bool:
    """Put the kept database in the place of the tests' own; False if there is none."""
    file = kept_file()
    if file is None or not file.is_file():
        return False
    shutil.copyfile(file, settings.DATABASES["default"]["TEST"]["NAME"])
    return True


def copied_to(folder: Path) -> bool:
    """Put the kept database into the data folder of a platform that does not run yet; False if there is none."""
    file = kept_file()
    if file is None or not file.is_file():
        return False
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, folder / "db.sqlite3")
    return True


def keep() -> None:
    """Keep the database that has just been migrated."""
    file = kept_file()
    if file is None or file.is_file():
        return
    made = file.with_suffix(f".{os.getpid()}")
    with (
        closing(sqlite3.connect(settings.DATABASES["default"]["TEST"]["NAME"])) as migrated,
        closing(sqlite3.connect(made)) as copy,
    ):
        migrated.backup(copy)
    made.replace(file)
    for old in KEPT.iterdir():
        if old.stat().st_mtime < time.time() - KEPT_S:
            old.unlink(missing_ok=True)
