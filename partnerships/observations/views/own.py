"""The pages of one's cross-observations: what is proposed, yes, no, an exchange, and what one would like to see."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.drafts.forms import follow, followed, forgets_draft
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from networks.visits.forms.visits import TextForm
from partnerships.models import PeerObservation
from partnerships.observations import actions, queries, rules
from partnerships.observations.forms import WishForm
from partnerships.observations.rules import Answer, Verb

LIST, PAGE = "partnerships/observations/list.html", "partnerships/observations/page.html"
PREFIXES = {Verb.ACCEPT: "regard", Verb.DECLINE: "mot"}
ASKED = (*PREFIXES, *rules.BUTTONS)


def parents() -> list[tuple[str, str]]:
    return [("Observations croisées", reverse("partnerships:observation_list"))]


# --- One's own --------------------------------------------------------------------------------------------------------
def _list(request: HttpRequest, form: WishForm, status: int = 200) -> HttpResponse:
    followed(form, request, "observations:wish")
    context = {
        "page": queries.mine_page(request.user, request.GET.get("page")),
        "form": form,
        "done": request.GET.get("fait", ""),
    }
    return htmx.page(request, LIST, "observations", context, status=status)


@signed_in
@require_safe
def observation_list(request: HttpRequest) -> HttpResponse:
    return _list(request, WishForm(wish=queries.wish_of(request.user)))


@signed_in
@require_POST
@forgets_draft
def observation_wish(request: HttpRequest) -> HttpResponse:
    form = WishForm(request.POST, wish=queries.wish_of(request.user))
    if form.is_valid():
        actions.wish(**form.cleaned_data, by=request.user)
        return redirect(reverse("partnerships:observation_list", query={"fait": "souhaits"}))
    return _list(request, form, status=422)


# --- One observation --------------------------------------------------------------------------------------------------
def _observation(request: HttpRequest, pk: int) -> PeerObservation:
    seen = PeerObservation.objects.visible_to(request.user).order_by().values("pk")
    return get_object_or_404(queries.observations().filter(pk__in=seen), pk=pk)


def _form(verb: Verb, data: object = None) -> TextForm:
    if verb is Verb.ACCEPT:
        said = "Une phrase, si vous le savez déjà\u00a0: vous en conviendrez ensemble avant la visite."
        given = {"label": "Ce que je viens regarder", "most": rules.FOCUS_MAX, "help_text": said}
    else:
        said = "Facultatif. L’équipe de circonscription le lit, et personne d’autre."
        given = {"label": "Un mot", "most": rules.WORD_MAX, "help_text": said}
    return TextForm(data, prefix=PREFIXES[verb], **given)


def _show(request: HttpRequest, observation: PeerObservation, status: int = 200, **forms: TextForm) -> HttpResponse:
    drawn = {"accept_form": _form(Verb.ACCEPT), "decline_form": _form(Verb.DECLINE)} | forms
    follow(request, {f"observation:{observation.pk}/{name}": form for name, form in drawn.items()})
    page = queries.observation_page(observation, request.user)
    context = {"page": page, "done": request.GET.get("fait", ""), "parents": parents(), **drawn}
    return htmx.page(request, PAGE, "observation", context, status=status)


def _to(pk: int, done: str = "") -> HttpResponse:
    return redirect(reverse("partnerships:observation_page", args=[pk], query={"fait": done} if done else {}))


@signed_in
@require_safe
def observation_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _observation(request, pk))


@signed_in
@require_POST
@forgets_draft
def observation_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    observation = _observation(request, pk)
    if verb not in ASKED:
        raise Http404
    asked = Verb(verb)
    if asked in PREFIXES:
        form = _form(asked, request.POST)
        if form.is_valid():
            with refusals_in(form, "text"):
                text = form.cleaned_data["text"]
                actions.move(observation=observation, verb=asked, text=text, by=request.user)
                return _to(pk, verb)
        return _show(request, observation, 422, **{f"{asked.name.lower()}_form": form})
    with refusals_above(request):
        actions.move(observation=observation, verb=asked, by=request.user)
        return _to(pk, verb)
    return _to(pk)


# --- Exchanges --------------------------------------------------------------------------------------------------------
@signed_in
@require_POST
def observation_swap(request: HttpRequest, pk: int) -> HttpResponse:
    observation = _observation(request, pk)
    other = queries.observations().filter(pk=number_in(request.POST.get("avec"))).first()
    if other is None:
        messages.error(request, "Choisissez avec qui échanger.")
        return _to(pk)
    with refusals_above(request):
        actions.ask_swap(observation=observation, other=other, by=request.user)
        return _to(pk, "echange")
    return _to(pk)


ANSWERS: dict[Answer, Callable[..., PeerObservation]] = {
    Answer.AGREE: actions.agree_to_swap,
    Answer.REFUSE: actions.refuse_swap,
}


@signed_in
@require_POST
def observation_answer(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    """Answer the exchange that somebody asks for (`de`), or take one's own back."""
    observation = _observation(request, pk)
    if answer not in list(Answer):
        raise Http404
    with refusals_above(request):
        if answer == Answer.TAKE_BACK:
            actions.take_swap_back(observation=observation, by=request.user)
            return _to(pk, "echange-retire")
        asked_by = observation.swaps_asked.filter(pk=number_in(request.POST.get("de"))).first()
        if asked_by is None:
            messages.error(request, "Cet échange ne vous est plus proposé.")
            return _to(pk)
        made = ANSWERS[Answer(answer)](observation=observation, asked_by=asked_by, by=request.user)
        return _to(made.pk, f"echange-{answer}")
    return _to(pk)
