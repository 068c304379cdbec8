"""The page of a placement, for each of those whom it concerns, and the steps of its life."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, signed_in
from circo.models import Person
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from partnerships.models import Placement
from partnerships.placements.actions import life
from partnerships.placements.forms import AdultForm, CancelForm, TutorForm, VisitForm
from partnerships.placements.queries import openings, pages
from partnerships.placements.queries.pages import PlacementPage
from partnerships.placements.rules import Verb

PAGE = "partnerships/placements/page.html"
LIST = "Les stages"


def placement_of(request: HttpRequest, pk: int) -> Placement:
    """A placement that one sees.

    Raises: Http404 else.
    """
    return get_object_or_404(openings.placements().visible_to(request.user), pk=pk)


def coordinated(request: HttpRequest, pk: int) -> Placement:
    """A placement of the students that one coordinates.

    Raises: Http404 else.
    """
    return get_object_or_404(openings.placements().editable_by(request.user), pk=pk)


def to_page(pk: int, done: str = "", **more: object) -> HttpResponse:
    """Lead to the page of a placement; `done`, and what takes it back, in the address."""
    return redirect(reverse("partnerships:placement_page", args=[pk], query={"fait": done, **more} if done else {}))


def parents(placement: Placement, person: Person, *, page: bool = False) -> list[tuple[str, str]]:
    """The way to the page of a placement, from the list where this person finds it; `page`: that page too."""
    if any(one.student.person_id == person.pk for one in placement.students.all()):
        found = [("Mes stages", reverse("partnerships:mine"))]
    elif person.reach().can(Permission.OFFER_CLASS):
        found = [("Qui vient, et quand", reverse("partnerships:hosting"))]
    else:
        found = [(LIST, reverse("partnerships:placement_list"))]
    own = (placement.title, reverse("partnerships:placement_page", args=[placement.pk]))
    return [*found, own] if page else found


def _forms(page: PlacementPage) -> dict[str, forms.Form | None]:
    placement = page.placement
    held, coming = page.held, [one for one in page.coming if one.standing]
    is_run = page.is_coordinator and placement.is_open
    return {
        "adult_form": AdultForm(placement=placement, lines=held) if page.names_adults and held else None,
        "tutor_form": TutorForm(placement=placement) if is_run else None,
        "visit_form": VisitForm(lines=coming) if is_run and placement.tutor_id and coming else None,
        "cancel_form": CancelForm() if page.may_cancel else None,
    }


def _done(request: HttpRequest) -> tuple[str, str]:
    """What was just done, and to which half-day or student: what takes it back needs one that an address can hold."""
    done, _, code = request.GET.get("fait", "").partition("_")
    return (done, code) if re.fullmatch(r"[0-9]{1,18}|[0-9-]{10}_[AP]M", code) else (done, "")


def show(request: HttpRequest, placement: Placement, *, status: int = 200, **given: Any) -> HttpResponse:
    """Draw the page, with the form that could not be received, if there is one."""
    page = pages.placement_page(placement, request.user)
    done, code = _done(request)
    former = {"before": request.GET.get("avant", ""), "former": number_in(request.GET.get("depuis"))}
    context = {"page": page, "done": done, "code": code, "parents": parents(placement, request.user), **former}
    return htmx.page(request, PAGE, "placement", context | _forms(page) | given, status=status)


@signed_in
@require_safe
def placement_page(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, placement_of(request, pk))


@signed_in
@require_POST
def placement_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    placement = placement_of(request, pk)
    if verb not in pages.verbs_of(placement, request.user):
        raise Http404
    step = Verb(verb)
    if step is Verb.CANCEL:
        return _cancel(request, placement)
    with refusals_above(request):
        life.move(placement=placement, verb=step, by=request.user)
        return to_page(pk, verb)
    return to_page(pk)


def _cancel(request: HttpRequest, placement: Placement) -> HttpResponse:
    form = CancelForm(request.POST)
    if form.is_valid():
        with refusals_in(form, "reason"):
            life.cancel(placement=placement, reason=form.cleaned_data["reason"], by=request.user)
            return to_page(placement.pk, Verb.CANCEL)
    return show(request, placement, cancel_form=form, status=422)


@signed_in
@require_POST
def placement_adult(request: HttpRequest, pk: int) -> HttpResponse:
    placement = placement_of(request, pk)
    page = pages.placement_page(placement, request.user)
    if not page.names_adults:
        raise Http404
    form = AdultForm(request.POST, placement=placement, lines=page.held)
    if form.is_valid():
        with refusals_in(form):
            half_days, adult = form.chosen(), form.cleaned_data["adult"]
            life.name_adult(placement=placement, half_days=half_days, adult=adult, by=request.user)
            return to_page(pk, "adulte")
    return show(request, placement, adult_form=form, status=422)


@signed_in
@require_POST
def placement_tutor(request: HttpRequest, pk: int) -> HttpResponse:
    placement = coordinated(request, pk)
    form = TutorForm(request.POST, placement=placement)
    if form.is_valid():
        with refusals_in(form):
            life.follow(placement=placement, tutor=form.cleaned_data["tutor"], by=request.user)
            return to_page(pk, "tuteur")
    return show(request, placement, tutor_form=form, status=422)
