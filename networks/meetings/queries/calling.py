"""Who is called to a meeting, and may open its papers."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from circo.models import Person
from networks.groups.queries import adviser_of
from networks.groups.rules import Standing
from networks.meetings.rules import Presence
from networks.models import Meeting, Membership, MutualisationGroup


def participants(group: MutualisationGroup, on: date) -> QuerySet[Person]:
    """The active members of a group on that day, and who animates it today."""
    members = Membership.objects.of_day(on).filter(group=group, standing=Standing.ACTIVE).order_by()
    rows = Person.objects.filter(Q(pk__in=members.values("person_id")) | adviser_of(group), is_active=True)
    return rows.order_by("last_name", "first_name", "pk")


def called_on(meeting: Meeting) -> date:
    """The day whose members a meeting calls: its own, or today as long as it has none."""
    return meeting.slot.starts_at.date() if meeting.slot else timezone.localdate()


def is_called(meeting: Meeting, person: Person) -> bool:
    """Tell whether somebody is called to a meeting."""
    return participants(meeting.group, called_on(meeting)).filter(pk=person.pk).exists()


def may_open_papers(meeting: Meeting, person: Person) -> bool:
    """Tell whether somebody is of the circle that writes the papers of a meeting, and opens them to the team or not."""
    return Meeting.objects.attended_by(person).filter(pk=meeting.pk).exists()


def not_excused(meeting: Meeting) -> QuerySet[Person]:
    """Who is called to a meeting and has not said that they will not come."""
    excused = meeting.attendances.filter(presence=Presence.EXCUSED).order_by().values("person_id")
    return participants(meeting.group, called_on(meeting)).exclude(pk__in=excused)
