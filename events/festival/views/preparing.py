"""The pages of those who prepare a festival: what it says, where its life stands."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx, writing
from circo.access import Permission, requires, signed_in
from circo.documents.pacing import paced
from circo.downloads import download
from circo.drafts.forms import followed, forgets_draft
from circo.models import District
from circo.refusals import refusals_above, refusals_in
from events.festival import actions, papers, queries, rules
from events.festival.forms import FestivalForm
from events.festival.rules import FestivalVerb
from events.festival.views.public import link_to
from events.models import Festival

LIST, PAGE = "events/festival/festival_list.html", "events/festival/festival_page.html"
FORM = "events/festival/festival_form.html"
VERB_LABELS = {
    FestivalVerb.CALL: "Ouvrir l’appel à propositions",
    FestivalVerb.CLOSE_CALL: "Refermer l’appel",
    FestivalVerb.PUBLISH: "Publier le programme",
    FestivalVerb.UNPUBLISH: "Retirer le programme",
    FestivalVerb.END: "La fête a eu lieu",
    FestivalVerb.REOPEN: "Elle n’est pas terminée",
}


# --- Which one, as far as one may open it -----------------------------------------------------------------------------
def opened(request: HttpRequest, pk: int) -> Festival:
    """The festival, if this person may open its page.

    Raises: Http404 else.
    """
    return get_object_or_404(queries.festivals(request.user), pk=pk)


def prepared(request: HttpRequest, pk: int) -> Festival:
    """The festival, if this person prepares it.

    Raises: Http404 else.
    """
    return get_object_or_404(queries.festivals(request.user).filter(is_prepared=True), pk=pk)


def to_festival(pk: int, done: str = "") -> HttpResponse:
    return redirect(reverse("events:festival_page", args=[pk], query={"fait": done} if done else {}))


def parents_of(festival: Festival | None = None) -> list[tuple[str, str]]:
    found = [("Fête de l’apprendre", reverse("events:festival_list"))]
    if festival is not None:
        found.append((festival.title, reverse("events:festival_page", args=[festival.pk])))
    return found


# --- The festival -----------------------------------------------------------------------------------------------------
@signed_in
@require_safe
def festival_list(request: HttpRequest) -> HttpResponse:
    context = {
        "festivals": queries.festival_list(request.user),
        "districts": list(queries.districts_prepared_by(request.user)),
    }
    return htmx.page(request, LIST, "rows", context)


@signed_in
@require_safe
def festival_page(request: HttpRequest, pk: int) -> HttpResponse:
    festival = opened(request, pk)
    context = {
        "festival": festival,
        "words": writing.to_html(festival.words),
        "animations": queries.animations_of(festival, request.user),
        "may_propose": queries.may_propose(festival, request.user),
        "doubts": rules.doubts_of(festival.span) if festival.is_prepared else [],
        "verbs": [(verb, VERB_LABELS[verb]) for verb in queries.verbs_of(festival)] if festival.is_prepared else [],
        "moves": list(festival.moves.select_related("by")) if festival.is_prepared else [],
        "public_url": link_to(request, festival),
        "done": request.GET.get("fait", ""),
        "parents": parents_of(),
    }
    return htmx.page(request, PAGE, "festival", context)


@requires(Permission.PREPARE_FESTIVAL)
@require_safe
@paced
def festival_poster(request: HttpRequest, pk: int) -> HttpResponse:
    festival = prepared(request, pk)
    return download(papers.poster(festival, link_to(request, festival)).pdf(), f"affiche-{festival.first_day}.pdf")


def _district(request: HttpRequest, district_pk: int) -> District:
    return get_object_or_404(queries.districts_prepared_by(request.user), pk=district_pk)


def _form(
    request: HttpRequest, form: FestivalForm, district: District, festival: Festival | None = None, status: int = 200
) -> HttpResponse:
    place = f"festival:{festival.pk}" if festival else f"festival:new/{district.pk}"
    followed(form, request, place, over=festival)
    context = {"form": form, "district": district, "festival": festival, "parents": parents_of(festival)}
    return htmx.page(request, FORM, "form", context, status=status)


@requires(Permission.PREPARE_FESTIVAL)
@require_safe
def festival_new(request: HttpRequest, district_pk: int) -> HttpResponse:
    return _form(request, FestivalForm(), _district(request, district_pk))


@requires(Permission.PREPARE_FESTIVAL)
@require_POST
@forgets_draft
def festival_create(request: HttpRequest, district_pk: int) -> HttpResponse:
    district, form = _district(request, district_pk), FestivalForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            return to_festival(actions.found(district=district, wanted=form.wanted(), by=request.user).pk, "cree")
    return _form(request, form, district, status=422)


@requires(Permission.PREPARE_FESTIVAL)
@require_safe
def festival_edit(request: HttpRequest, pk: int) -> HttpResponse:
    festival = prepared(request, pk)
    return _form(request, FestivalForm(festival=festival), festival.district, festival)


@requires(Permission.PREPARE_FESTIVAL)
@require_POST
@forgets_draft
def festival_change(request: HttpRequest, pk: int) -> HttpResponse:
    festival, form = prepared(request, pk), FestivalForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.change(festival=festival, wanted=form.wanted(), by=request.user)
            return to_festival(pk, "change")
    return _form(request, form, festival.district, festival, status=422)


@requires(Permission.PREPARE_FESTIVAL)
@require_POST
def festival_lead(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    festival = prepared(request, pk)
    if verb not in list(FestivalVerb):
        raise Http404
    with refusals_above(request):
        actions.lead(festival=festival, verb=FestivalVerb(verb), by=request.user)
    return to_festival(pk, verb)
