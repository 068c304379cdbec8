"""What meetings tell people: that one is planned, that a date is looked for, that one is near."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from circo import notices
from circo.models import Delivery, Person
from circo.notices import NoticeKind
from networks.models import Meeting

PLANNED = NoticeKind(
    "meeting-planned",
    "Rencontres de vos groupes",
    "Quand une rencontre est prévue, déplacée ou annulée.",
    Delivery.AT_ONCE,
)
POLL = NoticeKind(
    "meeting-poll", "Dates à choisir", "Quand votre groupe cherche une date de rencontre.", Delivery.AT_ONCE
)
NEAR = NoticeKind(
    "meeting-near", "Rappels de rencontres", "Deux jours, puis un jour avant une rencontre.", Delivery.AT_ONCE
)
KINDS = (PLANNED, POLL, NEAR)


def tell(people: Iterable[Person], meeting: Meeting, kind: NoticeKind, title: str, key: str) -> None:
    """Tell people something of a meeting; `key` tells it from what was told before."""
    text = f"{meeting.title}, {meeting.slot}" if meeting.slot else meeting.title
    notices.tell_many(
        people,
        kind=kind.name,
        key=f"meeting-{meeting.pk}-{key}",
        title=title,
        text=text,
        path=reverse("networks:meeting_page", args=[meeting.pk]),
    )
