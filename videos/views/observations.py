"""Observations of a film with a grid."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.documents.pacing import paced
from circo.downloads import download
from circo.imports.exporting import to_csv
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from videos import actions, queries
from videos.forms.observations import InviteForm, PressForm, RoundForm
from videos.grids import exporting
from videos.models import Entry, Film, Observation, ObservationRound


@signed_in
@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    page = queries.round_list_page(request.user, removed=number_in(request.GET.get("retire")))
    return htmx.page(request, "videos/grids/round_list.html", "rows", {"page": page})


def _film_rounds(request: HttpRequest, film: Film, form: RoundForm | None = None, status: int = 200) -> HttpResponse:
    page = queries.round_list_page(request.user, film=film, removed=number_in(request.GET.get("retire")))
    if film.is_mine and form is None:
        form = RoundForm(film=film, person=request.user)
    context = {"film": film, "page": page, "form": form}
    return htmx.page(request, "videos/grids/film_rounds.html", "form", context, status=status)


@signed_in
@require_safe
def film_rounds(request: HttpRequest, film_id: UUID) -> HttpResponse:
    return _film_rounds(request, get_object_or_404(queries.films(request.user).watchable(), pk=film_id))


@signed_in
@require_POST
def round_open(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = get_object_or_404(queries.films(request.user).watchable().filter(is_mine=True), pk=film_id)
    form = RoundForm(request.POST, film=film, person=request.user)
    if form.is_valid():
        with refusals_in(form):
            opened = actions.open_round(film=film, **form.cleaned_data, by=request.user)
            return redirect("videos:round_page", film.pk, opened.pk)
    return _film_rounds(request, film, form, status=422)


def _round(request: HttpRequest, film_id: UUID, round_id: int) -> ObservationRound:
    return get_object_or_404(queries.rounds(request.user), film_id=film_id, pk=round_id)


def _round_page(request: HttpRequest, row: ObservationRound, status: int = 200, **forms) -> HttpResponse:
    if row.is_revealed:
        shown = queries.comparison_page(row, request.user)
        return htmx.page(request, "videos/grids/comparison.html", "looks", {"page": shown}, status=status)
    page = queries.round_page(row, request.user, removed=number_in(request.GET.get("retire")))
    context = {
        "page": page,
        "form": forms.get("press") or PressForm(round=row, initial={"at_s": row.begin_s}),
        "invite": forms.get("invite") or (InviteForm(round=row, people=page.may_invite) if page.may_invite else None),
    }
    return htmx.page(request, "videos/grids/round_page.html", "notes", context, status=status)


@signed_in
@require_safe
def round_page(request: HttpRequest, film_id: UUID, round_id: int) -> HttpResponse:
    return _round_page(request, _round(request, film_id, round_id))


def _own(request: HttpRequest, film_id: UUID, round_id: int, rows) -> Observation:
    return get_object_or_404(rows, round_id=round_id, round__film_id=film_id)


def _to_round(film_id: UUID, round_id: int, **query) -> HttpResponse:
    return redirect(reverse("videos:round_page", args=[film_id, round_id], query=query))


@signed_in
@require_POST
def entry_create(request: HttpRequest, film_id: UUID, round_id: int) -> HttpResponse:
    mine = _own(request, film_id, round_id, Observation.objects.editable_by(request.user))
    row = _round(request, film_id, round_id)
    form = PressForm(request.POST, round=row)
    if form.is_valid():
        criterion, value = form.cleaned_data.pop("press")
        with refusals_in(form):
            actions.note(observation=mine, criterion=criterion, value=value, **form.cleaned_data, by=request.user)
            return _to_round(film_id, round_id)
    return _round_page(request, row, status=422, press=form)


def _entry(request: HttpRequest, film_id: UUID, round_id: int, entry_id: int) -> Entry:
    rows = Entry.objects.editable_by(request.user)
    return get_object_or_404(rows, observation__round_id=round_id, observation__round__film_id=film_id, pk=entry_id)


@signed_in
@require_POST
def entry_remove(request: HttpRequest, film_id: UUID, round_id: int, entry_id: int) -> HttpResponse:
    actions.remove_entry(entry=_entry(request, film_id, round_id, entry_id), by=request.user)
    return _to_round(film_id, round_id, retire=entry_id)


@signed_in
@require_POST
def entry_restore(request: HttpRequest, film_id: UUID, round_id: int, entry_id: int) -> HttpResponse:
    actions.restore_entry(entry=_entry(request, film_id, round_id, entry_id), by=request.user)
    return _to_round(film_id, round_id)


@signed_in
@require_POST
def observation_finish(request: HttpRequest, film_id: UUID, round_id: int) -> HttpResponse:
    mine = _own(request, film_id, round_id, Observation.objects.editable_by(request.user))
    actions.finish(observation=mine, by=request.user)
    return _to_round(film_id, round_id)


@signed_in
@require_POST
def observation_reopen(request: HttpRequest, film_id: UUID, round_id: int) -> HttpResponse:
    mine = _own(request, film_id, round_id, Observation.objects.reopenable_by(request.user))
    actions.reopen(observation=mine, by=request.user)
    return _to_round(film_id, round_id)


def _my_round(request: HttpRequest, film_id: UUID, round_id: int) -> ObservationRound:
    return get_object_or_404(queries.rounds(request.user).filter(is_mine=True), film_id=film_id, pk=round_id)


@signed_in
@require_POST
def round_invite(request: HttpRequest, film_id: UUID, round_id: int) -> HttpResponse:
    row = _my_round(request, film_id, round_id)
    form = InviteForm(request.POST, round=row)
    if form.is_valid():
        with refusals_in(form):
            actions.invite(round=row, **form.cleaned_data, by=request.user)
            return _to_round(film_id, round_id)
    return _round_page(request, row, status=422, invite=form)


@signed_in
@require_POST
def round_close(request: HttpRequest, film_id: UUID, round_id: int) -> HttpResponse:
    with refusals_above(request):
        actions.close_round(round=_my_round(request, film_id, round_id), by=request.user)
    return _to_round(film_id, round_id)


@signed_in
@require_POST
def round_remove(request: HttpRequest, film_id: UUID, round_id: int) -> HttpResponse:
    actions.remove_round(round=_my_round(request, film_id, round_id), by=request.user)
    return redirect(reverse("videos:film_rounds", args=[film_id], query={"retire": round_id}))


@signed_in
@require_POST
def round_restore(request: HttpRequest, film_id: UUID, round_id: int) -> HttpResponse:
    row = get_object_or_404(ObservationRound.objects.restorable_by(request.user), film_id=film_id, pk=round_id)
    actions.restore_round(round=row, by=request.user)
    return _to_round(film_id, round_id)


@signed_in
@require_safe
def round_csv(request: HttpRequest, film_id: UUID, round_id: int) -> HttpResponse:
    row = get_object_or_404(queries.rounds(request.user).shown(), film_id=film_id, pk=round_id)
    table = exporting.table(queries.comparison_page(row, request.user))
    return download(to_csv(table), f"observation-{row.pk}.csv")


@signed_in
@require_safe
@paced
def round_pdf(request: HttpRequest, film_id: UUID, round_id: int) -> HttpResponse:
    row = get_object_or_404(queries.rounds(request.user).shown(), film_id=film_id, pk=round_id)
    with refusals_above(request):
        report = exporting.report(queries.comparison_page(row, request.user))
        return download(report.pdf(), f"observation-{row.pk}.pdf")
    return _to_round(film_id, round_id)
