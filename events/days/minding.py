"""What time does to sharing days: who comes is reminded, and what was said of an absence is forgotten. Safe twice."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from events.days import queries
from events.days.telling import NEAR, tell
from events.models import Convocation, WorkshopWait, WorkshopWish

NEAR_DAYS = 2
SAID_KEPT = timedelta(days=60)  # after the day: why somebody did not come, what they wished


def remind() -> None:
    """Remind those who come, two days before."""
    for day in queries.on_day(timezone.localdate() + timedelta(days=NEAR_DAYS)):
        people = queries.coming(day)
        tell(people, day, NEAR, "La journée des partages est après-demain", f"near-{day.on}")


def forget() -> None:
    """Forget why people did not come, and what they wished, some weeks after the day; that they came stays."""
    limit = timezone.localdate() - SAID_KEPT
    over = Convocation.objects.filter(day__on__lt=limit)
    over.exclude(reason="", word="").update(reason="", word="")
    WorkshopWish.objects.filter(slot__day__on__lt=limit).delete()
    WorkshopWait.objects.filter(slot__day__on__lt=limit).delete()
