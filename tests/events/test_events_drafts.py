"""What one types about a day is kept until it is sent, form by form."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circo.models import FormDraft
from events.convening import actions as convening
from tests.circo.drafts import TICKETS, keep, ticket_in
from tests.events.days import NOW, announced
from tests.events.programmes import session_of, slot_of

pytestmark = pytest.mark.django_db
WORD = "Zèbrebrouillon"
THAT_DAY = datetime.combine(date(2027, 3, 18), time(16))  # evaluated from the afternoon on


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True) as traveller:
        yield traveller


@pytest.fixture
def urls(world):
    """The pages with their forms, of a day to which people are called, with one workshop."""
    day = announced(world.here, world.inspector)
    convening.send(day=day, reply_by=date(2027, 3, 1), by=world.inspector)
    session = session_of(slot_of(day, world.adviser), world.adviser)
    mine = day.convocations.get(person=world.amina)
    args = {
        "slot_new": [day.pk],
        "slot_edit": [day.pk, session.slot_id],
        "workshop_new": [day.pk],
        "workshop_edit": [day.pk, session.workshop_id],
        "session_new": [day.pk, session.slot_id],
        "session_edit": [day.pk, session.pk],
        "convocation_list": [day.pk],
        "day_page": [day.pk],
        "evaluation_edit": [day.pk],
        "presence_edit": [day.pk, "matin", mine.pk],
        "brigade_settings": [],
    }
    return {name: reverse(f"events:{name}", args=held) for name, held in args.items()}


def test_a_moment_is_kept_and_forgotten_once_it_is_sent(world, urls, sign_in):
    client = sign_in(world.adviser)
    opened = client.get(urls["slot_new"])
    typed = {"starts": "14:00", "ends": "", "title": WORD, "kind": "TOGETHER"}
    keep(client, opened, typed)
    again = client.get(urls["slot_new"])
    assert "Nous avons repris votre brouillon" in again.content.decode().replace("\u00a0", " ")
    assert f'value="{WORD}"' in again.content.decode()
    action = again.context["action"]
    assert client.post(action, typed | ticket_in(again)).status_code == 422
    assert FormDraft.objects.get().values["title"] == [WORD]
    assert client.post(action, typed | {"ends": "15:00"} | ticket_in(again)).status_code == 302
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize(
    ("page", "field", "who"),
    [
        ("slot_edit", "title", "adviser"),
        ("workshop_new", "words", "adviser"),
        ("workshop_edit", "words", "adviser"),
        ("session_new", "room", "adviser"),
        ("session_edit", "room", "adviser"),
        ("convocation_list", "email", "adviser"),
        ("day_page", "word", "amina"),
        ("presence_edit", "left_at", "adviser"),
        ("brigade_settings", "reserve_percent", "brigade_manager"),
    ],
)
def test_what_was_typed_comes_back(world, urls, sign_in, page, field, who):
    client = sign_in(world.people[who])
    keep(client, client.get(urls[page]), {field: WORD})
    assert WORD in client.get(urls[page]).content.decode()
    assert FormDraft.objects.get().person == world.people[who]


def test_an_opinion_is_kept_until_it_is_given_and_leaves_no_trace(world, urls, sign_in, clock):
    clock.move_to(THAT_DAY.replace(tzinfo=timezone.get_default_timezone()))
    client, page = sign_in(world.amina), urls["evaluation_edit"]
    keep(client, client.get(page), {"keeps": WORD})
    opened = client.get(page)
    assert WORD in opened.content.decode()
    send = reverse("events:evaluation_send", args=[page.split("/")[2]])
    assert client.post(send, {"keeps": WORD} | ticket_in(opened)).status_code == 302
    assert not FormDraft.objects.exists()


def test_who_has_given_an_opinion_is_followed_no_more(world, urls, sign_in):
    assert not TICKETS.findall(sign_in(world.amina).get(urls["evaluation_edit"]).content.decode())
