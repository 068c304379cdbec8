"""The list of open classes with its map, the page of one, and what its host, the team and the head teacher do."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires, signed_in
from circo.drafts.forms import follow, followed, forgets_draft
from circo.errors import Refusal
from circo.refusals import refusals_in
from networks.models import ObservationSite
from networks.visits import actions, queries, rules
from networks.visits.forms.finding import FreeOnForm
from networks.visits.forms.sites import SiteForm, WordForm
from networks.visits.forms.visits import AskForm

SITE_VERBS = {"pause": "pause", "ouvrir": "open", "suspendre": "suspend", "reprendre": "resume"}
SITE_DONE = {
    "pause": "Votre classe est en pause\u00a0: plus personne ne peut demander à venir. Les visites convenues restent.",
    "open": "Votre classe est de nouveau ouverte.",
    "suspend": "Le lieu est suspendu.",
    "resume": "Le lieu est rouvert.",
}
HEAD_ANSWERS = {"accord": rules.HeadAnswer.AGREED, "opposition": rules.HeadAnswer.OBJECTED}


@signed_in
@require_safe
def site_list(request: HttpRequest) -> HttpResponse:
    form = FreeOnForm(request.GET)
    free_on = form.half_days if form.is_valid() else []
    page = queries.site_list_page(request.user, request.GET, free_on)
    return htmx.page(request, "networks/visits/site_list.html", "found", {"page": page, "form": form})


def _form(request: HttpRequest, form: SiteForm, site: ObservationSite | None = None, status: int = 200) -> HttpResponse:
    followed(form, request, f"site:{site.pk}/text" if site else "site", over=site)
    context = {"form": form, "site": site, "parents": _parents()}
    return htmx.page(request, "networks/visits/site_form.html", "form", context, status=status)


def _parents() -> list[tuple[str, str]]:
    return [("Visites de classes", reverse("networks:site_list"))]


@requires(Permission.VISIT_CLASSES)
@require_safe
def site_new(request: HttpRequest) -> HttpResponse:
    school = queries.hosting_schools(request.user).first()
    return _form(request, SiteForm(person=request.user, initial={"school": school, "seats": 1}))


@requires(Permission.VISIT_CLASSES)
@require_POST
@forgets_draft
def site_create(request: HttpRequest) -> HttpResponse:
    form = SiteForm(request.POST, person=request.user)
    if form.is_valid():
        with refusals_in(form):
            site = actions.open_site(school=form.cleaned_data["school"], text=form.text, by=request.user)
            messages.success(request, "Votre classe est ouverte aux visites. La direction de l’école en est informée.")
            return redirect("networks:site_page", site.pk)
    return _form(request, form, status=422)


def _site(request: HttpRequest, pk: int) -> ObservationSite:
    return get_object_or_404(queries.sites(request.user), pk=pk)


@signed_in
@require_safe
def site_page(request: HttpRequest, pk: int) -> HttpResponse:
    return site_response(request, _site(request, pk))


def site_response(
    request: HttpRequest,
    site: ObservationSite,
    *,
    team: WordForm | None = None,
    head: WordForm | None = None,
    ask: AskForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a site, with what was typed in its forms."""
    page = queries.site_page(request.user, site)
    context = {
        "page": page,
        "ask_form": ask or AskForm(slots=page.slots),
        "may_ask": (site.is_open or ask is not None) and not page.is_host and actions.may_visit(request.user),
        "team_form": team or WordForm(label="Raison, que votre collègue lira", prefix="equipe"),
        "head_form": head or WordForm(label="Un mot pour votre collègue", prefix="direction"),
        "parents": _parents(),
    }
    follow(request, {f"site:{site.pk}/{name}": context[f"{name}_form"] for name in ("ask", "team", "head")})
    return htmx.page(request, "networks/visits/site_page.html", "site", context, status=status)


def _own(request: HttpRequest, pk: int) -> ObservationSite:
    return get_object_or_404(queries.sites(request.user).editable_by(request.user), pk=pk)


@signed_in
@require_safe
def site_edit(request: HttpRequest, pk: int) -> HttpResponse:
    site = _own(request, pk)
    return _form(request, SiteForm(person=request.user, site=site), site)


@signed_in
@require_POST
@forgets_draft
def site_update(request: HttpRequest, pk: int) -> HttpResponse:
    site = _own(request, pk)
    form = SiteForm(request.POST, person=request.user, site=site)
    if form.is_valid():
        with refusals_in(form):
            actions.edit_site(site=site, text=form.text, by=request.user)
            messages.success(request, "Votre lieu d’observation est à jour.")
            return redirect("networks:site_page", site.pk)
    return _form(request, form, site, status=422)


@signed_in
@require_POST
@forgets_draft
def site_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Pause or open one's own; suspend or resume as the team: for anybody else it is not there."""
    name = SITE_VERBS.get(verb)
    if name is None:
        raise Http404
    mine = rules.Actor.HOST in rules.SITE_MOVES[name].actors
    rows = queries.sites(request.user)
    site = get_object_or_404(rows.editable_by(request.user) if mine else rows.overseen_by(request.user), pk=pk)
    form = WordForm(request.POST, label="Raison, que votre collègue lira", prefix="equipe")
    if form.is_valid():
        try:
            actions.move_site(site=site, verb=name, by=request.user, reason=form.cleaned_data["word"])
        except Refusal as refusal:
            if mine:  # nothing was typed: the page says why
                messages.error(request, str(refusal))
                return redirect("networks:site_page", site.pk)
            form.add_error("word", str(refusal))
        else:
            messages.success(request, SITE_DONE[name])
            return redirect("networks:site_page", site.pk)
    return site_response(request, site, team=form, status=422)


@signed_in
@require_POST
def site_widen(request: HttpRequest, pk: int, circle: str) -> HttpResponse:
    site = get_object_or_404(queries.sites(request.user).overseen_by(request.user), pk=pk)
    known = {"departement": ObservationSite.Circle.DEPARTEMENT, "circonscription": ObservationSite.Circle.DISTRICT}
    if circle not in known or not queries.inspects(request.user, site.school.district_id):
        raise Http404
    actions.widen_site(site=site, circle=known[circle], by=request.user)
    return redirect("networks:site_page", site.pk)


@signed_in
@require_POST
@forgets_draft
def site_answer(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    site = get_object_or_404(queries.sites(request.user).headed_by(request.user), pk=pk)
    if answer not in HEAD_ANSWERS:
        raise Http404
    form = WordForm(request.POST, label="Un mot pour votre collègue", prefix="direction")
    if form.is_valid():
        with refusals_in(form, "word"):
            word = form.cleaned_data["word"]
            actions.answer_as_head(site=site, answer=HEAD_ANSWERS[answer], word=word, by=request.user)
            messages.success(request, "Votre réponse est enregistrée\u00a0: votre collègue la lira.")
            return redirect("networks:site_page", site.pk)
    return site_response(request, site, head=form, status=422)
