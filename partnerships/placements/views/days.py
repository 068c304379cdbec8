"""The half-days of a placement: moved, given up, missed, replaced, taken back."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.calendar.rules import HalfDay
from circo.refusals import refusals_above, refusals_in
from partnerships.models import Placement
from partnerships.placements.actions import booking, missing
from partnerships.placements.forms import MissedForm, ShiftForm
from partnerships.placements.queries import openings, pages
from partnerships.placements.queries.pages import Line, PlacementPage
from partnerships.placements.rules import OFFERED_AROUND, MissedBy
from partnerships.placements.views.one import coordinated, parents, placement_of, to_page

SHIFT, MISS = "partnerships/placements/shift.html", "partnerships/placements/miss.html"
MOVE, REPLACE = "deplacer", "remplacer"
TITLES = {MOVE: "Déplacer cette demi-journée", REPLACE: "Remplacer cette demi-journée"}


def _half_day(code: str) -> HalfDay:
    try:
        return HalfDay.from_code(code)
    except ValueError as error:
        raise Http404 from error


def _line(placement: Placement, code: str) -> Line:
    half_day = _half_day(code)
    for line in pages.lines_of(placement):
        if line.half_day == half_day:
            return line
    raise Http404


# --- Move and replace -------------------------------------------------------------------------------------------------
def _shift(
    request: HttpRequest, placement: Placement, verb: str, line: Line, form: ShiftForm, status: int = 200
) -> HttpResponse:
    context = {
        "placement": placement,
        "line": line,
        "verb": verb,
        "title": TITLES[verb],
        "form": form,
        "parents": parents(placement, request.user, page=True),
    }
    return htmx.page(request, SHIFT, "form", context, status=status)


def _form(placement: Placement, verb: str, line: Line, data: object = None) -> ShiftForm:
    students = [row.student for row in line.rows]
    leaving = verb == MOVE and bool(line.standing)
    free = openings.alternatives(
        placement.offer, line.half_day, line.kind, students, most=OFFERED_AROUND, leaving=leaving
    )
    if verb == REPLACE:  # in the same class: it is the same placement
        free = [one for one in free if one.offer.pk == placement.offer_id]
    return ShiftForm(data, free=free, line=line, placement=placement)


@signed_in
@require_safe
def placement_shift(request: HttpRequest, pk: int, verb: str, code: str) -> HttpResponse:
    placement = coordinated(request, pk)
    if verb not in TITLES:
        raise Http404
    line = _line(placement, code)
    return _shift(request, placement, verb, line, _form(placement, verb, line))


@signed_in
@require_POST
def placement_shifted(request: HttpRequest, pk: int, verb: str, code: str) -> HttpResponse:
    placement = coordinated(request, pk)
    if verb not in TITLES:
        raise Http404
    line = _line(placement, code)
    form = _form(placement, verb, line, request.POST)
    if form.is_valid():
        with refusals_in(form):
            offer, to = form.chosen()
            given = {"half_day": line.half_day, "to": to, "adult": form.cleaned_data.get("adult"), "by": request.user}
            if verb == REPLACE:
                missing.replace(placement=placement, **given)
                return to_page(pk, "remplace")
            target = booking.move(placement=placement, offer=offer, **given)
            return to_page(target.pk, f"deplace_{to.code}", avant=line.code, depuis=pk)
    return _shift(request, placement, verb, line, form, 422)


# --- Give up and take back --------------------------------------------------------------------------------------------
@signed_in
@require_POST
def placement_free(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    placement, half_day = coordinated(request, pk), _half_day(code)
    with refusals_above(request):
        held = booking.free(placement=placement, half_days=[half_day], by=request.user)
        return to_page(pk, f"libere_{code}" if held.is_open else "annuler")
    return to_page(pk)


@signed_in
@require_POST
def placement_put_back(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """What was given up, for who coordinates; an absence, for whoever may note it."""
    page, half_day = pages.placement_page(placement_of(request, pk), request.user), _half_day(code)
    if not (page.is_coordinator or page.says_missed):
        raise Http404
    with refusals_above(request):
        if page.is_coordinator:
            booking.put_back(placement=page.placement, half_days=[half_day], by=request.user)
        else:
            missing.take_back(placement=page.placement, half_day=half_day, by=request.user)
        return to_page(pk, "remis")
    return to_page(pk)


# --- Absences ---------------------------------------------------------------------------------------------------------
def _miss(request: HttpRequest, page: PlacementPage, line: Line, form: MissedForm, status: int = 200) -> HttpResponse:
    context = {
        "placement": page.placement,
        "line": line,
        "form": form,
        "is_own": page.is_own,
        "title": "Dire mon absence" if page.is_own else "Noter une absence",
        "parents": parents(page.placement, request.user, page=True),
    }
    return htmx.page(request, MISS, "form", context, status=status)


def _missing(request: HttpRequest, pk: int, code: str) -> tuple[PlacementPage, Line]:
    page = pages.placement_page(placement_of(request, pk), request.user)
    if not page.says_missed:
        raise Http404
    return page, _line(page.placement, code)


@signed_in
@require_safe
def placement_absence(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    page, line = _missing(request, pk, code)
    return _miss(request, page, line, MissedForm(placement=page.placement, own=page.is_own))


@signed_in
@require_POST
def placement_miss(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    page, line = _missing(request, pk, code)
    form = MissedForm(request.POST, placement=page.placement, own=page.is_own)
    if form.is_valid():
        with refusals_in(form):
            missing.miss(
                placement=page.placement,
                half_day=line.half_day,
                why=MissedBy(form.cleaned_data["why"]),
                student=page.own_student if page.is_own else form.cleaned_data.get("student"),
                by=request.user,
            )
            return to_page(pk, f"absence_{code}")
    return _miss(request, page, line, form, 422)
