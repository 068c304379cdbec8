"""The code on the screen of a half-day, and who scans it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires, signed_in
from circo.calendar.rules import Half
from circo.errors import Refusal
from circo.rules import HALF_WORDS
from circo.scanning import TURNS_S
from events.convening.queries import own
from events.days import queries as days
from events.days.views import parents_of, prepared, to_day
from events.models import SharingDay
from events.signing import actions, attending, queries
from events.signing.rules import SLUGS
from events.signing.views.halves import half_of, tabs_of

SCREEN, SCAN = "events/signing/screen.html", "events/signing/scan.html"
STRANGER = "Ce code ne mène à aucune journée à laquelle vous êtes convoqué·e."


@requires(Permission.PREPARE_DAYS)
@require_safe
def presence_screen(request: HttpRequest, pk: int, half: str) -> HttpResponse:
    day, which = prepared(request, pk), half_of(half)
    context = {
        "day": day,
        "half_words": HALF_WORDS[which],
        "slug": half,
        "square": attending.picture(day, which, timezone.now()),
        "turn_s": TURNS_S,
        "present": queries.counts_of(day)[which],
        "called": queries.called(day).count(),
        "tabs": tabs_of(day, "presence_screen", which),
        "parents": parents_of(day),
    }
    return htmx.page(request, SCREEN, "screen", context)


def _scan(request: HttpRequest, day: SharingDay | None, half: Half, refusal: str = "") -> HttpResponse:
    """The page of whoever has scanned: a button, or why there is none. To who is not called it says nothing."""
    context = {
        "day": day,
        "half_words": HALF_WORDS[half],
        "slug": SLUGS[half],
        "ticket": attending.scanned(day, half).ticket_for(request.user) if day and not refusal else "",
        "refusal": refusal,
    }
    return htmx.page(request, SCAN, "scan", context, status=200 if not refusal else 422 if day else 404)


def _of_mine(request: HttpRequest, pk: int) -> SharingDay | None:
    day = days.days(request.user).filter(pk=pk).first()
    mine = own(day, request.user) if day else None
    return day if mine is not None and mine.is_called else None


@signed_in
@require_safe
def presence_scan(request: HttpRequest, pk: int, half: str, code: str) -> HttpResponse:
    day, which = _of_mine(request, pk), half_of(half)
    if day is None:
        return _scan(request, None, which, STRANGER)
    try:
        attending.scanned(day, which).check_code(code, timezone.now())
    except Refusal as refusal:
        return _scan(request, day, which, str(refusal))
    return _scan(request, day, which)


@signed_in
@require_POST
def presence_sign(request: HttpRequest, pk: int, half: str) -> HttpResponse:
    day, which = _of_mine(request, pk), half_of(half)
    if day is None:
        return _scan(request, None, which, STRANGER)
    try:
        actions.sign(day=day, half=which, ticket=request.POST.get("ticket", ""), by=request.user)
    except Refusal as refusal:
        return _scan(request, day, which, str(refusal))
    return to_day(pk, "signe", "convocation")
