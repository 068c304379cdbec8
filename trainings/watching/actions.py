"""The one verb of watching: count what a player says that it played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from trainings.models import Enrolment, WatchedExcerpt
from trainings.watching import rules
from trainings.watching.rules import Seen, Stretch
from trainings.watching.tokens import Play, TooLate


@dataclass(frozen=True)
class Beat:
    """What a beat came to: all that is watched, and the milliseconds of film that the clock did not allow."""

    seen: Seen
    refused_ms: int


@transaction.atomic
def beat(*, play: Play, played: Sequence[Stretch], position_s: float, now: datetime) -> Beat:
    """Add to what the learner of `play` has watched what was just played, as far as the clock allows.

    By whom is in `play`, which we signed for one person: the caller has asked that it is that person who sends it, and
    whether the film is still to be seen. An enrolment has one clock, whatever its pages: time that passed once is spent
    once, so its row is held.
    Raises: TooLate if the path was left.
    """
    mine = Enrolment.objects.filter(pk=play.enrolment_id, person=play.person_id, left_at=None)
    if mine.select_for_update(of=("self",), no_key=True).values_list("pk").first() is None:
        raise TooLate("Vous avez quitté ce parcours\u00a0: ce que vous regardez n’y est plus compté.")
    rows = WatchedExcerpt.objects.filter(enrolment=play.enrolment_id)
    last = rows.order_by("-beat_at").values("beat_at")[:1]
    found = rows.filter(excerpt=play.excerpt_id).annotate(last_at=last).first()
    last_at = found.last_at if found else rows.aggregate(at=Max("beat_at"))["at"]
    since = max(play.opened_at, last_at or play.opened_at)
    row: WatchedExcerpt = found or WatchedExcerpt(
        enrolment_id=play.enrolment_id, excerpt_id=play.excerpt_id, credit_ms=rules.GRACE_MS
    )
    clock = rules.clock_ms(row.credit_ms, now - since)
    held = [(begin, end) for begin, end in row.stretches]
    counted = rules.count(rules.clipped(played, play.in_ms, play.out_ms), held, clock)
    row.stretches, row.credit_ms = counted.stretches, counted.waiting_ms
    row.seconds = rules.length_ms(counted.stretches) / 1000
    row.position_s = min(max(position_s, play.in_ms / 1000), play.out_ms / 1000)
    row.beat_at = max(now, since)
    row.save()
    return Beat(Seen(row.seconds, (play.out_ms - play.in_ms) / 1000), counted.refused_ms)
