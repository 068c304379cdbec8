"""Presences: the code on the screen, the list, late and partial stays, and hours once."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from circo import scanning
from circo.errors import Refusal
from circo.hours import actions as hours
from circo.hours.rules import Move
from circo.models import HourEntry
from circo.registries import todos_of
from events.models import Presence, SharingDay
from events.signing import actions, attending
from events.signing.rules import Stay, Way
from tests.events.days import called, today_of
from tests.world import person

DAY = datetime(2027, 3, 18, 9, 15)  # noqa: DTZ001 (a Thursday of school)
MORNING = {"morning_starts": time(9), "morning_ends": time(12), "afternoon_starts": time(13, 30)}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(DAY.replace(tzinfo=timezone.get_default_timezone()), tick=True) as traveller:
        yield traveller


@pytest.fixture
def day(world):
    made = today_of(world.here, world.inspector, **MORNING, afternoon_ends=time(16, 30), counting="COUNTS")
    called(made, world.amina, world.bruno)
    return made


def url(name, day, *args):
    return reverse(f"events:{name}", args=[day.pk, *args])


def at(clock, hour, minute=0):
    clock.move_to(DAY.replace(hour=hour, minute=minute, tzinfo=timezone.get_default_timezone()))


def code_of(day, half="AM"):
    return attending.scanned(day, half).code_at(timezone.now())


def sign_by_code(client, day, slug="matin", half="AM"):
    page = client.get(url("presence_scan", day, slug, code_of(day, half)))
    return client.post(url("presence_sign", day, slug), {"ticket": page.context["ticket"]})


# --- The code ---------------------------------------------------------------------------------------------------------
def test_scanning_signs_the_half_day_once(world, day, sign_in):
    client = sign_in(world.amina)
    for _ in range(2):
        assert sign_by_code(client, day).status_code == 302
    one = Presence.objects.get()
    assert (one.half, one.way, one.convocation.person) == ("AM", Way.SCAN, world.amina)
    assert "Présence notée le matin" in client.get(url("day_page", day)).content.decode()


@pytest.mark.parametrize("half", ["AM", "PM"])
def test_the_square_on_the_screen_leads_to_the_button(day, world, sign_in, monkeypatch, half):
    monkeypatch.setattr(attending, "square", lambda text: text)
    address = attending.picture(day, half, timezone.now()).removeprefix(settings.SITE_URL)
    assert "Je suis là" in sign_in(world.amina).get(address).content.decode()


def test_a_code_is_of_one_half_day_and_a_ticket_of_one_person(world, day, sign_in, clock):
    client = sign_in(world.amina)
    answer = client.get(url("presence_scan", day, "apres-midi", code_of(day, "AM")))
    assert "n’est pas celui de cette demi-journée" in answer.content.decode()
    ticket = attending.scanned(day, "AM").ticket_for(world.bruno)
    assert client.post(url("presence_sign", day, "matin"), {"ticket": ticket}).status_code == 422
    code = code_of(day)
    clock.shift(scanning.TURNS_S * scanning.KEPT_TURNS)
    assert "n’est plus à l’écran" in client.get(url("presence_scan", day, "matin", code)).content.decode()
    assert not Presence.objects.exists()


def test_without_its_signature_anybody_writes_the_code(world, day, sign_in, monkeypatch):
    """The canary: what refuses a forged code is its signature alone."""
    turn = int(timezone.now().timestamp()) // scanning.TURNS_S
    address = url("presence_scan", day, "matin", f"{turn:x}-{'0' * scanning.LENGTH}")
    assert sign_in(world.amina).get(address).status_code == 422
    monkeypatch.setattr(scanning.Scanned, "is_signed", lambda *_: True)
    assert sign_in(world.amina).get(address).status_code == 200


def test_who_is_not_called_signs_nothing(world, day, sign_in):
    assert sign_in(world.chloe).get(url("presence_scan", day, "matin", code_of(day))).status_code == 404
    with pytest.raises(Refusal, match="pas sur la liste"):
        actions.sign(day=day, half="AM", ticket=attending.scanned(day, "AM").ticket_for(world.chloe), by=world.chloe)


def test_one_signs_during_the_half_day(world, day, clock):
    with pytest.raises(Refusal, match="pendant la demi-journée"):
        actions.sign(day=day, half="PM", ticket=attending.scanned(day, "PM").ticket_for(world.amina), by=world.amina)
    at(clock, 13, 10)
    actions.sign(day=day, half="PM", ticket=attending.scanned(day, "PM").ticket_for(world.amina), by=world.amina)
    assert Presence.objects.get().half == "PM"


def test_the_screen_turns_and_is_the_team_s(world, day, sign_in):
    body = sign_in(world.adviser).get(url("presence_screen", day, "matin")).content.decode()
    assert "<svg" in body
    assert "sur 2" in body
    assert sign_in(world.amina).get(url("presence_screen", day, "matin")).status_code == 404


# --- The list ---------------------------------------------------------------------------------------------------------
def listed(client, day, half="matin", **query):
    return client.get(url("presence_list", day, half), query).content.decode()


def test_the_sheet_is_entered_again_and_corrected(world, day, sign_in):
    client = sign_in(world.secretary)
    amina, bruno = day.convocations.order_by("pk")
    data = {"shown": f"{amina.pk},{bruno.pk}", "present": [amina.pk, bruno.pk], "way": "PAPER"}
    assert client.post(url("presence_record", day, "matin"), data).status_code == 302
    assert Presence.objects.filter(half="AM", way="PAPER", recorded_by=world.secretary).count() == 2
    client.post(url("presence_record", day, "matin"), data | {"present": [bruno.pk]})
    assert Presence.objects.get().convocation == bruno
    # Of those who are not shown nothing changes.
    client.post(url("presence_record", day, "matin"), {"shown": f"{amina.pk}", "present": [amina.pk], "way": "LIST"})
    assert Presence.objects.count() == 2


def test_the_list_is_narrowed(world, day, sign_in):
    client = sign_in(world.adviser)
    assert "Bruno" not in listed(client, day, q="amina")
    assert "Amina" in listed(client, day, q="ecole 1")
    amina, _ = day.convocations.order_by("pk")
    actions.record(day=day, half="AM", shown=[amina.pk], present=[amina.pk], way=Way.LIST, by=world.adviser)
    assert "Amina" not in listed(client, day, voir="absents")
    assert client.get(url("presence_list", day, "soir")).status_code == 404


def test_a_list_that_does_not_read_loses_nothing(world, day, sign_in):
    answer = sign_in(world.adviser).post(url("presence_record", day, "matin"), {"shown": "x", "way": "LIST"})
    assert answer.status_code == 422
    other = today_of(world.there, world.inspector_there)
    (foreign,) = called(other, world.denis)
    data = {"shown": f"{foreign.pk}", "present": [foreign.pk], "way": "LIST"}
    sign_in(world.adviser).post(url("presence_record", day, "matin"), data)
    assert not Presence.objects.exists()


def test_three_hundred_people_are_one_page_and_few_queries(world, day, sign_in, django_assert_num_queries):
    many = [person(f"p{number}@ecole.test", f"Prénom{number}", "Nom") for number in range(60)]
    called(day, *many)
    client = sign_in(world.adviser)
    listed(client, day)
    with django_assert_num_queries(11):
        body = listed(client, day)
    assert body.count('type="checkbox"') == 62
    pks = list(day.convocations.order_by("pk").values_list("pk", flat=True))
    with django_assert_num_queries(12):
        data = {"shown": ",".join(map(str, pks)), "present": pks, "way": "LIST"}
        client.post(url("presence_record", day, "matin"), data)
    assert Presence.objects.count() == 62


def test_nothing_is_noted_before_the_day_nor_once_it_is_closed(world, day, clock):
    at(clock, 8)
    with pytest.raises(Refusal, match="pas encore commencé"):
        actions.record(day=day, half="AM", shown=[], present=[], way=Way.LIST, by=world.adviser)
    at(clock, 17)
    actions.hold(day=day, by=world.adviser)
    actions.close(day=day, by=world.adviser)
    with pytest.raises(Refusal, match="close"):
        actions.record(day=day, half="AM", shown=[], present=[], way=Way.LIST, by=world.adviser)


# --- Hours ------------------------------------------------------------------------------------------------------------
def credited(person):
    entry = HourEntry.objects.filter(person=person).first()
    return entry.minutes if entry else None


def test_hours_are_proposed_once_for_what_was_attended(world, day, clock):
    amina, bruno = day.convocations.order_by("pk")
    for half in ("AM", "PM"):
        actions.record(day=day, half=half, shown=[amina.pk], present=[amina.pk], way=Way.LIST, by=world.adviser)
    actions.note_stay(convocation=bruno, half="AM", stay=Stay(arrived_at=time(10, 30)), by=world.adviser)
    assert credited(world.amina) is None
    at(clock, 17)
    for _ in range(2):
        actions.hold(day=SharingDay.objects.get(), by=world.adviser)
    assert (credited(world.amina), credited(world.bruno)) == (360, 90)
    actions.note_stay(convocation=bruno, half="PM", stay=Stay(), by=world.adviser)
    assert credited(world.bruno) == 270
    actions.note_stay(convocation=bruno, half="PM", stay=None, by=world.adviser)
    actions.note_stay(convocation=bruno, half="AM", stay=None, by=world.adviser)
    assert credited(world.bruno) is None
    actions.unhold(day=SharingDay.objects.get(), by=world.adviser)
    assert not HourEntry.objects.exists()


def test_class_time_gives_no_hour(world, day, clock):
    SharingDay.objects.update(counting="NOT")
    amina, _ = day.convocations.order_by("pk")
    actions.record(day=day, half="AM", shown=[amina.pk], present=[amina.pk], way=Way.LIST, by=world.adviser)
    actions.hold(day=day, by=world.adviser)
    assert not HourEntry.objects.exists()


def test_who_signs_after_it_was_declared_held_is_counted(world, day, sign_in):
    actions.hold(day=day, by=world.adviser)
    sign_by_code(sign_in(world.amina), day)
    assert credited(world.amina) == 180


def test_hours_that_are_confirmed_stop_a_correction(world, day, clock):
    amina, _ = day.convocations.order_by("pk")
    actions.record(day=day, half="AM", shown=[amina.pk], present=[amina.pk], way=Way.LIST, by=world.adviser)
    actions.hold(day=day, by=world.adviser)
    entry = HourEntry.objects.get()
    hours.move(ids=[entry.pk], move=Move.CONFIRM, by=world.inspector)
    hours.move(ids=[entry.pk], move=Move.VALIDATE, by=world.inspector)
    with pytest.raises(Refusal, match="déjà validées"):
        actions.record(day=day, half="AM", shown=[amina.pk], present=[], way=Way.LIST, by=world.adviser)
    assert Presence.objects.exists()


def test_the_team_is_reminded_to_say_who_was_there(world, day, clock):
    clock.shift(timedelta(days=1))
    assert "Dire qui était là" in [todo.title for todo in todos_of(world.secretary)]
    actions.hold(day=day, by=world.secretary)
    assert "Dire qui était là" not in [todo.title for todo in todos_of(world.secretary)]


def test_a_stay_is_noted_on_its_page(world, day, sign_in):
    client = sign_in(world.adviser)
    amina, _ = day.convocations.order_by("pk")
    address = url("presence_note", day, "matin", amina.pk)
    assert client.post(address, {"is_present": "on", "arrived_at": "13:00"}).status_code == 422
    assert client.post(address, {"is_present": "on", "arrived_at": "09:20", "left_at": "12:00"}).status_code == 302
    one = Presence.objects.get()
    assert (one.arrived_at, one.left_at, one.way) == (time(9, 20), None, Way.LIST)
    assert "arrivée 9\u00a0h\u00a020" in listed(client, day)


def test_the_paper_sheet_is_a_pdf(world, day, sign_in):
    answer = sign_in(world.secretary).get(url("presence_sheet", day))
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].endswith('emargement-2027-03-18.pdf"')


def test_who_came_without_being_called_is_found_and_noted(world, day, sign_in):
    client = sign_in(world.adviser)
    assert "Pas sur la liste" in listed(client, day, q="chloe")
    assert "Pas sur la liste" not in listed(client, day, q="denis")
    for _ in range(2):
        client.post(url("presence_add", day, "matin"), {"person": world.chloe.pk})
    one = Presence.objects.get()
    assert (one.convocation.person, one.convocation.is_guest, one.convocation.state) == (world.chloe, True, "SENT")
    assert client.post(url("presence_add", day, "matin"), {"person": world.denis.pk}).status_code == 404
    with pytest.raises(Refusal, match="pas de votre circonscription"):
        actions.add(day=day, person=world.denis, half="AM", by=world.adviser)
    actions.hold(day=day, by=world.adviser)
    actions.add(day=day, person=world.trainer, half="AM", by=world.adviser)
    assert credited(world.trainer) == 180


def test_who_came_without_being_called_has_no_letter(world, day, sign_in):
    actions.add(day=day, person=world.trainer, half="AM", by=world.adviser)
    client = sign_in(world.trainer)
    page = client.get(url("day_page", day)).text
    assert "sur la liste de cette journée, sans convocation" in page
    assert url("convocation_pdf", day) not in page
    assert client.get(url("convocation_pdf", day)).status_code == 404
    client = sign_in(world.amina)
    assert url("convocation_pdf", day) in client.get(url("day_page", day)).text
    assert client.get(url("convocation_pdf", day)).content.startswith(b"%PDF")
