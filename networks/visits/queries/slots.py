"""Which half-days of a class are still to be had, for any number of classes in a constant number of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay, half_days_between
from circo.dates import planned_in_words
from circo.models import Person
from circo.rules import school_year_bounds
from networks.models import ObservationSite, Visit, VisitSettings
from networks.visits import rules
from networks.visits.queries.sites import settings_for
from networks.visits.rules import VisitState


@dataclass(frozen=True)
class Slot:
    """One half-day of one class: how many seats are left, and how many people wait for one."""

    half_day: HalfDay
    words: str
    free: int
    waiting: int

    @property
    def code(self) -> str:
        return self.half_day.code


def slots(
    sites: Collection[ObservationSite], now: datetime, *, weeks: int = rules.WEEKS_AHEAD, on: date | None = None
) -> dict[int, list[Slot]]:
    """The half-days of each site that can be asked for, full ones among them, the nearest first: those of the weeks to
    come, or of one day.

    Bound: seven queries and those of the busy providers, whatever the number of sites.
    """
    today = timezone.localdate(now)
    first, last = (on, on) if on else (today, today + timedelta(weeks=weeks))
    notice = notice_hours({site.school.district_id for site in sites})
    teaching = calendar.school_half_days({site.school for site in sites}, first, last)
    absent = hosts_absent({site.host_id for site in sites}, first, last)
    counts = _counts(sites, first, last)
    everyday = list(half_days_between(first, last))
    found: dict[int, list[Slot]] = {site.pk: [] for site in sites}
    for site in sites:
        earliest = now + timedelta(hours=notice[site.school.district_id])
        open_half_days = set(site.week), set(site.dates)
        for each in everyday:
            if each.week_code not in open_half_days[0] and each.code not in open_half_days[1]:
                continue
            if each not in teaching[site.school_id] or each in absent[site.host_id]:
                continue
            if starts_at(each) < earliest:
                continue
            free = max(site.seats - counts[site.pk, each, False], 0)
            found[site.pk].append(Slot(each, planned_in_words(each, today), free, counts[site.pk, each, True]))
    return found


def notice_hours(district_ids: Collection[int]) -> Mapping[int, int]:
    """How many hours before a visit each district asks for."""
    said = dict(VisitSettings.objects.filter(district_id__in=district_ids).values_list("district_id", "notice_hours"))
    return defaultdict(lambda: rules.DEFAULT_NOTICE_HOURS, said)


def hosts_absent(host_ids: Collection[int], first: object, last: object) -> Mapping[int, set[HalfDay]]:
    """When hosts are not with their class: days off, and what else takes them; another visitor does not."""
    taken = calendar.busy(host_ids, first, last)  # type: ignore[arg-type]
    found: dict[int, set[HalfDay]] = defaultdict(set)
    for host_id, rows in taken.items():
        found[host_id] = {one.half_day for one in rows if one.reason != rules.BUSY_REASON}
    return found


def _counts(sites: Iterable[ObservationSite], first: object, last: object) -> Counter[tuple[int, HalfDay, bool]]:
    """How many seats are taken, and how many people wait (True), by site and half-day."""
    rows = (
        Visit.objects.filter(site__in=[site.pk for site in sites], day__range=(first, last), state__in=rules.LIVE)
        .order_by()
        .values_list("site_id", "day", "half", "state")
        .annotate(count=Count("pk"))
    )
    counts: Counter[tuple[int, HalfDay, bool]] = Counter()
    for site_id, day, half, state, count in rows:
        counts[site_id, HalfDay(day, "AM" if half == "AM" else "PM"), state == VisitState.WAITING] += count
    return counts


def starts_at(half_day: HalfDay) -> datetime:
    """When a half-day begins in a class, about."""
    return timezone.make_aware(datetime.combine(half_day.day, rules.HOURS[half_day.half][0]))


def ends_at(half_day: HalfDay) -> datetime:
    """When a half-day ends in a class, about."""
    return timezone.make_aware(datetime.combine(half_day.day, rules.HOURS[half_day.half][1]))


def visitor_taken(person: Person, half_day: HalfDay) -> str:
    """What takes a person on a half-day, in words; empty if nothing does. On a day off, one may come."""
    reasons = calendar.taken([person.pk], half_day.day, half_day.day)
    return next(iter(reasons.get((person.pk, half_day), ())), "")


def visits_left(person: Person, day: date) -> int:
    """How many more visits a person may take in the school year of a day."""
    taken = person.visits_made.filter(state__in=rules.COUNTED, day__range=school_year_bounds(day)).count()
    return max(settings_for(person).visits_a_year - taken, 0)


def nearest(found: Sequence[Slot], half_day: HalfDay, most: int = 3) -> list[Slot]:
    """The free half-days that are the closest to the one that somebody wished."""
    free = [slot for slot in found if slot.free and slot.half_day != half_day]
    return sorted(free, key=lambda slot: (abs((slot.half_day.day - half_day.day).days), slot.half_day))[:most]
