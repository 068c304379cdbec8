"""Report a message, decide on reports, hide a message and show it again."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from circo.access import signed_in
from circo.drafts.forms import forgets_draft
from circo.refusals import refusals_in
from networks.models import Post, PostReport
from networks.salons import actions, queries
from networks.salons.forms import DecisionForm, WordForm
from networks.salons.rules import Decision
from networks.salons.views.pages import crumbs, salon_of
from networks.salons.views.posts import at

PER_PAGE = 20


@signed_in
@require_POST
@forgets_draft
def post_report(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    shown = Post.objects.visible_to(request.user).shown().exclude(author_id=request.user.pk)
    post, form = get_object_or_404(shown, salon_id=pk, seq=seq), WordForm(request.POST)
    word = form.cleaned_data["word"] if form.is_valid() else request.POST.get("word", "")
    actions.report_post(post=post, word=word, by=request.user)
    messages.success(request, "Merci. Les personnes qui animent ce salon vont regarder ce message.")
    return redirect(at(post))


@signed_in
@require_POST
@forgets_draft
def post_hide(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    salon_of(request, pk)
    post = get_object_or_404(Post.objects.moderated_by(request.user).shown(), salon_id=pk, seq=seq)
    actions.hide_post(post=post, reason=request.POST.get("word", ""), by=request.user)
    return redirect("networks:post_page", pk, seq)


@signed_in
@require_POST
def post_show(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.moderated_by(request.user), salon_id=pk, seq=seq, hidden_at__isnull=False)
    actions.show_post(post=post, by=request.user)
    return redirect(at(post))


@signed_in
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    return _list(request)


def _list(request: HttpRequest, opened: PostReport | None = None, form: DecisionForm | None = None) -> HttpResponse:
    page = Paginator(queries.reports(request.user), PER_PAGE).get_page(request.GET.get("page"))
    for report in page.object_list:
        is_opened = opened is not None and report.pk == opened.pk
        report.form = form if is_opened else DecisionForm(auto_id=f"decision-{report.pk}-%s")
    context = {"page": page, "parents": crumbs()}
    return render(request, "networks/salons/report_list.html", context, status=422 if form else 200)


@signed_in
@require_POST
def report_decide(request: HttpRequest, report_id: int) -> HttpResponse:
    report = get_object_or_404(queries.reports(request.user).editable_by(request.user), pk=report_id)
    form = DecisionForm(request.POST, auto_id=f"decision-{report.pk}-%s")
    if form.is_valid():
        with refusals_in(form, "reason"):
            decision = Decision(form.cleaned_data["decision"])
            actions.decide(report=report, decision=decision, reason=form.cleaned_data["reason"], by=request.user)
            return redirect("networks:report_list")
    return _list(request, report, form)
