"""One's own hours: the account, the entries, what one declares."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo.access import signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.hours import actions, queries, rules
from circo.hours.forms import DeclareForm, MoveForm
from circo.hours.rules import State
from circo.models import HourEntry
from circo.refusals import refusals_in

ENTRIES_PER_PAGE = 30


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    year = queries.year_asked(request.GET.get("annee", ""), today)
    if year is None:
        return render(request, "hours/mine.html", {"year": None})
    account = queries.account(request.user, year)
    page = Paginator(queries.entries_of(request.user, year), ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "year": year,
        "account": account,
        "sentence": rules.sentence(account),
        "left": rules.what_is_left(account),
        "parts": rules.parts(account),
        "page": page,
        "query": f"annee={year.first_day.year}",
        "years": queries.years_of(request.user),
        "may_declare": year.first_day <= today <= year.last_day and bool(queries.district_on(request.user, today)),
    }
    return render(request, "hours/mine.html", context)


@signed_in
@require_safe
def declare_new(request: HttpRequest) -> HttpResponse:
    return _declare(request, DeclareForm(initial={"on": timezone.localdate()}))


def _declare(request: HttpRequest, form: DeclareForm, status: int = 200) -> HttpResponse:
    return render(request, "hours/declare.html", {"form": followed(form, request, "hours/declared")}, status=status)


@signed_in
@require_POST
@forgets_draft
def declare(request: HttpRequest) -> HttpResponse:
    form = DeclareForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.declare(by=request.user, **form.cleaned_data)
            messages.success(request, "Vos heures sont notées. Elles attendent d’être confirmées.")
            return redirect("hours:mine")
    return _declare(request, form, status=422)


@signed_in
@require_POST
def declared_remove(request: HttpRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(HourEntry.objects.visible_to(request.user), pk=pk, person_id=request.user.pk)
    actions.take_back_declared(entry=entry, by=request.user)
    messages.success(request, "Ces heures sont retirées.")
    return redirect("hours:mine")


@signed_in
@require_safe
def entry_page(request: HttpRequest, pk: int) -> HttpResponse:
    return entry_answer(request, get_object_or_404(queries.entry_page(request.user), pk=pk), MoveForm())


def entry_answer(request: HttpRequest, entry: HourEntry, form: MoveForm, status: int = 200) -> HttpResponse:
    """The page of one entry: where it comes from, who signed it, what one may do of it."""
    moves = queries.moves_open_to(request.user, entry)
    is_mine = entry.person_id == request.user.pk
    context = {
        "entry": entry,
        "form": form,
        "is_mine": is_mine,
        "duration": rules.in_words(entry.minutes),
        "moves": [(move.value, rules.MOVES[move]) for move in moves if move is not rules.Move.REFUSE],
        "may_refuse": rules.Move.REFUSE in moves,
        "may_take_back": is_mine and entry.state == State.PROPOSED and entry.source.startswith(actions.DECLARED),
    }
    return render(request, "hours/entry_page.html", context, status=status)
