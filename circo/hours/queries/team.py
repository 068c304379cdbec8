"""The hours of a district: line by line, person by person or event by event, narrowed by state, school or group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from circo import registries
from circo.access import Permission
from circo.hours import rules
from circo.hours.queries.accounts import accounts
from circo.hours.rules import Mode, Portion, State
from circo.models import HourEntry, Person, Posting, School, SchoolYear, SelfPacedRules

ROWS_PER_PAGE = 50
BY_LINE, BY_PERSON, BY_EVENT = "ligne", "personne", "evenement"
GONE = "Une personne partie"


@dataclass(frozen=True)
class Filters:
    """What the page is asked: the words of its address."""

    state: State | None = State.PROPOSED
    by: str = BY_LINE
    school: int | None = None
    mode: Mode | None = None
    words: str = ""
    gathered: dict[str, str] = field(default_factory=dict)  # by gathering, the choice


@dataclass(frozen=True)
class Row:
    """One box to tick: one entry, or all those of a person or an event in that state."""

    ids: str  # « 12,15 »; empty where one may sign nothing
    title: str
    url: str
    detail: str
    minutes: int
    on: date | None = None
    kind: str = ""
    state: str = ""
    note: str = ""
    portions: Sequence[Portion] = ()

    @property
    def state_label(self) -> str:
        return rules.STATE_LABELS[State(self.state)]

    @property
    def words(self) -> str:
        return rules.in_words(self.minutes)


def _posting_of_the_day() -> QuerySet[Posting]:
    """The schools of an entry's person on that day."""
    rows = Posting.objects.filter(person_id=OuterRef("person_id"), starts_on__lte=OuterRef("on"))
    rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("on")))
    return rows.filter(role__in=rules.ROLES_WITH_HOURS, school__isnull=False).order_by("pk")


def followed(person: Person, year: SchoolYear) -> QuerySet[HourEntry]:
    """The entries of the districts whose hours one follows, in that school year."""
    districts = person.reach().district_ids_for(Permission.VIEW_HOURS)
    return HourEntry.objects.visible_to(person).filter(district_id__in=districts, school_year=year)


def narrowed(person: Person, year: SchoolYear, asked: Filters) -> QuerySet[HourEntry]:
    """The entries that the filters leave, but for their state."""
    rows = followed(person, year)
    if asked.school is not None:
        rows = rows.filter(Exists(_posting_of_the_day().filter(school_id=asked.school)))
    if asked.mode is not None:
        rows = rows.filter(mode=asked.mode)
    for gathering in registries.gatherings():
        if chosen := asked.gathered.get(gathering.name):
            rows = rows.filter(person_id__in=gathering.people(person, chosen))
    for word in asked.words.split():
        named = Q(person__last_name__icontains=word) | Q(person__first_name__icontains=word)
        rows = rows.filter(named | Q(label__icontains=word))
    return rows


def _in_state(rows: QuerySet[HourEntry], state: State | None) -> QuerySet[HourEntry]:
    return rows if state is None else rows.filter(state=state)


def counts_by_state(rows: QuerySet[HourEntry]) -> dict[str, int]:
    """How many entries there are in each state."""
    return dict(rows.order_by("state").values_list("state").annotate(count=Count("pk")))


def schools_of(person: Person) -> QuerySet[School]:
    """The schools that one may narrow the hours by."""
    districts = person.reach().district_ids_for(Permission.VIEW_HOURS)
    return School.objects.visible_to(person).filter(district_id__in=districts)


@dataclass(frozen=True)
class Ended:
    """A derogation under which self-paced hours counted, which is over, and the lines done since that wait."""

    reference: str
    ends_on: date
    waiting: int


def ended_derogations(person: Person, year: SchoolYear, today: date) -> list[Ended]:
    """The derogations of the districts where one validates hours that are over, or were before that year ended."""
    districts = person.reach().district_ids_for(Permission.VALIDATE_HOURS)
    since = HourEntry.objects.filter(
        district_id=OuterRef("district_id"),
        school_year=year,
        mode=Mode.SELF_PACED,
        state__in=(State.PROPOSED, State.CONFIRMED),
        on__gt=OuterRef("derogation__ends_on"),
    )
    count = since.order_by().values("district_id").annotate(count=Count("pk")).values("count")
    rows = SelfPacedRules.objects.filter(
        district_id__in=districts, derogation__ends_on__lt=min(today, year.last_day)
    ).annotate(waiting=Coalesce(Subquery(count), 0))
    named = rows.order_by("derogation__reference", "pk").values_list(
        "derogation__reference", "derogation__ends_on", "waiting"
    )
    return [Ended(*one) for one in named]


def team_rows(person: Person, year: SchoolYear, asked: Filters, number: str) -> tuple[Page[Any], list[Row]]:
    """One page of boxes to tick, and the page itself for the links that turn it."""
    rows = _in_state(narrowed(person, year, asked), asked.state)
    shape = {BY_PERSON: _by_person, BY_EVENT: _by_event}.get(asked.by, _by_line)
    return shape(rows, person, year, number)


def _with_school(rows: QuerySet[HourEntry]) -> QuerySet[HourEntry]:
    return rows.annotate(school_name=Subquery(_posting_of_the_day().values("school__name")[:1]))


def _kind(entry: HourEntry) -> str:
    return f"{entry.get_category_display()}, {entry.get_mode_display()}"


def _by_line(rows: QuerySet[HourEntry], person: Person, year: SchoolYear, number: str) -> tuple[Page[Any], list[Row]]:
    lines = _with_school(rows).select_related("person").order_by("-on", "-pk").fetch_mode(models.FETCH_RAISE)
    page = Paginator(lines, ROWS_PER_PAGE).get_page(number)
    return page, [_line(entry, person) for entry in page]


def _line(entry: Any, person: Person) -> Row:
    signable = entry.person_id not in (None, person.pk)
    who = ", ".join(filter(None, (str(entry.person or GONE), entry.school_name)))
    return Row(
        ids=str(entry.pk) if signable else "",
        title=who,
        url=reverse("hours:entry_page", args=[entry.pk]),
        detail=entry.label,
        minutes=entry.minutes,
        on=entry.on,
        kind=_kind(entry),
        state=entry.state,
        note=entry.reason,
    )


def _ids_by(rows: QuerySet[HourEntry], name: str, keys: list[Any], person: Person) -> dict[Any, str]:
    """The entries behind each box, those that one may sign: what one ticks is what one saw."""
    ids: dict[Any, list[str]] = defaultdict(list)
    mine = rows.filter(**{f"{name}__in": keys}, person__isnull=False).exclude(person_id=person.pk)
    for key, pk in mine.order_by("pk").values_list(name, "pk"):
        ids[key].append(str(pk))
    return {key: ",".join(found) for key, found in ids.items()}


def _by_person(rows: QuerySet[HourEntry], person: Person, year: SchoolYear, number: str) -> tuple[Page[Any], list[Row]]:
    named = ("person_id", "person__last_name", "person__first_name")
    groups = rows.filter(person__isnull=False).order_by(*named[1:], "person_id").values(*named)
    groups = groups.annotate(count=Count("pk"), total=Sum("minutes"))
    page = Paginator(groups, ROWS_PER_PAGE).get_page(number)
    keys = [group["person_id"] for group in page]
    ids, drawn_up = _ids_by(rows, "person_id", keys, person), accounts(keys, year)
    found = []
    for group in page:
        name = f"{group['person__first_name']} {group['person__last_name']}"
        count, account = group["count"], drawn_up[group["person_id"]]
        found.append(
            Row(
                ids=ids.get(group["person_id"], ""),
                title=name,
                url=reverse("hours:person_page", args=[group["person_id"]], query={"annee": year.first_day.year}),
                detail=f"{count} ligne{'s' if count > 1 else ''}",
                minutes=group["total"],
                note=f"En tout cette année\u00a0: {rules.sentence(account)}.",
                portions=rules.portions(account),
            )
        )
    return page, found


def _by_event(rows: QuerySet[HourEntry], person: Person, year: SchoolYear, number: str) -> tuple[Page[Any], list[Row]]:
    groups = rows.exclude(source="").order_by().values("source")
    groups = groups.annotate(
        name=Max("label"),
        first=Min("on"),
        where=Max("path"),
        people=Count("person", distinct=True),
        total=Sum("minutes"),
    ).order_by("-first", "source")
    page = Paginator(groups, ROWS_PER_PAGE).get_page(number)
    ids = _ids_by(rows, "source", [group["source"] for group in page], person)
    return page, [
        Row(
            ids=ids.get(group["source"], ""),
            title=group["name"],
            url=group["where"],
            detail=f"{group['people']} personne{'s' if group['people'] > 1 else ''}",
            minutes=group["total"],
            on=group["first"],
        )
        for group in page
    ]


COLUMNS = (
    "nom",
    "prénom",
    "école",
    "date",
    "intitulé",
    "minutes",
    "durée",
    "au titre de",
    "forme",
    "état",
    "raison du refus",
    "confirmées le",
    "confirmées par",
    "validées le",
    "validées par",
)


def exported(person: Person, year: SchoolYear, asked: Filters) -> Iterator[list[object]]:
    """The table of the entries that the filters leave, its titles first."""
    yield list(COLUMNS)
    rows = _with_school(_in_state(narrowed(person, year, asked), asked.state))
    rows = rows.select_related("person", "confirmed_by", "validated_by").order_by("on", "pk")
    for entry in rows.fetch_mode(models.FETCH_RAISE).iterator(chunk_size=500):
        yield _exported_line(entry)


def _exported_line(entry: Any) -> list[object]:
    owner = entry.person
    return [
        owner.last_name if owner else GONE,
        owner.first_name if owner else "",
        entry.school_name or "",
        entry.on.isoformat(),
        entry.label,
        entry.minutes,
        rules.in_words(entry.minutes),
        entry.get_category_display(),
        entry.get_mode_display(),
        entry.get_state_display(),
        entry.reason,
        entry.confirmed_at.date().isoformat() if entry.confirmed_at else "",
        entry.confirmed_by or "",
        entry.validated_at.date().isoformat() if entry.validated_at else "",
        entry.validated_by or "",
    ]
