"""Once a day, tell each person how many new messages wait in the rooms that they enter: numbers, not a word."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from circo import notices
from circo.models import Delivery, Person
from circo.notices import NoticeKind
from networks.models import Post, Salon, SalonReading
from networks.salons import queries
from networks.salons.rules import ANSWER, DECISION, MENTION, NEWS, REPORT

NOTICES = (
    NoticeKind(
        MENTION,
        "On me mentionne dans un salon",
        "Quand quelqu’un écrit @ et votre nom dans un salon.",
        Delivery.AT_ONCE,
    ),
    NoticeKind(ANSWER, "Une réponse dans un salon", "Quand quelqu’un répond à l’un de vos messages."),
    NoticeKind(NEWS, "Les salons, chaque matin", "Quand de nouveaux messages vous attendent dans vos salons."),
    NoticeKind(REPORT, "Un message signalé", "Quand un message attend votre décision.", Delivery.AT_ONCE),
    NoticeKind(
        DECISION, "Une décision sur un message", "Quand un message est masqué, ou que votre signalement est traité."
    ),
)
A_DAY = timedelta(days=1)


def tell_news(*, now: datetime) -> int:
    """Tell of the messages of the last day, room by room, those who have not read them; return how many were told.

    Twice on the same day is once: the key of a notice holds the day.
    """
    fresh = Post.objects.shown().filter(created_at__gt=now - A_DAY, created_at__lte=now)
    lively = Salon.objects.filter(archived_at=None, pk__in=fresh.order_by().values("salon_id"))
    return sum(_tell_of(salon, fresh, now) for salon in lively.select_related(*queries.READ_WITH).order_by("pk"))


def _tell_of(salon: Salon, fresh: QuerySet[Post], now: datetime) -> int:
    posts = list(fresh.filter(salon=salon).order_by("seq").values_list("seq", "author_id"))
    read = dict(SalonReading.objects.filter(salon=salon).values_list("person_id", "read_seq"))
    by_count: dict[int, list[Person]] = {}
    for person in queries.people_of(salon):
        count = sum(seq > read.get(person.pk, 0) and author_id != person.pk for seq, author_id in posts)
        by_count.setdefault(count, []).append(person)
    by_count.pop(0, None)
    day = timezone.localtime(now).date()
    for count, people in by_count.items():
        notices.tell_many(
            people,
            kind=NEWS,
            key=f"salon-{salon.pk}-{day}",
            title=f"{_so_many(count)} dans un salon {_whose(salon)}",
            text=salon.title,
            path=reverse("networks:salon_page", args=[salon.pk]),
        )
    return sum(map(len, by_count.values()))


def _so_many(count: int) -> str:
    return f"{count} nouveaux messages" if count > 1 else "Un nouveau message"


def _whose(salon: Salon) -> str:
    """Whose room it is: the name of a group or a network is ours, the title of a salon is somebody's words."""
    if salon.group:
        return f"du groupe «\u00a0{salon.group}\u00a0»"
    if salon.network:
        return f"du réseau «\u00a0{salon.network}\u00a0»"
    return "de la circonscription" if salon.district else "à thème"
