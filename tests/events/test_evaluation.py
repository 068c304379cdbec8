"""What was thought of a day: said once, by nobody one could name, and read by the team from five answers on."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.registries import todos_of
from events.evaluation import actions, queries, rules
from events.models import Convocation, Evaluation, SharingDay
from events.signing import actions as signing
from tests.events.days import called, today_of
from tests.world import person

DAY = datetime(2027, 3, 18, 15)  # noqa: DTZ001 (an afternoon)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(DAY.replace(tzinfo=timezone.get_default_timezone()), tick=True) as traveller:
        yield traveller


@pytest.fixture
def day(world):
    made = today_of(world.here, world.inspector)
    called(made, world.amina, world.bruno)
    return made


def url(name, day):
    return reverse(f"events:{name}", args=[day.pk])


def said(day, who, **scales):
    one = Convocation.objects.get(day=day, person=who)
    actions.evaluate(convocation=one, scales=scales, words={"keeps": f"Un mot de {who.first_name}"}, by=who)


def test_one_says_it_once_and_the_row_names_nobody(world, day, sign_in):
    client = sign_in(world.amina)
    assert "Donner votre avis" in [todo.title for todo in todos_of(world.amina)]
    before = Convocation.objects.get(person=world.amina).updated_at
    assert client.post(url("evaluation_send", day), {"useful": "4", "keeps": "Le silence"}).status_code == 302
    one = Evaluation.objects.get()
    assert (one.useful, one.organised, one.keeps) == (4, None, "Le silence")
    fields = {field.name for field in Evaluation._meta.get_fields()}
    assert fields == {"id", "day", *rules.QUESTIONS, "keeps", "next_time"}
    held = Convocation.objects.get(person=world.amina)
    assert held.has_evaluated
    assert held.updated_at == before
    answer = client.post(url("evaluation_send", day), {"useful": "1"})
    assert answer.status_code == 422
    assert "déjà donné votre avis" in answer.content.decode()
    assert Evaluation.objects.count() == 1
    assert "Donner votre avis" not in [todo.title for todo in todos_of(world.amina)]


def test_nothing_said_is_nothing_kept(world, day, sign_in):
    answer = sign_in(world.amina).post(url("evaluation_send", day), {})
    assert "une question au moins" in answer.content.decode()
    assert sign_in(world.amina).post(url("evaluation_send", day), {"useful": "5"}).status_code == 422
    assert not Convocation.objects.filter(has_evaluated=True).exists()


def test_it_is_said_from_the_afternoon_until_the_day_is_closed(world, day, clock):
    assert queries.is_open(day)
    day.state = "CLOSED"
    day.save()
    with pytest.raises(Refusal, match="pas d’avis en ce moment"):
        said(day, world.amina, useful=4)
    SharingDay.objects.update(state="PUBLISHED")
    clock.move_to(DAY.replace(hour=10, tzinfo=timezone.get_default_timezone()))
    with pytest.raises(Refusal, match="pas d’avis en ce moment"):
        said(day, world.amina, useful=4)


def test_a_day_that_was_closed_takes_no_answer_more(world, day, clock):
    assert "Donner votre avis" in [todo.title for todo in todos_of(world.amina)]
    SharingDay.objects.filter(pk=day.pk).update(state="HELD")
    day.refresh_from_db()
    signing.close(day=day, by=world.adviser)
    signing.reopen(day=day, by=world.adviser)
    assert "Donner votre avis" not in [todo.title for todo in todos_of(world.amina)]
    with pytest.raises(Refusal, match="pas d’avis en ce moment"):
        said(day, world.amina, useful=4)


def test_results_are_shown_from_five_answers_on_once_the_day_is_closed(world, day, sign_in):
    people = [person(f"p{number}@ecole.test", f"Prénom{number}", "Nom") for number in range(4)]
    called(day, *people)
    client = sign_in(world.adviser)
    for rank, one in enumerate(people):
        said(day, one, useful=1 + rank % 4)
    body = client.get(url("evaluation_results", day)).content.decode()
    assert "à partir de cinq avis" in body
    assert "Un mot de" not in body
    said(day, world.amina, useful=4)
    assert "Un mot de" not in client.get(url("evaluation_results", day)).content.decode()
    SharingDay.objects.filter(pk=day.pk).update(state="CLOSED")
    body = client.get(url("evaluation_results", day)).content.decode()
    assert body.count("Un mot de") == 5
    assert "1 pas du tout, 1 plutôt non, 1 plutôt oui, 2 tout à fait" in body
    assert "<svg" in body
    assert "<caption>" in body
    assert sign_in(world.amina).get(url("evaluation_results", day)).status_code == 404


def test_bars_fill_their_width():
    empty = dict.fromkeys(rules.QUESTIONS)
    bars = rules.bars([{**empty, "useful": 1}, {**empty, "useful": 4}, {**empty, "useful": 4}, {**empty, "useful": 4}])
    assert [(part.x, part.width) for part in bars[0].parts] == [
        ("0.00%", "25.00%"),
        ("25.00%", "0.00%"),
        ("25.00%", "0.00%"),
        ("25.00%", "75.00%"),
    ]
    assert (bars[0].total, bars[1].total) == (4, 0)
