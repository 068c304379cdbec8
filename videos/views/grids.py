"""Observation grids: the list, and the builder."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires, signed_in
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from videos import actions, queries
from videos.forms.grids import CriterionForm, GridForm
from videos.models import Criterion, Grid


@signed_in
@require_safe
def grid_list(request: HttpRequest) -> HttpResponse:
    asked = {"number": request.GET.get("page", ""), "removed": number_in(request.GET.get("retire"))}
    return htmx.page(
        request, "videos/grids/grid_list.html", "rows", {"page": queries.grid_list_page(request.user, **asked)}
    )


def _new(request: HttpRequest, form: GridForm, status: int = 200) -> HttpResponse:
    return htmx.page(request, "videos/grids/grid_new.html", "form", {"form": form}, status=status)


@requires(Permission.WATCH_FILMS)
@require_safe
def grid_new(request: HttpRequest) -> HttpResponse:
    return _new(request, GridForm(person=request.user))


@requires(Permission.WATCH_FILMS)
@require_POST
def grid_create(request: HttpRequest) -> HttpResponse:
    form = GridForm(request.POST, person=request.user)
    if form.is_valid():
        with refusals_in(form, "title"):
            grid = actions.create_grid(**form.cleaned_data, by=request.user)
            return redirect("videos:grid_page", grid.pk)
    return _new(request, form, status=422)


def _page(request: HttpRequest, grid: Grid, status: int = 200, changing: int | None = None, **forms) -> HttpResponse:
    """Answer with the builder; `forms` may hold the ones that were sent and are wrong."""
    page = queries.grid_page(grid, request.user, removed=number_in(request.GET.get("retire")))
    changed = forms.pop("changed", None)
    rows = [
        (one, changed if one.pk == changing else CriterionForm(criterion=one), one.pk == changing)
        for one in page.criteria
    ]
    context = {
        "page": page,
        "rows": rows if page.may_change else [],
        "describe": forms.get("describe") or (GridForm(person=request.user, grid=grid) if grid.is_mine else None),
        "add": forms.get("add") or CriterionForm(),
    }
    return htmx.page(request, "videos/grids/grid_page.html", "builder", context, status=status)


@signed_in
@require_safe
def grid_page(request: HttpRequest, grid_id: int) -> HttpResponse:
    return _page(request, get_object_or_404(queries.grids(request.user), pk=grid_id))


def _mine(request: HttpRequest, grid_id: int) -> Grid:
    return get_object_or_404(queries.grids(request.user).filter(is_mine=True), pk=grid_id)


@signed_in
@require_POST
def grid_update(request: HttpRequest, grid_id: int) -> HttpResponse:
    grid = _mine(request, grid_id)
    form = GridForm(request.POST, person=request.user, grid=grid)
    if form.is_valid():
        actions.describe_grid(grid=grid, **form.cleaned_data, by=request.user)
        messages.success(request, "La grille est enregistrée.")
        return redirect("videos:grid_page", grid.pk)
    return _page(request, grid, status=422, describe=form)


@signed_in
@require_POST
def grid_version(request: HttpRequest, grid_id: int) -> HttpResponse:
    with refusals_above(request):
        newer = actions.new_version(grid=_mine(request, grid_id), by=request.user)
        messages.success(
            request, f"Version {newer.version}\u00a0: changez-la, les observations déjà faites gardent la précédente."
        )
        return redirect("videos:grid_page", newer.pk)
    return redirect("videos:grid_page", grid_id)


@signed_in
@require_POST
def grid_copy(request: HttpRequest, grid_id: int) -> HttpResponse:
    grid = get_object_or_404(Grid.objects.visible_to(request.user), pk=grid_id)
    with refusals_above(request):
        copy = actions.copy_grid(grid=grid, by=request.user)
        messages.success(request, "Voici votre copie. Personne d’autre ne la voit.")
        return redirect("videos:grid_page", copy.pk)
    return redirect("videos:grid_page", grid_id)


@signed_in
@require_POST
def grid_remove(request: HttpRequest, grid_id: int) -> HttpResponse:
    grid = get_object_or_404(Grid.objects.editable_by(request.user), pk=grid_id)
    actions.remove_grid(grid=grid, by=request.user)
    return redirect(reverse("videos:grid_list", query={"retire": grid.pk}))


@signed_in
@require_POST
def grid_restore(request: HttpRequest, grid_id: int) -> HttpResponse:
    grid = get_object_or_404(Grid.objects.restorable_by(request.user), pk=grid_id)
    actions.restore_grid(grid=grid, by=request.user)
    return redirect("videos:grid_page", grid.pk)


@signed_in
@require_POST
def criterion_create(request: HttpRequest, grid_id: int) -> HttpResponse:
    grid = _mine(request, grid_id)
    form = CriterionForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.add_criterion(grid=grid, **form.cleaned_data, by=request.user)
            return redirect(reverse("videos:grid_page", args=[grid.pk]) + "#ajouter")
    return _page(request, grid, status=422, add=form)


@signed_in
@require_POST
def criterion_update(request: HttpRequest, grid_id: int, criterion_id: int) -> HttpResponse:
    criterion = get_object_or_404(Criterion.objects.editable_by(request.user), grid_id=grid_id, pk=criterion_id)
    form = CriterionForm(request.POST, criterion=criterion)
    if form.is_valid():
        with refusals_in(form):
            actions.change_criterion(criterion=criterion, **form.cleaned_data, by=request.user)
            return _to_criterion(criterion)
    return _page(request, _mine(request, grid_id), status=422, changing=criterion.pk, changed=form)


def _to_criterion(criterion: Criterion) -> HttpResponse:
    return redirect(f"{reverse('videos:grid_page', args=[criterion.grid_id])}#repere-{criterion.pk}")


@signed_in
@require_POST
def criterion_move(request: HttpRequest, grid_id: int, criterion_id: int) -> HttpResponse:
    criterion = get_object_or_404(Criterion.objects.editable_by(request.user), grid_id=grid_id, pk=criterion_id)
    with refusals_above(request):
        actions.move_criterion(criterion=criterion, up=request.POST.get("sens") != "bas", by=request.user)
    return _to_criterion(criterion)


@signed_in
@require_POST
def criterion_remove(request: HttpRequest, grid_id: int, criterion_id: int) -> HttpResponse:
    criterion = get_object_or_404(Criterion.objects.editable_by(request.user), grid_id=grid_id, pk=criterion_id)
    with refusals_above(request):
        actions.remove_criterion(criterion=criterion, by=request.user)
    return redirect(reverse("videos:grid_page", args=[grid_id], query={"retire": criterion.pk}))


@signed_in
@require_POST
def criterion_restore(request: HttpRequest, grid_id: int, criterion_id: int) -> HttpResponse:
    rows = Criterion.objects.restorable_by(request.user)
    criterion = get_object_or_404(rows, grid_id=grid_id, pk=criterion_id)
    with refusals_above(request):
        actions.restore_criterion(criterion=criterion, by=request.user)
    return _to_criterion(criterion)
