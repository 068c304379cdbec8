"""The harness: a world of personas, and traps for what should never happen quietly."""

import inspect
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.template import engines
from xdist.scheduler import LoadScopeScheduling

from tests import migrated
from tests import world as world_module

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in the main thread

# A busy machine is not a fault of what is tested.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("house")

# What reading a page may write all the same: the visit itself, never what the page shows.
WRITES_OF_A_VISIT = re.compile(
    r'^(INSERT INTO|UPDATE|DELETE FROM) "(django_session|usersessions_usersession|circo_cacheentry)"'
)
A_WRITE = re.compile(r"^(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|TRUNCATE)\b", re.IGNORECASE)


def pytest_addoption(parser):
    parser.addoption("--screenshots", metavar="FOLDER", help="where the browser sweep leaves a picture of each page")


# What takes longest begins first: a run does not end with one process at work alone. By where it is, who shares things.
LONGEST = {
    "tests/house/test_pages_in_browser.py": "",  # nobody: each look may go to another process
    "tests/faults/": "faults",  # one platform, which they break
    "tests/portal/test_serving.py": "serving",
    "tests/portal/test_browser_demo.py": "demo",
    "tests/videos/test_browser_show.py": "show",
}


def rank_and_group(nodeid: str) -> tuple[int, str]:
    """When a slow test begins, and the name of those that go to one process: by default, of its file."""
    for rank, (where, group) in enumerate(LONGEST.items()):
        if nodeid.startswith(where):
            return rank, group or nodeid
    return len(LONGEST), nodeid.partition("::")[0]


class SlowScheduling(LoadScopeScheduling):
    """`--dist loadfile`, with the groups above."""

    def _split_scope(self, nodeid: str) -> str:
        return rank_and_group(nodeid)[1]


def pytest_xdist_make_scheduler(config, log):
    return SlowScheduling(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items):
    """Mark `pure` what asks no database: once is enough, whichever engine the others run on."""
    for item in items:
        if not (item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames)):
            item.add_marker("pure")
    items.sort(key=lambda item: rank_and_group(item.nodeid)[0])


class UndefinedVariable(str):
    """Stands for `string_if_invalid`: a variable that one of our templates reads and no view gives fails the test."""

    def __mod__(self, variable):
        frame = inspect.currentframe()
        while frame := frame.f_back:
            context = frame.f_locals.get("context")
            if getattr(context, "render_context", None) is not None:
                template = context.render_context.template or context.template
                origin = str(getattr(template.origin, "name", ""))
                if origin.startswith(str(django_settings.BASE_DIR / "templates")):
                    pytest.fail(f"undefined variable {variable} in {Path(origin).name}")
                break
        return ""


@pytest.fixture(autouse=True)
def _undefined_variables_fail(monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", UndefinedVariable("%s"))


@pytest.fixture(autouse=True)
def _unordered_rows_come_in_any_order(monkeypatch):
    """A list that says no order gets the one that it expects least: the last row first."""
    as_sql = SQLCompiler.as_sql

    def shuffled(self, *args, **kwargs):
        query = self.query
        if query.model is None:  # the check of a constraint asks no table
            return as_sql(self, *args, **kwargs)
        ordered = query.order_by or query.extra_order_by or (query.default_ordering and query.get_meta().ordering)
        annotations = query.annotation_select.values()
        plain = not (query.is_sliced or query.distinct or query.combinator or query.group_by or query.subquery)
        if plain and not ordered and not any(annotation.contains_aggregate for annotation in annotations):
            query.add_ordering("-pk")
        return as_sql(self, *args, **kwargs)

    monkeypatch.setattr(SQLCompiler, "as_sql", shuffled)


@contextmanager
def writes() -> Iterator[list[str]]:
    """Collect the statements that write, but for those that record the visit itself."""
    seen: list[str] = []

    def watch(execute, sql, params, many, context):
        if A_WRITE.match(sql) and not WRITES_OF_A_VISIT.match(sql):
            seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield seen


@pytest.fixture(autouse=True)
def _media_in_tmp(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(scope="session")
def django_db_keepdb(request, django_db_modify_db_settings) -> bool:
    return migrated.take() or request.config.getvalue("reuse_db")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        migrated.keep()


@pytest.fixture
def world(db) -> world_module.World:
    return world_module.build()


@pytest.fixture
def sign_in(client):
    """Sign a person in, and return the client."""

    def as_person(person):
        client.force_login(person)
        return client

    return as_person
