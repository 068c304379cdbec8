"""The programme of a day, its wishes and its seats."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from circo.errors import Refusal
from circo.models import Notice
from circo.registries import todos_of
from events.convening import actions as convening
from events.convening import letters
from events.convening import queries as convoked
from events.convening.actions import Said
from events.convening.rules import Answer, Reason
from events.days import actions as days
from events.days.rules import AFTERNOON, Hours
from events.models import Slot, Workshop, WorkshopSeat, WorkshopSession, WorkshopWait, WorkshopWish
from events.programme import actions, giving, queries
from events.programme.actions import WantedSlot, WantedWorkshop
from events.programme.assigning.solving import assign
from events.programme.rules import SlotKind
from tests.events import programmes
from tests.events.days import NOW, announced, wanted
from tests.events.programmes import session_of, slot_of, workshop_of

UNTIL = date(2027, 3, 10)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True) as traveller:
        yield traveller


@pytest.fixture
def day(world):
    made = announced(world.here, world.inspector)
    convening.send(day=made, reply_by=UNTIL, by=world.inspector)
    made.refresh_from_db()
    return made


@pytest.fixture
def slot(world, day):
    return slot_of(day, world.adviser)


def url(name, day, *args):
    return reverse(f"events:{name}", args=[day.pk, *args])


def of(day, person):
    return day.convocations.get(person=person)


def shown(world, day):
    return actions.show(day=day, wishes_until=UNTIL, by=world.adviser)


def wished(world, day, person, *sessions):
    wishes = {sessions[0].slot_id: [one.pk for one in sessions]}
    actions.wish(convocation=of(day, person), wishes=wishes, by=person)


def seat(day, person):
    one = WorkshopSeat.objects.filter(convocation=of(day, person)).select_related("session__workshop").first()
    return one.session.workshop.title if one else None


# --- Writing ----------------------------------------------------------------------------------------------------------
def test_moments_stay_in_the_day_and_do_not_cross(world, day, slot):
    with pytest.raises(Refusal, match="croise"):
        slot_of(day, world.adviser, time(10, 30), time(11, 30), "Autre")
    actions.put_slot(day=day, wanted=WantedSlot(time(9), time(10), "Accueil"), by=world.adviser)
    assert [one.title for one in queries.programme(day)] == ["Accueil", "Ateliers"]
    changed = actions.put_slot(
        day=day, wanted=WantedSlot(time(10), time(11, 15), "Ateliers", SlotKind.WORKSHOPS), by=world.adviser, slot=slot
    )
    assert changed.ends == time(11, 15)


def test_a_room_and_a_leader_are_in_one_place_at_a_time(world, day, slot):
    session_of(slot, world.adviser, "Le silence", room="Salle bleue")
    with pytest.raises(Refusal, match="une salle n’a qu’un atelier"):
        session_of(slot, world.adviser, "La dictée", room="Salle bleue")
    Workshop.objects.get(title="Le silence").facilitators.add(world.bruno)
    led = workshop_of(day, world.adviser, "Filmer", facilitators=[world.bruno])
    with pytest.raises(Refusal, match="anime déjà «\u00a0Le silence\u00a0»"):
        actions.put_session(slot=slot, workshop=led, room="", capacity=5, by=world.adviser)
    other = workshop_of(day, world.adviser, "Compter")
    actions.put_session(slot=slot, workshop=other, room="", capacity=5, by=world.adviser)
    wanted = WantedWorkshop("Compter", facilitators=[world.bruno])
    with pytest.raises(Refusal, match="anime déjà"):
        actions.put_workshop(day=day, wanted=wanted, by=world.adviser, workshop=other)


@pytest.mark.parametrize("capacity", [0, -1, 501])
def test_no_workshop_without_a_seat(world, day, slot, capacity):
    workshop = workshop_of(day, world.adviser)
    with pytest.raises(Refusal, match="places"):
        actions.put_session(slot=slot, workshop=workshop, room="", capacity=capacity, by=world.adviser)
    if capacity >= 0:
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkshopSession.objects.create(slot=slot, workshop=workshop, capacity=capacity)


def test_what_is_removed_comes_back(world, day, slot, sign_in):
    client = sign_in(world.adviser)
    session = session_of(slot, world.adviser, room="B1", capacity=12)
    with pytest.raises(Refusal, match="retirez-les d’abord"):
        actions.remove_slot(slot=slot, by=world.adviser)
    page = client.post(url("session_remove", day, session.pk), follow=True)
    undo = page.context["undo"]
    client.post(undo["url"], dict(undo["fields"]))
    again = WorkshopSession.objects.get()
    assert (again.room, again.capacity, again.slot) == ("B1", 12, slot)
    client.post(url("session_remove", day, again.pk))
    page = client.post(url("slot_remove", day, slot.pk), follow=True)
    assert not Slot.objects.exists()
    client.post(page.context["undo"]["url"], dict(page.context["undo"]["fields"]))
    assert Slot.objects.get().title == "Ateliers"
    workshop = Workshop.objects.get()
    assert "Atelier retiré" in client.post(url("workshop_remove", day, workshop.pk), follow=True).content.decode()
    client.post(url("workshop_restore", day, workshop.pk))
    assert Workshop.objects.get().removed_at is None


def test_the_editor_says_how_many_seats_are_missing(world, day, slot, sign_in):
    session_of(slot, world.adviser, capacity=1)
    body = sign_in(world.adviser).get(url("programme_edit", day)).content.decode()
    assert "3 personnes attendues, 1 places. Il en manque 2." in body
    convening.answer(convocation=of(day, world.amina), said=Said(Answer.AFTERNOON, Reason.CLASS), by=world.amina)
    assert "2 personnes attendues" in sign_in(world.adviser).get(url("programme_edit", day)).content.decode()


def test_forms_say_what_is_wrong_and_keep_the_rest(world, day, slot, sign_in):
    client = sign_in(world.adviser)
    data = {"starts": "10:30", "ends": "11:30", "title": "Autre moment", "kind": "TOGETHER"}
    answer = client.post(url("slot_create", day), data)
    assert answer.status_code == 422
    assert "Autre moment" in answer.content.decode()
    workshop = workshop_of(day, world.adviser)
    answer = client.post(url("session_create", day, slot.pk), {"workshop": workshop.pk, "capacity": "0"})
    assert "au moins une place" in answer.content.decode()
    answer = client.post(url("workshop_create", day), {"title": "Le silence"})
    assert "déjà ce titre" in answer.content.decode()
    answer = client.post(url("workshop_create", day), {"title": "Filmer", "facilitators": [world.denis.pk]})
    assert answer.status_code == 422
    data = {"title": "Filmer", "facilitators": [world.bruno.pk]}
    assert client.post(url("workshop_create", day), data).status_code == 302


def test_two_who_change_a_moment_at_once_lose_nothing(world, day, slot, sign_in):
    client, address = sign_in(world.adviser), url("slot_change", day, slot.pk)
    seen = client.get(url("slot_edit", day, slot.pk)).context["form"]["seen"].value()
    typed = {"starts": "10:00", "ends": "11:00", "kind": "WORKSHOPS", "seen": seen}
    assert sign_in(world.inspector).post(address, typed | {"title": "Ateliers 1", "where": "B2"}).status_code == 302
    answer = sign_in(world.adviser).post(address, typed | {"title": "Ateliers du matin"})
    assert answer.status_code == 409
    body = answer.content.decode().replace("\u00a0", " ")
    assert "À présent : Ateliers 1, de 10 h à 11 h, ateliers au choix, B2." in body
    assert "Ateliers du matin" in body
    assert Slot.objects.get().title == "Ateliers 1"
    again = typed | {"title": "Ateliers du matin", "seen": answer.context["form"]["seen"].value()}
    assert sign_in(world.adviser).post(address, again).status_code == 302
    assert Slot.objects.get().title == "Ateliers du matin"


@pytest.mark.parametrize("name", ["workshop", "session"])
def test_a_workshop_and_a_session_are_not_written_over_unread(world, day, slot, sign_in, name):
    client, session = sign_in(world.adviser), session_of(slot, world.adviser)
    pk = {"workshop": session.workshop_id, "session": session.pk}[name]
    typed = {"title": "Le silence", "words": "Le mien", "workshop": session.workshop_id, "capacity": "8"}
    seen = client.get(url(f"{name}_edit", day, pk)).context["form"]["seen"].value()
    Workshop.objects.update(words="Le sien")
    WorkshopSession.objects.update(room="C3")
    answer = client.post(url(f"{name}_change", day, pk), typed | {"seen": seen})
    assert answer.status_code == 409
    again = typed | {"seen": answer.context["form"]["seen"].value()}
    assert client.post(url(f"{name}_change", day, pk), again).status_code == 302
    assert (Workshop.objects.get().words, WorkshopSession.objects.get().capacity) in (("Le mien", 10), ("Le sien", 8))


def test_a_moment_that_was_removed_meanwhile_says_so(world, day, slot):
    actions.remove_slot(slot=Slot.objects.select_related("day").get(), by=world.adviser)
    with pytest.raises(Refusal, match="retiré entre-temps"):
        actions.put_slot(day=day, wanted=WantedSlot(time(10), time(11), "A"), by=world.adviser, slot=slot)


# --- Showing ----------------------------------------------------------------------------------------------------------
def test_the_programme_is_the_team_s_until_it_is_shown(world, day, slot, sign_in):
    session_of(slot, world.adviser, "Le silence de la consigne")
    client = sign_in(world.amina)
    assert "Le silence de la consigne" not in client.get(url("day_page", day)).content.decode()
    assert client.get(url("programme_pdf", day)).status_code == 404
    assert client.get(url("wishes_edit", day)).status_code == 404
    shown(world, day)
    assert "Le silence de la consigne" in client.get(url("day_page", day)).content.decode()
    assert client.get(url("programme_pdf", day)).content.startswith(b"%PDF")
    event = Calendar.from_ical(client.get(url("day_calendar", day)).content).events[0]
    assert "10\u00a0h\u00a0: Ateliers" in str(event["DESCRIPTION"])
    (line,) = [line for line in convoked.lines_of(day) if line.person == world.amina]
    day.refresh_from_db()
    assert letters.convocations(day, [line], world.secretary)[0].programme == (("10\u00a0h", "Ateliers"),)
    actions.hide(day=day, by=world.adviser)
    assert "Le silence de la consigne" not in client.get(url("day_page", day)).content.decode()


def test_an_empty_programme_is_not_shown(world, day):
    with pytest.raises(Refusal, match="encore vide"):
        shown(world, day)


# --- Wishes and seats -------------------------------------------------------------------------------------------------
def test_wishes_are_ranked_and_changed(world, day, slot, sign_in):
    silence, dictee = session_of(slot, world.adviser), session_of(slot, world.adviser, "La dictée")
    shown(world, day)
    client = sign_in(world.amina)
    assert "Choisir vos ateliers" in [todo.title for todo in todos_of(world.amina)]
    first, second = f"{slot.pk}_0", f"{slot.pk}_1"
    answer = client.post(url("wishes_save", day), {first: silence.pk, second: silence.pk})
    assert "ateliers différents" in answer.content.decode()
    assert client.post(url("wishes_save", day), {first: silence.pk, second: dictee.pk}).status_code == 302
    assert client.post(url("wishes_save", day), {first: "", second: dictee.pk}).status_code == 302
    assert [(one.rank, one.session) for one in WorkshopWish.objects.all()] == [(1, dictee)]
    assert "Choisir vos ateliers" not in [todo.title for todo in todos_of(world.amina)]
    with pytest.raises(Refusal, match="Le programme a changé"):
        actions.wish(convocation=of(day, world.amina), wishes={slot.pk: [999_999]}, by=world.amina)


def test_who_leads_each_time_has_nothing_to_choose(world, day, slot, sign_in):
    session = session_of(slot, world.adviser)
    session.workshop.facilitators.set([world.amina])
    shown(world, day)
    assert "Choisir vos ateliers" not in [todo.title for todo in todos_of(world.amina)]
    assert "Choisir vos ateliers" in [todo.title for todo in todos_of(world.bruno)]
    client = sign_in(world.amina)
    page = client.get(url("day_page", day)).text
    assert "Vous animez" in page
    assert "Choisir mes ateliers" not in page
    assert "Enregistrer mes vœux" not in client.get(url("wishes_edit", day)).text


def test_wishes_close(world, day, slot, clock):
    silence = session_of(slot, world.adviser)
    shown(world, day)
    clock.move_to(NOW.replace(year=2027, month=3, day=11, tzinfo=timezone.get_default_timezone()))
    with pytest.raises(Refusal, match="clos"):
        wished(world, day, world.amina, silence)


def given(world, day, slot):
    """One seat in each of two workshops, two in a third; Amina would like the first alone, Bruno either."""
    silence, dictee = session_of(slot, world.adviser, capacity=1), session_of(slot, world.adviser, "La dictée", 1)
    session_of(slot, world.adviser, "Compter", 2)
    shown(world, day)
    wished(world, day, world.amina, silence)
    wished(world, day, world.bruno, silence, dictee)
    programmes.given(day, world.adviser)
    return silence, dictee


def test_seats_are_given_by_wishes_and_told(world, day, slot, sign_in):
    given(world, day, slot)
    assert [seat(day, one) for one in (world.amina, world.bruno, world.chloe)] == ["Le silence", "La dictée", "Compter"]
    assert WorkshopWait.objects.get().convocation.person == world.bruno
    assert Notice.objects.filter(kind="day-workshops").count() == 3
    body = sign_in(world.bruno).get(url("day_page", day)).content.decode()
    assert "votre deuxième vœu" in body
    assert "Vous attendez une place" in body
    assert "a eu 2 premiers vœux pour 1 place" in body
    editor = sign_in(world.adviser).get(url("programme_edit", day)).content.decode()
    assert "3 places données sur 3 demandées. 1 personne sur 2 a au moins un premier vœu" in editor
    assert "prouvé" in editor
    actions.ungive(day=day, by=world.adviser)
    assert not WorkshopSeat.objects.exists()
    assert WorkshopWish.objects.count() == 3


def test_who_cannot_come_leaves_the_seat_to_who_waits(world, day, slot):
    given(world, day, slot)
    convening.answer(convocation=of(day, world.amina), said=Said(Answer.AFTERNOON, Reason.CLASS), by=world.amina)
    assert [seat(day, one) for one in (world.amina, world.bruno)] == [None, "Le silence"]
    assert Notice.objects.filter(person=world.bruno, title__contains="s’est libérée").exists()
    convening.take_out(convocation=of(day, world.bruno), by=world.secretary)
    assert seat(day, world.bruno) is None


def test_a_free_seat_is_taken_at_once_and_a_full_one_waited_for(world, day, slot, sign_in):
    silence, _ = given(world, day, slot)
    client = sign_in(world.chloe)
    compter = WorkshopSession.objects.get(workshop__title="Compter")
    assert client.post(url("seat_ask", day), {"session": silence.pk}).url.endswith("?fait=attente#ateliers")
    assert seat(day, world.chloe) == "Compter"
    client.post(url("seat_ask", day), {"session": compter.pk})  # to stay ends the wait
    assert WorkshopWait.objects.filter(convocation=of(day, world.chloe)).count() == 0
    sign_in(world.amina).post(url("seat_ask", day), {"session": compter.pk})
    assert [seat(day, one) for one in (world.amina, world.bruno)] == ["Compter", "Le silence"]


def test_two_who_want_each_other_s_seat_exchange(world, day, slot):
    _, dictee = given(world, day, slot)
    assert actions.ask_seat(convocation=of(day, world.amina), session=dictee, by=world.amina)  # Bruno waits for silence
    assert [seat(day, one) for one in (world.amina, world.bruno)] == ["La dictée", "Le silence"]
    assert not WorkshopWait.objects.exists()


def test_seats_of_others_are_theirs(world, day, slot):
    silence, _ = given(world, day, slot)
    with pytest.raises(Refusal):
        actions.ask_seat(convocation=of(day, world.amina), session=silence, by=world.bruno)
    for verb in (actions.ask_to_give, actions.stop, actions.ungive, actions.hide):
        with pytest.raises(Refusal):
            verb(day=day, by=world.amina)


def test_more_seats_let_in_who_waits(world, day, slot):
    silence, _ = given(world, day, slot)
    compter = WorkshopSession.objects.get(workshop__title="Compter")
    WorkshopSeat.objects.filter(convocation=of(day, world.bruno)).update(session=compter)
    held = {"slot": slot, "workshop": compter.workshop, "session": compter}
    with pytest.raises(Refusal, match="ont déjà une place"):
        actions.put_session(**held, room="", capacity=1, by=world.adviser)
    actions.put_session(slot=slot, workshop=silence.workshop, room="", capacity=2, by=world.adviser, session=silence)
    assert seat(day, world.bruno) == "Le silence"


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_day_costs_the_same_queries(world, day, slot, sign_in, count, django_assert_num_queries):
    for number in range(count):
        session_of(slot, world.adviser, f"Atelier {number}")
    shown(world, day)
    client = sign_in(world.amina)
    client.get(url("day_page", day))
    with django_assert_num_queries(18):
        client.get(url("day_page", day))


def test_seats_whose_proof_does_not_hold_are_not_kept(world, day, slot, monkeypatch):
    def wrong(people, offers, watch):
        found = assign(people, offers, watch)
        return replace(found, seats=dict(list(found.seats.items())[1:]))

    monkeypatch.setattr(giving, "assign", wrong)
    given(world, day, slot)
    day.refresh_from_db()
    assert "La vérification des places a échoué" in day.seats_failure
    assert not WorkshopSeat.objects.filter(slot__day=day).exists()


def test_late_people_are_given_what_is_left(world, day, slot, clock):
    given(world, day, slot)
    clock.shift(timedelta(hours=1))
    WorkshopSeat.objects.filter(convocation=of(day, world.chloe)).delete()
    programmes.given(day, world.adviser)
    assert seat(day, world.chloe) == "Compter"
    assert seat(day, world.amina) == "Le silence"


def test_who_leads_a_workshop_sits_in_no_other(world, day, slot, sign_in):
    silence, _ = given(world, day, slot)
    led = workshop_of(day, world.adviser, "Filmer", facilitators=[world.amina])
    actions.put_session(slot=slot, workshop=led, room="", capacity=5, by=world.adviser)
    assert [seat(day, one) for one in (world.amina, world.bruno)] == [None, "Le silence"]
    with pytest.raises(Refusal, match="Vous animez un atelier"):
        actions.ask_seat(convocation=of(day, world.amina), session=silence, by=world.amina)
    assert "Vous animez <strong>Filmer</strong>" in sign_in(world.amina).get(url("day_page", day)).content.decode()
    programmes.given(day, world.adviser)
    assert seat(day, world.amina) is None
    wanted = WantedWorkshop("Compter", facilitators=[world.bruno])
    compter = Workshop.objects.get(title="Compter")
    actions.put_workshop(day=day, wanted=wanted, by=world.adviser, workshop=compter)
    assert seat(day, world.bruno) is None


def test_who_had_no_first_wish_last_time_goes_first(world, day, slot):
    given(world, day, slot)
    assert [of(day, one).had_first_wish for one in (world.amina, world.bruno, world.chloe)] == [True, False, None]
    later = announced(world.here, world.inspector, date(2027, 5, 18))
    convening.send(day=later, reply_by=date(2027, 5, 4), by=world.inspector)
    later.refresh_from_db()
    assert queries.unlucky(later) == {world.bruno.pk}
    one = session_of(slot_of(later, world.adviser), world.adviser, capacity=1)
    session_of(one.slot, world.adviser, "Compter", 5)
    actions.show(day=later, wishes_until=date(2027, 5, 4), by=world.adviser)
    for person in (world.amina, world.bruno, world.chloe):
        wished(world, later, person, one)
    programmes.given(later, world.adviser)
    assert seat(later, world.bruno) == "Le silence"


def test_hours_that_leave_the_programme_outside_are_refused(world, day, slot):
    short = wanted(hours=Hours((time(10, 30), time(12)), AFTERNOON))
    with pytest.raises(Refusal, match="hors de ces heures\u00a0: Ateliers"):
        days.change(day=day, wanted=short, by=world.inspector)
