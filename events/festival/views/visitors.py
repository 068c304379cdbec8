"""The pages of visitors: ask for seats with a first name and an e-mail, confirm, give back. No account."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from circo.access import public
from circo.refusals import refusals_above, refusals_in
from events.festival import booking, queries
from events.festival.forms import SeatForm
from events.festival.mails import booking_id
from events.festival.views.public import shown
from events.models import AnimationSession, SeatBooking

FORM, SEAT = "events/festival/visitor_form.html", "events/festival/visitor_page.html"
# So many askings: a family books for its friends, a robot meets the end of it. By connection, by address, and by
# festival, for a robot that has many of both.
RATE = {"festival_seats": "30/h/key", "festival_address": "6/h/key", "festival_whole": "300/h/key"}
TOO_MANY = (
    "Trop de demandes en peu de temps\u00a0: rien n’est réservé. Attendez une heure, puis recommencez, "
    "ou présentez-vous sur place."
)


def _session(pk: int, session_pk: int) -> AnimationSession:
    return get_object_or_404(queries.bookable(shown(pk)), pk=session_pk)


def _form(request: HttpRequest, session: AnimationSession, form: SeatForm, status: int = 200) -> HttpResponse:
    context = {"session": session, "festival": session.animation.festival, "form": form, "is_past": _is_past(session)}
    return render(request, FORM, context, status=status)


def _is_past(session: AnimationSession) -> bool:
    return session.starts_at <= timezone.now()


@public
@require_safe
@never_cache
def visitor_new(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    return _form(request, _session(pk, session_pk), SeatForm())


@public
@require_POST
@never_cache
def visitor_ask(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    session, form = _session(pk, session_pk), SeatForm(request.POST)
    if request.POST.get("site"):  # a field that nobody sees: whoever fills it is a robot, and learns nothing
        return redirect("events:visitor_asked", pk, session_pk)
    if not form.is_valid():
        return _form(request, session, form, status=422)
    if _is_too_much(request, pk, form.cleaned_data["email"]):
        form.add_error(None, TOO_MANY)
        return _form(request, session, form, status=429)
    with refusals_in(form):
        booking.ask(session=session, asked=form.asked(_trace_of(request, f"session {session.pk}")))
        return redirect("events:visitor_asked", pk, session_pk)
    return _form(request, session, form, status=422)


def _is_too_much(request: HttpRequest, festival_pk: int, email: str) -> bool:
    """Count this asking. Of the connection a keyed trace of the day is counted, never its address, for an hour."""
    counted = {
        "festival_seats": _trace_of(request, str(timezone.localdate())),
        "festival_address": f"{festival_pk}:{email.strip().lower()}",
        "festival_whole": str(festival_pk),
    }
    return any(
        ratelimit.consume_or_429(request, action=action, config=RATE, key=key) for action, key in counted.items()
    )


def _trace_of(request: HttpRequest, of: str) -> str:
    """What tells one connection from another, of one thing alone: nobody reads an address in it."""
    address = ip_address(get_adapter().get_client_ip(request))
    whole = ip_network(f"{address}/64", strict=False) if isinstance(address, IPv6Address) else address
    return salted_hmac("events.festival.seats", f"{of}{whole}", algorithm="sha256").hexdigest()


@public
@require_safe
def visitor_asked(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    session = _session(pk, session_pk)
    context = {"session": session, "festival": session.animation.festival}
    return render(request, "events/festival/visitor_asked.html", context)


# --- Whoever holds the link of the mail -------------------------------------------------------------------------------
def _booking(token: str) -> SeatBooking:
    return get_object_or_404(queries.bookings(), pk=booking_id(token))


@public
@require_safe
@never_cache
def visitor_page(request: HttpRequest, token: str) -> HttpResponse:
    held = _booking(token)
    session = held.session
    is_late = held.held_until is not None and held.held_until <= timezone.now()
    context = {
        "booking": held,
        "session": session,
        "animation": session.animation,
        "festival": session.animation.festival,
        "token": token,
        "is_past": _is_past(session),
        "is_late": is_late,
    }
    return render(request, SEAT, context)


@public
@require_POST
@never_cache
def visitor_confirm(request: HttpRequest, token: str) -> HttpResponse:
    with refusals_above(request):
        booking.confirm(booking=_booking(token))
    return redirect("events:visitor_page", token)


@public
@require_POST
@never_cache
def visitor_cancel(request: HttpRequest, token: str) -> HttpResponse:
    with refusals_above(request):
        booking.cancel(booking=_booking(token))
    return redirect("events:visitor_page", token)
