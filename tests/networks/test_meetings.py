"""Meetings: planned, moved, called off, dated together."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from circo.calendar.queries import busy as busy_of
from circo.errors import Refusal
from circo.models import Notice
from circo.registries import todos_of
from networks.meetings import actions, queries, reminding
from networks.meetings.rules import Choice, MeetingState, ToConfirm
from networks.models import BookedQuarter, Meeting
from networks.places import actions as places
from networks.places.actions import Taken
from tests.networks.meetings import (
    CHRISTMAS,
    IN_HOLIDAYS,
    NOW,
    THURSDAY,
    TUESDAY,
    at,
    begun,
    planned,
    polled,
    wanted,
)
from tests.networks.places import place_of
from tests.networks.places import wanted as wanted_place
from tests.world import MARK, join, person, post


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True):
        yield


@pytest.fixture
def group(world):
    return world.here.group


@pytest.fixture
def place(world):
    return place_of(world.here.district)


def url(name, *args, **query):
    return reverse(f"networks:{name}", args=args, query=query or None)


def typed(**fields):
    given = {"title": "Lire ensemble", "day": TUESDAY, "starts": "17:00", "ends": "19:00", "counting": "COUNTS"}
    return given | {"category": "TRAINING_ANIMATION"} | fields


# --- Planning ---------------------------------------------------------------------------------------------------------
def test_a_member_plans_a_meeting_and_its_place(world, group, place, sign_in):
    client = sign_in(world.amina)
    assert "Prévoir une rencontre" in client.get(url("meeting_new", group.pk)).content.decode()
    answer = client.post(url("meeting_plan", group.pk), typed(place=place.pk, agenda="- la grille\n- les films"))
    page = client.get(answer.headers["Location"]).content.decode()
    assert "La rencontre est prévue" in page
    assert "Le mardi 1er décembre de 17\u00a0h à 19\u00a0h" in page
    assert "<li>la grille</li>" in page
    meeting = Meeting.objects.get()
    assert meeting.booking.group == group
    assert BookedQuarter.objects.count() == 8
    assert Notice.objects.get(kind="meeting-planned").person == world.bruno
    shown = sign_in(world.bruno).get(url("group_page", group.pk)).content.decode()
    assert "Lire ensemble" in shown
    assert "La Filature" in shown


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"day": CHRISTMAS}, "est férié"),
        ({"day": date(2030, 3, 5)}, "Choisissez un jour de l’année scolaire"),
        ({"day": date(2027, 9, 6)}, "aucune année scolaire"),
        ({"day": date(2026, 12, 6)}, "un dimanche"),
        ({"day": IN_HOLIDAYS}, "pendant les vacances"),
        ({"ends": "16:00"}, "La fin vient après le début"),
        ({"starts": "17:07"}, "quarts d’heure"),
        ({"title": ""}, "Donnez un titre"),
        ({"link": "http://visio.test"}, "https://"),
        ({"counting": "PARTLY"}, "combien de minutes"),
        ({"counting": "PARTLY", "counted_minutes": 20}, "par quarts d’heure"),
        ({"where": "Mairie", "school": "1"}, "Choisissez"),
        ({"agenda": "a" * 20_001}, "trop long"),
    ],
)
def test_a_bad_wish_is_told_and_nothing_typed_is_lost(world, group, sign_in, fields, says):
    answer = sign_in(world.amina).post(url("meeting_plan", group.pk), typed(where="Chez Amina") | fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert "Chez Amina" in page or "where" in fields
    assert not Meeting.objects.exists()


def test_a_day_of_the_holidays_is_confirmed_by_a_tick(world, group, sign_in):
    client = sign_in(world.amina)
    page = client.post(url("meeting_plan", group.pk), typed(day=IN_HOLIDAYS)).content.decode()
    assert 'name="sure"' in page
    assert client.post(url("meeting_plan", group.pk), typed(day=IN_HOLIDAYS, sure="on")).status_code == 302


def test_a_taken_place_plans_nothing(world, group, place):
    places.book(place=place, wanted=wanted_place("17:00", "18:00", on=TUESDAY), by=world.chloe)
    with pytest.raises(Taken):
        planned(group, world.amina, place=place, where="")
    assert not Meeting.objects.exists()


def test_only_those_of_the_group_and_its_team_plan(world, group):
    for who in (world.chloe, world.denis, world.secretary, world.inspector_there):
        with pytest.raises(Refusal, match="un groupe dont vous êtes membre"):
            planned(group, who)
    for who in (world.bruno, world.adviser, world.inspector):
        planned(group, who)


def test_a_meeting_that_moves_takes_its_place_along(world, group, place, sign_in):
    meeting = planned(group, world.amina, place=place, where="")
    other = place_of(world.here.district, "Salle du haut")
    client = sign_in(world.amina)
    assert str(place.pk) in client.get(url("meeting_edit", meeting.pk)).content.decode()
    client.post(url("meeting_change", meeting.pk), typed(day=THURSDAY, place=place.pk))
    meeting.refresh_from_db()
    assert meeting.booking.slot == meeting.slot == at(THURSDAY)
    client.post(url("meeting_change", meeting.pk), typed(day=THURSDAY, place=other.pk))
    meeting.refresh_from_db()
    assert meeting.booking.place == other
    assert set(BookedQuarter.objects.values_list("place", flat=True)) == {other.pk}
    client.post(url("meeting_change", meeting.pk), typed(day=THURSDAY, where="Chez Bruno"))
    meeting.refresh_from_db()
    assert (meeting.booking, meeting.place_words) == (None, "Chez Bruno")
    assert not BookedQuarter.objects.exists()
    assert meeting.sequence == 3
    assert Notice.objects.filter(person=world.bruno, title__startswith="Rencontre déplacée").count() == 3


def test_a_meeting_that_cannot_move_stays_whole(world, group, place):
    meeting = planned(group, world.amina, place=place, where="")
    places.book(place=place, wanted=wanted_place("17:00", "18:00", on=THURSDAY), by=world.chloe)
    with pytest.raises(Taken):
        actions.change(meeting=meeting, wanted=wanted(THURSDAY, place=place, where="", title="Autre"), by=world.amina)
    meeting.refresh_from_db()
    assert (meeting.title, meeting.slot, meeting.booking.slot) == ("Lire ensemble", at(TUESDAY), at(TUESDAY))


def test_the_adviser_moves_what_a_member_called_and_back(world, group, place):
    meeting = planned(group, world.amina, place=place, where="")
    actions.change(meeting=meeting, wanted=wanted(THURSDAY, place=place, where=""), by=world.adviser)
    other = place_of(world.here.district, "Salle du haut")
    actions.change(meeting=meeting, wanted=wanted(THURSDAY, place=other, where=""), by=world.adviser)
    actions.change(meeting=meeting, wanted=wanted(TUESDAY, place=other, where=""), by=world.amina)
    meeting.refresh_from_db()
    assert meeting.booking.slot == at(TUESDAY)


def test_a_cancelled_meeting_frees_its_place_and_comes_back(world, group, place, sign_in):
    meeting = planned(group, world.amina, place=place, where="")
    client = sign_in(world.amina)
    page = client.get(client.post(url("meeting_cancel", meeting.pk)).headers["Location"]).content.decode()
    assert "Rencontre annulée." in page
    assert not BookedQuarter.objects.exists()
    client.post(url("meeting_restore", meeting.pk))
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.PLANNED
    assert BookedQuarter.objects.count() == 8
    actions.cancel(meeting=meeting, by=world.amina)
    places.book(place=place, wanted=wanted_place("17:00", "18:00", on=TUESDAY), by=world.chloe)
    with pytest.raises(Taken):
        actions.restore(meeting=meeting, by=world.amina)
    with pytest.raises(Refusal, match="annulée"):
        actions.change(meeting=meeting, wanted=wanted(), by=world.amina)


def test_the_booking_of_a_meeting_follows_it_alone(world, group, place, sign_in):
    meeting = planned(group, world.amina, place=place, where="")
    week = url("place_page", place.pk, semaine=TUESDAY.isoformat())
    page = sign_in(world.amina).get(week).content.decode()
    assert "Voir la rencontre" in page
    assert url("booking_edit", meeting.booking.pk) not in page
    assert "Voir la rencontre" not in sign_in(world.chloe).get(week).content.decode()
    assert "Libérer le lieu" in sign_in(world.secretary).get(week).content.decode()
    answer = sign_in(world.amina).post(url("booking_cancel", meeting.booking.pk))
    assert answer.status_code == 409
    assert "celle d’une rencontre" in answer.content.decode()
    assert "La Filature" not in sign_in(world.amina).get(url("place_list")).content.decode().split("Les lieux")[0]
    places.cancel(booking=meeting.booking, by=world.secretary)
    page = sign_in(world.amina).get(url("meeting_page", meeting.pk)).content.decode()
    assert "a été annulée" in page


def test_others_read_when_and_where_but_not_the_minutes(world, group, sign_in):
    meeting = planned(group, world.amina, link="https://visio.test/secret")
    Meeting.objects.update(minutes="On a beaucoup ri")
    for who, reads in ((world.bruno, True), (world.inspector, False), (world.superuser, False)):
        page = sign_in(who).get(url("meeting_page", meeting.pk)).content.decode()
        assert ("On a beaucoup ri" in page) is reads
        assert ("visio.test" in page) is reads
    Meeting.objects.update(is_open_to_team=True)
    assert "On a beaucoup ri" in sign_in(world.inspector).get(url("meeting_page", meeting.pk)).content.decode()
    assert sign_in(world.chloe).get(url("meeting_page", meeting.pk)).status_code == 404
    assert sign_in(world.denis).get(url("meeting_page", meeting.pk)).status_code == 404


# --- A date found together --------------------------------------------------------------------------------------------
def test_moments_proposed_are_those_when_nobody_is_taken(world, group):
    planned(world.here.other_group, world.chloe, THURSDAY)
    join(world.chloe, group)
    found = queries.candidates(group, date(2026, 11, 30), date(2026, 12, 12), timedelta(hours=2))
    assert all(one.is_free for one in found)
    assert at(THURSDAY) not in [one.slot for one in found]
    found = queries.candidates(group, date(2026, 11, 30), date(2026, 12, 12), timedelta(hours=2), with_taken=True)
    slots = {(one.slot.starts_at.date(), one.slot.starts_at.hour): one for one in found}
    assert slots[TUESDAY, 17].is_free
    assert (TUESDAY, 9) not in slots, "they have class"
    assert slots[date(2026, 12, 2), 14].is_free, "a Wednesday"
    assert slots[THURSDAY, 17].taken == ["Chloé Petit"]
    in_class = queries.candidates(group, TUESDAY, TUESDAY, timedelta(hours=2), in_class=True)
    assert [one.teaching for one in in_class] == [3, 3, 0]


def test_no_moment_of_a_holiday_is_proposed(world, group):
    found = queries.candidates(group, date(2026, 12, 19), date(2027, 1, 3), timedelta(hours=2), in_class=True)
    assert {one.slot.starts_at.date() for one in found} <= {date(2026, 12, 19)}


def test_a_meeting_takes_its_people_on_its_half_days(world, group):
    planned(group, world.amina, date(2026, 12, 2), starts="14:00", ends="16:00")
    planned(group, world.amina, THURSDAY)
    found = busy_of([world.amina.pk, world.chloe.pk], date(2026, 11, 30), date(2026, 12, 6))
    assert [one.half_day.code for one in found[world.amina.pk]] == ["2026-12-02_PM"]
    assert found[world.chloe.pk] == []


def test_a_poll_from_question_to_meeting(world, group, place, sign_in):
    client = sign_in(world.amina)
    page = client.get(url("poll_new", group.pk)).content.decode()
    assert "2026-12-01T17:00/2026-12-01T19:00" in page
    data = {"title": "Une date", "slots": ["2026-12-01T17:00/2026-12-01T19:00", "2026-12-03T17:00/2026-12-03T19:00"]}
    data |= {"day_1": "2026-12-02", "starts_1": "14:00", "ends_1": "16:00"}
    answer = client.post(url("poll_create", group.pk), data)
    meeting = Meeting.objects.get()
    assert Notice.objects.get(kind="meeting-poll").person == world.bruno
    assert any(todo.title == "Choisir une date" for todo in todos_of(world.bruno))
    first, wednesday, third = meeting.options.order_by("starts_at")
    for who, choices in ((world.amina, "YES NO NO"), (world.bruno, "IF_NEEDED YES NO")):
        said = dict(zip((f"option_{one.pk}" for one in (first, wednesday, third)), choices.split(), strict=True))
        assert sign_in(who).post(url("poll_answer", meeting.pk), said).status_code == 302
    assert not any(todo.title == "Choisir une date" for todo in todos_of(world.bruno))
    page = sign_in(world.amina).get(answer.headers["Location"]).content.decode()
    assert "Le mardi 1er décembre de 17\u00a0h à 19\u00a0h convient le mieux\u00a0: 2 personnes" in page
    assert page.count("Convient le mieux") == 1
    page = sign_in(world.amina).get(url("poll_close", meeting.pk)).content.decode()
    assert f'value="{first.pk}" ' in page
    data = typed(option=first.pk, place=place.pk)
    assert sign_in(world.amina).post(url("poll_choose", meeting.pk), data).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.state, meeting.slot, meeting.booking.place) == (MeetingState.PLANNED, at(TUESDAY), place)
    assert sign_in(world.bruno).post(url("poll_answer", meeting.pk), said).status_code == 409
    with pytest.raises(Refusal, match="déjà prévue"):
        actions.choose(meeting=meeting, option=third, wanted=wanted(), by=world.amina)


def test_a_place_taken_meanwhile_leaves_the_poll_open(world, group, place, sign_in):
    meeting = polled(group, world.amina)
    option = meeting.options.order_by("starts_at").first()
    places.book(place=place, wanted=wanted_place("18:00", "20:00", on=TUESDAY), by=world.chloe)
    answer = sign_in(world.amina).post(url("poll_choose", meeting.pk), typed(option=option.pk, place=place.pk))
    assert answer.status_code == 422
    assert "Ce lieu est déjà réservé à ce moment" in answer.content.decode()
    meeting.refresh_from_db()
    assert (meeting.state, meeting.booking) == (MeetingState.POLLING, None)


def test_one_changes_one_s_mind_and_says_one_thing(world, group):
    meeting = polled(group, world.amina)
    option = meeting.options.first()
    for choice in (Choice.YES, Choice.NO):
        actions.answer(meeting=meeting, choices={option.pk: choice}, by=world.bruno)
    assert [answer.choice for answer in option.answers.all()] == [Choice.NO]
    for who in (world.chloe, world.inspector):
        with pytest.raises(Refusal, match="dont vous n’êtes pas membre"):
            actions.answer(meeting=meeting, choices={option.pk: Choice.YES}, by=who)
    other = polled(group, world.amina).options.first()
    with pytest.raises(Refusal, match="ont changé"):
        actions.answer(meeting=meeting, choices={other.pk: Choice.YES}, by=world.bruno)


@pytest.mark.parametrize(
    ("slots", "says"),
    [
        ([at(TUESDAY)], "au moins deux"),
        ([at(CHRISTMAS), at(TUESDAY)], "est férié"),
        ([at(date(2026, 11, 2)), at(TUESDAY)], "déjà passé"),
        ([at(TUESDAY + timedelta(days=day), "17:00", "18:00") for day in range(21)], "au plus 20"),
    ],
)
def test_a_poll_that_cannot_be_says_why(world, group, slots, says):
    with pytest.raises(Refusal, match=says):
        polled(group, world.amina, *slots)


def test_a_poll_in_the_holidays_is_confirmed(world, group, sign_in):
    with pytest.raises(ToConfirm):
        polled(group, world.amina, at(IN_HOLIDAYS), at(TUESDAY))
    data = {"title": "Une date", "slots": [], "day_1": IN_HOLIDAYS, "starts_1": "10:00", "ends_1": "12:00"}
    data |= {"day_2": TUESDAY, "starts_2": "17:00", "ends_2": "19:00"}
    client = sign_in(world.amina)
    answer = client.post(url("poll_create", group.pk), data)
    assert answer.status_code == 422
    assert 'name="sure"' in answer.content.decode()
    assert client.post(url("poll_create", group.pk), data | {"sure": "on"}).status_code == 302


def test_a_range_that_cannot_be_says_why(world, group, sign_in):
    page = sign_in(world.amina).get(url("poll_new", group.pk, first="2026-12-01", last="2027-12-01", hours="2"))
    assert "au plus deux mois" in page.content.decode()


# --- Agenda, reminders, counts ----------------------------------------------------------------------------------------
def test_calendars_hear_of_a_meeting_and_of_its_end(world, group):
    meeting = planned(group, world.amina, title="Le secret de Bruno")
    (event,) = queries.events_of(world.bruno, TUESDAY)
    assert (event.uid, event.sequence, event.cancelled, event.place) == (f"meeting-{meeting.pk}", 0, False, "Mairie")
    assert "secret" not in event.title
    actions.cancel(meeting=meeting, by=world.amina)
    (event,) = queries.events_of(world.bruno, TUESDAY)
    assert (event.sequence, event.cancelled) == (1, True)
    assert queries.events_of(world.chloe, TUESDAY) == []
    with time_machine.travel(timezone.now() + timedelta(weeks=9)):
        assert queries.events_of(world.bruno, TUESDAY) == []


def test_people_are_reminded_once_two_days_and_one_day_before(world, group):
    meeting = planned(group, world.amina)
    actions.excuse(meeting=meeting, excused=True, by=world.bruno)

    def told():
        for _ in range(2):
            reminding.remind()
        return list(Notice.objects.filter(kind="meeting-near").values_list("person__first_name", flat=True))

    for days, expected in ((3, []), (2, ["Amina"]), (1, ["Amina", "Amina"]), (0, ["Amina", "Amina"])):
        with time_machine.travel(at(TUESDAY).starts_at - timedelta(days=days, hours=2)):
            assert told() == expected


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_with_more_rows(world, group, sign_in, count, django_assert_num_queries):
    for number in range(count):
        one = person(f"p{number}@ecole.test", "P", f"P{number}")
        post(one, "TEACHER", world.here.schools[0])
        join(one, group)
        planned(group, world.amina, TUESDAY + timedelta(days=7 * number), title=f"R{number}")
        held = begun(group, world.amina)
        actions.declare(meeting=held, by=one)
        poll = polled(
            group,
            world.amina,
            *(at(TUESDAY, f"{8 + hour}:00".zfill(5), f"{9 + hour}:00".zfill(5)) for hour in range(2 + number)),
        )
        actions.answer(meeting=poll, choices={option.pk: Choice.YES for option in poll.options.all()}, by=one)
    client = sign_in(world.amina)
    pages = {
        "meeting_list": (group.pk,),
        "meeting_page": (held.pk,),
        "attendance_list": (held.pk,),
        "poll_close": (poll.pk,),
    }
    counts = {}
    for name, args in pages.items():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(name, *args)).status_code == 200
        counts[name] = len(captured)
    with CaptureQueriesContext(connection) as captured:
        client.get(url("meeting_page", poll.pk))
    counts["poll"] = len(captured)
    assert counts == COUNTS
    with django_assert_num_queries(4):
        queries.of_group(group, world.amina)


COUNTS = {
    "meeting_list": 8,
    "meeting_page": 9,
    "attendance_list": 7,
    "poll_close": 16,
    "poll": 12,
}


def test_looking_for_moments_costs_the_same_with_more_members(world, group, sign_in):
    """How much the calendar asks is its own: only that it does not grow."""
    client, costs = sign_in(world.amina), []
    for number in range(4):
        one = person(f"q{number}@ecole.test", "Q", f"Q{number}")
        post(one, "TEACHER", world.here.schools[number % 2])
        join(one, group)
        planned(world.here.other_group, world.chloe, TUESDAY + timedelta(days=2 * number))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url("poll_new", group.pk)).status_code == 200
        costs.append(len(captured))
    assert len(set(costs[1:])) == 1


def test_the_other_district_is_nowhere(world, sign_in):
    planned(world.there.group, world.denis, title=f"Là-bas {MARK}")
    assert MARK not in sign_in(world.amina).get(url("group_page", world.here.group.pk)).content.decode()
    assert sign_in(world.amina).get(url("meeting_list", world.there.group.pk)).status_code == 404
