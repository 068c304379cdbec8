"""What is read of accounts counted again."""

from __future__ import annotations

from django.db import models
from django.db.models import Count, QuerySet

from circo.access import Permission
from circo.hours.rules import Fate
from circo.models import District, HoursReplay, Job, Person, ReplayLine, ReplayState

COUNT, APPLY = "hours_recount", "hours_replay"  # the kinds of the jobs


def districts_validated(person: Person) -> QuerySet[District]:
    """The districts where one validates hours."""
    return District.objects.filter(pk__in=person.reach().district_ids_for(Permission.VALIDATE_HOURS))


def replays_page(person: Person) -> QuerySet[HoursReplay]:
    """The accounts counted again that one may see, the last first."""
    rows = HoursReplay.objects.visible_to(person).select_related("district", "school_year", "asked_by")
    return rows.order_by("-asked_at", "-pk").fetch_mode(models.FETCH_RAISE)


def lines_of(replay: HoursReplay, fate: Fate) -> QuerySet[ReplayLine]:
    """What would become of the hours of each, by name."""
    return replay.lines.filter(fate=fate.value).select_related("person").fetch_mode(models.FETCH_RAISE)


def counts_of(replay: HoursReplay) -> dict[str, int]:
    """How many lines there are of each fate; under « applied », those that were."""
    rows = replay.lines.order_by().values("fate").annotate(count=Count("pk"), done=Count("applied_at"))
    found = {row["fate"]: row["count"] for row in rows}
    return found | {"applied": sum(row["done"] for row in rows)}


def work_on(replay: HoursReplay) -> Job | None:
    """The work on this replay."""
    kind = APPLY if replay.state == ReplayState.APPLYING else COUNT
    return Job.objects.filter(kind=kind, subject_id=str(replay.pk)).first()
