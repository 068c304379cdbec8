"""The harness's traps cost time at each query and each template: what is measured does not pass through them."""

import pytest
from django.db.models.sql.compiler import SQLCompiler
from django.template import engines

AS_SQL = SQLCompiler.as_sql


@pytest.fixture(autouse=True)
def _no_traps(request, monkeypatch, _undefined_variables_fail, _unordered_rows_come_in_any_order):
    if request.node.get_closest_marker("bench"):
        monkeypatch.setattr(SQLCompiler, "as_sql", AS_SQL)
        monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")
