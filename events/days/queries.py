"""Reads of sharing days: which dates suit, who is of the networks, what the pages show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db import models
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from circo.access import Permission
from circo.calendar import queries as calendar_queries
from circo.calendar import rules as calendar_rules
from circo.calendar.rules import HALVES, HalfDay, days_between
from circo.documents.rules import weekday
from circo.models import District, Person, Posting, School, SchoolYear
from circo.queries import counted
from circo.registries import Found, Todo
from circo.rules import MONTHS, Role
from circo.search import matching
from events.brigade import queries as brigade
from events.convening.rules import Answer, ConvocationState
from events.days import rules
from events.days.rules import DayState, Proposal
from events.models import Convocation, DayRules, SharingDay
from networks.groups.rules import Standing
from networks.meetings.rules import Calendar
from networks.models import Membership

WITH_A_CLASS = (Role.TEACHER, Role.HEAD_TEACHER)


# --- Who, and where ---------------------------------------------------------------------------------------------------
def districts_prepared_by(person: Person) -> QuerySet[District]:
    """The districts whose days one prepares."""
    ids = person.reach().district_ids_for(Permission.PREPARE_DAYS)
    return District.objects.filter(pk__in=ids).select_related("departement").order_by("name", "pk")


def rules_of(district: District) -> DayRules:
    """What a district decides of its days."""
    return DayRules.objects.filter(district=district).first() or DayRules(district=district)


def members(district: District, on: date) -> QuerySet[Person]:
    """The active members, that school year, of the groups of the networks of a district."""
    held = Membership.objects.of_day(on).filter(group__network__district=district, standing=Standing.ACTIVE)
    rows = Person.objects.filter(pk__in=held.order_by().values("person_id"), is_active=True)
    return rows.order_by("last_name", "first_name", "pk")


def _posts(people: QuerySet[Person], on: date) -> QuerySet[Posting]:
    """The posts with a class that these people hold on that day."""
    held = Posting.objects.in_force(on).filter(role__in=WITH_A_CLASS, person__in=people.order_by().values("pk"))
    return held.order_by()


def schools_of(people: QuerySet[Person], on: date) -> QuerySet[School]:
    """The schools in which these people have a class on that day."""
    return School.objects.filter(pk__in=_posts(people, on).values("school_id")).order_by("commune", "name", "pk")


# --- Which dates suit -------------------------------------------------------------------------------------------------
def calendar_of(district: District, first: date, last: date) -> Calendar:
    """What the ground says of the days of a district, from one to the other, with those around."""
    departement = district.departement
    zone = calendar_rules.zone_of(departement.code, departement.holiday_zone)
    known = SchoolYear.objects.aggregate(first=Min("first_day"), last=Max("last_day"))
    public: dict[date, str] = {}
    holidays: dict[date, str] = {}
    for year in range((first - rules.A_DAY).year, (last + rules.A_DAY).year + 1):
        public |= calendar_rules.public_holidays(departement.code, year)
        holidays |= calendar_rules.school_holidays(zone, year)
    return Calendar(known["first"], known["last"], public, holidays)


def closed_schools(district: District, on: date) -> list[str]:
    """The schools of the members that have no class all that day, in order."""
    schools = list(schools_of(members(district, on), on))
    teaching = calendar_queries.school_half_days(schools, on, on)
    return [school.name for school in schools if not _teaches_all_day(teaching[school.pk], on)]


def _teaches_all_day(half_days: Collection[HalfDay], on: date) -> bool:
    return all(HalfDay(on, half) in half_days for half in HALVES)


def proposals(district: District, first: date, last: date) -> list[Proposal]:
    """The dates between two that suit: all schools have class, nobody makes a bridge, substitutes have two weeks.

    Costs the same number of queries however long the period.
    """
    first = max(first, rules.notice_ends(timezone.localdate()))
    if last < first:
        return []
    people = members(district, first)
    schools = list(schools_of(people, first)) or list(School.objects.filter(district=district, closed_on=None))
    teaching = list(calendar_queries.school_half_days(schools, first, last).values())
    calendar = calendar_of(district, first, last)
    own, others = _days_between(district, first, last)
    free = brigade.capacity(district.departement, first, last)
    classes = _classes(people, first)
    return [
        Proposal(on, [name for name, _ in others[on]], classes + sum(count for _, count in others[on]), free.get(on))
        for on in days_between(first, last)
        if on not in own
        and teaching
        and all(_teaches_all_day(half_days, on) for half_days in teaching)
        and not rules.is_bridge(on, calendar.public)
        and not calendar.refusal(on)
    ]


def _classes(people: QuerySet[Person], on: date) -> int:
    """How many of these people have a class to be taken."""
    return _posts(people, on).values("person_id").distinct().count()


def _days_between(district: District, first: date, last: date) -> tuple[set[date], dict[date, list[tuple[str, int]]]]:
    """The dates that the district has already, and those of the others of its département with how many they call."""
    rows = (
        SharingDay.objects.standing()
        .filter(district__departement=district.departement_id, on__range=(first, last))
        .annotate(called=counted(Convocation.objects.standing(), "day"))
        .order_by("on", "district__name", "pk")
    )
    own: set[date] = set()
    others: dict[date, list[tuple[str, int]]] = defaultdict(list)
    for pk, name, on, called in rows.values_list("district_id", "district__name", "on", "called"):
        if pk == district.pk:
            own.add(on)
        else:
            others[on].append((name, called))
    return own, others


def planned(district: District) -> list[SharingDay]:
    """The days of a district in this school year and those after, the held ones too: they count in its number."""
    rows = SharingDay.objects.standing().filter(district=district, school_year__last_day__gte=timezone.localdate())
    return list(rows.select_related("school_year").order_by("on", "pk"))


def full_years(days: Iterable[SharingDay], days_a_year: int) -> list[SchoolYear]:
    """Of the years of these days, those that have all that the district wants."""
    counts = Counter(day.school_year for day in days)
    return [year for year, count in counts.items() if count >= days_a_year]


@dataclass(frozen=True)
class Month:
    name: str
    proposals: Sequence[Proposal]


def warned_alike(found: Sequence[Proposal]) -> list[str]:
    """What speaks against all these dates alike: said once."""
    if len(found) < 2:
        return []
    return [words for words in found[0].warnings if all(words in one.warnings for one in found)]


def months(found: Iterable[Proposal]) -> list[Month]:
    """The same dates, month by month."""
    cut = groupby(found, key=lambda one: (one.on.year, one.on.month))
    return [Month(f"{MONTHS[month - 1]} {year}", list(inside)) for (year, month), inside in cut]


def last_day_of_year(on: date) -> date | None:
    """The end of the school year that holds a day."""
    return SchoolYear.objects.holding(on).order_by("pk").values_list("last_day", flat=True).first()


# --- Pages ------------------------------------------------------------------------------------------------------------
def days(person: Person) -> QuerySet[SharingDay]:
    """The days whose page one may open. `is_prepared`: one prepares it; `is_sent_by_me`: one sends its convocations."""
    same = SharingDay.objects.filter(pk=OuterRef("pk"))
    return (
        SharingDay.objects.visible_to(person)
        .select_related("district__departement", "school_year", "place", "booking")
        .annotate(
            is_prepared=Exists(same.editable_by(person)),
            is_sent_by_me=Exists(same.sendable_by(person)),
        )
    )


def on_day(on: date) -> QuerySet[SharingDay]:
    """The announced days of a date."""
    return SharingDay.objects.filter(on=on, state=DayState.PUBLISHED).order_by("pk")


def coming(day: SharingDay) -> QuerySet[Person]:
    """Who is called to a day, and has not said that they cannot come."""
    called = Convocation.objects.filter(day=day).coming().order_by().values("person_id")
    return Person.objects.filter(pk__in=called).order_by("pk")


def has_days(district: District, year: SchoolYear) -> bool:
    """Tell whether a day of that school year was chosen: its list is that of the members of the year."""
    return SharingDay.objects.standing().filter(district=district, school_year=year).exists()


@dataclass(frozen=True)
class Listed:
    """The days of a person, those to come first."""

    coming: Sequence[SharingDay]
    past: Sequence[SharingDay]


def day_list(person: Person) -> Listed:
    """The days to come, the soonest first, and the past ones, the newest first; with how many are called."""
    rows = days(person).annotate(called=counted(Convocation.objects.standing(), "day"))
    found = list(rows.order_by("on", "pk").fetch_mode(models.FETCH_RAISE))
    today = timezone.localdate()
    return Listed([day for day in found if day.on >= today], [day for day in reversed(found) if day.on < today])


def counts_of(day: SharingDay) -> Mapping[str, int]:
    """How many convocations of a day stand in each state, and how many come. One query."""
    rows = Convocation.objects.filter(day=day)
    return rows.aggregate(
        listed=models.Count("pk", filter=~Q(state=ConvocationState.WITHDRAWN)),
        to_send=models.Count("pk", filter=Q(state=ConvocationState.PREPARED)),
        silent=models.Count("pk", filter=Q(state=ConvocationState.SENT)),
        come=models.Count("pk", filter=Q(state=ConvocationState.ANSWERED) & ~Q(answer=Answer.CANNOT)),
        cannot=models.Count("pk", filter=Q(state=ConvocationState.ANSWERED, answer=Answer.CANNOT)),
    )


# --- What the home page and the search read ---------------------------------------------------------------------------
def todos(person: Person) -> list[Todo]:
    """For the team: convocations to send, presences to close."""
    today = timezone.localdate()
    waiting = Convocation.objects.filter(day=OuterRef("pk"), state=ConvocationState.PREPARED)
    led = SharingDay.objects.editable_by(person).order_by("on", "pk")
    to_send = led.sendable_by(person).filter(Exists(waiting), state=DayState.PUBLISHED, on__gte=today)
    over = led.filter(state=DayState.PUBLISHED, on__lt=today)
    return [
        *(
            Todo(
                "Envoyer les convocations",
                str(day),
                reverse("events:convocation_list", args=[day.pk]),
                "mail",
                due_on=day.on - rules.NOTICE,
                minutes=5,
            )
            for day in to_send
        ),
        *(
            Todo("Dire qui était là", str(day), reverse("events:presence_lists", args=[day.pk]), "check", minutes=10)
            for day in over
        ),
    ]


def search(person: Person, text: str, most: int) -> list[Found]:
    """The days whose title or theme holds these words."""
    found = matching(SharingDay.objects.visible_to(person).standing(), ("folded",), text, most)
    return [Found(day.title, weekday(day.on), reverse("events:day_page", args=[day.pk])) for day in found]
