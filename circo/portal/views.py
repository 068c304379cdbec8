"""The portal's own pages: what waits for me, my year, my profile, search; those that anybody may read."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx, registries
from circo import rules as ground_rules
from circo.access import public, signed_in
from circo.calendar.agenda import queries as agenda
from circo.portal import actions, queries, rules
from circo.portal.forms import NameForm, SampleForm
from circo.queries import Filter


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
        "dates": agenda.next_dates(request.user, timezone.now()),
        "hours": queries.hours_of(request.user, today),
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
    context = {
        "words": words,
        "enough": enough,
        "found": found,
        "count": sum(len(rows) for _, rows in found),
        "most": registries.MOST_FOUND,
    }
    return htmx.page(request, "portal/search.html", "found", context)


# --- Pages that anybody may read ----------------------------------------------------------------------------------
@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@public
@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/legal.html")


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


@public
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html")


# --- Every component, for those who build the other pages -----------------------------------------------------------
@signed_in
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    context = {
        "form": SampleForm(),
        "wrong": SampleForm(
            {"wrong-title": "Problèmes", "wrong-email": "amina", "wrong-pupils": "900"}, prefix="wrong"
        ),
        "todo": registries.Todo(
            "Répondre à deux commentaires", "« Problèmes en CE1 » · Claire M.", "#", "comment", minutes=10
        ),
        "steps": [("Lire", "10 min", "done"), ("Essayer en classe", "40 min", "current"), ("Partager", "", "")],
        "tabs": [("À venir", "#", True), ("Passées", "#", False)],
        "facts": [("École", "Les Cerfs-Volants"), ("Classe", "")],
        "parents": [("Films", "#"), ("CE1", "#")],
        "choice": Filter("niveau", "Niveau", [("CE1", "CE1"), ("CE2", "CE2")], "CE2"),
        "page": Paginator(range(90), 30).page(2),
        "icons": sorted(file.stem for file in (settings.BASE_DIR / "templates/components/icons").glob("*.svg")),
    }
    return render(request, "portal/components.html", context)
