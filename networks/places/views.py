from __future__ import annotations

from datetime import date, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_to
from circo.rules import number_in
from networks.models import Booking, Salon, ThirdPlace
from networks.places import actions, queries
from networks.places.forms import BookingForm, instead

PER_PAGE = 30
LIST, PAGE, FORM = "networks/places/place_list.html", "networks/places/place_page.html", "networks/places/booking.html"


@signed_in
@require_safe
def place_list(request: HttpRequest) -> HttpResponse:
    context = {
        "page": Paginator(queries.place_list(request.user), PER_PAGE).get_page(request.GET.get("page")),
        "bookings": list(queries.own_bookings(request.user)[:PER_PAGE]),
        "keeps": request.user.reach().can(Permission.KEEP_THIRD_PLACES),
    }
    return htmx.page(request, LIST, "rows", context)


def _asked_day(text: str | None) -> date:
    """The day of the week that is asked; today for anything else."""
    try:
        asked = date.fromisoformat(text or "")
    except ValueError:
        return timezone.localdate()
    today = timezone.localdate()
    return asked if abs(asked - today) < timedelta(days=3 * 365) else today


@signed_in
@require_safe
def place_page(request: HttpRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(queries.places(request.user), pk=pk)
    done = request.GET.get("fait", "").partition("-")
    context = {
        "place": place,
        "week": queries.week_of(place, request.user, _asked_day(request.GET.get("semaine"))),
        "today": timezone.localdate(),
        "salon": Salon.objects.visible_to(request.user).filter(pk=place.salon_id).first() if place.salon_id else None,
        "undone": _just_done(request, done[2]) if done[0] in ("annule", "deplace") else None,
        "verb": done[0],
        "parents": [("Groupes", reverse("networks:group_list")), ("Tiers-lieux", reverse("networks:place_list"))],
    }
    return htmx.page(request, PAGE, "week", context)


def _just_done(request: HttpRequest, key: str) -> Booking | None:
    """The booking that one has just changed, if it can still be taken back."""
    lately = queries.bookings(request.user).filter(updated_at__gt=timezone.now() - queries.UNDO_FOR)
    return lately.filter(pk=number).first() if (number := number_in(key)) else None


def _form(
    request: HttpRequest, place: ThirdPlace, form: BookingForm, booking: Booking | None = None, status: int = 200
) -> HttpResponse:
    where = f"booking:{booking.pk}" if booking else f"place:{place.pk}/booking"
    context = {
        "form": followed(form, request, where, but=request.GET, over=booking),
        "place": place,
        "booking": booking,
        "parents": [
            ("Tiers-lieux", reverse("networks:place_list")),
            (place.name, reverse("networks:place_page", args=[place.pk])),
        ],
    }
    return htmx.page(request, FORM, "form", context, status=status)


def _to_week(booking: Booking, done: str = "") -> HttpResponse:
    query = {"semaine": booking.slot.starts_at.date().isoformat()} | ({"fait": f"{done}-{booking.pk}"} if done else {})
    return redirect(f"{reverse('networks:place_page', args=[booking.place_id], query=query)}#semaine")


@signed_in
@require_safe
def booking_new(request: HttpRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(queries.places(request.user), pk=pk)
    asked = {name: request.GET[name] for name in ("day", "starts", "ends") if name in request.GET}
    form = BookingForm(person=request.user, place=place, initial=asked)
    return _form(request, place, form)


@signed_in
@require_POST
@forgets_draft
def booking_create(request: HttpRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(queries.places(request.user), pk=pk)
    form = BookingForm(instead(request.POST), person=request.user, place=place)
    if form.is_valid():
        with refusals_to(form.say):
            return _to_week(actions.book(place=place, wanted=form.wanted(), by=request.user), "reserve")
    return _form(request, place, form, status=422)


def _booking(request: HttpRequest, pk: int) -> Booking:
    return get_object_or_404(queries.bookings(request.user), pk=pk)


@signed_in
@require_safe
def booking_edit(request: HttpRequest, pk: int) -> HttpResponse:
    booking = _booking(request, pk)
    form = BookingForm(person=request.user, place=booking.place, booking=booking)
    return _form(request, booking.place, form, booking)


@signed_in
@require_POST
@forgets_draft
def booking_change(request: HttpRequest, pk: int) -> HttpResponse:
    booking = _booking(request, pk)
    form = BookingForm(instead(request.POST), person=request.user, place=booking.place, booking=booking)
    if form.is_valid():
        with refusals_to(form.say):
            changed = actions.change(booking=booking, wanted=form.wanted(), by=request.user)
            return _to_week(changed, "deplace" if changed.moved_from != booking.moved_from else "change")
    return _form(request, booking.place, form, booking, status=422)


@signed_in
@require_POST
def booking_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return _to_week(actions.cancel(booking=_booking(request, pk), by=request.user), "annule")


@signed_in
@require_POST
def booking_restore(request: HttpRequest, pk: int) -> HttpResponse:
    return _to_week(actions.take_back(booking=_booking(request, pk), by=request.user), "remis")
