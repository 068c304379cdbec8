"""What an author does with a film: describe, withdraw, replace, remove, bring back, look at what it gave rise to."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo.access import signed_in
from circo.refusals import refusals_above, refusals_in
from videos import actions, queries
from videos.forms.films import DescribeForm
from videos.models import Film


def _mine(request: HttpRequest, film_id: UUID) -> Film:
    return get_object_or_404(queries.films(request.user).filter(is_mine=True), pk=film_id)


def _describe_page(request: HttpRequest, film: Film, form: DescribeForm, status: int = 200) -> HttpResponse:
    return render(request, "videos/film_describe.html", {"film": film, "form": form}, status=status)


@signed_in
@require_safe
def film_describe(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = _mine(request, film_id)
    return _describe_page(request, film, DescribeForm(film=film))


@signed_in
@require_POST
def film_description_save(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = _mine(request, film_id)
    form = DescribeForm(request.POST, film=film)
    if form.is_valid():
        with refusals_in(form):
            actions.describe_film(film=film, by=request.user, **form.cleaned_data)
            return redirect("videos:film_page", film.pk)
    return _describe_page(request, film, form, status=422)


@signed_in
@require_safe
def film_figures(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = _mine(request, film_id)
    context = {"film": film, "figures": queries.figures(film, request.user)}
    return render(request, "videos/film_figures.html", context)


@signed_in
@require_POST
def film_withdraw(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = actions.withdraw_film(film=_mine(request, film_id), by=request.user)
    messages.success(
        request, "Personne d’autre que vous ne voit plus ce film. Pour le partager de nouveau, choisissez qui le voit."
    )
    return redirect("videos:film_protection", film.pk)


@signed_in
@require_POST
def film_replace(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = _mine(request, film_id)
    with refusals_above(request):
        actions.replace_film(film=film, with_talk=bool(request.POST.get("avec")), by=request.user)
        messages.success(request, "C’est fait. Personne d’autre que vous ne voit plus l’ancien film.")
    return redirect("videos:film_page", film.pk)


@signed_in
@require_safe
def film_removal(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = _mine(request, film_id)
    context = {"film": film, "figures": queries.figures(film, request.user)}
    return render(request, "videos/film_removal.html", context)


@signed_in
@require_POST
def film_remove(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = _mine(request, film_id)
    if actions.remove_film(film=film, by=request.user):
        return redirect(reverse("videos:film_list", query={"supprime": film_id}))
    messages.success(request, "Le film et ses fichiers sont effacés.")
    return redirect("videos:film_list")


@signed_in
@require_safe
def removed_films(request: HttpRequest) -> HttpResponse:
    return render(request, "videos/film_removed.html", {"films": queries.removed_films(request.user)})


@signed_in
@require_POST
def film_restore(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = get_object_or_404(queries.removed_films(request.user), pk=film_id)
    actions.restore_film(film=film, by=request.user)
    messages.success(request, "Le film est remis, avec tout ce qui l’accompagnait.")
    return redirect("videos:film_page", film.pk)


@signed_in
@require_POST
def film_erase(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = get_object_or_404(queries.removed_films(request.user), pk=film_id)
    actions.erase_film(film=film, by=request.user)
    messages.success(request, "Le film, ses commentaires et ses fichiers sont effacés.")
    return redirect("videos:removed_films")
