"""The showcase: its list, one practice, what is asked of its authors and of the team."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires, signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from trainings.models import Showcase, ShowcaseAuthor
from trainings.showcase import actions, rules
from trainings.showcase.forms import AnswerForm, NewPracticeForm, PracticeForm, PublishForm, WhyForm
from trainings.showcase.queries import lists, pages, parts
from trainings.showcase.rules import Answer, Verb

WHOLE = ("district", "sheet__owner", "path", "experiment__referent", "proposed_by")


@signed_in
@require_safe
def showcases(request: HttpRequest) -> HttpResponse:
    context = {"page": lists.list_page(request.user, request.GET), "criteria": rules.CRITERIA}
    return htmx.page(request, "trainings/showcase/list.html", "rows", context)


# --- Writing ----------------------------------------------------------------------------------------------------------
def _edit(request: HttpRequest, form: PracticeForm, status: int = 200) -> HttpResponse:
    row = form.showcase
    followed(form, request, f"showcase:{row.pk if row else 'new'}", over=row.updated_at if row else None)
    context = {"form": form, "showcase": row, "criteria": rules.CRITERIA}
    return htmx.page(request, "trainings/showcase/edit.html", "form", context, status=status)


@requires(Permission.WATCH_FILMS)
@require_safe
def showcase_new(request: HttpRequest) -> HttpResponse:
    """`?fiche=`: the sheet from which one comes."""
    sheet = parts.sheets(request.user).filter(pk=number_in(request.GET.get("fiche"))).first()
    initial = {"sheet": sheet, "title": sheet.title} if sheet else {}
    return _edit(request, NewPracticeForm(person=request.user, initial=initial))


@requires(Permission.WATCH_FILMS)
@require_POST
@forgets_draft
def showcase_propose(request: HttpRequest) -> HttpResponse:
    form = NewPracticeForm(request.POST, person=request.user)
    if form.is_valid() and form.place:
        with refusals_in(form):
            made = actions.propose(district=form.place, texts=form.texts, by=request.user)
            messages.success(request, "Merci\u00a0! Ses auteurs sont prévenus\u00a0: rien n’est montré sans eux.")
            return redirect("trainings:showcase_page", made.pk)
    return _edit(request, form, status=422)


def _writable(request: HttpRequest, pk: int) -> Showcase:
    return get_object_or_404(Showcase.objects.editable_by(request.user).select_related(*WHOLE), pk=pk)


@signed_in
@require_safe
def showcase_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, PracticeForm(person=request.user, showcase=_writable(request, pk)))


@signed_in
@require_POST
@forgets_draft
def showcase_save(request: HttpRequest, pk: int) -> HttpResponse:
    row = _writable(request, pk)
    form = PracticeForm(request.POST, person=request.user, showcase=row)
    if form.is_valid():
        with refusals_in(form):
            seen = form.cleaned_data["seen"] or row.updated_at
            actions.write(showcase=row, texts=form.texts, seen=seen, by=request.user)
            return redirect("trainings:showcase_page", pk)
    return _edit(request, form, status=422)


# --- One practice -----------------------------------------------------------------------------------------------------
def _seen(request: HttpRequest, pk: int) -> Showcase:
    return get_object_or_404(Showcase.objects.visible_to(request.user).select_related(*WHOLE), pk=pk)


def _page(request: HttpRequest, row: Showcase, *wrong: forms.Form, status: int = 200) -> HttpResponse:
    """Its page; `wrong`: the forms that come back with what is to mend."""
    page = pages.show_page(row, request.user)
    mine = page.mine
    initial = {"answer": mine.answer, "is_named": mine.is_named} if mine and mine.answer != Answer.PENDING else {}
    kept = {type(form): form for form in wrong}
    context = {
        "page": page,
        "answer_form": kept.get(AnswerForm, AnswerForm(initial=initial)) if mine else None,
        "publish_form": kept.get(PublishForm, PublishForm()) if Verb.PUBLISH in page.verbs else None,
        "why_form": kept.get(WhyForm, WhyForm()),
        "verbs": {verb.value for verb in page.verbs},
    }
    return htmx.page(request, "trainings/showcase/page.html", "practice", context, status=status)


@signed_in
@require_safe
def showcase_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _seen(request, pk))


@signed_in
@require_POST
def showcase_answer(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(ShowcaseAuthor.objects.editable_by(request.user), showcase=pk)
    row = _seen(request, pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            answer, is_named = Answer(form.cleaned_data["answer"]), form.cleaned_data["is_named"]
            actions.answer(showcase=row, answer=answer, is_named=is_named, by=request.user)
            messages.success(request, "Votre réponse est notée. Vous pouvez en changer quand vous voulez.")
            return redirect("trainings:showcase_page", pk)
    return _page(request, row, form, status=422)


def _led(request: HttpRequest, pk: int) -> Showcase:
    return get_object_or_404(Showcase.objects.led_by(request.user).select_related(*WHOLE), pk=pk)


@requires(Permission.MANAGE_GROUPS)
@require_POST
def showcase_publish(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _led(request, pk), PublishForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.publish(showcase=row, reach=form.cleaned_data["reach"], by=request.user)
            return redirect("trainings:showcase_page", pk)
    return _page(request, row, form, status=422)


@requires(Permission.MANAGE_GROUPS)
@require_POST
def showcase_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _led(request, pk), WhyForm(request.POST)
    if form.is_valid():
        with refusals_in(form, "why"):
            actions.withdraw(showcase=row, why=form.cleaned_data["why"], by=request.user)
            messages.success(request, "Cette pratique n’est plus montrée. Vous pouvez la publier de nouveau.")
            return redirect("trainings:showcase_page", pk)
    return _page(request, row, form, status=422)


@requires(Permission.MANAGE_GROUPS)
@require_POST
def showcase_set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _led(request, pk), WhyForm(request.POST)
    if form.is_valid():
        with refusals_in(form, "why"):
            actions.set_aside(showcase=row, why=form.cleaned_data["why"], by=request.user)
            return redirect("trainings:showcase_page", pk)
    return _page(request, row, form, status=422)


@requires(Permission.MANAGE_GROUPS)
@require_POST
def showcase_resume(request: HttpRequest, pk: int) -> HttpResponse:
    row = _led(request, pk)
    with refusals_above(request):
        actions.resume(showcase=row, by=request.user)
    return redirect("trainings:showcase_page", pk)
