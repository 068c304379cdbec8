"""The library: the films that one sees, looked for and narrowed."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from circo import htmx
from circo.access import signed_in
from videos import queries


@signed_in
@require_safe
def film_list(request: HttpRequest) -> HttpResponse:
    page = queries.library_page(request.user, request.GET)
    response = htmx.page(request, "videos/film_list.html", "rows", {"page": page})
    response.headers["HX-Push-Url"] = page.address  # without the fields that are left empty
    return response
