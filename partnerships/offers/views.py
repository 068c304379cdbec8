"""The pages of the vivier: propose a class, answer for one's school, open to students, find an open class."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires, signed_in
from circo.drafts.forms import follow, followed, forgets_draft
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from partnerships.models import HostOffer
from partnerships.offers import actions, queries, showing
from partnerships.offers.forms import FreeForm, OfferForm, OpenForm, ReasonForm
from partnerships.offers.rules import MOVES, Verb

PAGE, EDIT, TEAM = "partnerships/offers/page.html", "partnerships/offers/edit.html", "partnerships/offers/team.html"
MINE = "partnerships:offer_mine"


def _parents(request: HttpRequest) -> list[tuple[str, str]]:
    """The list from which this person comes."""
    reach = request.user.reach()
    if reach.can(Permission.VIEW_TEAM):
        return [("Classes proposées aux étudiants", reverse("partnerships:offer_team"))]
    if reach.can(Permission.MANAGE_STUDENTS):
        return [("Classes ouvertes", reverse("partnerships:offer_list"))]
    return [("Étudiants dans ma classe", reverse(MINE))]


# --- One's own --------------------------------------------------------------------------------------------------------
@requires(Permission.OFFER_CLASS)
@require_safe
def offer_mine(request: HttpRequest) -> HttpResponse:
    return htmx.page(request, "partnerships/offers/mine.html", "classes", {"page": showing.mine_page(request.user)})


def _edit(request: HttpRequest, form: OfferForm, offer: HostOffer | None = None, status: int = 200) -> HttpResponse:
    followed(form, request, f"offer:{offer.pk}" if offer else "offer", over=offer)
    mine = [("Étudiants dans ma classe", reverse(MINE))]
    return htmx.page(request, EDIT, "form", {"form": form, "offer": offer, "parents": mine}, status=status)


@requires(Permission.OFFER_CLASS)
@require_safe
def offer_new(request: HttpRequest) -> HttpResponse:
    """What is known of the class is written already."""
    if not queries.may_offer(request.user) or not queries.has_more_to_offer(request.user):
        return redirect(MINE)
    posting = queries.class_of(request.user)
    initial = {"levels": posting.levels, "week": posting.half_days, "seats": 1} if posting else {}
    return _edit(request, OfferForm(person=request.user, initial=initial))


@requires(Permission.OFFER_CLASS)
@require_POST
@forgets_draft
def offer_create(request: HttpRequest) -> HttpResponse:
    form = OfferForm(request.POST, person=request.user)
    if form.is_valid():
        with refusals_in(form):
            offer = actions.propose(**form.place, text=form.text, by=request.user)
            messages.success(request, "Merci\u00a0! Votre classe est proposée. Vous serez averti·e de chaque réponse.")
            return redirect("partnerships:offer_page", offer.pk)
    return _edit(request, form, status=422)


def _own(request: HttpRequest, pk: int) -> HostOffer:
    return get_object_or_404(queries.offers().filter(pk__in=HostOffer.objects.editable_by(request.user)), pk=pk)


@signed_in
@require_safe
def offer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    offer = _own(request, pk)
    return _edit(request, OfferForm(person=request.user, offer=offer), offer)


@signed_in
@require_POST
@forgets_draft
def offer_update(request: HttpRequest, pk: int) -> HttpResponse:
    offer = _own(request, pk)
    form = OfferForm(request.POST, person=request.user, offer=offer)
    if form.is_valid():
        with refusals_in(form):
            actions.edit(offer=offer, text=form.text, by=request.user)
            messages.success(request, "C’est enregistré.")
            return redirect("partnerships:offer_page", pk)
    return _edit(request, form, offer, status=422)


# --- One class --------------------------------------------------------------------------------------------------------
def _seen(request: HttpRequest, pk: int) -> HostOffer:
    seen = HostOffer.objects.visible_to(request.user).order_by().values("pk")
    return get_object_or_404(queries.offers().prefetch_related("institutions").filter(pk__in=seen), pk=pk)


def _show(
    request: HttpRequest,
    offer: HostOffer,
    *,
    reason: ReasonForm | None = None,
    opening: OpenForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = showing.offer_page(request.user, offer, actions.undoable(offer, request.user))
    context = {
        "page": page,
        "offer": offer,
        "buttons": [
            (verb.value, MOVES[verb].label)
            for verb in page.verbs
            if not MOVES[verb].asks_reason and verb is not Verb.OPEN
        ],
        "refusal": next((verb.value for verb in page.verbs if MOVES[verb].asks_reason), ""),
        "reason_form": reason or ReasonForm(),
        "opens": Verb.OPEN in page.verbs,
        "open_form": opening or OpenForm(departement_ids={offer.school.district.departement_id}),
        "is_done": bool(request.GET.get("fait")),
        "parents": _parents(request),
    }
    follow(request, {f"offer:{offer.pk}/reason": context["reason_form"] if context["refusal"] else None})
    return htmx.page(request, PAGE, "offer", context, status=status)


@signed_in
@require_safe
def offer_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _seen(request, pk))


@signed_in
@require_POST
@forgets_draft
def offer_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Do one verb: with its reason to refuse, with its institutions to open."""
    offer = _seen(request, pk)
    verb = next((one for one in Verb if one.value == request.POST.get("verbe")), None)
    if verb is None or MOVES[verb].actor not in queries.actors(offer, request.user):
        raise Http404
    reason = ReasonForm(request.POST) if MOVES[verb].asks_reason else None
    departement_ids = {offer.school.district.departement_id}
    opening = OpenForm(request.POST, departement_ids=departement_ids) if verb is Verb.OPEN else None
    form = reason or opening
    if form is not None and not form.is_valid():
        return _show(request, offer, reason=reason, opening=opening, status=422)
    said = form.cleaned_data if form else {}
    with refusals_above(request):
        actions.move(offer=offer, verb=verb, by=request.user, **said)
        return redirect(reverse("partnerships:offer_page", args=[pk], query={"fait": 1}))
    return redirect("partnerships:offer_page", pk)


# --- For the team -----------------------------------------------------------------------------------------------------
def _team(request: HttpRequest, opening: OpenForm | None = None, status: int = 200) -> HttpResponse:
    page = showing.team_page(request.user, request.GET)
    just_opened = _numbers(request.GET.get("fait", "").split("-"))
    context = {
        "page": page,
        "open_form": opening or OpenForm(departement_ids=page.departement_ids),
        "ticked": set(_numbers(request.POST.getlist("classe"))),
        "just_opened": just_opened,
        "said": f"{len(just_opened)}\u00a0classes sont ouvertes." if just_opened[1:] else "La classe est ouverte.",
    }
    return htmx.page(request, TEAM, "classes", context, status=status)


@requires(Permission.VIEW_TEAM)
@require_safe
def offer_team(request: HttpRequest) -> HttpResponse:
    return _team(request)


def _numbers(texts: Iterable[str]) -> list[int]:
    return [number for text in texts if (number := number_in(text))]


@requires(Permission.MANAGE_GROUPS)
@require_POST
def offers_open(request: HttpRequest) -> HttpResponse:
    """Open the classes that were ticked."""
    waiting = queries.waiting_for_team(request.user).select_related("school__district")
    chosen = list(waiting.filter(pk__in=_numbers(request.POST.getlist("classe"))))
    form = OpenForm(request.POST, departement_ids={one.school.district.departement_id for one in chosen})
    if not chosen:
        form.add_error(None, "Cochez les classes à ouvrir.")
    if form.is_valid():
        with refusals_in(form):
            opened = actions.open_many(offers=chosen, institutions=form.cleaned_data["institutions"], by=request.user)
            done = "-".join(str(one.pk) for one in opened)
            return redirect(reverse("partnerships:offer_team", query={"fait": done}))
    return _team(request, form, status=422)


@signed_in
@require_POST
def offers_undo(request: HttpRequest) -> HttpResponse:
    """Take back one's last move of one class, or of several at once."""
    numbers = _numbers(request.POST.getlist("classe"))
    seen = HostOffer.objects.visible_to(request.user).filter(pk__in=numbers).order_by("pk")
    rows = list(seen)
    if not rows:
        raise Http404
    for offer in rows:
        with refusals_above(request):
            actions.undo(offer=offer, by=request.user)
    if len(rows) == 1:
        return redirect("partnerships:offer_page", rows[0].pk)
    return redirect("partnerships:offer_team")


# --- For whoever places students --------------------------------------------------------------------------------------
@requires(Permission.MANAGE_STUDENTS)
@require_safe
def offer_list(request: HttpRequest) -> HttpResponse:
    form = FreeForm(request.GET)
    page = showing.open_page(request.user, request.GET, form.half_days)
    context = {"page": page, "form": form, "parents": [("Stages", reverse("partnerships:home"))]}
    return htmx.page(request, "partnerships/offers/list.html", "found", context)
