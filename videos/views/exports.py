"""The moments of a film as a file, of what the reader reads."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from circo.access import signed_in
from circo.documents.pacing import paced
from circo.downloads import download
from circo.refusals import refusals_above
from videos import queries
from videos.discussion import exporting

WRITERS = {"csv": exporting.to_csv, "vtt": exporting.to_vtt, "pdf": exporting.to_pdf}


@signed_in
@require_safe
@paced
def moment_export(request: HttpRequest, film_id: UUID, form: str) -> HttpResponse:
    film = get_object_or_404(queries.films(request.user).watchable(), pk=film_id)
    if form not in WRITERS:
        raise Http404
    with refusals_above(request):
        content = WRITERS[form](film, queries.all_moments(film, request.user), str(request.user))
        return download(content, f"commentaires.{form}")
    return redirect("videos:film_page", film_id)
