"""What meetings of pairs give to the account of hours: a day and a length, for who asks it, and nothing of the pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q
from django.utils import timezone

from circo.hours.recounting import Asked, Claim, Recounter
from circo.hours.rules import Category, Mode
from networks.models import MentoringMeeting, MentoringSettings

SIDES = ("newcomer", "mentor")


def claims_of(meeting: MentoringMeeting, counting: MentoringSettings | None) -> Iterator[Claim]:
    """What a meeting gives to each of the two, by what the district counts of mentoring; no settings: nothing."""
    for side in SIDES:
        person = getattr(meeting.pair, side)
        asks = meeting.is_held and getattr(meeting, f"{side}_counts")
        if person is not None:
            yield Claim(
                person=person,
                on=timezone.localdate(meeting.starts_at),
                minutes=counting.credited_minutes(meeting.minutes) if asks and counting else 0,
                category=Category(counting.category) if counting else Category.TRAINING_ANIMATION,
                mode=Mode.IN_PERSON,
                source=f"networks.mentoring:{meeting.pk}",
                label="Rencontre de mentorat",
            )


def claims(asked: Asked) -> Iterable[Claim]:
    """What the meetings of these days give to these people. Two queries."""
    ours = Q(pair__newcomer_id__in=asked.person_ids) | Q(pair__mentor_id__in=asked.person_ids)
    rows = MentoringMeeting.objects.filter(ours, starts_at__date__range=asked.days, cancelled_at=None)
    rows = rows.select_related("pair__newcomer", "pair__mentor").order_by("pk")
    known = {one.district_id: one for one in MentoringSettings.objects.order_by("pk")}
    for meeting in rows:
        for claim in claims_of(meeting, known.get(meeting.pair.district_id)):
            if claim.person.pk in asked.person_ids:
                yield claim


RECOUNTER = Recounter("networks.mentoring", "Mentorat", claims)
