"""Documents made while one waits: so many for each person, since all of them wait for one press."""

from __future__ import annotations

from functools import wraps
from typing import Any

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse

from circo.access import View

RATE = {"document": "10/m/user"}  # a long discussion takes the press four seconds


def paced(view: View) -> View:
    """Answer 429 to a person who asks for document after document; inside `signed_in`."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refused = ratelimit.consume_or_429(request, action="document", config=RATE, limit_get=True)
        return refused or view(request, *args, **kwargs)

    return asked
