"""Reads of the pages of groups, and what groups bring to the portal's search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone

from circo.access import Permission
from circo.models import Person, Posting, School
from circo.queries import counted
from circo.registries import Found
from circo.rules import Role, number_in
from circo.search import matching
from networks import registries
from networks.groups.rules import CLOSED, COUNTED, WAITING, Standing
from networks.models import Candidate, CareerMeeting, Membership, MembershipMove, MutualisationGroup, Network
from networks.models.groups import MAY_JOIN

MINE, LED, OTHER = 1, 2, 3  # the order in which a person reads groups
SILENT_WEEKS = 6  # without a sign: an adviser may then call


def group_list(person: Person) -> QuerySet[MutualisationGroup]:
    """The groups that the person sees, one's own first, then those one leads, with the number of members of this year.

    `rank` says which: MINE, LED or OTHER.
    """
    members = Membership.objects.in_force()
    rows = MutualisationGroup.objects.visible_to(person).select_related("network__district", "adviser")
    rows = rows.annotate(
        member_count=counted(members, "group"),
        rank=Case(
            When(Exists(members.filter(group=OuterRef("pk"), person_id=person.pk)), then=Value(MINE)),
            When(adviser_id=person.pk, then=Value(LED)),
            default=Value(OTHER),
        ),
    )
    return rows.order_by("rank", "network__name", "name", "pk").fetch_mode(models.FETCH_RAISE)


def narrowed(rows: QuerySet[MutualisationGroup], network: str, stage: str) -> QuerySet[MutualisationGroup]:
    """The groups of one network, and those that have a member at this stage; what is not known narrows nothing."""
    if (pk := number_in(network)) is not None:
        rows = rows.filter(network_id=pk)
    if stage:
        rows = rows.filter(pk__in=Membership.objects.in_force().filter(stage=stage).order_by().values("group_id"))
    return rows


def networks_of(person: Person) -> QuerySet[Network]:
    """The networks that a list of groups can be narrowed to."""
    return Network.objects.visible_to(person).select_related("district").order_by("name", "pk")


def group_of_page(person: Person) -> QuerySet[MutualisationGroup]:
    """The groups whose page the person may open, with all that the page reads."""
    return MutualisationGroup.objects.visible_to(person).select_related("network__district", "adviser")


def members_of(person: Person, group: MutualisationGroup) -> QuerySet[Membership]:
    """Who is in a group this school year, as far as `person` may see it."""
    rows = Membership.objects.visible_to(person).in_force().filter(group=group).select_related("person")
    return rows.order_by("person__last_name", "person__first_name", "pk").fetch_mode(models.FETCH_RAISE)


def adviser_of(group: MutualisationGroup) -> Q:
    """Who animates a group, as long as a role holds that person in its district: as `in_circle_of` says it."""
    network = group.network_id
    here = Q(school__district__network=network) | Q(district__network=network)
    here |= Q(departement__district__network=network)
    posted = Posting.objects.in_force(timezone.localdate()).filter(here).order_by().values("person_id")
    return Q(pk=group.adviser_id) & (Q(pk__in=posted) | Q(is_superuser=True))


def others_of(person: Person, group: MutualisationGroup) -> QuerySet[Membership]:
    """Those of this year who are not members: invited, asking, on a pause, gone. For the team and the adviser."""
    shown = (*WAITING, Standing.PAUSED, Standing.ON_LEAVE, Standing.LEFT, Standing.MOVED, *CLOSED)
    rows = Membership.objects.visible_to(person).of_day(timezone.localdate()).filter(group=group, standing__in=shown)
    return rows.select_related("person").order_by("standing", "person__last_name", "pk").fetch_mode(models.FETCH_RAISE)


def silent_of(group: MutualisationGroup, members: Sequence[Membership], today: date) -> list[Membership]:
    """The members who gave no sign in the group for SILENT_WEEKS, as far as some app watches it."""
    since = today - timedelta(weeks=SILENT_WEEKS)
    heard = registries.last_activity(group, since)
    return [member for member in members if heard.get(member.person_id, date.min) < since]


def joinable_groups(person: Person) -> QuerySet[MutualisationGroup]:
    """The groups that a teacher may ask to join, with one's own standing in each this year."""
    mine = Membership.objects.of(person).of_day(timezone.localdate()).filter(group=OuterRef("pk")).order_by()
    rows = MutualisationGroup.objects.joinable_by(person).select_related("network__district", "adviser")
    rows = rows.annotate(
        member_count=counted(Membership.objects.in_force(), "group"),
        own_standing=models.Subquery(mine.values("standing")[:1]),
        own_pk=models.Subquery(mine.values("pk")[:1]),
    )
    return rows.order_by("network__name", "name", "pk").fetch_mode(models.FETCH_RAISE)


def memberships_to_read(person: Person) -> QuerySet[Membership]:
    """The memberships whose page the person may open: one's own, and those whose group one manages or leads."""
    led = MutualisationGroup.objects.in_circle_of(person).filter(adviser_id=person.pk)
    managed = person.reach().district_ids_for(Permission.MANAGE_GROUPS)
    rows = Membership.objects.visible_to(person).filter(
        Q(person_id=person.pk) | Q(group__in=led) | Q(group__network__district_id__in=managed)
    )
    return rows.select_related("person", "group__network__district", "group__adviser", "school_year", "accompanied_by")


def path_of(person: Person, membership: Membership) -> QuerySet[Membership]:
    """All the years of the one whose membership it is, as far as the reader may open them, the last first; each with
    its log in `path`, the last move first."""
    moves = MembershipMove.objects.select_related("by").order_by("-at", "-pk").fetch_mode(models.FETCH_RAISE)
    rows = memberships_to_read(person).filter(person_id=membership.person_id)
    rows = rows.order_by("-school_year__first_day", "group__name", "pk").fetch_mode(models.FETCH_RAISE)
    return rows.prefetch_related(models.Prefetch("moves", moves, to_attr="path"))


def years_of(person: Person) -> QuerySet[Membership]:
    """All that a person has been in groups, the last year first."""
    rows = Membership.objects.of(person).select_related("group__network", "school_year", "accompanied_by")
    return rows.order_by("-school_year__first_day", "group__name", "pk").fetch_mode(models.FETCH_RAISE)


def inspects(person: Person, district_id: int) -> bool:
    """Tell whether one inspects a district today."""
    return CareerMeeting.objects.may_note_in(person, district_id)


def career_meeting_of(person: Person, membership: Membership) -> bool | None:
    """Whether a career meeting is noted, to the inspector alone; None for everybody else."""
    if not CareerMeeting.objects.may_note(person, membership):
        return None
    return CareerMeeting.objects.visible_to(person).filter(membership=membership).exists()


def invitable_people(person: Person, district_id: int) -> QuerySet[Person]:
    """Those of a district whom a group can take: who has a class or trains there, and judges nobody."""
    held = Posting.objects.in_force_or_coming(timezone.localdate())
    here = Q(school__district_id=district_id) | Q(district_id=district_id)
    fitting = held.filter(here, role__in=MAY_JOIN).order_by().values("person_id")
    judging = held.filter(role=Role.INSPECTOR).order_by().values("person_id")
    rows = Person.objects.visible_to(person).filter(pk__in=fitting, is_active=True)
    return rows.exclude(pk__in=judging).exclude(pk=person.pk).order_by("last_name", "first_name", "pk")


def companions(person: Person, district_id: int) -> QuerySet[Person]:
    """Who may accompany a second year: the district's advisers and trainers, and its relays of this year."""
    held = Posting.objects.in_force_or_coming(timezone.localdate())
    team = held.filter(role__in=(Role.ADVISER, Role.TRAINER), district_id=district_id).order_by().values("person_id")
    relays = Membership.objects.in_force().filter(stage="RELAY", group__network__district_id=district_id)
    rows = Person.objects.visible_to(person).filter(is_active=True)
    return rows.filter(Q(pk__in=team) | Q(pk__in=relays.order_by().values("person_id"))).order_by(
        "last_name", "first_name", "pk"
    )


def candidates(person: Person, *, waiting: bool) -> QuerySet[Candidate]:
    """The notes of the person's districts, the last first: those that wait, or those put away."""
    rows = Candidate.objects.visible_to(person).filter(closed_at__isnull=waiting)
    rows = rows.select_related("person", "district", "group", "noted_by", "invited")
    return rows.order_by("-noted_at", "-pk").fetch_mode(models.FETCH_RAISE)


def schools_without_anybody(person: Person) -> QuerySet[School]:
    """The open schools of the person's team where nobody is in a group this year."""
    today = timezone.localdate()
    reached = Membership.objects.of_day(today).filter(standing__in=COUNTED).order_by().values("person_id")
    held = Posting.objects.in_force(today).filter(person_id__in=reached, school__isnull=False)
    overseen = person.reach().district_ids_for(Permission.VIEW_TEAM)
    rows = School.objects.visible_to(person).filter(district_id__in=overseen)
    rows = rows.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=today))
    rows = rows.exclude(pk__in=held.order_by().values("school_id")).select_related("district")
    teachers = Posting.objects.in_force(today).filter(role__in=MAY_JOIN)
    rows = rows.annotate(teacher_count=counted(teachers, "school", each="person"))
    return rows.order_by("commune", "name", "pk").fetch_mode(models.FETCH_RAISE)


def search_groups(person: Person, text: str, most: int) -> list[Found]:
    """The groups that the person sees and whose name, or network's name, holds these words."""
    rows = MutualisationGroup.objects.visible_to(person).select_related("network")
    found = matching(rows, ("folded", "network__folded"), text, most)
    return [Found(row.name, row.network.name, reverse("networks:group_page", args=[row.pk])) for row in found]
