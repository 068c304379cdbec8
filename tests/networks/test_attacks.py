"""What somebody tries who wants to read, write or break what is not theirs; each of these once worked."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circo.models import Notice, Person, SchoolYear, ServiceLogEntry
from networks.cycle import actions as cycle
from networks.experiments.rules import MOVE_NAMED
from networks.groups.rules import Stage, Verb
from networks.models import Decision, Meeting, Membership, Wish, WishCampaign
from tests.circo.admin_world import url as admin_url
from tests.networks.experiment_things import experiment_of
from tests.networks.meetings import NOW, THURSDAY, TUESDAY, begun, planned

BEGINNING, END = "0001-01-01", "9999-12-31"  # of time


@pytest.fixture
def clock():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone())) as held:
        yield held


# --- Minutes: whoever organises does not open to oneself what the group keeps -----------------------------------------
def as_typed(meeting, **fields):
    slot = meeting.slot
    typed = {
        "title": meeting.title,
        "day": slot.starts_at.date(),
        "starts": f"{slot.starts_at:%H:%M}",
        "ends": f"{slot.ends_at:%H:%M}",
        "where": "Mairie",
        "counting": "COUNTS",
        "category": "TRAINING_ANIMATION",
    }
    return typed | fields


@pytest.mark.parametrize("name", ["inspector", "superuser"])
def test_the_team_does_not_open_minutes_to_itself(clock, world, sign_in, name):
    meeting = begun(world.here.group, world.amina, minutes="Entre nous")
    client = sign_in(getattr(world, name))
    page = reverse("networks:meeting_page", args=[meeting.pk])
    save = reverse("networks:meeting_change", args=[meeting.pk])
    client.post(save, as_typed(meeting, is_open_to_team="on"))
    assert "Entre nous" not in client.get(page).content.decode()
    sign_in(world.amina).post(save, as_typed(meeting, is_open_to_team="on"))
    assert Meeting.objects.get().is_open_to_team
    assert "Entre nous" in sign_in(getattr(world, name)).get(page).content.decode()


# --- Career meetings --------------------------------------------------------------------------------------------------
def test_the_history_does_not_tell_that_the_inspector_noted_something(world, sign_in):
    membership = world.bruno.memberships.get()
    lines = membership.history.count()
    save = reverse("networks:membership_origin", args=[membership.pk])
    sign_in(world.inspector).post(save, {"origin": membership.origin, "career_meeting": "on"})
    assert membership.history.count() == lines


# --- Wishes -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["secretary", "departement"])
@pytest.mark.parametrize("value", ["LEAVE", "none"])
def test_the_filter_of_wishes_tells_nothing_to_who_does_not_read_them(world, sign_in, name, value):
    client, address = sign_in(getattr(world, name)), admin_url(Membership, "changelist")
    WishCampaign.objects.create(
        district=world.here.district, school_year=world.year, closes_on=timezone.localdate() + timedelta(days=9)
    )
    Wish.objects.create(membership=world.bruno.memberships.get(), answer="LEAVE")
    named = client.get(f"{address}?wish={value}").content.decode()
    assert all(name in named for name in ("Amina", "Bruno")), "the whole list, as without the filter"
    assert "wish=" not in client.get(address).content.decode()


def test_the_filter_of_wishes_answers_who_reads_them(world, sign_in):
    Wish.objects.create(membership=world.bruno.memberships.get(), answer="LEAVE")
    named = sign_in(world.adviser).get(f"{admin_url(Membership, 'changelist')}?wish=LEAVE").content.decode()
    assert "Bruno" in named
    assert "Amina" not in named


def test_a_decision_of_a_year_that_is_over_is_not_taken_back_through_another_year(world):
    former = SchoolYear.objects.create(
        first_day=world.year.first_day - timedelta(days=365), last_day=world.year.first_day - timedelta(days=1)
    )
    membership = Membership.objects.create(person=world.bruno, group=world.here.group, school_year=former)
    Decision.objects.create(membership=membership, verb=Verb.ADVANCE)
    campaign = WishCampaign.objects.create(
        district=world.here.district, school_year=world.year, closes_on=timezone.localdate()
    )
    cycle.undecide(campaign=campaign, membership=membership, by=world.inspector)
    assert Decision.objects.filter(membership=membership).exists()


def test_nobody_accompanies_oneself_by_a_decision_for_many(world):
    Membership.objects.filter(person=world.bruno).update(stage=Stage.FIRST_YEAR)
    campaign = WishCampaign.objects.create(
        district=world.here.district, school_year=world.year, closes_on=timezone.localdate()
    )
    both = list(Membership.objects.filter(group=world.here.group).order_by("pk"))
    cycle.decide(
        campaign=campaign,
        memberships=[row.pk for row in both],
        verb=Verb.ADVANCE,
        by=world.inspector,
        companion=world.bruno,
    )
    chosen = {row.membership.person_id: row.accompanied_by_id for row in Decision.objects.select_related("membership")}
    assert chosen == {world.amina.pk: world.bruno.pk, world.bruno.pk: None}


# --- Who has left -----------------------------------------------------------------------------------------------------
def test_an_adviser_who_left_the_district_hears_of_no_meeting(clock, world):
    group = world.here.group
    group.adviser = world.adviser
    group.save()
    today = timezone.localdate()
    world.adviser.postings.update(starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1))
    adviser = Person.objects.get(pk=world.adviser.pk)
    planned(group, world.amina, TUESDAY)
    assert Notice.objects.filter(person=world.bruno).exists()
    assert not Notice.objects.filter(person=adviser).exists()


# --- The private log --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["inspector", "secretary", "superuser"])
def test_deleting_somebody_does_not_tell_that_they_keep_a_log(world, sign_in, name):
    client, address = sign_in(getattr(world, name)), admin_url(Person, "delete", world.bruno.pk)
    before = client.get(address)
    ServiceLogEntry.objects.create(owner=world.bruno, on=timezone.localdate(), minutes=60, category="APC")
    after = client.get(address)
    assert "carnet" not in after.content.decode()
    assert after.content.count(b"<") == before.content.count(b"<")


# --- What breaks a page -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("first", "last"), [(END, END), (BEGINNING, BEGINNING), ("2026-12-01", END)])
def test_a_day_at_the_end_of_time_is_an_error_of_the_form(world, sign_in, first, last):
    address = reverse("networks:poll_new", args=[world.here.group.pk])
    answer = sign_in(world.amina).get(address, {"first": first, "last": last, "hours": "2"})
    assert answer.status_code == 200


@pytest.mark.parametrize("day", [END, BEGINNING])
def test_a_meeting_at_the_end_of_time_is_refused(world, sign_in, day):
    typed = {"title": "Un jour", "day": day, "starts": "09:00", "ends": "10:00", "where": "Mairie"}
    typed |= {"counting": "COUNTS", "category": "TRAINING_ANIMATION"}
    answer = sign_in(world.amina).post(reverse("networks:meeting_plan", args=[world.here.group.pk]), typed)
    assert answer.status_code == 422


@pytest.mark.parametrize("day", [END, BEGINNING])
def test_answers_until_the_end_of_time_break_no_page(clock, world, sign_in, day):
    client = sign_in(world.amina)
    slots = [f"{on}T17:00/{on}T18:00" for on in (TUESDAY, THURSDAY)]
    typed = {"title": "Une date", "answers_until": day, "slots": slots}
    answer = client.post(reverse("networks:poll_create", args=[world.here.group.pk]), typed)
    assert answer.status_code == 302
    bruno = sign_in(world.bruno)
    for meeting in Meeting.objects.all():
        assert bruno.get(reverse("networks:meeting_page", args=[meeting.pk])).status_code == 200
    for name in ("portal:home", "portal:year", "calendar:agenda"):
        assert bruno.get(reverse(name)).status_code == 200


def test_a_null_sign_is_not_written(world, sign_in):
    experiment = experiment_of(world.here.group, world.amina)
    for name in MOVE_NAMED:
        address = reverse("networks:experiment_move", args=[experiment.pk, name])
        sign_in(world.amina).post(address, {"why": "a\0b"})
    assert {move.why for move in experiment.moves.all()} == {"ab"}
