"""One's own hours: the account, the entries, what one declares."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo.access import signed_in
from circo.documents.pacing import paced
from circo.downloads import download
from circo.drafts.forms import followed, forgets_draft
from circo.hours import actions, queries, recounting, rules
from circo.hours.forms import DeclareForm, MoveForm
from circo.hours.rules import State
from circo.models import HourEntry, Person, SchoolYear
from circo.refusals import refusals_above, refusals_in

ENTRIES_PER_PAGE = 30


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    year = queries.year_asked(request.GET.get("annee", ""), today)
    if year is None:
        return render(request, "hours/mine.html", {"year": None})
    context = {
        **account_context(request, request.user, year),
        "years": queries.years_of(request.user),
        "may_declare": year.first_day <= today <= year.last_day and bool(queries.district_on(request.user, today)),
    }
    return render(request, "hours/mine.html", context)


def account_context(request: HttpRequest, person: Person, year: SchoolYear) -> dict[str, object]:
    """What a page tells of somebody's account, the same for whoever reads it."""
    account, counting = queries.account_and_rules(person, year)
    lines = queries.entries_of(person, year, seen_by=request.user)
    return {
        "year": year,
        "account": account,
        "sentence": rules.sentence(account),
        "left": rules.what_is_left(account),
        "parts": rules.parts(account),
        "portions": rules.portions(account),
        "derogation": queries.derogation_words(counting, year, timezone.localdate()),
        "page": Paginator(lines, ENTRIES_PER_PAGE).get_page(request.GET.get("page")),
        "query": f"annee={year.first_day.year}",
        "has_statement": bool(account.quota_minutes or account.done_minutes),
    }


@signed_in
@require_POST
@paced
def statement(request: HttpRequest) -> HttpResponse:
    return statement_answer(request, request.user, reverse("hours:mine"))


def statement_answer(request: HttpRequest, person: Person, back: str) -> HttpResponse:
    """The statement of somebody, as a file; or why there is none, on the page one comes from."""
    year = queries.year_asked(request.POST.get("annee", ""), timezone.localdate())
    if year is None:
        raise Http404
    with refusals_above(request):
        letter = actions.draw_up(person=person, year=year, by=request.user)
        return download(letter.pdf(), f"releve-18-heures-{year}.pdf")
    return redirect(back)


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
            entry = actions.declare(by=request.user, **form.cleaned_data)
            if entry.announced_minutes:
                words = (
                    f"Le plafond des heures à son rythme est atteint\u00a0: {rules.in_words(entry.minutes)} comptent."
                )
                messages.warning(request, words)
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
        "origin": recounting.origin_of(entry.source),
        "moves": [(move.value, rules.MOVES[move]) for move in moves if move is not rules.Move.REFUSE],
        "may_refuse": rules.Move.REFUSE in moves,
        "may_take_back": is_mine and entry.state == State.PROPOSED and entry.source.startswith(actions.DECLARED),
    }
    return render(request, "hours/entry_page.html", context, status=status)
