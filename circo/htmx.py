"""One page, or the part of it that htmx asks for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def page(request: HttpRequest, template: str, part: str, context: dict, status: int = 200) -> HttpResponse:
    """Answer with the whole page, or with one part of it when htmx asks for it (never on the Back button).

    `part` is a partial of the template, or the name of a template that the page includes.
    """
    if request.htmx and not request.htmx.history_restore_request:
        template = part if part.endswith(".html") else f"{template}#{part}"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])  # caches keep page and part apart
    return response
