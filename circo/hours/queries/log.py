"""What a person reads of the own log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import QuerySet, Sum

from circo.hours import rules
from circo.hours.queries.accounts import shares_of
from circo.models import Person, SchoolYear, ServiceLogEntry
from circo.rules import number_in, school_year_bounds


@dataclass(frozen=True)
class LogTotal:
    """What one's log says of one duty, this school year. `due_minutes` is 0 where no service is known."""

    label: str
    minutes: int
    due_minutes: int

    @property
    def text(self) -> str:
        done = rules.in_words(self.minutes) if self.minutes else "0\u00a0h"
        return f"{done} sur {rules.in_words(self.due_minutes)}" if self.due_minutes else done

    @property
    def shown_minutes(self) -> int:
        return min(self.minutes, self.due_minutes)


def log_of(person: Person) -> QuerySet[ServiceLogEntry]:
    """The lines of one's own log, the last days first."""
    return ServiceLogEntry.objects.visible_to(person).kept().order_by("-on", "-pk").fetch_mode(models.FETCH_RAISE)


def removed_from_log(person: Person, pk: str) -> ServiceLogEntry | None:
    """A line that its owner has just removed."""
    removed = ServiceLogEntry.objects.visible_to(person).filter(removed_at__isnull=False)
    return removed.filter(pk=number).first() if (number := number_in(pk)) else None


def log_totals(person: Person, year: SchoolYear | None, today: date) -> list[LogTotal]:
    """What one's log adds up to this school year, duty by duty."""
    bounds = school_year_bounds(today)
    rows = ServiceLogEntry.objects.visible_to(person).kept().filter(on__range=bounds).order_by("category")
    done = dict(rows.values_list("category").annotate(total=Sum("minutes")))
    share = shares_of([person.pk], year)[person.pk] if year else 0
    return [
        LogTotal(rules.LOG_LABELS[category], done.get(category, 0), rules.due_of(full, share))
        for category, full in rules.LOG_FULL_MINUTES.items()
    ]
