"""What the rooms tell of a group's life: who came, who wrote, who has been silent, when it last met."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from networks import registries
from networks.groups import watching
from networks.meetings.rules import MeetingState, Presence
from networks.models import Attendance, Meeting, MutualisationGroup
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
        Attendance.objects.create(meeting=meeting, person=who, presence=presence)
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
