"""The moments of a film as a file, of what the reader reads."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from circo.access import signed_in
from circo.documents.pacing import paced
from circo.errors import Refusal
from videos import queries
from videos.discussion import exporting

FORMS = {
    "csv": (exporting.to_csv, "text/csv; charset=utf-8"),
    "vtt": (exporting.to_vtt, "text/vtt; charset=utf-8"),
    "pdf": (exporting.to_pdf, "application/pdf"),
}


@signed_in
@require_safe
@paced
def moment_export(request: HttpRequest, film_id: UUID, form: str) -> HttpResponse:
    film = get_object_or_404(queries.films(request.user).watchable(), pk=film_id)
    if form not in FORMS:
        raise Http404
    write, content_type = FORMS[form]
    try:
        content = write(film, queries.all_moments(film, request.user), str(request.user))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("videos:film_page", film_id)
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="commentaires.{form}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
