"""The pages of needs: the days to cover, the classes of one day, one class."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires, signed_in
from circo.dates import day_in_words
from circo.drafts.forms import follow, forgets_draft
from circo.models import Person
from circo.rules import number_in
from events.days.queries import rules_of
from events.models import CoverNeed, SharingDay
from events.needs import actions, queries
from events.needs.forms import ClassNoteForm, NeedForm

DAYS, LIST, PAGE = "events/needs/days.html", "events/needs/list.html", "events/needs/page.html"


@requires(Permission.VIEW_BRIGADE)
@require_safe
def day_needs_list(request: HttpRequest) -> HttpResponse:
    context = {"days": list(queries.coming(request.user)), "parents": _parents()[:1]}
    return htmx.page(request, DAYS, "days", context)


def _parents(day: SharingDay | None = None) -> list[tuple[str, str]]:
    found = [("Brigade", reverse("events:brigade_list")), ("Classes à prendre", reverse("events:need_days"))]
    if day is not None:
        found.append(
            (
                f"{day_in_words(day.on, timezone.localdate())}, {day.district.name}",
                reverse("events:need_list", args=[day.pk]),
            )
        )
    return found


def _day(request: HttpRequest, pk: int) -> SharingDay:
    return get_object_or_404(queries.days(request.user), pk=pk)


@requires(Permission.VIEW_BRIGADE)
@require_safe
def need_list(request: HttpRequest, day_pk: int) -> HttpResponse:
    day = _day(request, day_pk)
    done, _, undone = request.GET.get("fait", "").partition("-")
    reach = request.user.reach()
    context = {
        "day": day,
        "page": queries.needs_page(day),
        "may_plan": queries.may_plan(request.user, day),
        "may_exceed": day.district_id in reach.district_ids_for(Permission.EXCEED_LEAVING),
        "may_take_out": day.district_id in reach.district_ids_for(Permission.PREPARE_DAYS),
        "is_limited": rules_of(day.district).is_leaving_limited,
        "done": done,
        "undone": number_in(undone),
        "parents": _parents(),
    }
    return htmx.page(request, LIST, "needs", context)


@requires(Permission.PLAN_COVER)
@require_POST
def need_compute(request: HttpRequest, day_pk: int) -> HttpResponse:
    day = _day(request, day_pk)
    if not queries.may_plan(request.user, day):
        raise Http404
    actions.compute(day=day, by=request.user)
    return redirect(reverse("events:need_list", args=[day.pk], query={"fait": "calcule"}))


# --- One class --------------------------------------------------------------------------------------------------------
def _need(request: HttpRequest, pk: int) -> CoverNeed:
    return get_object_or_404(queries.needs(request.user), pk=pk)


def _is_own(need: CoverNeed, person: Person) -> bool:
    return person in need.people.all()


def _show(
    request: HttpRequest,
    need: CoverNeed,
    *,
    ranking: NeedForm | None = None,
    note: ClassNoteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    reads = need.day.district_id in request.user.reach().district_ids_for(Permission.VIEW_BRIGADE)
    ranking = (ranking or NeedForm(need=need)) if queries.may_plan(request.user, need.day) else None
    note = (note or ClassNoteForm(initial={"text": need.class_note})) if _is_own(need, request.user) else None
    if ranking or note:
        follow(request, {f"need:{need.pk}/rank": ranking, f"need:{need.pk}/note": note}, over=need)
    context = {
        "need": need,
        "ranking": ranking,
        "note": note,
        "done": request.GET.get("fait", ""),
        "parents": _parents(need.day) if reads else [("À faire", reverse("portal:home"))],
    }
    return htmx.page(request, PAGE, "need", context, status=status)


@signed_in
@require_safe
def need_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _need(request, pk))


@requires(Permission.PLAN_COVER)
@require_POST
@forgets_draft
def need_rank(request: HttpRequest, pk: int) -> HttpResponse:
    need = _need(request, pk)
    if not queries.may_plan(request.user, need.day):
        raise Http404
    form = NeedForm(request.POST, need=need)
    if not form.is_valid():
        return _show(request, need, ranking=form, status=422)
    actions.rank(need=need, by=request.user, **form.ranked())
    return redirect(f"{reverse('events:need_list', args=[need.day_id], query={'fait': 'range'})}#classe-{need.pk}")


@signed_in
@require_POST
@forgets_draft
def need_note(request: HttpRequest, pk: int) -> HttpResponse:
    need = _need(request, pk)
    if not _is_own(need, request.user):
        raise Http404
    form = ClassNoteForm(request.POST)
    if not form.is_valid():
        return _show(request, need, note=form, status=422)
    actions.write_note(need=need, text=form.cleaned_data["text"], by=request.user)
    return redirect(reverse("events:need_page", args=[need.pk], query={"fait": "mot"}))
