"""The programme of a day, read by all, wished and sat in by those who come."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.documents.pacing import paced
from circo.downloads import download
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_in
from circo.rules import number_in
from events.days.views import opened, parents_of, to_day
from events.models import Convocation, SharingDay
from events.programme import actions, printing, queries
from events.programme.forms import WishesForm

WISHES = "events/programme/wishes.html"


def _shown(request: HttpRequest, pk: int) -> SharingDay:
    """The day, if one reads its programme.

    Raises: Http404 else.
    """
    day = opened(request, pk)
    if not (day.is_prepared or queries.is_shown(day)):
        get_object_or_404(SharingDay.objects.visible_to(request.user).none(), pk=pk)
    return day


@signed_in
@require_safe
@paced
def programme_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    day = _shown(request, pk)
    return download(printing.programme(day).pdf(), f"programme-{day.on}.pdf")


def _own(request: HttpRequest, pk: int) -> tuple[SharingDay, Convocation]:
    day = _shown(request, pk)
    rows = Convocation.objects.visible_to(request.user).called().select_related("day")
    return day, get_object_or_404(rows, day=day, person=request.user)


def _wishes(request: HttpRequest, day: SharingDay, form: WishesForm, status: int = 200) -> HttpResponse:
    followed(form, request, f"sharing-day:{day.pk}/wishes")
    context = {"day": day, "form": form, "parents": parents_of(day)}
    return htmx.page(request, WISHES, "form", context, status=status)


@signed_in
@require_safe
def wishes_edit(request: HttpRequest, pk: int) -> HttpResponse:
    day, mine = _own(request, pk)
    choices = queries.choices_of(mine, queries.programme(day))
    return _wishes(request, day, WishesForm(choices=choices))


@signed_in
@require_POST
@forgets_draft
def wishes_save(request: HttpRequest, pk: int) -> HttpResponse:
    day, mine = _own(request, pk)
    form = WishesForm(request.POST, choices=queries.choices_of(mine, queries.programme(day)))
    if form.is_valid():
        with refusals_in(form):
            actions.wish(convocation=mine, wishes=form.wishes(), by=request.user)
            return to_day(pk, "voeux", "ateliers")
    return _wishes(request, day, form, status=422)


@signed_in
@require_POST
def seat_ask(request: HttpRequest, pk: int) -> HttpResponse:
    day, mine = _own(request, pk)
    session = get_object_or_404(queries.sessions(day), pk=number_in(request.POST.get("session")))
    sits = actions.ask_seat(convocation=mine, session=session, by=request.user)
    return to_day(pk, "place" if sits else "attente", "ateliers")
