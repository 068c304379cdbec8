"""What somebody tries who wants to read, write or break what is not theirs; each of these once worked."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circo import registries
from circo.calendar import queries as calendar
from circo.errors import Refusal
from circo.models import HourEntry, Notice, Person, SchoolYear, ServiceLogEntry
from circo.rules import Role
from networks import tasks
from networks.cycle import actions as cycle
from networks.experiments.rules import MOVE_NAMED
from networks.groups import actions as group_actions
from networks.groups.rules import Stage, Verb
from networks.mentoring import actions as mentoring
from networks.mentoring.rules import State
from networks.models import (
    Decision,
    Meeting,
    Membership,
    MentoringPair,
    MentoringSettings,
    VisitReport,
    Wish,
    WishCampaign,
)
from networks.visits import actions as visits
from networks.visits.rules import WORD_MAX
from tests.circo.admin_world import url as admin_url
from tests.networks.experiment_things import experiment_of
from tests.networks.meetings import NOW, THURSDAY, TUESDAY, at, begun, planned
from tests.networks.mentoring_things import pair_of
from tests.networks.salon_things import salon_of, say
from tests.networks.visits_things import report_of, site_of, visit_of
from tests.world import post

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


# --- Old doors --------------------------------------------------------------------------------------------------------
def invited(world, who):
    return group_actions.invite(person=who, group=world.here.group, by=world.adviser)


def gone_elsewhere(world):
    today = timezone.localdate()
    world.chloe.postings.update(starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1))
    post(world.chloe, Role.TEACHER, world.there.schools[0])


def inspects_by_now(world):
    post(world.chloe, Role.INSPECTOR, world.here.district)


@pytest.mark.parametrize("became", [gone_elsewhere, inspects_by_now])
def test_an_old_invitation_opens_nothing_to_who_left_or_inspects_by_now(world, became):
    membership = invited(world, world.chloe)
    became(world)
    with pytest.raises(Refusal):
        group_actions.move(membership=membership, verb=Verb.ACCEPT, by=Person.objects.get(pk=world.chloe.pk))


def test_a_member_who_inspects_by_now_is_of_no_group_the_next_morning(world):
    inspects_by_now(world)
    tasks.follow_group_dates()
    assert not Membership.objects.in_force().of(world.chloe).exists()
    assert Membership.objects.in_force().of(world.bruno).exists()


@pytest.mark.parametrize(
    ("role", "place"), [(Role.PARTNER_COORDINATOR, "institution"), (Role.DEPARTEMENT, "departement")]
)
def test_a_member_who_leaves_for_no_district_is_of_no_group_the_next_morning(world, role, place):
    today = timezone.localdate()
    world.chloe.postings.update(starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1))
    tasks.follow_group_dates()
    assert Membership.objects.in_force().of(world.chloe).exists()  # no post yet: nobody knows
    post(world.chloe, role, getattr(world.here, place))
    tasks.follow_group_dates()
    assert not Membership.objects.in_force().of(world.chloe).exists()
    assert Membership.objects.in_force().of(world.bruno).exists()


def test_what_was_in_a_year_that_is_over_does_not_change(world, sign_in):
    former = SchoolYear.objects.create(
        first_day=world.year.first_day - timedelta(days=365), last_day=world.year.first_day - timedelta(days=1)
    )
    membership = Membership.objects.create(person=world.bruno, group=world.here.group, school_year=former)
    address = reverse("networks:membership_move", args=[membership.pk])
    answer = sign_in(world.bruno).post(address, {"verb": "LEAVE", "why": ""})
    assert answer.status_code == 422
    membership.refresh_from_db()
    assert membership.standing == "ACTIVE"


# --- Mentoring --------------------------------------------------------------------------------------------------------
def test_introducing_two_people_does_not_tell_that_they_have_a_pair(world, sign_in):
    Membership.objects.filter(person=world.amina).update(stage=Stage.RELAY)
    client, address = sign_in(world.adviser), reverse("networks:mentoring_introduce")
    typed = {"newcomer": world.bruno.pk, "mentor": world.amina.pk}
    pair_of(world.bruno, world.amina)
    known = client.post(address, typed)
    home = client.get(known.headers["Location"]).content
    assert MentoringPair.objects.get(state=State.ON)
    assert not Notice.objects.exists()
    MentoringPair.objects.all().delete()
    other = client.post(address, typed)
    assert MentoringPair.objects.get().state == State.PROPOSED
    assert known.headers["Location"] == other.headers["Location"]
    assert home.count(b"<") == client.get(other.headers["Location"]).content.count(b"<")


@pytest.mark.parametrize("name", ["inspector", "superuser"])
def test_deleting_somebody_tells_nothing_of_a_thread(world, sign_in, name):
    client, address = sign_in(getattr(world, name)), admin_url(Person, "delete", world.bruno.pk)
    before = client.get(address).content
    pair = pair_of(world.bruno, world.amina)
    mentoring.send(pair=pair, text="Bonjour", by=world.bruno)
    mentoring.add_goal(pair=pair, text="Oser", by=world.bruno)
    after = client.get(address).content
    assert "essage de mentorat" not in after.decode()
    assert after.count(b"<") == before.count(b"<")


def test_whoever_looks_for_a_date_does_not_tell_a_mentor_s_meeting_from_a_group_s(clock, world):
    pair = pair_of(world.bruno, world.amina)
    slot = at(TUESDAY, "14:00", "15:00")
    mentoring.meet(pair=pair, starts_at=slot.starts_at, minutes=60, place="", by=world.bruno)
    planned(world.here.other_group, world.chloe, TUESDAY, starts="14:00", ends="15:00")
    people = [world.bruno.pk, world.chloe.pk]
    reasons = {one.reason for taken in calendar.busy(people, TUESDAY, TUESDAY).values() for one in taken}
    assert len(reasons) == 1


# --- Reports of messages ----------------------------------------------------------------------------------------------
def test_a_report_reaches_somebody_when_the_adviser_of_the_group_has_left(world, sign_in):
    group = world.here.group
    group.adviser = world.former
    group.save()
    salon = salon_of(group, created_by=world.amina)
    message = say(salon, world.amina, "Un message")
    client = sign_in(world.bruno)
    client.post(reverse("networks:post_report", args=[salon.pk, message.seq]), {"word": "Regardez"})
    assert Notice.objects.filter(person=world.adviser, kind="salon-report").exists()
    listed = sign_in(world.adviser).get(reverse("networks:report_list")).content.decode()
    assert "Regardez" in listed


def test_whoever_looks_for_a_date_does_not_read_by_what_colleagues_are_taken(clock, world, sign_in):
    visit_of(site_of(world.chloe), world.bruno, THURSDAY, state="ASKED")
    asked = {"first": THURSDAY, "last": THURSDAY, "hours": "2", "with_taken": "on", "in_class": "on"}
    body = sign_in(world.amina).get(reverse("networks:poll_new", args=[world.here.group.pk]), asked).content.decode()
    assert "sans Bruno Petit" in body
    assert "visite de classe" not in body


# --- Visits -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ended", [False, True])
def test_a_host_reads_nothing_of_who_only_waited(world, sign_in, ended):
    site = site_of(world.amina)
    state = "CANCELLED" if ended else "WAITING"
    waiting = visit_of(
        site, world.chloe, timezone.localdate() + timedelta(days=7), state=state, seat=None, focus="Elle crie"
    )
    client = sign_in(world.amina)
    for address in (reverse("networks:visit_list"), reverse("networks:visit_page", args=[waiting.pk])):
        assert "Chloé" not in client.get(address).content.decode()
    given = [list(one.rows(world.amina).values(*one.fields.values())) for one in registries.holdings()]
    assert "Elle crie" not in str(given)


def test_a_word_that_is_too_long_is_an_error_of_the_form(world, sign_in):
    visit = visit_of(site_of(world.amina), world.chloe, timezone.localdate() + timedelta(days=7), state="CONFIRMED")
    typed = {"text": "a" * (WORD_MAX + 1)}
    answer = sign_in(world.amina).post(reverse("networks:visit_move", args=[visit.pk, "annuler"]), typed)
    assert answer.status_code == 422
    visit.refresh_from_db()
    assert visit.state == "CONFIRMED"


@pytest.mark.parametrize("became", [gone_elsewhere, inspects_by_now])
def test_a_host_confirms_nobody_who_is_no_colleague_by_now(world, became):
    day = timezone.localdate() + timedelta(days=7)
    visit = visit_of(site_of(world.amina), world.chloe, day, state="ASKED")
    became(world)
    with pytest.raises(Refusal):
        visits.confirm_visit(visit=visit, by=world.amina)


def test_who_inspects_by_now_reads_no_report_that_colleagues_opened(world):
    visit = visit_of(site_of(world.amina), world.bruno, timezone.localdate() - timedelta(days=7), state="REPORTED")
    report_of(visit, district=world.here.district)
    assert VisitReport.objects.visible_to(world.chloe).exists()
    inspects_by_now(world)  # the class is still written as hers
    assert not VisitReport.objects.visible_to(Person.objects.get(pk=world.chloe.pk)).exists()


# --- What is taken back -----------------------------------------------------------------------------------------------
def test_a_year_whose_relays_have_written_is_not_taken_back(world):
    campaign = WishCampaign.objects.create(
        district=world.here.district, school_year=world.year, closes_on=timezone.localdate() - timedelta(days=1)
    )
    membership = world.bruno.memberships.get()
    membership.stage = Stage.RELAY
    membership.save()
    Decision.objects.create(membership=membership, verb=Verb.STAY)
    opening = cycle.open_year(campaign=campaign, by=world.inspector)
    coming = opening.memberships.get()
    cycle.commit(membership=coming, territory="Val-de-Reuil", schools=[], by=world.bruno)
    with pytest.raises(Refusal):
        cycle.take_back(opening=opening, by=world.inspector)


def test_hours_that_one_counts_no_more_are_taken_back(world):
    MentoringSettings.objects.create(district=world.here.district, counting="COUNTS")
    pair = pair_of(world.bruno, world.amina)
    past = timezone.now() - timedelta(days=1)
    meeting = mentoring.meet(pair=pair, starts_at=past, minutes=60, place="", by=world.bruno)
    for who in (world.bruno, world.amina):
        mentoring.hold(meeting=meeting, counts=True, by=who)
    assert HourEntry.objects.count() == 2
    mentoring.hold(meeting=meeting, counts=False, by=world.bruno)
    assert list(HourEntry.objects.values_list("person", flat=True)) == [world.amina.pk]
