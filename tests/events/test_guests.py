"""Guests of another district of the same département: they take part, their own inspector sees it, hours stay there."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from circo.errors import Refusal
from circo.models import District, HourEntry, School
from circo.rules import Role
from events.convening import actions, queries
from events.convening.actions import Said
from events.convening.rules import Answer, Reason
from events.models import Convocation, SharingDay, WorkshopSeat
from events.programme import actions as programme
from events.signing import actions as signing
from events.signing import attending
from events.signing.rules import Way
from tests.events.days import NOW, announced, today_of
from tests.events.programmes import given, session_of, slot_of
from tests.events.test_programme import UNTIL, of, seat, url
from tests.world import person, post, uai

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True) as traveller:
        yield traveller


@pytest.fixture
def near(world):
    """A second district of the same département, with its inspector and a teacher, Inès."""
    district = District.objects.create(departement=world.here.departement, name="Circonscription voisine")
    school = School.objects.create(uai=uai("27", 900), name="École voisine", commune="Vernon", district=district)
    world.people["ines"] = person("ines@ecole.test", "Inès", "Durand")
    post(world.ines, Role.TEACHER, school, levels=["CM1"], class_size=22)
    world.people["inspector_near"] = person("ien.voisine@partages.test", "Iris", "Near", second_factor=True)
    post(world.inspector_near, Role.INSPECTOR, district)
    return district


@pytest.fixture
def day(world, near):
    return announced(world.here, world.inspector)


@pytest.fixture
def invited(world, day):
    one = actions.invite_from(day=day, email="INES@ecole.test ", by=world.adviser)
    actions.send(day=day, reply_by=UNTIL, by=world.inspector)
    one.refresh_from_db()
    return one


# --- Inviting ---------------------------------------------------------------------------------------------------------
def test_a_guest_is_invited_by_their_address(world, day, near, sign_in):
    client = sign_in(world.adviser)
    page = client.post(url("convocation_invite_from", day), {"email": "ines@ecole.test"}, follow=True).text
    assert "Circonscription voisine" in page
    one = day.convocations.get(person=world.ines)
    assert (one.is_guest, one.guest_of) == (True, near)
    client.post(url("convocation_invite_from", day), {"email": "ines@ecole.test"})
    assert day.convocations.filter(person=world.ines).count() == 1
    actions.take_out(convocation=one, by=world.adviser)
    actions.invite_from(day=day, email="ines@ecole.test", by=world.adviser)
    one.refresh_from_db()
    assert (one.state, one.guest_of) == ("PREPARED", near)


@pytest.mark.parametrize("who", ["amina", "denis", "former", "deactivated", "nobody"])
def test_nobody_else_is_invited_by_their_address(world, day, sign_in, who):
    """Not one's own district (the list is for them), not another département, not who has left."""
    email = world.people[who].email if who != "nobody" else "personne@ecole.test"
    before = day.convocations.count()
    answer = sign_in(world.adviser).post(url("convocation_invite_from", day), {"email": email})
    assert answer.status_code == 422
    assert "autre circonscription du département" in answer.text
    assert email in answer.text
    assert day.convocations.count() == before


def test_only_who_prepares_the_day_invites(world, day, sign_in):
    for who in (world.amina, world.inspector_near, world.inspector_there):
        with pytest.raises(Refusal):
            actions.invite_from(day=day, email="ines@ecole.test", by=who)
        assert sign_in(who).post(url("convocation_invite_from", day), {"email": "ines@ecole.test"}).status_code == 404


# --- Taking part ------------------------------------------------------------------------------------------------------
def test_a_guest_reads_the_programme_wishes_and_sits(world, day, invited, sign_in):
    one = session_of(slot_of(day, world.adviser), world.adviser)
    client = sign_in(world.ines)
    programme.show(day=day, wishes_until=UNTIL, by=world.adviser)
    assert "Le silence" in client.get(url("day_page", day)).text
    assert client.get(url("convocation_pdf", day)).content.startswith(b"%PDF")
    data = {f"{one.slot_id}_0": one.pk}
    assert client.post(url("wishes_save", day), data).status_code == 302
    given(day, world.adviser)
    assert seat(day, world.ines) == "Le silence"
    said = Said(Answer.CANNOT, Reason.CLASS)
    actions.answer(convocation=of(day, world.ines), said=said, by=world.ines)
    assert not WorkshopSeat.objects.filter(convocation=invited).exists()


def test_a_guest_signs_and_the_hours_go_to_their_own_district(world, near, sign_in):
    day = today_of(world.here, world.inspector, counting="COUNTS")
    one = actions.invite_from(day=day, email="ines@ecole.test", by=world.adviser)
    Convocation.objects.filter(pk=one.pk).update(state="SENT", sent_at=timezone.now() - timedelta(days=5))
    client = sign_in(world.ines)
    code = attending.scanned(day, "AM").code_at(timezone.now())
    page = client.get(url("presence_scan", day, "matin", code))
    assert client.post(url("presence_sign", day, "matin"), {"ticket": page.context["ticket"]}).status_code == 302
    signing.record(day=day, half="PM", shown=[one.pk], present=[one.pk], way=Way.LIST, by=world.adviser)
    signing.hold(day=day, by=world.adviser)
    entry = HourEntry.objects.get(person=world.ines)
    assert entry.district == near
    assert HourEntry.objects.visible_to(world.inspector_near).filter(pk=entry.pk).exists()
    assert not HourEntry.objects.visible_to(world.inspector).filter(pk=entry.pk).exists()
    assert "présence notée" in sign_in(world.inspector_near).get("/journees/").text


# --- Who sees it ------------------------------------------------------------------------------------------------------
def test_their_own_inspector_sees_who_is_called_elsewhere(world, day, invited, sign_in):
    client = sign_in(world.inspector_near)
    page = client.get("/journees/").text
    assert "Inès Durand" in page
    assert world.here.district.name in page
    assert client.get(url("day_page", day)).status_code == 200
    for name in ("convocation_list", "programme_edit", "presence_lists", "presence_export", "day_edit"):
        assert client.get(url(name, day)).status_code == 404
    assert not Convocation.objects.visible_to(world.inspector_near).exists()


def test_reasons_stay_with_who_convenes(world, day, invited, sign_in):
    said = Said(Answer.CANNOT, Reason.OTHER, "Un mot à moi")
    actions.answer(convocation=of(day, world.ines), said=said, by=world.ines)
    page = sign_in(world.inspector_near).get("/journees/").text
    assert "ne peut pas venir" in page
    assert "Un mot à moi" not in page


def test_nobody_else_sees_it(world, day, invited, near, sign_in):
    for who in (world.inspector_there, world.ines, world.inspector, world.amina):
        assert queries.away(who) == []
    colleague = person("colegue@ecole.test", "Léo", "Voisin")
    post(colleague, Role.TEACHER, School.objects.get(name="École voisine"))
    assert not SharingDay.objects.visible_to(colleague).exists()
    assert sign_in(colleague).get(url("day_page", day)).status_code == 404


def test_it_is_seen_only_once_it_is_sent_and_as_long_as_it_holds(world, day, near):
    one = actions.invite_from(day=day, email="ines@ecole.test", by=world.adviser)
    for who in (world.ines, world.inspector_near):
        assert not SharingDay.objects.visible_to(who).exists()
    actions.send(day=day, reply_by=UNTIL, by=world.inspector)
    for who in (world.ines, world.inspector_near):
        assert SharingDay.objects.visible_to(who).count() == 1
    actions.take_out(convocation=one, by=world.adviser)
    assert not SharingDay.objects.visible_to(world.inspector_near).exists()
    assert queries.away(world.inspector_near) == []
