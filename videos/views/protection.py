"""Who may see a film: choose, see the names, say who is absent from it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from circo.access import signed_in
from circo.refusals import refusals_in
from videos import actions, queries
from videos.forms.consents import CircleForm
from videos.models import Film, Recorded


def _mine(request: HttpRequest, film_id: UUID) -> Film:
    editable = Film.objects.editable_by(request.user).order_by().values("pk")
    return get_object_or_404(queries.films(request.user).filter(pk__in=editable), pk=film_id)


def _page(request: HttpRequest, film: Film, form: CircleForm, status: int = 200) -> HttpResponse:
    page = queries.protection_page(film, request.user)
    return render(request, "videos/film_protection.html", {"film": film, "page": page, "form": form}, status=status)


@signed_in
@require_safe
def film_protection(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = _mine(request, film_id)
    return _page(request, film, CircleForm(film=film, person=request.user))


@signed_in
@require_POST
def film_protect(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = _mine(request, film_id)
    form = CircleForm(request.POST, film=film, person=request.user)
    if form.is_valid():
        with refusals_in(form):
            actions.share(film=film, by=request.user, **form.cleaned_data)
            messages.success(request, "C’est noté.")
            return redirect("videos:film_protection", film.pk)
    return _page(request, film, form, status=422)


@signed_in
@require_POST
def film_absence(request: HttpRequest, film_id: UUID, recorded_id: int) -> HttpResponse:
    film = _mine(request, film_id)
    recorded = get_object_or_404(Recorded.objects.editable_by(request.user), project_id=film.project_id, pk=recorded_id)
    if request.POST.get("absent"):
        actions.mark_absent(film=film, recorded=recorded, by=request.user)
    else:
        actions.unmark_absent(film=film, recorded=recorded, by=request.user)
    return redirect("videos:film_protection", film.pk)
