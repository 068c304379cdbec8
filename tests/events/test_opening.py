"""Sessions that open from so many people: flagged once wishes are closed, called off in one gesture, held after all."""

from __future__ import annotations

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from circo import jobs
from circo.errors import Refusal
from circo.models import Job, JobState, Notice
from events.convening import actions as convening
from events.convening.actions import Said
from events.convening.rules import Answer, Reason
from events.models import Workshop, WorkshopSeat, WorkshopSession, WorkshopWish
from events.programme import actions, queries, rules
from tests.events import programmes
from tests.events.days import NOW, announced
from tests.events.programmes import session_of, slot_of
from tests.events.test_programme import UNTIL, of, seat, url, wished

pytestmark = pytest.mark.django_db
LACKS = "trop peu de monde pour ouvrir"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True) as traveller:
        yield traveller


@pytest.fixture
def day(world):
    made = announced(world.here, world.inspector)
    convening.send(day=made, reply_by=UNTIL, by=world.inspector)
    return made


@pytest.fixture
def sparse(world, day):
    """A workshop that opens from three people, and that Amina alone wished."""
    slot = slot_of(day, world.adviser)
    one = session_of(slot, world.adviser, "Le silence", 5, opens_from=3)
    session_of(slot, world.adviser, "Compter", 5)
    actions.show(day=day, wishes_until=UNTIL, by=world.adviser)
    wished(world, day, world.amina, one)
    wished(world, day, world.bruno, WorkshopSession.objects.get(workshop__title="Compter"))
    day.refresh_from_db()
    return one


def worked() -> None:
    for pk in Job.objects.filter(kind=queries.GIVE, state=JobState.QUEUED).values_list("pk", flat=True):
        jobs.run(pk)


# --- The rule ---------------------------------------------------------------------------------------------------------
@given(people=st.integers(0, 40), opens_from=st.none() | st.integers(1, 40))
def test_a_workshop_opens_from_its_number_on(people, opens_from):
    assert rules.is_too_few(people, opens_from) == (people < (opens_from or 0))


@pytest.mark.parametrize("opens_from", [0, 6])
def test_it_opens_from_no_more_people_than_it_seats(world, day, opens_from):
    slot = slot_of(day, world.adviser)
    with pytest.raises(Refusal, match="à partir de 5\u00a0personnes au plus"):
        session_of(slot, world.adviser, capacity=5, opens_from=opens_from)
    workshop = Workshop.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkshopSession.objects.create(slot=slot, workshop=workshop, capacity=5, opens_from=opens_from)


def test_the_form_asks_it_and_says_what_is_wrong(world, day, sign_in):
    slot = slot_of(day, world.adviser)
    workshop = programmes.workshop_of(day, world.adviser)
    client = sign_in(world.adviser)
    data = {"workshop": workshop.pk, "capacity": "5", "opens_from": "9"}
    answer = client.post(url("session_create", day, slot.pk), data)
    assert answer.status_code == 422
    assert "au plus" in answer.text
    assert client.post(url("session_create", day, slot.pk), data | {"opens_from": "4"}).status_code == 302
    assert "ouvre à partir de 4" in client.get(url("programme_edit", day)).text
    page = client.post(url("session_remove", day, WorkshopSession.objects.get().pk), follow=True)
    client.post(page.context["undo"]["url"], dict(page.context["undo"]["fields"]))
    assert WorkshopSession.objects.get().opens_from == 4


# --- Flagged ----------------------------------------------------------------------------------------------------------
def test_it_is_flagged_once_wishes_are_closed(world, day, sparse, sign_in, clock):
    page = sign_in(world.adviser).get(url("programme_edit", day)).text
    assert LACKS not in page
    assert "ouvre à partir de 3" in page
    clock.move_to(NOW.replace(year=2027, month=3, day=11, tzinfo=timezone.get_default_timezone()))
    page = sign_in(world.adviser).get(url("programme_edit", day)).text
    assert page.count(LACKS) == 1
    assert "1 personne l’a demandé" in page


def test_enough_wishes_flag_nothing(world, day, sparse, sign_in, clock):
    for one in (world.bruno, world.chloe):
        wished(world, day, one, sparse)
    clock.move_to(NOW.replace(year=2027, month=3, day=11, tzinfo=timezone.get_default_timezone()))
    assert LACKS not in sign_in(world.adviser).get(url("programme_edit", day)).text


# --- Called off -------------------------------------------------------------------------------------------------------
@pytest.fixture
def seated(world, day, sparse):
    """Seats are given: Amina sits alone in a workshop that opens from three."""
    programmes.given(day, world.adviser)
    WorkshopSeat.objects.filter(convocation=of(day, world.chloe)).update(
        session=WorkshopSession.objects.get(workshop__title="Compter")
    )
    assert [seat(day, one) for one in (world.amina, world.bruno, world.chloe)] == ["Le silence", "Compter", "Compter"]
    return sparse


def test_one_gesture_calls_it_off_and_its_people_sit_elsewhere(world, day, seated, sign_in):
    client = sign_in(world.adviser)
    assert LACKS in client.get(url("programme_edit", day)).text
    page = client.post(url("session_cancel", day, seated.pk), follow=True).text
    assert "Séance annulée" in page
    assert "Calcul des places" in page
    assert seat(day, world.amina) is None
    assert Notice.objects.filter(title__contains="n’ouvrira pas").get().person == world.amina
    worked()
    assert seat(day, world.amina) == "Compter"
    assert Notice.objects.filter(person=world.amina, title__startswith="Vos ateliers").count() == 2
    assert Notice.objects.filter(person=world.bruno, title__startswith="Vos ateliers").count() == 1
    page = sign_in(world.amina).get(url("day_page", day)).text
    assert "Le silence" not in page


def test_it_is_held_after_all_and_its_people_are_back(world, day, seated, sign_in):
    client = sign_in(world.adviser)
    client.post(url("session_cancel", day, seated.pk))
    worked()
    page = client.get(url("programme_edit", day)).text
    assert "Séances annulées (1)" in page
    assert "qui y avait une place la retrouve" in client.post(url("session_restore", day, seated.pk), follow=True).text
    worked()
    assert [seat(day, one) for one in (world.amina, world.bruno, world.chloe)] == ["Le silence", "Compter", "Compter"]
    assert Notice.objects.filter(person=world.amina, title__contains="ouvre finalement").exists()
    assert WorkshopWish.objects.filter(session=seated).exists()


def test_who_no_longer_comes_is_not_back(world, day, seated):
    actions.cancel_session(session=seated, by=world.adviser)
    said = Said(Answer.CANNOT, Reason.CLASS)
    convening.answer(convocation=of(day, world.amina), said=said, by=world.amina)
    actions.restore_session(session=seated, by=world.adviser)
    worked()
    assert seat(day, world.amina) is None


def test_who_leads_it_is_told_and_takes_part_elsewhere(world, day, seated):
    wanted = actions.WantedWorkshop("Le silence", facilitators=[world.bruno])
    actions.put_workshop(day=day, wanted=wanted, by=world.adviser, workshop=seated.workshop)
    assert seat(day, world.bruno) is None
    actions.cancel_session(session=seated, by=world.adviser)
    worked()
    assert seat(day, world.bruno) == "Compter"
    assert Notice.objects.filter(person=world.bruno, title__contains="n’ouvrira pas").exists()
    actions.restore_session(session=seated, by=world.adviser)
    assert seat(day, world.bruno) is None


def test_who_has_chosen_elsewhere_since_stays_there(world, day, seated):
    actions.cancel_session(session=seated, by=world.adviser)
    worked()
    other = WorkshopSession.objects.get(workshop__title="Compter")
    actions.ask_seat(convocation=of(day, world.amina), session=other, by=world.amina)
    actions.restore_session(session=seated, by=world.adviser)
    worked()
    assert seat(day, world.amina) == "Compter"


def test_its_room_may_be_taken_meanwhile(world, day, seated):
    slot = seated.slot
    WorkshopSession.objects.filter(pk=seated.pk).update(room="B1")
    actions.cancel_session(session=seated, by=world.adviser)
    session_of(slot, world.adviser, "La dictée", 3, room="B1")
    with pytest.raises(Refusal, match="déjà pris"):
        actions.restore_session(session=seated, by=world.adviser)
    assert WorkshopSession.objects.get(pk=seated.pk).cancelled_at


def test_before_seats_are_given_nobody_seeks(world, day, sparse):
    actions.cancel_session(session=sparse, by=world.adviser)
    assert not Job.objects.filter(kind=queries.GIVE).exists()
    programmes.given(day, world.adviser)
    assert seat(day, world.amina) == "Compter"
    assert [one.title for one in queries.workshops(day) if not one.times] == ["Le silence"]


def test_twice_is_as_once(world, day, seated):
    for _ in range(2):
        actions.cancel_session(session=seated, by=world.adviser)
    assert Notice.objects.filter(title__contains="n’ouvrira pas").count() == 1
    for _ in range(2):
        actions.restore_session(session=seated, by=world.adviser)
    assert seat(day, world.amina) == "Le silence"


def test_only_the_team_calls_a_session_off(world, day, seated, sign_in):
    for verb in (actions.cancel_session, actions.restore_session):
        with pytest.raises(Refusal):
            verb(session=seated, by=world.amina)
    assert sign_in(world.adviser_there).post(url("session_cancel", day, seated.pk)).status_code == 404


def test_who_changes_it_a_moment_later_does_not_open_it_again(world, day, sparse):
    read_before = WorkshopSession.objects.select_related("slot", "workshop").get(pk=sparse.pk)
    actions.cancel_session(session=sparse, by=world.adviser)
    held = {"slot": read_before.slot, "workshop": read_before.workshop, "room": "B", "capacity": 9}
    with pytest.raises(Refusal, match="annulée entre-temps"):
        actions.put_session(**held, session=read_before, by=world.inspector)
    assert WorkshopSession.objects.get(pk=sparse.pk).cancelled_at is not None


def test_who_corrects_a_workshop_a_moment_later_does_not_put_it_back(world, day):
    workshop = programmes.workshop_of(day, world.adviser, "Le silence")
    read_before = Workshop.objects.get(pk=workshop.pk)
    actions.remove_workshop(workshop=workshop, by=world.adviser)
    with pytest.raises(Refusal, match="retiré entre-temps"):
        actions.put_workshop(
            day=day, workshop=read_before, wanted=actions.WantedWorkshop("Le silence"), by=world.inspector
        )
    assert Workshop.objects.get(pk=workshop.pk).removed_at is not None
