"""The portal's own pages for people who are signed in: what waits for me, my year, my profile, search."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx, registries
from circo import rules as ground_rules
from circo.access import signed_in
from circo.portal import actions, queries, rules
from circo.portal.forms import NameForm


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    tasks = queries.tasks_of(request.user, timezone.localdate())
    context = {
        "tasks": tasks,
        "sentence": rules.things_in_words(len(tasks)) if tasks else "",
        "news": queries.news_of(request.user),
        "memberships": queries.memberships_of(request.user),
    }
    return render(request, "portal/home.html", context)


@signed_in
@require_safe
def year(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "label": ground_rules.school_year_label(ground_rules.school_year_bounds(today)[0]),
        "today": today,
        "postings": queries.postings_of(request.user, today),
        "memberships": queries.memberships_of(request.user),
    }
    return render(request, "portal/year.html", context)


@signed_in
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    context = {"today": today, "postings": queries.postings_of(request.user, today)}
    return render(request, "portal/profile.html", context)


@signed_in
@require_safe
def profile_edit(request: HttpRequest) -> HttpResponse:
    name = {"first_name": request.user.first_name, "last_name": request.user.last_name}
    return render(request, "portal/profile_edit.html", {"form": NameForm(initial=name)})


@signed_in
@require_POST
def profile_save(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return render(request, "portal/profile_edit.html", {"form": form}, status=422)
    actions.rename(person=request.user, **form.cleaned_data)
    messages.success(request, "Votre nom est enregistré.")
    return redirect("portal:profile")


@signed_in
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    words = queries.clean_words(request.GET.get("q", ""))
    enough = len(words) >= queries.WORDS_MIN
    found = registries.search(request.user, words) if enough else []
    count = sum(len(rows) for _, rows in found)
    context = {"words": words, "enough": enough, "found": found, "count": count}
    return htmx.page(request, "portal/search.html", "found", context)
