"""The time of a page beside that of a bare view: the same template and values, no query, no middleware."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.constants import MULTI
from django.http import HttpRequest, HttpResponse
from django.template import Context
from django.template.base import PartialTemplate, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext, _TestState, override_settings
from django.urls import include, path

ROUNDS = 40
WARM_UPS = 3


@dataclass(frozen=True)
class Times:
    """Medians of one run, in milliseconds, with the first and last quartiles of the page."""

    queries: int
    page_ms: float
    quartiles_ms: tuple[float, float]
    bare_ms: float
    template_asks: bool

    @property
    def ratio(self) -> float:
        return self.page_ms / self.bare_ms


class Shown:
    """What the bare view draws: set before each measure."""

    template: Any = None
    values: dict[str, Any] = {}


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Shown.template.render(Context(Shown.values)))


urlpatterns = [path("bare/", bare), path("", include("circo.urls"))]  # templates reverse the site's own addresses


def bare_client() -> Client:
    """A client whose requests pass no middleware."""
    with override_settings(MIDDLEWARE=[]):
        client = Client()
        client.handler.load_middleware()
    return client


def measure(client: Client, bare_client: Client, url: str) -> Times:
    """Time a page and its bare double in turn, so that whatever slows the machine slows both."""
    client.get(url)  # warms the session and Django's own small caches
    with CaptureQueriesContext(connection) as seen:
        response = client.get(url)
    queries = len(seen)
    assert response.status_code == 200, (url, response.status_code)
    Shown.template = response.templates[0]
    Shown.values = {name: evaluated(value) for name, value in response.context[0].flatten().items()}
    with without_instruments(), answers_remembered() as answers:
        other = len(bare_client.get("/bare/").content)
        assert abs(other - len(response.content)) < 0.05 * other + 200, "the bare view draws the same page"
        with connection.execute_wrapper(no_query):
            bare_client.get("/bare/")
    page_s, bare_s = [], []
    for _ in range(WARM_UPS + ROUNDS):
        with without_instruments():
            page_s.append(_seconds(client, url))
            with answers_remembered(answers):
                bare_s.append(_seconds(bare_client, "/bare/"))
    low_ms, page_ms, high_ms = (1000 * second for second in statistics.quantiles(page_s[WARM_UPS:], n=4))
    bare_ms = 1000 * statistics.median(bare_s[WARM_UPS:])
    return Times(queries, page_ms, (low_ms, high_ms), bare_ms, template_asks=bool(answers))


@contextmanager
def answers_remembered(answers: dict | None = None) -> Iterator[dict]:
    """Answer again what was answered once: a form's choices, say, are asked for while the template is drawn."""
    answers = {} if answers is None else answers
    execute_sql = SQLCompiler.execute_sql

    def remembered(self: SQLCompiler, result_type: str = MULTI, *args: Any, **kwargs: Any) -> Any:
        try:
            key = (self.as_sql(), result_type)
        except EmptyResultSet:
            return execute_sql(self, result_type, *args, **kwargs)
        if key not in answers:
            answer = execute_sql(self, result_type, *args, **kwargs)
            answers[key] = list(answer) if result_type == MULTI else answer
        return answers[key]

    SQLCompiler.execute_sql = remembered
    try:
        yield answers
    finally:
        SQLCompiler.execute_sql = execute_sql


def evaluated(value: Any) -> Any:
    return list(value) if isinstance(value, QuerySet) else value


def no_query(execute: Any, sql: str, params: Any, many: bool, context: Any) -> None:
    raise AssertionError(f"the bare view asks the database: {sql}")


def _seconds(client: Client, url: str) -> float:
    gc.collect(0)
    gc.disable()
    try:
        began = time.perf_counter()
        client.get(url)
        return time.perf_counter() - began
    finally:
        gc.enable()


@contextmanager
def without_instruments() -> Iterator[None]:
    """Render templates as a server does: without the signals that tests send at each."""
    instrumented = Template._render, PartialTemplate._render
    saved = _TestState.saved_data
    Template._render, PartialTemplate._render = saved.template_render, saved.partial_template_render
    try:
        yield
    finally:
        Template._render, PartialTemplate._render = instrumented


def engine() -> str:
    """The name and version of the database."""
    with connection.cursor() as cursor:
        is_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
        cursor.execute("SELECT sqlite_version()" if is_sqlite else "SHOW server_version")
        return f"{'SQLite' if is_sqlite else 'PostgreSQL'} {cursor.fetchone()[0].split()[0]}"
