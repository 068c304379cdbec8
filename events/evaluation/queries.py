"""Reads of evaluations: whether one may give one, and what all of them say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from circo.documents.rules import weekday
from circo.models import Person
from circo.registries import Todo
from events.convening.rules import Answer
from events.days.rules import DayState
from events.evaluation import rules
from events.evaluation.rules import Bar
from events.models import Convocation, DayMove, Evaluation, SharingDay


def is_open(day: SharingDay) -> bool:
    """Tell whether one says what one thought: from the afternoon of the day until it is first closed.

    Opened again, it takes no answer more: the results were read, and would say whose the next one is.
    """
    has_come = timezone.localtime() >= day.at("PM")[0]
    if day.state == DayState.HELD or (day.state == DayState.PUBLISHED and has_come):
        return not day.moves.filter(state=DayState.CLOSED).exists()
    return False


def may_evaluate(day: SharingDay, convocation: Convocation | None) -> bool:
    """Tell whether somebody may still say what they thought."""
    if convocation is None or not convocation.is_called or convocation.has_evaluated:
        return False
    return is_open(day) and convocation.answer != Answer.CANNOT


@dataclass(frozen=True)
class Results:
    """What was said of a day, once enough people said something."""

    given: int
    asked: int
    bars: Sequence[Bar]
    keeps: Sequence[str]
    next_time: Sequence[str]

    @property
    def is_shown(self) -> bool:
        return bool(self.bars)


def results(day: SharingDay) -> Results:
    """All that was said of a day, in an order that says nothing of who did. Two queries.

    Nothing below five answers, nor before the day is closed: read before and after one more answer, the results would
    say whose it is.
    """
    asked = Convocation.objects.filter(day=day).coming().count()
    rows = list(Evaluation.objects.filter(day=day).order_by("pk").values(*rules.QUESTIONS, "keeps", "next_time"))
    if len(rows) < rules.SHOWN_FROM or day.state != DayState.CLOSED:
        return Results(len(rows), asked, [], [], [])
    words = {name: sorted(row[name] for row in rows if row[name]) for name in ("keeps", "next_time")}
    return Results(len(rows), asked, rules.bars(rows), **words)


def todos(person: Person) -> list[Todo]:
    """The days of which one has not said what one thought."""
    now = timezone.localtime()
    over = Q(day__on__lt=now.date()) | Q(day__on=now.date(), day__afternoon_starts__lte=now.time())
    is_going = Q(day__state=DayState.HELD) | Q(day__state=DayState.PUBLISHED) & over
    closed = DayMove.objects.filter(state=DayState.CLOSED).order_by().values("day_id")
    rows = Convocation.objects.of(person).coming().filter(is_going, has_evaluated=False).exclude(day__in=closed)
    rows = rows.select_related("day")
    return [
        Todo(
            "Donner votre avis",
            f"{one.day.title}, {weekday(one.day.on)}",
            reverse("events:evaluation_edit", args=[one.day_id]),
            "pencil",
            minutes=2,
        )
        for one in rows.order_by(F("day__on").desc(), "pk")
    ]
