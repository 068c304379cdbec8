"""The list of salons, a salon, and how one opens, changes and archives it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo.access import signed_in
from circo.downloads import download
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_in
from circo.rules import number_in
from networks.models import Salon
from networks.salons import actions, exporting, live, queries, quoting, rules
from networks.salons.forms import SalonForm, SalonTextForm
from networks.salons.views.pages import crumbs, page_response, salon_of

PER_PAGE = 30
AS_READ = {"ensure_ascii": False}


@signed_in
@require_safe
def salon_list(request: HttpRequest) -> HttpResponse:
    archived = request.GET.get("archives") == "1"
    page = Paginator(queries.salon_list(request.user, archived=archived), PER_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    unread = queries.unread_in(request.user, listed)
    here = reverse("networks:salon_list")
    context = {
        "page": page,
        "salons": [(salon, rules.unread_label(unread.get(salon.pk, 0))) for salon in listed],
        "archived": archived,
        "tabs": [("Ouverts", here, not archived), ("Archivés", f"{here}?archives=1", archived)],
        "query": "archives=1" if archived else "",
        "moderates": Salon.objects.moderated_by(request.user).exists(),
    }
    return render(request, "networks/salons/salon_list.html", context)


@signed_in
@require_safe
def salon_new(request: HttpRequest) -> HttpResponse:
    return _form_page(request, SalonForm(person=request.user, initial={"place": request.GET.get("pour", "")}))


def _form_page(
    request: HttpRequest, form: SalonTextForm, salon: Salon | None = None, status: int = 200
) -> HttpResponse:
    followed(form, request, f"salon:{salon.pk}/title" if salon else "salon", but=("place",), over=salon)
    context = {"form": form, "salon": salon, "parents": crumbs(salon)}
    return render(request, "networks/salons/salon_form.html", context, status=status)


@signed_in
@require_POST
@forgets_draft
def salon_create(request: HttpRequest) -> HttpResponse:
    form = SalonForm(request.POST, person=request.user)
    if form.is_valid():
        with refusals_in(form):
            salon = actions.open_salon(
                title=form.cleaned_data["title"],
                about=form.cleaned_data["about"],
                place=form.chosen_place(),
                by=request.user,
            )
            return redirect("networks:salon_page", salon.pk)
    return _form_page(request, form, status=422)


@signed_in
@require_safe
def salon_page(request: HttpRequest, pk: int) -> HttpResponse:
    return page_response(request, salon_of(request, pk))


@signed_in
@require_safe
def salon_edit(request: HttpRequest, pk: int) -> HttpResponse:
    salon = _edited(request, pk)
    return _form_page(request, SalonTextForm(initial={"title": salon.title, "about": salon.about}), salon)


def _edited(request: HttpRequest, pk: int) -> Salon:
    return get_object_or_404(Salon.objects.editable_by(request.user), pk=pk)


@signed_in
@require_POST
@forgets_draft
def salon_update(request: HttpRequest, pk: int) -> HttpResponse:
    salon, form = _edited(request, pk), SalonTextForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.change_salon(salon=salon, by=request.user, **form.cleaned_data)
            return redirect("networks:salon_page", pk)
    return _form_page(request, form, salon, status=422)


@signed_in
@require_POST
def salon_archive(request: HttpRequest, pk: int) -> HttpResponse:
    actions.archive_salon(salon=_edited(request, pk), by=request.user)
    return redirect("networks:salon_page", pk)


@signed_in
@require_POST
def salon_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    actions.reopen_salon(salon=_edited(request, pk), by=request.user)
    return redirect("networks:salon_page", pk)


# --- What a page that is open asks for -------------------------------------------------------------------------------
@signed_in
@require_safe
def salon_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What has changed since a number, as a live channel tells it: for who comes back, or has no live channel."""
    since = number_in(request.GET.get("n")) or 0
    told = live.changes(salon_of(request, pk).pk, since)
    said = {"since": told.since, "seq": told.seq, "posts": told.posts, "more": told.more}
    return JsonResponse(said, json_dumps_params=AS_READ)


@signed_in
@require_safe
def quote_cards(request: HttpRequest, pk: int) -> HttpResponse:
    """The cards of some quotes, as this reader sees them."""
    salon = salon_of(request, pk)
    ids = [one for one in map(number_in, request.GET.get("n", "").split(",")) if one][: rules.A_CATCH_UP]
    quotes = list(queries.quotes_of(request.user, salon, ids))
    cards = quoting.cards_of(request.user, quotes)
    drawn = {quote.pk: render_to_string("networks/salons/card.html", {"card": cards[quote.pk]}) for quote in quotes}
    return JsonResponse(drawn, json_dumps_params=AS_READ)


@signed_in
@require_safe
def salon_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The salon as this reader reads it, to keep."""
    salon = salon_of(request, pk)
    return download("".join(exporting.minutes(salon, request.user)), f"salon-{salon.pk}.md")


@signed_in
@require_POST
def salon_read(request: HttpRequest, pk: int) -> HttpResponse:
    salon = salon_of(request, pk)
    seq = number_in(request.POST.get("n"))
    actions.mark_read(salon=salon, seq=salon.last_seq if seq is None else seq, by=request.user)
    if request.headers.get("Accept") == "application/json":
        return HttpResponse(status=204)
    return redirect("networks:salon_list")
