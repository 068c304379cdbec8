"""What third places keep of a person."""

from __future__ import annotations

from circo.models import Person
from circo.registries import Holding
from networks.models import Booking

HOLDINGS = (
    Holding(
        "Mes réservations de tiers-lieux",
        lambda person: Booking.objects.filter(booked_by=person).order_by("starts_at", "pk"),
        {
            "lieu": "place__name",
            "de": "starts_at",
            "à": "ends_at",
            "objet": "purpose",
            "nombre de personnes": "people",
            "groupe": "group__name",
            "annulée le": "cancelled_at",
        },
    ),
)


def erase(person: Person) -> None:
    """Erase a person's bookings, and free their places; those of a group stay, and name nobody."""
    Booking.objects.filter(booked_by=person, group=None).delete()
    Booking.objects.filter(booked_by=person).update(booked_by=None)
