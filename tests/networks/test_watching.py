"""What the rooms tell of a group's life: who came, who wrote, who has been silent, when it last met."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from networks import registries
from networks.groups import watching
from networks.meetings.rules import MeetingState, Presence, Way
from networks.models import Attendance, Meeting, MutualisationGroup, PollOption
from tests.circo.admin_world import url


@pytest.fixture
def held(world):
    """A meeting two weeks ago, to which Amina came and Bruno did not."""
    at = timezone.now() - timedelta(days=14)
    meeting = Meeting.objects.create(
        group=world.here.group,
        title="Rencontre",
        state=MeetingState.HELD,
        starts_at=at,
        ends_at=at + timedelta(hours=2),
        organiser=world.adviser,
    )
    for who, presence in ((world.amina, Presence.PRESENT), (world.bruno, Presence.ABSENT)):
        Attendance.objects.create(meeting=meeting, person=who, presence=presence, confirmed_at=at)
    return meeting


def test_the_adviser_alone_sees_who_has_been_silent(world, sign_in, held):
    page = reverse("networks:group_page", args=[world.here.group.pk])
    world.here.group.adviser = world.adviser
    world.here.group.save()
    body = sign_in(world.adviser).get(page).content.decode()
    silent = body.split("Sans nouvelles depuis")[1]
    assert "Bruno Petit" in silent
    assert "Amina Petit" not in silent
    for who in (world.amina, world.inspector):
        assert "Sans nouvelles depuis" not in sign_in(who).get(page).content.decode()


def test_who_came_how_often_and_when_a_group_last_met(world, held):
    today, group = timezone.localdate(), world.here.group
    first = today - timedelta(days=30)
    assert registries.attendance([group.pk], first, today) == {(world.amina.pk, group.pk): 1}
    assert registries.last_meetings([group.pk]) == {group.pk: timezone.localdate(held.starts_at)}
    assert watching.has_meeting(world.here.district, world.year)
    assert not watching.has_meeting(world.there.district, world.year)


def test_the_admin_finds_the_groups_that_have_not_met_for_six_weeks(world, sign_in, held):
    client, address = sign_in(world.inspector), url(MutualisationGroup, "changelist")
    name, other = world.here.group.name, world.here.other_group.name
    late = client.get(address + "?met=long").content.decode().split('id="result_list"')[1]
    assert other in late
    assert name not in late
    recent = client.get(address + "?met=recent").content.decode().split('id="result_list"')[1]
    assert name in recent
    assert other not in recent


def test_a_presence_that_nobody_confirmed_is_no_sign_of_life(world, sign_in, held):
    Attendance.objects.filter(person=world.amina).update(way=Way.SELF, confirmed_at=None)
    today, group = timezone.localdate(), world.here.group
    first = today - timedelta(days=30)
    assert registries.attendance([group.pk], first, today) == {}
    assert world.amina.pk not in registries.last_activity(group, first)
    Attendance.objects.filter(person=world.amina).update(confirmed_at=timezone.now())
    assert registries.last_activity(group, first)[world.amina.pk] == timezone.localdate(held.starts_at)


def test_a_poll_is_no_event_of_a_year_before_its_date_is_chosen(world):
    district, at = world.here.district, timezone.now()
    poll = Meeting.objects.create(group=world.here.group, title="Sondage", state=MeetingState.POLLING)
    PollOption.objects.create(meeting=poll, starts_at=at, ends_at=at + timedelta(hours=2))
    assert not registries.has_new_year_event(district, world.year)
    poll.state, poll.starts_at, poll.ends_at = MeetingState.PLANNED, at, at + timedelta(hours=2)
    poll.save()
    assert registries.has_new_year_event(district, world.year)
