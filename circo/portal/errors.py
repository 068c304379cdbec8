"""The pages of what went wrong. 400, 500 and 503 are drawn without a database, a session or a context."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from circo import htmx
from circo.errors import Refusal

RETRY_AFTER_S = 30
LAST_WORDS = (
    "<!doctype html><html lang=fr><meta charset=utf-8><title>Panne</title><h1>La page n’a pas pu s’afficher.</h1>"
)


def _bare(template: str, status: int) -> HttpResponse:
    try:
        page = render_to_string(template, {"platform": settings.PLATFORM})
    except Exception:  # noqa: BLE001 (the last page of all: if its files are missing, say so in plain words)
        page = LAST_WORDS
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _bare("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 when a store does not answer: it will come back; 500 for a fault of ours."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return unavailable(request)
    return _bare("500.html", 500)


def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    response = _bare("503.html", 503)
    response["Retry-After"] = str(RETRY_AFTER_S)
    return response


def not_allowed_page(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware: who reads the address of a form's answer gets a page, where Django sends an empty one."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or response.content or not request.accepts("text/html"):
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page

    return answer


class RefusalMiddleware:
    """Say why not, with 409, where a view lets a refusal go: nobody typed anything, and somebody was quicker."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        page = htmx.page(request, "409.html", "reason", {"reason": str(exception)}, status=409)
        page["HX-Reswap"] = "beforebegin"  # beside what htmx would have replaced
        return page
