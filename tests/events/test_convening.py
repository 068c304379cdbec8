"""Convocations: who is on the list, what is sent, what each answers, who reads why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circo.calendar import queries as calendar
from circo.calendar.agenda.queries import events_of
from circo.errors import Refusal
from circo.models import IssuedDocument, LetterBatch, Notice, Posting
from circo.registries import todos_of
from events.convening import actions, letters, queries
from events.convening.actions import Said
from events.convening.rules import Answer, Reason
from events.days import actions as days
from events.models import Convocation, DayRules
from events.plans import queries as plans
from networks.models import Membership
from tests.events.days import NOW, THURSDAY, announced, chosen
from tests.world import join

REPLY_BY = date(2027, 3, 11)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True) as traveller:
        yield traveller


@pytest.fixture
def day(world):
    return announced(world.here, world.inspector)


@pytest.fixture
def sent(world, day):
    actions.send(day=day, reply_by=REPLY_BY, by=world.secretary)
    day.refresh_from_db()
    return day


def of(day, person) -> Convocation:
    return Convocation.objects.get(day=day, person=person)


# --- The list ---------------------------------------------------------------------------------------------------------
def test_who_comes_to_a_network_is_added_and_who_was_taken_out_stays_out(world, day):
    join(world.head_teacher, world.here.group)
    actions.take_out(convocation=of(day, world.amina), by=world.adviser)
    assert queries.list_page(day).missing == 1
    assert actions.refresh(day=day, by=world.adviser) == 1
    page = queries.list_page(day)
    assert [line.person for line in page.taken_out] == [world.amina]
    assert {line.person for line in page.lines} == {world.bruno, world.chloe, world.head_teacher}
    actions.put_back(convocation=of(day, world.amina), by=world.adviser)
    assert of(day, world.amina).state == "PREPARED"
    Membership.objects.filter(person=world.bruno).update(standing="PAUSED")
    assert [line.person for line in queries.list_page(day).gone] == [world.bruno]


def test_a_guest_is_invited_from_one_s_own_district(world, day, sign_in):
    actions.invite(day=day, person=world.trainer, by=world.adviser)
    assert of(day, world.trainer).is_guest
    actions.invite(day=day, person=world.trainer, by=world.adviser)
    with pytest.raises(Refusal, match="pas de votre circonscription"):
        actions.invite(day=day, person=world.denis, by=world.adviser)
    address = reverse("events:convocation_list", args=[day.pk])
    client = sign_in(world.adviser)
    assert world.denis.email not in client.get(address, {"q": "Denis"}).content.decode()
    body = client.get(address, {"q": "head"}).content.decode()
    assert world.head_teacher.email in body
    invite = reverse("events:convocation_invite", args=[day.pk])
    assert client.post(invite, {"person": world.denis.pk}).status_code == 404
    page = client.post(invite, {"person": world.head_teacher.pk}, follow=True).text
    assert "Sa convocation reste à envoyer." in page


def test_schools_that_too_many_leave_are_named(world, day):
    assert [(one.leaving, one.most) for one in queries.list_page(day).crowded] == [(3, 1)]
    DayRules.objects.filter(district=world.here.district).update(leaving_percent=100)
    assert queries.list_page(day).crowded == []
    DayRules.objects.filter(district=world.here.district).update(leaving_most=2)
    assert [(one.leaving, one.most) for one in queries.list_page(day).crowded] == [(3, 2)]


@pytest.mark.parametrize("verb", [actions.take_out, actions.put_back])
def test_others_do_not_touch_the_list(world, day, verb):
    for who in (world.amina, world.departement, world.inspector_there):
        with pytest.raises(Refusal):
            verb(convocation=of(day, world.bruno), by=who)


# --- Sending ----------------------------------------------------------------------------------------------------------
def test_sending_tells_each_and_issues_a_document(world, sent):
    assert {one.state for one in sent.convocations.all()} == {"SENT"}
    assert Notice.objects.filter(kind="day-called").count() == 3
    assert IssuedDocument.objects.filter(kind="Convocation", district=world.here.district).count() == 3
    assert of(sent, world.amina).document.person == world.amina
    join(world.head_teacher, world.here.group)
    actions.refresh(day=sent, by=world.secretary)
    assert actions.send(day=sent, reply_by=REPLY_BY, by=world.inspector) == 1
    assert Notice.objects.filter(kind="day-called").count() == 4


def test_sending_is_of_the_inspector_and_the_secretary_once_announced(world, day):
    for who in (world.adviser, world.amina, world.departement, world.secretary_there):
        with pytest.raises(Refusal, match="L’inspection et le secrétariat"):
            actions.send(day=day, reply_by=REPLY_BY, by=who)
    with pytest.raises(Refusal, match="avant la journée"):
        actions.send(day=day, reply_by=THURSDAY, by=world.inspector)
    draft = chosen(world.here, world.inspector, date(2027, 5, 18))
    with pytest.raises(Refusal, match="Annoncez d’abord"):
        actions.send(day=draft, reply_by=REPLY_BY, by=world.inspector)


def test_who_is_silent_is_reminded_once_a_day(world, sent, clock):
    assert actions.remind(day=sent, by=world.secretary) == 0  # sent a moment ago
    clock.shift(timedelta(days=2))
    actions.answer(convocation=of(sent, world.amina), said=Said(Answer.COMES), by=world.amina)
    assert actions.remind(day=sent, by=world.secretary) == 2
    assert actions.remind(day=sent, by=world.secretary) == 0
    clock.shift(timedelta(days=1))
    assert actions.remind(day=sent, by=world.secretary) == 2


def test_who_is_taken_out_after_is_told_and_comes_back_as_they_were(world, sent):
    one = of(sent, world.amina)
    actions.answer(convocation=one, said=Said(Answer.MORNING, Reason.CLASS), by=world.amina)
    actions.take_out(convocation=one, by=world.secretary)
    assert Notice.objects.filter(person=world.amina, title__contains="n’êtes plus convoqué").exists()
    with pytest.raises(Refusal, match="pas convoqué"):
        actions.answer(convocation=one, said=Said(Answer.COMES), by=world.amina)
    assert events_of(world.amina, timezone.localdate())[0].cancelled
    back = actions.put_back(convocation=one, by=world.secretary)
    assert (back.state, back.answer) == ("ANSWERED", "MORNING")
    assert Notice.objects.filter(person=world.amina, title__contains="de nouveau").exists()


# --- Answering --------------------------------------------------------------------------------------------------------
def test_one_answers_changes_one_s_mind_and_takes_it_back(world, sent, sign_in):
    client, page = sign_in(world.amina), reverse("events:day_page", args=[sent.pk])
    assert "Répondre à une convocation" in [todo.title for todo in todos_of(world.amina)]
    answer = client.post(reverse("events:convocation_answer", args=[sent.pk]), {"answer": "CANNOT", "word": "Un mot"})
    assert answer.status_code == 422
    assert "Dites pourquoi" in answer.content.decode()
    assert "Un mot" in answer.content.decode()
    data = {"answer": "MORNING", "reason": "CLASS", "word": "Sortie"}
    assert client.post(reverse("events:convocation_answer", args=[sent.pk]), data).status_code == 302
    assert (
        of(sent, world.amina).reason_words == "un engagement avec ma classe (sortie, classe découverte…)\u00a0: Sortie"
    )
    assert "<strong>je viens le matin seulement</strong>" in (shown := client.get(page).text)
    assert shown.count("facultatif") == 2  # said of all fields, and of a word more: why is asked of who does not come
    assert "Répondre à une convocation" not in [todo.title for todo in todos_of(world.amina)]
    client.post(reverse("events:convocation_answer", args=[sent.pk]), {"answer": "COMES", "reason": "CLASS"})
    assert of(sent, world.amina).reason == ""
    client.post(reverse("events:convocation_take_back", args=[sent.pk]))
    assert (of(sent, world.amina).state, of(sent, world.amina).answer) == ("SENT", "")


def test_nobody_answers_for_somebody_else(world, sent, sign_in):
    with pytest.raises(Refusal):
        actions.answer(convocation=of(sent, world.amina), said=Said(Answer.COMES), by=world.bruno)
    address = reverse("events:convocation_answer", args=[sent.pk])
    assert sign_in(world.head_teacher).post(address, {"answer": "COMES"}).status_code == 404


def test_one_answers_before_the_day(world, sent, clock):
    clock.move_to(NOW.replace(year=2027, month=3, day=19, tzinfo=timezone.get_default_timezone()))
    with pytest.raises(Refusal, match="passée"):
        actions.answer(convocation=of(sent, world.amina), said=Said(Answer.COMES), by=world.amina)


def test_why_is_read_by_who_convenes_alone(world, sent, sign_in):
    said = Said(Answer.CANNOT, Reason.OTHER, "Un mot à moi")
    actions.answer(convocation=of(sent, world.amina), said=said, by=world.amina)
    address = reverse("events:convocation_list", args=[sent.pk])
    for who, reads in (("inspector", True), ("secretary", True), ("adviser", False), ("superuser", False)):
        body = sign_in(getattr(world, who)).get(address).content.decode()
        assert "ne peut pas venir" in body
        assert ("Un mot à moi" in body) is reads, who


def test_the_answer_takes_the_half_days_that_it_says(world, sent):
    def taken(person):
        return [one.half_day.half for one in calendar.busy([person.pk], THURSDAY, THURSDAY)[person.pk]]

    assert taken(world.amina) == ["AM", "PM"]
    actions.answer(convocation=of(sent, world.amina), said=Said(Answer.AFTERNOON, Reason.CLASS), by=world.amina)
    assert taken(world.amina) == ["PM"]
    (event,) = [one for one in events_of(world.amina, THURSDAY) if one.uid == f"sharing-day-{sent.pk}"]
    assert (event.starts_at, event.cancelled) == (sent.at("PM")[0], False)
    actions.answer(convocation=of(sent, world.amina), said=Said(Answer.CANNOT, Reason.CLASS), by=world.amina)
    assert taken(world.amina) == []
    (later,) = [one for one in events_of(world.amina, THURSDAY) if one.uid == event.uid]
    assert later.cancelled
    assert later.sequence > event.sequence
    days.cancel(day=sent, by=world.inspector)
    assert taken(world.bruno) == []
    assert events_of(world.bruno, THURSDAY)[0].cancelled


# --- Letters ----------------------------------------------------------------------------------------------------------
def test_letters_say_what_is_known_of_each(world, sent, monkeypatch):
    monkeypatch.setattr(plans, "cover", lambda day: {world.amina.pk: "Rémi Plaçant"})
    lines = [line for line in queries.lines_of(sent) if line.person == world.amina]
    (letter,) = letters.convocations(sent, lines, world.secretary)
    school = world.here.schools[0]
    assert (letter.addressee.name, letter.addressee.school, letter.addressee.uai) == (
        "Amina Petit",
        "École 1",
        school.uai,
    )
    assert letter.through == "la direction, École 1"
    assert letter.code == of(sent, world.amina).document.code
    assert (letter.is_replaced, letter.substitute) == (True, "Rémi Plaçant")
    assert letter.sender.signatory == str(world.inspector)
    assert letter.hours.startswith("6\u00a0h, sur le temps de classe")
    assert letter.pdf().startswith(b"%PDF")
    (order,) = letters.mission_orders(sent, lines, world.secretary)
    assert order.grade == "Professeur des écoles"
    assert order.leaves.endswith("de Commune 1")
    assert order.pdf().startswith(b"%PDF")


def test_letters_are_made_in_a_batch(world, sent, sign_in):
    client, address = sign_in(world.secretary), reverse("events:convocation_letters", args=[sent.pk])
    for kind, template in (("convocations", "convocation"), ("ordres", "mission_order")):
        assert client.post(address, {"kind": kind}).status_code == 302
        assert LetterBatch.objects.get(template=template).letter_count == 3
    assert client.post(address, {"kind": "x"}).status_code == 409


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_the_list_costs_the_same_queries(world, day, sign_in, count, django_assert_num_queries):
    Convocation.objects.exclude(pk__in=list(day.convocations.values_list("pk", flat=True)[:count])).delete()
    DayRules.objects.filter(district=world.here.district).update(leaving_percent=100)  # nobody too many
    client, address = sign_in(world.secretary), reverse("events:convocation_list", args=[day.pk])
    client.get(address)
    with django_assert_num_queries(15):
        client.get(address)


def test_somebody_without_a_class_has_a_letter_too(world, day):
    Posting.objects.filter(person=world.amina).delete()
    (line,) = [line for line in queries.lines_of(day) if line.person == world.amina]
    (letter,) = letters.convocations(day, [line], world.secretary)
    assert (letter.addressee.school, letter.through) == ("", "")


def test_the_file_for_a_calendar_enters_and_goes_out(world, sent, sign_in):
    client, address = sign_in(world.amina), reverse("events:day_calendar", args=[sent.pk])
    assert b"METHOD:REQUEST" in client.get(address).content
    actions.answer(convocation=of(sent, world.amina), said=Said(Answer.CANNOT, Reason.CLASS), by=world.amina)
    answer = client.get(address)
    assert b"METHOD:CANCEL" in answer.content
    assert b"STATUS:CANCELLED" in answer.content
