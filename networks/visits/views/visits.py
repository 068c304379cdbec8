"""Ask for a visit, answer, cancel, agree on what one looks at, thank; who comes to a school."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.drafts.forms import follow, forgets_draft
from circo.refusals import refusals_above, refusals_in, refusals_to
from circo.rules import Role
from networks.models import Visit
from networks.visits import actions, queries, rules
from networks.visits.forms.visits import AskForm, TextForm
from networks.visits.rules import VisitState
from networks.visits.views.sites import site_response

VERBS: dict[str, tuple[str, Callable[..., Visit]]] = {
    "accepter": ("accept", actions.accept_offer),
    "confirmer": ("confirm", actions.confirm_visit),
    "decliner": ("decline", actions.decline_visit),
    "annuler": ("cancel", actions.cancel_visit),
}
DONE = {
    "accept": "La place est à vous\u00a0: votre collègue est prévenu·e et confirmera.",
    "confirm": "La visite est confirmée\u00a0: votre collègue et la direction de l’école sont prévenus.",
    "decline": "Votre réponse est partie.",
    "cancel": "La visite est annulée\u00a0: les personnes concernées sont prévenues.",
}
WORD = "Un mot pour votre collègue"


@signed_in
@require_POST
@forgets_draft
def visit_ask(request: HttpRequest, pk: int) -> HttpResponse:
    site = get_object_or_404(queries.sites(request.user), pk=pk)
    found = queries.slots([site], timezone.now())[site.pk]
    form = AskForm(request.POST, slots=found)
    if form.is_valid():
        half_day = form.cleaned_data["half_day"]
        others = _others(found, half_day)
        with refusals_to(lambda refusal: form.add_error("half_day", f"{refusal}{others}")):
            visit = actions.ask_visit(site=site, half_day=half_day, focus=form.cleaned_data["focus"], by=request.user)
            return _asked(request, visit, others)
    return site_response(request, site, ask=form, status=422)


def _others(found: list[queries.Slot], half_day: object) -> str:
    free = [slot.words for slot in queries.nearest(found, half_day)]
    return f" Libres au plus près\u00a0: {'\u00a0; '.join(free)}." if free else ""


def _asked(request: HttpRequest, visit: Visit, others: str) -> HttpResponse:
    if visit.state == VisitState.WAITING:
        said = (
            "Toutes les places sont prises\u00a0: vous êtes sur la liste d’attente. Si une se libère, on vous le dit."
        )
        messages.warning(request, said + others)
    else:
        messages.success(request, "Votre demande est partie\u00a0: votre collègue vous répondra ici.")
    return redirect("networks:visit_page", visit.pk)


@signed_in
@require_safe
def visit_list(request: HttpRequest) -> HttpResponse:
    page = queries.visit_list_page(request.user, number=request.GET.get("page"))
    return htmx.page(request, "networks/visits/visit_list.html", "visits", {"page": page, "parents": _parents()[:1]})


def _parents() -> list[tuple[str, str]]:
    return [
        ("Visites de classes", reverse("networks:site_list")),
        ("Mes visites", reverse("networks:visit_list")),
    ]


def _visit(request: HttpRequest, pk: int) -> Visit:
    """One of my visits; on a waiting list, the visitor's alone.

    Raises: Http404 else.
    """
    return get_object_or_404(queries.visits(request.user), pk=pk)


@signed_in
@require_safe
def visit_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _visit(request, pk))


def _page(request: HttpRequest, visit: Visit, status: int = 200, **forms: TextForm) -> HttpResponse:
    drawn = {
        "word_form": TextForm(label=WORD, prefix="mot", most=rules.WORD_MAX),
        "focus_form": TextForm(label="Ce que je viens regarder", prefix="regard", initial={"text": visit.focus}),
        "thanks_form": TextForm(label="Un mot de remerciement", prefix="merci", most=rules.WORD_MAX),
    }
    page = queries.visit_page(request.user, visit, timezone.now())
    drawn |= forms
    follow(request, {f"visit:{visit.pk}/{name}": form for name, form in drawn.items()})
    context = {"page": page, "parents": _parents(), **drawn}
    return htmx.page(request, "networks/visits/visit_page.html", "visit", context, status=status)


@signed_in
@require_POST
@forgets_draft
def visit_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    visit = _visit(request, pk)
    if verb not in VERBS:
        raise Http404
    name, action = VERBS[verb]
    form = TextForm(request.POST, label=WORD, prefix="mot", most=rules.WORD_MAX)
    if form.is_valid():
        words = {"word": form.cleaned_data["text"]} if name in ("decline", "cancel") else {}
        with refusals_in(form, "text"):
            action(visit=visit, by=request.user, **words)
            messages.success(request, DONE[name])
            return redirect("networks:visit_page", visit.pk)
    return _page(request, visit, status=422, word_form=form)


@signed_in
@require_POST
@forgets_draft
def visit_focus(request: HttpRequest, pk: int) -> HttpResponse:
    visit = _visit(request, pk)
    form = TextForm(request.POST, label="Ce que je viens regarder", prefix="regard")
    if form.is_valid():
        with refusals_in(form, "text"):
            actions.write_focus(visit=visit, focus=form.cleaned_data["text"], by=request.user)
            return redirect("networks:visit_page", visit.pk)
    return _page(request, visit, status=422, focus_form=form)


@signed_in
@require_POST
def visit_agree(request: HttpRequest, pk: int) -> HttpResponse:
    visit = _visit(request, pk)
    with refusals_above(request):
        actions.agree_focus(visit=visit, focus=request.POST.get("focus", ""), by=request.user)
        messages.success(request, "Vous êtes d’accord sur ce que votre collègue vient regarder.")
    return redirect("networks:visit_page", visit.pk)


@signed_in
@require_POST
@forgets_draft
def visit_thank(request: HttpRequest, pk: int) -> HttpResponse:
    visit = _visit(request, pk)
    form = TextForm(request.POST, label="Un mot de remerciement", prefix="merci", most=rules.WORD_MAX)
    if form.is_valid():
        with refusals_in(form, "text"):
            actions.thank(visit=visit, thanks=form.cleaned_data["text"], by=request.user)
            messages.success(request, "Votre mot est parti.")
            return redirect("networks:visit_page", visit.pk)
    return _page(request, visit, status=422, thanks_form=form)


@signed_in
@require_safe
def school_visits(request: HttpRequest) -> HttpResponse:
    """Who comes to my school: for head teachers alone."""
    if Role.HEAD_TEACHER not in request.user.reach().roles:
        raise Http404
    context = {"page": queries.school_visits_page(request.user), "parents": _parents()[:1]}
    return render(request, "networks/visits/school_visits.html", context)
