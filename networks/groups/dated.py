"""What dates do to memberships, each night: invitations that expire, colleagues who moved to another district."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from circo.models import Posting
from circo.rules import Role
from networks.cycle.opening import moved_words
from networks.groups import moving
from networks.groups.rules import COUNTED, INVITATION_DAYS, Hand, Standing, Verb
from networks.models import Candidate, Membership, MembershipMove


def expire_invitations() -> int:
    """Let the invitations that nobody answered in time expire, and return how many did."""
    limit = timezone.now() - timedelta(days=INVITATION_DAYS)
    late = Membership.objects.filter(standing=Standing.INVITED)
    fresh = MembershipMove.objects.filter(verb=Verb.INVITE, at__gte=limit).order_by().values("membership_id")
    count = 0
    for row in late.exclude(pk__in=fresh).order_by("pk"):
        with transaction.atomic():
            locked = moving.locked(row)
            if locked.standing == Standing.INVITED and moving.is_too_old(locked):
                moving.apply(locked, Verb.EXPIRE, [Hand.CLOCK], by=None, why="")
                count += 1
    return count


def note_movers() -> int:
    """End the memberships of this year of those who work elsewhere only, in another district or in none, and return how
    many. Who has no post yet stays: nobody knows."""
    today = timezone.localdate()
    held = Posting.objects.in_force(today).filter(person=OuterRef("person_id"))
    here = Q(school__district=OuterRef("group__network__district_id")) | Q(
        district=OuterRef("group__network__district_id")
    )
    rows = Membership.objects.of_day(today).filter(standing__in=COUNTED)
    rows = rows.filter(Exists(held), ~Exists(held.filter(here)))
    count = 0
    for row in rows.select_related("person", "group__network").order_by("pk"):
        with transaction.atomic():
            locked = moving.locked(row)
            if locked.standing in COUNTED:
                moving.apply(locked, Verb.MOVE_AWAY, [Hand.CLOCK], by=None, why=_why(row))
                _candidate(row)
                count += 1
    return count


def _why(row: Membership) -> str:
    held = Posting.objects.in_force(timezone.localdate()).filter(person=row.person_id)
    of_districts = held.filter(Q(school__isnull=False) | Q(district__isnull=False))
    return "Changement de circonscription." if of_districts.exists() else "Changement de fonctions."


def note_inspectors() -> int:
    """End the memberships of those who inspect by now, and return how many: who judges shares no group's films."""
    today = timezone.localdate()
    judging = Posting.objects.in_force(today).filter(role=Role.INSPECTOR).order_by().values("person_id")
    rows = Membership.objects.of_day(today).filter(standing__in=COUNTED, person_id__in=judging)
    count = 0
    for row in rows.order_by("pk"):
        with transaction.atomic():
            locked = moving.locked(row)
            if locked.standing in COUNTED:
                moving.apply(locked, Verb.LEAVE, [Hand.TEAM], by=None, why="Prise de fonctions d’inspection.")
                count += 1
    return count


def _candidate(row: Membership) -> None:
    posting = Posting.objects.in_force(timezone.localdate()).filter(person=row.person_id).order_by("pk")
    for school_district, own in posting.values_list("school__district_id", "district_id"):
        if district_id := school_district or own:
            Candidate.objects.bulk_create(
                [Candidate(district_id=district_id, person_id=row.person_id, why=moved_words(row.state))],
                ignore_conflicts=True,
            )
            return
