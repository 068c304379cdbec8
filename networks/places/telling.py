"""The notice of a booking that somebody else has changed."""

from circo.models import Delivery
from circo.notices import NoticeKind

BOOKING_CHANGED = NoticeKind(
    "booking-changed",
    "Réservations de tiers-lieux",
    "Quand quelqu’un déplace, annule ou remet l’une de vos réservations.",
    Delivery.AT_ONCE,
)
