"""The bytes of a film, each authorised."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from circo.access import signed_in
from videos import actions, grants, serving
from videos.forms.downloads import DownloadForm
from videos.models import Film, Upload


@signed_in
@require_safe
def film_media(request: HttpRequest, film_id: UUID, name: str) -> HttpResponseBase:
    film = get_object_or_404(Film.objects.visible_to(request.user).watchable(), pk=film_id)
    grants.remember(request, film.pk, film.output)
    return serving.deliver(film, name, request)


@signed_in
@require_safe
def film_download(request: HttpRequest, film_id: UUID) -> HttpResponseBase:
    films = Film.objects.visible_to(request.user).watchable().taken_away_by(request.user)
    return serving.download(get_object_or_404(films, pk=film_id), request)


@signed_in
@require_safe
def film_original(request: HttpRequest, film_id: UUID) -> HttpResponseBase:
    film = get_object_or_404(Film.objects.editable_by(request.user), pk=film_id)
    upload = get_object_or_404(Upload.objects.visible_to(request.user).complete(), film_id=film.pk)
    return serving.original(upload, request)


@signed_in
@require_POST
def film_allow_download(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = get_object_or_404(Film.objects.editable_by(request.user), pk=film_id)
    form = DownloadForm(request.POST)
    form.full_clean()  # a box that is ticked or not is never wrong
    film = actions.allow_download(film=film, allowed=form.cleaned_data["allowed"], by=request.user)
    told = "peuvent maintenant le télécharger" if film.download_allowed else "ne peuvent plus le télécharger"
    messages.success(request, f"Les personnes qui voient ce film {told}.")
    return redirect("videos:film_page", film_id=film.pk)
