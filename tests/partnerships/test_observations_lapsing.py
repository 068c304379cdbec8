"""A proposal that nobody answers closes by itself when its time is over, and counts nowhere."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from circo.calendar import queries as calendar
from circo.errors import Refusal
from circo.models import Notice
from networks.models import VisitSettings
from networks.visits.queries import starts_at
from partnerships import tasks
from partnerships.models import PeerObservation
from partnerships.observations import actions, lapsing, problems, queries, rules
from partnerships.observations.rules import ObservationState, Verb
from tests.partnerships.observed import WHEN
from tests.partnerships.placed import NOW
from tests.partnerships.test_visits_between_sites import open_site, published, wishes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
BEGINS = starts_at(WHEN)
JUST_BEFORE, JUST_AFTER = BEGINS - timedelta(minutes=1), BEGINS + timedelta(minutes=1)


def state(observation) -> str:
    return PeerObservation.objects.get(pk=observation.pk).state


def test_a_proposal_waits_until_its_half_day_begins_then_closes_once(crossing):
    one = crossing.observation()
    with time_machine.travel(JUST_BEFORE, tick=True):
        assert lapsing.mind() == 0
        assert state(one) == ObservationState.PROPOSED
    with time_machine.travel(JUST_AFTER, tick=True):
        tasks.mind_observations()
        assert lapsing.mind() == 0
        one.refresh_from_db()
        assert (one.state, one.seat) == (ObservationState.LAPSED, None)
        for person in (crossing.amina, crossing.bruno):
            assert Notice.objects.filter(person=person, title__startswith="Restée sans réponse").count() == 1
    assert settings.CELERY_BEAT_SCHEDULE["mind-observations"]["task"] == tasks.mind_observations.name


def test_what_was_answered_does_not_close(crossing):
    one = actions.accept(observation=crossing.observation(), by=crossing.amina)
    with time_machine.travel(JUST_AFTER, tick=True):
        assert lapsing.mind() == 0
        assert state(one) == ObservationState.ACCEPTED


def test_what_nobody_answered_counts_nowhere_and_may_be_proposed_again(crossing):
    one = crossing.observation()
    with time_machine.travel(JUST_AFTER, tick=True):
        lapsing.mind()
    year = (NOW.date(), WHEN.day)
    assert queries.received_this_year({crossing.bruno.pk}, *year) == {}
    assert rules.BUSY_REASON not in {
        each.reason for each in calendar.busy([crossing.amina.pk], WHEN.day, WHEN.day)[crossing.amina.pk]
    }
    assert queries.todos(crossing.amina) == []
    assert not queries.mine_page(crossing.amina).coming
    plan = crossing.plan()
    assert plan.lines.exists()
    assert queries.plan_page(plan).standing == []
    assert queries.plan_page(plan).lapsed == [one]
    decided = problems.problem_of(plan).decisions
    assert (decided.met, decided.forbidden, decided.locks) == (frozenset(), frozenset(), frozenset())


def test_from_that_instant_no_button_is_left_even_before_the_clock_has_passed(crossing, client):
    one = crossing.observation()
    page = reverse("partnerships:observation_page", args=[one.pk])
    client.force_login(crossing.amina)
    assert "J’y vais" in client.get(page).content.decode()
    with time_machine.travel(JUST_AFTER, tick=True):
        client.force_login(crossing.amina)
        for _ in range(2):
            shown = client.get(page).content.decode()
            assert "etape/" not in shown
            assert "echange" not in shown
            assert queries.todos(crossing.amina) == []
            lapsing.mind()
        assert "Restée sans réponse" in shown
        for verb in (Verb.ACCEPT, Verb.DECLINE, Verb.RESTORE, Verb.REOPEN, Verb.CANCEL):
            with pytest.raises(Refusal):
                actions.move(observation=one, verb=verb, by=crossing.amina)


@pytest.mark.parametrize("verb", ["decline", "swap", "agree"])
def test_too_late_is_said_of_each_answer(crossing, verb):
    second = crossing.other_class(host=crossing.colleague())
    crossing.freed(second, name="Autre")
    mine, theirs = crossing.observation(), crossing.observation(observer=second.person, host=crossing.chloe)
    actions.ask_swap(observation=theirs, other=mine, by=second.person)
    acts = {
        "decline": lambda: actions.decline(observation=mine, by=crossing.amina),
        "swap": lambda: actions.ask_swap(observation=mine, other=theirs, by=crossing.amina),
        "agree": lambda: actions.agree_to_swap(observation=mine, asked_by=theirs, by=crossing.amina),
    }
    with time_machine.travel(JUST_AFTER, tick=True):
        with pytest.raises(Refusal, match=rules.TOO_LATE):
            acts[verb]()
        assert lapsing.mind() == 2
        assert PeerObservation.objects.get(pk=theirs.pk).swap_with is None


def test_at_a_site_it_closes_at_the_notice_that_the_district_asks_for(crossing):
    open_site(crossing.bruno, crossing.offer.school)
    wishes(crossing.chloe)
    one = published(crossing)
    VisitSettings.objects.create(district=crossing.ground.district, notice_hours=24)
    last_call = starts_at(one.half_day) - timedelta(hours=24)
    with time_machine.travel(last_call - timedelta(minutes=1), tick=True):
        assert lapsing.mind() == 0
        assert Verb.ACCEPT in queries.observation_page(queries.observations().get(), crossing.chloe).verbs
    with time_machine.travel(last_call + timedelta(minutes=1), tick=True):
        assert queries.observation_page(queries.observations().get(), crossing.chloe).verbs == frozenset()
        assert queries.observation_page(queries.observations().get(), crossing.adviser).verbs == {Verb.CANCEL}
        assert lapsing.mind() == 1
        assert state(one) == ObservationState.LAPSED


def test_closing_costs_two_queries_when_nothing_is_late(crossing, django_assert_num_queries):
    crossing.observation()
    with time_machine.travel(BEGINS - timedelta(days=2), tick=True), django_assert_num_queries(2):
        lapsing.mind()
