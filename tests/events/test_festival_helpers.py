"""Volunteers of the festival, its poster and its programme."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from events.festival import actions, agenda, helping, moving
from events.festival.rules import AnimationState
from events.models import FestivalHelper
from tests import documents
from tests.circo.calendar_things import open_feed_of
from tests.events.festivals import NOW, moment, published, retained


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True) as traveller:
        yield traveller


@pytest.fixture
def festival(world):
    """One workshop of Amina's at 10, with one volunteer to find; a stand of Bruno's at 10:30 for the same hour."""
    festival, _ = published(world.here, world.amina, world.adviser, volunteers=1)
    return festival


def session_of(festival, title="Fusées à eau"):
    return festival.animations.get(title=title).sessions.get()


def test_somebody_signs_up_and_takes_their_name_away(world, festival):
    session = session_of(festival)
    assert helping.planning(festival, world.chloe).missing == 1
    helping.help_at(session=session, by=world.chloe)
    helping.help_at(session=session, by=world.chloe)
    planning = helping.planning(festival, world.chloe)
    assert planning.missing == 0
    assert [place.session for place in planning.mine] == [session]
    with pytest.raises(Refusal, match="déjà assez"):
        helping.help_at(session=session, by=world.bruno)
    helping.stop_helping(session=session, by=world.chloe)
    helping.stop_helping(session=session, by=world.chloe)
    assert not FestivalHelper.objects.exists()


def test_what_one_holds_is_on_one_s_agenda_and_in_its_feed(world, festival):
    session = session_of(festival)
    assert agenda.events_of(world.chloe, NOW.date()) == []
    helping.help_at(session=session, by=world.chloe)
    (event,) = agenda.events_of(world.chloe, NOW.date())
    assert (event.title, event.starts_at, event.cancelled) == (
        "Fête de l’apprendre\u00a0: Fusées à eau",
        session.starts_at,
        False,
    )
    assert "Fusées à eau" in feed_of(world.chloe)
    assert [one.title for one in agenda.events_of(world.amina, NOW.date())] == [event.title]  # she proposed it
    moving.move_session(session=session, moment=moment(15, 16), by=world.adviser)
    (moved,) = agenda.events_of(world.chloe, NOW.date())
    assert (moved.uid, moved.starts_at.hour - event.starts_at.hour) == (event.uid, 5)
    assert moved.sequence > event.sequence
    actions.decide(animation=session.animation, state=AnimationState.ASIDE, by=world.adviser)
    (gone,) = agenda.events_of(world.chloe, NOW.date())
    assert gone.cancelled
    assert gone.sequence > moved.sequence


def feed_of(who) -> str:
    return Client().get(reverse("calendar:feed", args=[open_feed_of(who)])).text


def test_nobody_is_in_two_places_at_once(world, festival):
    retained(festival, world.adviser, world.adviser, title="Contes", at=moment(10, 12), volunteers=2)
    retained(festival, world.adviser, world.adviser, title="Jardin", at=moment(12, 13), volunteers=2)
    with pytest.raises(Refusal, match="déjà à «\u00a0Fusées à eau\u00a0»"):
        helping.help_at(session=session_of(festival, "Contes"), by=world.amina)  # she hosts the other
    helping.help_at(session=session_of(festival, "Contes"), by=world.chloe)
    with pytest.raises(Refusal, match="déjà à «\u00a0Contes\u00a0»"):
        helping.help_at(session=session_of(festival), by=world.chloe)
    helping.help_at(session=session_of(festival, "Jardin"), by=world.chloe)


def test_only_who_teaches_in_the_district_helps(world, festival):
    for who in (world.denis, world.student, world.departement, world.inspector):
        with pytest.raises(Refusal, match="Seuls les enseignants"):
            helping.help_at(session=session_of(festival), by=who)


def test_the_page_tells_the_conflict(world, festival, sign_in):
    retained(festival, world.adviser, world.adviser, title="Contes", volunteers=2)
    session = session_of(festival, "Contes")
    client = sign_in(world.amina)
    page = client.post(reverse("events:helper_join", args=[festival.pk, session.pk]), follow=True).content.decode()
    assert "vous êtes déjà à «\u00a0Fusées à eau\u00a0»" in page
    assert "j’anime" in page


@pytest.mark.parametrize("many", [1, 5])
def test_the_planning_costs_the_same_however_full(world, festival, sign_in, django_assert_num_queries, many):
    for number in range(many):
        retained(festival, world.adviser, world.adviser, title=f"Atelier {number}", volunteers=2)
        FestivalHelper.objects.create(session=session_of(festival, f"Atelier {number}"), person=world.bruno)
    with django_assert_num_queries(4):  # reading one's posts included
        helping.planning(festival, world.chloe)
        helping.may_help(festival, world.chloe)


# --- Papers -----------------------------------------------------------------------------------------------------------
def read(response) -> str:
    assert response.headers["Content-Type"] == "application/pdf"
    assert documents.faults(response.content) == []
    return documents.text_of(response.content).replace("\u00a0", " ")


def test_the_programme_is_for_all_once_published(world, festival, client):
    url = reverse("events:festival_programme", args=[festival.pk])
    text = read(client.get(url))
    assert "Fusées à eau" in text
    assert "5, sur réservation" in text
    assert f"/fete/{festival.pk}/" in text
    festival.state = "CALL"
    festival.save()
    assert client.get(url).status_code == 404


def test_the_poster_holds_one_page_however_much_there_is(world, festival, sign_in):
    for number in range(20):
        retained(festival, world.adviser, world.adviser, title=f"Un atelier au titre plutôt long, numéro {number}")
    response = sign_in(world.adviser).get(reverse("events:festival_poster", args=[festival.pk]))
    assert "amedi 19 juin 2027" in read(response)
    assert len(documents.opened(response.content).pages) == 1
