"""The agenda, the page « Recevoir mon agenda », and the feed that other calendars read without signing in."""

from __future__ import annotations

import hashlib

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import public, signed_in
from circo.calendar import actions, addresses
from circo.calendar import feed as feeds
from circo.calendar.agenda import queries, rules
from circo.models import CalendarFeed
from circo.rules import DAYS

# Google and Microsoft ask for everybody's agendas from few addresses: what is counted is each agenda by itself, and
# the guesses of each address.
RATE = {"calendar_feed": "60/h/key", "calendar_guess": "30/m/ip"}


@signed_in
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    page = queries.month_page(request.user, rules.month_asked(request.GET.get("mois", ""), today), today)
    return htmx.page(request, "calendar/agenda.html", "month", {"page": page, "weekdays": DAYS})


@signed_in
@never_cache
@require_safe
def feed_page(request: HttpRequest) -> HttpResponse:
    feed = CalendarFeed.objects.visible_to(request.user).first()
    address = addresses.address_of(feed) if feed else ""
    context = {
        "feed": feed,
        "address": address,
        "webcal": f"webcal:{address.partition(':')[2]}" if address else "",
        "is_lost": feed is not None and not address and feed.closed_at is None,
    }
    return render(request, "calendar/feed_page.html", context)


@signed_in
@require_POST
def feed_open(request: HttpRequest) -> HttpResponse:
    had_one = CalendarFeed.objects.visible_to(request.user).exists()
    actions.open_feed(by=request.user)
    said = (
        "Votre nouvelle adresse est prête\u00a0; l’ancienne ne marche plus." if had_one else "Votre adresse est prête."
    )
    messages.success(request, said)
    return redirect("calendar:feed_page")


@signed_in
@require_POST
def feed_close(request: HttpRequest) -> HttpResponse:
    actions.close_feed(by=request.user)
    return redirect("calendar:feed_page")


@signed_in
@require_POST
def feed_reopen(request: HttpRequest) -> HttpResponse:
    actions.reopen_feed(by=request.user)
    messages.success(request, "Votre adresse marche de nouveau.")
    return redirect("calendar:feed_page")


@public
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    reader = addresses.reader_of(secret)
    if reader is None:
        refused = ratelimit.consume_or_429(request, action="calendar_guess", config=RATE, limit_get=True)
        if refused:
            return refused
        raise Http404
    key = addresses.digest_of(secret)
    refused = ratelimit.consume_or_429(request, action="calendar_feed", config=RATE, key=key, limit_get=True)
    return refused or _feed(request, feeds.feed_of(reader, timezone.now()))


def _feed(request: HttpRequest, found: feeds.Feed) -> HttpResponse:
    """Answer with the agenda, or that it has not changed."""
    etag, changed_s = quote_etag(hashlib.sha256(found.body).hexdigest()), int(found.changed_at.timestamp())
    headers = {
        "Content-Disposition": 'inline; filename="agenda.ics"',
        "Cache-Control": "private, no-cache",  # kept by the calendar that asks, which asks again each time
        "X-Robots-Tag": "noindex",
        "ETag": etag,
        "Last-Modified": http_date(changed_s),
    }
    response = HttpResponse(found.body, content_type="text/calendar; charset=utf-8", headers=headers)
    return get_conditional_response(request, etag, changed_s, response)
