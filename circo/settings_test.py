"""The settings of the tests: the real ones, with small and quick stores."""

import os
import tempfile

if "DATA_DIR" not in os.environ:
    _folder = tempfile.TemporaryDirectory(prefix="partages-test-")  # gone with the process
    os.environ["DATA_DIR"] = _folder.name
os.environ.setdefault("SECRET_KEY", "only-for-tests-and-long-enough-for-every-check-of-django")

from circo.settings import *  # noqa: F403
from circo.settings import DATA_DIR, DATABASES, STORAGES, env

# What a test asked from another thread lets go of its database: one that somebody still holds cannot be dropped.
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads, live servers and worker processes see the same database.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed only
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
FILM_RIGHTS_KEPT_S = 0  # each request asks in full; what is remembered has tests of its own
STATIC_ROOT = None  # found where they are written: nothing is collected for a test
CELERY_BROKER_URL = env.str("TEST_REDIS_URL", default="memory://")
