"""One page, or the part of it that htmx asks for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def page(request: HttpRequest, template: str, part: str, context: dict, status: int = 200) -> HttpResponse:
    """Answer with the whole page, or with one part of it when htmx asks for it (never on the Back button)."""
    only_part = request.htmx and not request.htmx.history_restore_request
    response = render(request, f"{template}#{part}" if only_part else template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])  # caches keep page and part apart
    return response
