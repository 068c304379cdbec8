"""What sharing days tell people: announced, moved, called off; one is called, reminded, taken out, certified."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from circo import notices
from circo.documents.rules import weekday
from circo.models import Delivery, Person
from circo.notices import NoticeKind
from events.models import SharingDay

CALLED = NoticeKind(
    "day-called",
    "Convocations aux journées",
    "Quand vous êtes convoqué·e à une journée des partages, ou qu’on attend votre réponse.",
    Delivery.AT_ONCE,
)
CHANGED = NoticeKind(
    "day-changed",
    "Journées déplacées ou annulées",
    "Quand une journée où vous êtes convoqué·e change de date ou de lieu, ou est annulée.",
    Delivery.AT_ONCE,
)
NEAR = NoticeKind("day-near", "Rappels de journées", "Deux jours avant une journée des partages.", Delivery.AT_ONCE)
CERTIFIED = NoticeKind(
    "day-certified",
    "Attestations de présence",
    "Quand votre attestation de présence à une journée des partages est prête.",
    Delivery.DAILY,
)
KINDS = (CALLED, CHANGED, NEAR, CERTIFIED)


def tell(people: Iterable[Person], day: SharingDay, kind: NoticeKind, title: str, key: str) -> None:
    """Tell people something of a day; `key` tells it from what was told before."""
    notices.tell_many(
        people,
        kind=kind.name,
        key=f"day-{day.pk}-{key}",
        title=title,
        text=f"{day.title}, {weekday(day.on)}",
        path=reverse("events:day_page", args=[day.pk]),
    )
