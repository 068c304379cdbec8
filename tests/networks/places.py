"""Third places for the tests, and moments at which one books them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from circo.models import District, Person
from networks.models import Booking, ThirdPlace
from networks.places import actions
from networks.places.actions import Wanted
from networks.places.rules import Slot


def place_of(district: District, name: str = "La Filature", **fields: Any) -> ThirdPlace:
    return ThirdPlace.objects.create(
        district=district, name=name, **{"address": "1 rue du Lin", "capacity": 20} | fields
    )


def monday() -> date:
    """A Monday to come: neither today nor too far."""
    today = timezone.localdate()
    return today + timedelta(days=14 - today.weekday())


def slot(starts: str = "10:00", ends: str = "12:00", *, on: date | None = None) -> Slot:
    day, zone = on or monday(), timezone.get_current_timezone()
    return Slot(*(datetime.combine(day, time.fromisoformat(hour), zone) for hour in (starts, ends)))


def wanted(starts: str = "10:00", ends: str = "12:00", **fields: Any) -> Wanted:
    on = fields.pop("on", None)
    return Wanted(**{"slot": slot(starts, ends, on=on), "people": 6, "purpose": "Préparer la grille"} | fields)


def booking_of(place: ThirdPlace, by: Person, starts: str = "10:00", ends: str = "12:00", **fields: Any) -> Booking:
    return actions.book(place=place, wanted=wanted(starts, ends, **fields), by=by)
