"""What a sharing day gives to the account of hours of those who were there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.urls import reverse

from circo.calendar.rules import Half
from circo.hours.recounting import Asked, Claim, Recounter
from circo.hours.rules import Category, Mode
from events.days.rules import DayState
from events.models import Convocation, Presence
from events.signing import rules
from events.signing.rules import Stay

OVER = (DayState.HELD, DayState.CLOSED)


def claim_of(convocation: Convocation, stays: Mapping[Half, Stay]) -> Claim:
    """What the half-days that somebody attended give, by what the day counts for."""
    day = convocation.day
    share = rules.attended_share(stays, day.hours)
    return Claim(
        person=convocation.person,
        on=day.on,
        minutes=day.credited_minutes(day.duration_minutes, share),
        category=Category(day.category),
        mode=Mode.IN_PERSON,
        source=day.source,
        label=day.title,
        path=reverse("events:day_page", args=[day.pk]),
    )


def claims(asked: Asked) -> Iterable[Claim]:
    """What the days held between these give to these people. Two queries."""
    rows = Convocation.objects.called().filter(
        person_id__in=asked.person_ids, day__on__range=asked.days, day__state__in=OVER
    )
    stays: dict[int, dict[Half, Stay]] = defaultdict(dict)
    for one in Presence.objects.filter(convocation__in=rows.order_by().values("pk")).order_by("pk"):
        stays[one.convocation_id][one.half_day] = one.stay
    return [claim_of(one, stays[one.pk]) for one in rows.select_related("person", "day").order_by("pk")]


RECOUNTER = Recounter("events.sharingday", "Journées des partages", claims)
