"""« Rejouer les comptes »: what the rules of now would change in the hours of a district, then doing it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.hours import actions, queries, rules
from circo.hours.forms import ReplayForm
from circo.hours.rules import Fate
from circo.models import HoursReplay, JobState, ReplayState
from circo.refusals import refusals_above, refusals_in

LINES_PER_PAGE = 50


@requires(Permission.VALIDATE_HOURS)
@require_safe
def replay_list(request: HttpRequest) -> HttpResponse:
    year = queries.year_asked(request.GET.get("annee", ""), timezone.localdate())
    return _list(request, ReplayForm(districts=queries.districts_validated(request.user), initial={"year": year}))


def _list(request: HttpRequest, form: ReplayForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "page": Paginator(queries.replays_page(request.user), 20).get_page(request.GET.get("page")),
    }
    return render(request, "hours/replay_list.html", context, status=status)


@requires(Permission.VALIDATE_HOURS)
@require_POST
def replay_ask(request: HttpRequest) -> HttpResponse:
    form = ReplayForm(request.POST, districts=queries.districts_validated(request.user))
    if form.is_valid():
        with refusals_in(form):
            replay = actions.recount(by=request.user, **form.cleaned_data)
            return redirect("hours:replay_page", pk=replay.pk)
    return _list(request, form, status=422)


@requires(Permission.VALIDATE_HOURS)
@require_safe
def replay_page(request: HttpRequest, pk: int) -> HttpResponse:
    replay = get_object_or_404(queries.replays_page(request.user), pk=pk)
    asked = request.GET.get("suite", "")
    fate = Fate(asked) if asked in set(Fate) else Fate.CHANGE
    counts = queries.counts_of(replay)
    applied = counts["applied"]
    tabs = [
        (f"{label.capitalize()} ({counts.get(one, 0)})", f"{request.path}?suite={one.value}", one is fate)
        for one, label in rules.FATE_LABELS.items()
    ]
    context = {
        "replay": replay,
        "fate": fate.value,
        "tabs": tabs,
        "changes": counts.get(Fate.CHANGE, 0),
        "applied": applied,
        "done_words": f"{applied}\u00a0ligne{'s' if applied > 1 else ''} changée{'s' if applied > 1 else ''}.",
        "page": Paginator(queries.lines_of(replay, fate), LINES_PER_PAGE).get_page(request.GET.get("page")),
        "query": f"suite={fate.value}",
        **_progress(replay),
    }
    return htmx.page(request, "hours/replay_page.html", "replay", context)


def _progress(replay: HoursReplay) -> dict[str, object]:
    """How far the work is, in numbers and in words."""
    if replay.state not in (ReplayState.COUNTING, ReplayState.APPLYING):
        return {"is_going_on": False}
    job = queries.work_on(replay)
    if job is None or job.state == JobState.QUEUED:
        return {"is_going_on": True, "percent": 0, "doing": "En attente d’un moment de libre…"}
    verb = "Calcul" if replay.state == ReplayState.COUNTING else "Application"
    return {"is_going_on": True, "percent": job.percent, "doing": f"{verb}\u00a0: {job.percent}\u00a0%"}


@requires(Permission.VALIDATE_HOURS)
@require_POST
def replay_apply(request: HttpRequest, pk: int) -> HttpResponse:
    replay = get_object_or_404(HoursReplay.objects.editable_by(request.user), pk=pk)
    with refusals_above(request):
        actions.apply(replay=replay, by=request.user)
    return redirect("hours:replay_page", pk=pk)
