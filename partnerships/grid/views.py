"""The grid of a coordinator: look, hold, move, give up, confirm; each gesture comes back to where one was."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.rules import number_in
from partnerships.grid import actions, asking, queries, showing
from partnerships.grid.asking import Asked
from partnerships.models import HostOffer, Placement
from partnerships.placements.actions import booking, life
from partnerships.placements.queries import openings
from partnerships.placements.seating import Taken

GRID, CLASS, DAY = "partnerships/grid/page.html", "partnerships/grid/class.html", "partnerships/grid/day.html"
QUERY_MAX = 800  # characters of an address that a form carries along


def _asked(request: HttpRequest) -> Asked:
    """What the address, or the form that came from it, asks to see."""
    given = QueryDict(request.POST.get("filtre", "")[:QUERY_MAX]) if request.method == "POST" else request.GET
    asked = asking.read(request.user, given)
    if asked is None:
        raise Http404
    return asked


def _offer(asked: Asked, pk: int) -> HostOffer:
    """A class of the grid: one that the institution of the cohort sees."""
    return get_object_or_404(queries.classes(asked.cohort, asked.first, asked.last), pk=pk)


def _moments(request: HttpRequest, name: str = "moments") -> list[HalfDay]:
    found = [asking.half_day_in(code) for code in request.POST.getlist(name)]
    if None in found:
        raise Http404
    return [one for one in found if one is not None]


def _context(request: HttpRequest, asked: Asked, refused: dict | None) -> dict:
    return {
        "asked": asked,
        "done": None if refused else showing.done(request.user, request.GET),
        "ticked": set(request.GET.getlist("coche")) | set(request.POST.getlist("moments") if refused else ()),
        "parents": [("Stages", reverse("partnerships:home"))],
        "refusal": "",
        "alternatives": [],
        "wished": None,
        "rest": [],
    } | (refused or {})


# --- Look -------------------------------------------------------------------------------------------------------------
def _grid(request: HttpRequest, asked: Asked, refused: dict | None = None, status: int = 200) -> HttpResponse:
    context = _context(request, asked, refused) | {"page": showing.grid_page(asked)}
    return htmx.page(request, GRID, "grid", context, status=status)


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def grid_page(request: HttpRequest) -> HttpResponse:
    asked = asking.read(request.user, request.GET)
    if asked is None:
        return render(request, "partnerships/grid/nobody.html", {"parents": [("Stages", reverse("partnerships:home"))]})
    return _grid(request, asked)


def _class(
    request: HttpRequest, asked: Asked, offer: HostOffer, refused: dict | None = None, status: int = 200
) -> HttpResponse:
    context = _context(request, asked, refused) | {"page": showing.class_page(asked, offer)}
    return htmx.page(request, CLASS, "class", context, status=status)


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def grid_class(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _asked(request)
    return _class(request, asked, _offer(asked, pk))


def _day(request: HttpRequest, text: str, refused: dict | None = None, status: int = 200) -> HttpResponse:
    day = asking.day_in(text)
    if day is None:
        raise Http404
    given = QueryDict(request.POST.get("filtre", "")[:QUERY_MAX], mutable=True)
    if request.method != "POST":
        given = request.GET.copy()
    given["du"] = day.isoformat()
    asked = asking.read(request.user, given)
    page = showing.day_page(asked, day) if asked else None
    if asked is None or page is None:
        raise Http404
    return htmx.page(request, DAY, "day", _context(request, asked, refused) | {"page": page}, status=status)


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def grid_day(request: HttpRequest, day: str) -> HttpResponse:
    return _day(request, day)


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def grid_cell(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One half-day of one class, for the panel of the grid."""
    asked, half_day = _asked(request), asking.half_day_in(code)
    if half_day is None:
        raise Http404
    context = _context(request, asked, None) | {"slot": showing.slot(asked, _offer(asked, pk), half_day)}
    return htmx.page(request, "partnerships/grid/cell.html", "cell", context)


# --- Where one comes back ---------------------------------------------------------------------------------------------
def _here(request: HttpRequest) -> tuple[str, list[int | str]]:
    """The page on which the form was: `grille`, `classe-12`, `jour-2027-01-11`, `stage-12`."""
    name, _, key = request.POST.get("retour", "").partition("-")
    pk = number_in(key)
    if name == "classe" and pk is not None:
        return "partnerships:grid_class", [pk]
    if name == "jour" and asking.day_in(key):
        return "partnerships:grid_day", [key]
    if name == "stage" and pk is not None:
        return "partnerships:placement_page", [pk]
    return "partnerships:grid_page", []


def _back(request: HttpRequest, done: str, placement: Placement, **more: object) -> HttpResponse:
    name, args = _here(request)
    query = QueryDict(request.POST.get("filtre", "")[:QUERY_MAX], mutable=True)
    query.pop("deplace", None)
    for key, value in {"fait": done, "stage": placement.pk, **more}.items():
        query.setlist(key, value if isinstance(value, list) else [str(value)])
    return redirect(f"{reverse(name, args=args)}?{query.urlencode()}")


def _refused(request: HttpRequest, refusal: Refusal, offer: HostOffer | None = None) -> HttpResponse:
    """The page where one was, with why not, what would do instead, and all that was ticked."""
    asked = _asked(request)
    refused: dict = {"refusal": str(refusal), "alternatives": []}
    if isinstance(refusal, Taken) and offer is not None and asked.party:
        students = list(asked.party.students)
        refused["alternatives"] = openings.alternatives(offer, refusal.half_day, asked.kind, students)
        rest = [code for code in request.POST.getlist("moments") if code != refusal.half_day.code]
        refused |= {"wished": offer, "rest": rest}
    status = 409 if isinstance(refusal, Taken) else 422
    name, args = _here(request)
    if name == "partnerships:grid_class":
        return _class(request, asked, _offer(asked, int(args[0])), refused, status)
    if name == "partnerships:grid_day":
        return _day(request, str(args[0]), refused, status)
    return _grid(request, asked, refused, status)


def _codes(half_days: Sequence[HalfDay]) -> list[str]:
    return [one.code for one in half_days]


# --- Do ---------------------------------------------------------------------------------------------------------------
@requires(Permission.MANAGE_STUDENTS)
@require_POST
def grid_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold half-days of a class for those whom one chose; `coche` are those that one still looks for elsewhere."""
    asked, half_days = _asked(request), _moments(request)
    offer = _offer(asked, pk)
    try:
        if asked.party is None:
            raise Refusal("Choisissez d’abord qui placer.")
        students = list(asked.party.students)
        placement = booking.hold(offer=offer, students=students, kind=asked.kind, half_days=half_days, by=request.user)
    except Refusal as refusal:
        return _refused(request, refusal, offer)
    return _back(request, "reserve", placement, moments=_codes(half_days), coche=request.POST.getlist("coche"))


def _placement(request: HttpRequest, pk: int) -> Placement:
    return get_object_or_404(Placement.objects.editable_by(request.user).select_related("offer"), pk=pk)


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def grid_free(request: HttpRequest, pk: int) -> HttpResponse:
    placement, half_days = _placement(request, pk), _moments(request)
    try:
        booking.free(placement=placement, half_days=half_days, by=request.user)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _back(request, "libere", placement, moments=_codes(half_days))


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def grid_put_back(request: HttpRequest, pk: int) -> HttpResponse:
    placement, half_days = _placement(request, pk), _moments(request)
    try:
        actions.put_back(placement=placement, half_days=half_days, by=request.user)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _back(request, "annule", placement)


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def grid_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the half-day that is being moved into the class and moment of the form."""
    placement, asked, wished = _placement(request, pk), _asked(request), _moments(request, "vers")
    offer_pk = number_in(request.POST.get("classe"))
    if offer_pk is None or len(wished) != 1:
        raise Http404
    offer = _offer(asked, offer_pk)
    try:
        if asked.moving is None or asked.moving.placement.pk != placement.pk:
            raise Refusal("Cette demi-journée n’est plus là\u00a0: la grille ci-dessous est à jour.")
        before = asked.moving.half_day
        moved = booking.move(placement=placement, half_day=before, to=wished[0], offer=offer, by=request.user)
    except Refusal as refusal:
        return _refused(request, refusal, offer)
    return _back(request, "deplace", moved, moments=_codes(wished), avant=before.code, depuis=placement.pk)


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def grid_move_back(request: HttpRequest, pk: int) -> HttpResponse:
    placement, now, before = _placement(request, pk), _moments(request), _moments(request, "avant")
    former_pk = number_in(request.POST.get("depuis"))
    if former_pk is None or len(now) != 1 or len(before) != 1:
        raise Http404
    former = _placement(request, former_pk)
    try:
        actions.move_back(placement=placement, now=now[0], former=former, before=before[0], by=request.user)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _back(request, "annule", former)


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def grid_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a placement; with « reprendre », take that back."""
    placement, is_undo = _placement(request, pk), request.POST.get("verbe") == "reprendre"
    try:
        (life.reopen if is_undo else life.confirm)(placement=placement, by=request.user)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _back(request, "annule" if is_undo else "confirme", placement)
