"""The pages of visits: one's own, one visit, who comes to a school; and what a calendar shows of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from circo.calendar.rules import HalfDay
from circo.models import District, Person, SchoolYear
from circo.registries import Busy, CalendarEvent, Todo
from networks.models import Membership, MutualisationGroup, ObservationSite, Visit
from networks.visits import rules
from networks.visits.rules import Actor, VisitState

VISITS_A_PAGE = 20


def visits(person: Person) -> models.QuerySet[Visit]:
    """The visits of a person, made and received, with the two people, the place and the report."""
    return (
        Visit.objects.visible_to(person)
        .select_related("site__host", "site__school", "visitor", "ended_by", "report")
        .fetch_mode(models.FETCH_RAISE)
    )


@dataclass(frozen=True)
class VisitListPage:
    """One's visits to come, the next first, then the past ones, the latest first."""

    coming: list[Visit]
    past: Page
    sites: list[ObservationSite]


def visit_list_page(person: Person, *, number: str | None = None) -> VisitListPage:
    """Read the page of one's visits."""
    today = timezone.localdate()
    coming = visits(person).filter(state__in=rules.COMING, day__gte=today).order_by("day", "half", "pk")
    past = visits(person).exclude(state__in=rules.COMING, day__gte=today)
    return VisitListPage(
        coming=list(coming[:100]),
        past=Paginator(past.order_by("-day", "-half", "-pk"), VISITS_A_PAGE).get_page(number),
        sites=list(ObservationSite.objects.editable_by(person).order_by("pk")),
    )


@dataclass(frozen=True)
class VisitPage:
    """One visit, as one of its two people sees it."""

    visit: Visit
    is_host: bool
    verbs: frozenset[str]  # what this person may do now
    is_over: bool
    is_done: bool
    may_write: bool  # the report
    report_given: bool
    has_report: bool
    place_in_line: int  # on the waiting list; 0 if not on it
    stands: str  # why it can no longer be said not to have taken place; empty if it can


def visit_page(person: Person, visit: Visit, now: datetime) -> VisitPage:
    """Read the page of `visit`, a row of `visits(person)`."""
    is_host = visit.visitor_id != person.pk
    actor = Actor.HOST if is_host else Actor.VISITOR
    state = VisitState(visit.state)
    verbs = {verb for verb in rules.VISIT_MOVES if rules.may_move(verb, state, actor)}
    is_over = visit.ends_at <= now
    is_done = state in rules.DONE or (state == VisitState.CONFIRMED and is_over)
    if visit.starts_at <= now:
        verbs -= {"confirm", "accept"}
    report = getattr(visit, "report", None)
    return VisitPage(
        visit=visit,
        is_host=is_host,
        verbs=frozenset(verbs),
        is_over=is_over,
        is_done=is_done,
        may_write=is_done and not is_host,
        report_given=report is not None and report.given_at is not None,
        has_report=report is not None,
        place_in_line=_place_in_line(visit) if state == VisitState.WAITING else 0,
        stands=rules.VISIT_MOVES["cancel"].refusal_from.get(state, ""),
    )


def _place_in_line(visit: Visit) -> int:
    before = Q(asked_at__lt=visit.asked_at) | Q(asked_at=visit.asked_at, pk__lt=visit.pk)
    line = Visit.objects.filter(site_id=visit.site_id, day=visit.day, half=visit.half, state=VisitState.WAITING)
    return line.filter(before).count() + 1


# --- For the head teacher --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SchoolVisitsPage:
    """Who comes to one's school, and the classes that open there."""

    visits: list[Visit]
    sites: list[ObservationSite]


def school_visits_page(person: Person) -> SchoolVisitsPage:
    """Read the page of a head teacher: who and when, never what for."""
    rows = Visit.objects.coming_to_school_of(person).select_related("site__host", "site__school", "visitor")
    rows = rows.only(
        "day",
        "half",
        "state",
        "site__title",
        "site__host__first_name",
        "site__host__last_name",
        "site__school__name",
        "site__school__commune",
        "visitor__first_name",
        "visitor__last_name",
    )
    sites = ObservationSite.objects.headed_by(person).select_related("host", "school").fetch_mode(models.FETCH_RAISE)
    return SchoolVisitsPage(list(rows.fetch_mode(models.FETCH_RAISE)[:200]), list(sites[:200]))


# --- What other pages show -------------------------------------------------------------------------------------------
def busy(person_ids: Collection[int], first: date, last: date) -> Iterator[Busy]:
    """When people are taken by a visit: the visitor once it is asked, the host once it is confirmed."""
    ids = set(person_ids)
    asked = Q(visitor_id__in=ids, state__in=rules.TAKEN)
    received = Q(site__host_id__in=ids, state__in=rules.TAKEN - {VisitState.ASKED})
    rows = Visit.objects.filter(asked | received, day__range=(first, last)).order_by("day", "half", "pk")
    for visitor_id, host_id, day, half, state in rows.values_list(
        "visitor_id", "site__host_id", "day", "half", "state"
    ):
        half_day = HalfDay(day, "AM" if half == "AM" else "PM")
        if visitor_id in ids:
            yield Busy(visitor_id, half_day, rules.BUSY_REASON)
        if host_id in ids and state != VisitState.ASKED:
            yield Busy(host_id, half_day, rules.BUSY_REASON)


def events(person: Person, since: date) -> Iterator[CalendarEvent]:
    """One's visits as a calendar shows them, those called off among them for some weeks."""
    shown = [*rules.DONE, VisitState.CONFIRMED, VisitState.CANCELLED]
    rows = visits(person).filter(day__gte=since, state__in=shown, confirmed_at__isnull=False)
    for visit in rows.order_by("day", "half", "pk"):
        mine = visit.visitor_id == person.pk
        title = f"Visite de classe chez {visit.site.host}" if mine else f"{visit.visitor} vient voir ma classe"
        yield CalendarEvent(
            uid=f"visit-{visit.pk}-{'visitor' if mine else 'host'}@partages",
            sequence=visit.sequence,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            title=title,
            place=str(visit.site.school),
            url=reverse("networks:visit_page", args=[visit.pk]),
            cancelled=visit.state == VisitState.CANCELLED,
            updated_at=visit.updated_at,
        )


def todos(person: Person) -> list[Todo]:
    """What visits wait for a person to do: answer a request, take a freed seat, tell of a visit."""
    today = timezone.localdate()
    rows = visits(person).filter(
        Q(site__host_id=person.pk, state=VisitState.ASKED, day__gte=today)
        | Q(visitor_id=person.pk, state=VisitState.OFFERED, day__gte=today)
        | Q(visitor_id=person.pk, state=VisitState.HELD, day__gte=today - timedelta(days=30))
    )
    return [_todo(visit) for visit in rows.order_by("day", "half", "pk")[:20]]


def _todo(visit: Visit) -> Todo:
    url = reverse("networks:visit_page", args=[visit.pk])
    if visit.state == VisitState.ASKED:
        return Todo(f"Répondre à {visit.visitor}", f"Demande de visite, {visit.when}", url, "eye", visit.day, 2)
    if visit.state == VisitState.OFFERED:
        until = visit.offered_until and timezone.localdate(visit.offered_until)
        return Todo("Prendre la place qui s’est libérée", f"Visite du {visit.when}", url, "eye", until, 1)
    return Todo(f"Raconter votre visite chez {visit.site.host}", visit.when, url, "pencil", None, 15)


def has_visits(district: District, year: SchoolYear) -> bool:
    """Tell whether a visit is booked, or was made, in the classes of a district in a school year."""
    days = (year.first_day, year.last_day)
    return Visit.objects.filter(site__school__district=district, day__range=days, state__in=rules.LIVE).exists()


def activity(group: MutualisationGroup, since: date) -> dict[int, date]:
    """The last visit that each member of a group made, or received, since a day: that they did, never what."""
    members = Membership.objects.in_force().filter(group=group).order_by().values("person_id")
    held = Visit.objects.filter(state__in=rules.DONE, day__gte=since)
    made = held.filter(visitor_id__in=members).order_by().values_list("visitor_id")
    received = held.filter(site__host_id__in=members).order_by().values_list("site__host_id")
    found: dict[int, date] = {}
    for person_id, day in (*made.annotate(last=models.Max("day")), *received.annotate(latest=models.Max("day"))):
        found[person_id] = max(day, found.get(person_id, day))
    return found
