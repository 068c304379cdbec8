"""The harness: a world of personas, and traps for what should never happen quietly."""

import os
from pathlib import Path

import pytest
from django.conf import settings

from tests import world as world_module

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in the main thread


class UndefinedVariable(str):
    """Stands for `string_if_invalid`: a variable that one of our templates reads and no view gives fails the test."""

    def __mod__(self, variable):
        import inspect  # noqa: PLC0415 (only on the way to a failure)

        frame = inspect.currentframe()
        while frame := frame.f_back:
            context = frame.f_locals.get("context")
            if context is not None and getattr(context, "render_context", None) is not None:
                template = context.render_context.template or context.template
                origin = str(getattr(template.origin, "name", ""))
                if origin.startswith(str(settings.BASE_DIR / "templates")):
                    pytest.fail(f"undefined variable {variable} in {Path(origin).name}")
                break
        return ""


@pytest.fixture(autouse=True)
def _undefined_variables_fail(monkeypatch):
    from django.template import engines  # noqa: PLC0415 (Django must be set up)

    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", UndefinedVariable("%s"))


@pytest.fixture(autouse=True)
def _media_in_tmp(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


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
