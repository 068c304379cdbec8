"""Visits proposed between observation sites: who said when to come, where a seat is free, and networks' own rules."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from circo.errors import Refusal
from circo.models import Notice, Posting
from circo.rules import Role
from networks.models import ObservationSite, Visit
from networks.visits import actions as visits
from networks.visits import moving
from networks.visits.rules import VisitState
from partnerships.models import CrossingPlan, PeerObservation
from partnerships.observations import actions, problems, queries, solving
from partnerships.observations.rules import CrossingKind, ObservationState
from tests.partnerships.observed import WHEN
from tests.partnerships.placed import NOW
from tests.world import post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
SOON = NOW.date() + timedelta(days=4)  # Monday 30 November 2026
WEEK = ["MON_AM", "TUE_AM"]


@pytest.fixture
def site(crossing):
    """Bruno opens his class on Monday mornings."""
    return open_site(crossing.bruno, crossing.offer.school)


def open_site(host, school, week=("MON_AM",), **fields) -> ObservationSite:
    given = {"title": "Le plan de travail", "levels": ["CE1"], "week": list(week), "practices": ["AUTONOMY"]}
    return ObservationSite.objects.create(host=host, school=school, **(given | fields))


def wishes(person, *half_days, practices=()):
    actions.wish(practices=practices, limit_min=30, half_days=half_days or WEEK, by=person)
    return person


def plan_of(crossing, days=1) -> CrossingPlan:
    plan = actions.prepare(
        district=crossing.ground.district,
        kind=CrossingKind.SITES,
        first_day=SOON,
        last_day=SOON + timedelta(days=days),
        by=crossing.adviser,
    )
    solving.at_once(plan)
    return CrossingPlan.objects.get(pk=plan.pk)


def published(crossing, **fields) -> PeerObservation:
    made = actions.publish(plan=plan_of(crossing, **fields), by=crossing.adviser)
    assert not made.left, made.left[0][1]
    return made.done[0]


def state(observation) -> str:
    return PeerObservation.objects.get(pk=observation.pk).state


# --- Proposals --------------------------------------------------------------------------------------------------------
def test_who_said_when_to_come_is_proposed_an_open_site_with_a_free_seat(crossing, site):
    line = plan_of(crossing).lines.first()
    assert line is None
    chloe = wishes(crossing.chloe)
    line = plan_of(crossing).lines.get()
    assert (line.observer, line.host, line.site, line.day, line.half) == (chloe, crossing.bruno, site, SOON, "AM")
    assert not Notice.objects.filter(person=chloe).exists()


def test_a_day_off_does_not_hinder_and_what_takes_does(crossing, site):
    chloe = wishes(crossing.chloe)
    Posting.objects.filter(person=chloe).update(half_days=["THU_AM", "THU_PM"])
    assert plan_of(crossing).lines.count() == 1
    elsewhere = open_site(crossing.colleague("Autre"), crossing.offer.school)
    visits.ask_visit(site=elsewhere, half_day=plan_of(crossing).lines.get().half_day, focus="Voir", by=chloe)
    assert not plan_of(crossing).lines.exists()


@pytest.mark.parametrize(
    "fields", [{"state": "PAUSED"}, {"head_answer": "OBJECTED"}, {"week": ["TUE_PM"]}, {"week": ["THU_AM"]}]
)
def test_a_site_that_is_not_open_then_is_proposed_to_nobody(crossing, site, fields):
    wishes(crossing.chloe)
    ObservationSite.objects.filter(pk=site.pk).update(**fields)
    plan = plan_of(crossing)
    assert not plan.lines.exists()
    assert {one.who for one in queries.plan_page(plan).reasons} == {crossing.chloe}


def test_seats_are_those_of_the_site_less_the_visitors_who_come(crossing, site):
    for person in (crossing.chloe, crossing.colleague("Un"), crossing.colleague("Deux")):
        wishes(person, "MON_AM")
    assert plan_of(crossing).lines.count() == 1
    ObservationSite.objects.update(seats=3)
    assert plan_of(crossing).lines.count() == 3
    half_day = plan_of(crossing).lines.first().half_day
    visits.ask_visit(site=site, half_day=half_day, focus="Voir", by=crossing.colleague("Trois"))
    assert plan_of(crossing).lines.count() == 2


def test_a_proposal_gives_one_visit_to_each_and_keeps_what_stands(crossing, site):
    open_site(crossing.colleague("Autre"), crossing.offer.school, ("TUE_AM",))
    wishes(crossing.chloe)
    one = published(crossing, days=8)
    again = plan_of(crossing, days=8)
    assert not again.lines.exists()
    assert queries.plan_page(again).standing == [one]
    assert len(problems.problem_of(again).decisions.locks) == 1


def test_who_opens_a_class_then_receives_and_is_sent_nowhere(crossing, site):
    open_site(crossing.chloe, crossing.offer.school)
    wishes(crossing.chloe, "MON_AM")
    assert not plan_of(crossing).lines.exists()


def test_a_wished_practice_decides_between_two_sites(crossing, site):
    other = open_site(crossing.colleague("Autre"), crossing.offer.school, practices=["SPORT"])
    wishes(crossing.chloe, practices=["SPORT"])
    assert plan_of(crossing).lines.get().site == other


def test_a_pair_meets_once_a_year_whichever_the_kind(crossing, site):
    crossing.observation()  # students free Amina, who goes to Bruno in January
    wishes(crossing.amina)
    assert not plan_of(crossing).lines.exists()


def test_a_freed_teacher_does_not_see_a_class_whose_seats_visitors_have(crossing):
    """The other kind of proposal counts the ordinary visitors of a class."""
    actions.wish(practices=["AUTONOMY"], limit_min=30, by=crossing.amina)
    site = open_site(crossing.bruno, crossing.offer.school, (WHEN.week_code,), seats=2)
    for name in ("Un", "Deux"):
        assert crossing.plan().lines.get().host == crossing.bruno
        visits.ask_visit(site=site, half_day=WHEN, focus="Voir", by=crossing.colleague(name))
    assert crossing.plan().lines.get().host != crossing.bruno


# --- Yes, under the rules of networks ---------------------------------------------------------------------------------
def test_a_yes_asks_for_the_seat_and_the_host_confirms(crossing, site, world):
    post(world.head_teacher, Role.HEAD_TEACHER, crossing.offer.school)
    wishes(crossing.chloe)
    one = actions.accept(observation=published(crossing), by=crossing.chloe)
    visit = one.visit
    assert (visit.site, visit.state, visit.seat, visit.focus) == (site, VisitState.ASKED, 1, site.title)
    assert Notice.objects.filter(person=crossing.bruno, title__contains="demande à venir").count() == 1
    assert not Notice.objects.filter(person=world.head_teacher).exists()
    visits.confirm_visit(visit=visit, by=crossing.bruno)
    assert Notice.objects.filter(person=world.head_teacher, title__contains="vient voir la classe").count() == 1
    with time_machine.travel(NOW + timedelta(days=10), tick=True):
        moving.mind()
        assert state(one) == ObservationState.DONE


def test_a_yes_when_all_seats_went_waits_in_line_and_takes_the_seat_that_is_freed(crossing, site):
    wishes(crossing.chloe)
    one = published(crossing)
    quicker = visits.ask_visit(site=site, half_day=one.half_day, focus="Voir", by=crossing.colleague("Rapide"))
    one = actions.accept(observation=one, by=crossing.chloe)
    assert one.visit.state == VisitState.WAITING
    assert "liste d’attente" in queries.observation_page(one, crossing.chloe).said
    visits.cancel_visit(visit=quicker, word="", by=quicker.visitor)
    one.visit.refresh_from_db()
    assert one.visit.state == VisitState.OFFERED


def test_a_host_who_declines_the_visit_calls_the_observation_off(crossing, site):
    wishes(crossing.chloe)
    one = actions.accept(observation=published(crossing), by=crossing.chloe)
    visits.decline_visit(visit=one.visit, word="Sortie scolaire", by=crossing.bruno)
    assert state(one) == ObservationState.CANCELLED
    assert not plan_of(crossing).lines.exists()


def test_a_yes_is_taken_back_until_the_host_confirms_then_the_visit_is_called_off_on_its_page(crossing, site):
    wishes(crossing.chloe)
    one = actions.accept(observation=published(crossing), by=crossing.chloe)
    one = actions.reopen(observation=one, by=crossing.chloe)
    assert (one.state, Visit.objects.get().state) == (ObservationState.PROPOSED, VisitState.CANCELLED)
    one = actions.accept(observation=one, by=crossing.chloe)
    visits.confirm_visit(visit=one.visit, by=crossing.bruno)
    one = queries.observations().get(pk=one.pk)
    assert queries.observation_page(one, crossing.chloe).verbs == frozenset()
    with pytest.raises(Refusal, match="a confirmé"):
        actions.reopen(observation=one, by=crossing.chloe)
    visits.cancel_visit(visit=one.visit, word="Malade", by=crossing.chloe)
    assert state(one) == ObservationState.CANCELLED


def test_the_team_calls_off_and_the_seat_goes_to_the_next(crossing, site):
    wishes(crossing.chloe)
    one = actions.accept(observation=published(crossing), by=crossing.chloe)
    waiting = visits.ask_visit(site=site, half_day=one.half_day, focus="Voir", by=crossing.colleague("Après"))
    actions.cancel(observation=one, by=crossing.adviser)
    waiting.refresh_from_db()
    assert (state(one), waiting.state) == (ObservationState.CANCELLED, VisitState.OFFERED)


@pytest.mark.parametrize("what", ["paused", "full year", "taken", "too late"])
def test_a_yes_that_the_site_refuses_says_why_and_stays_a_proposal(crossing, site, what):
    wishes(crossing.chloe)
    one = published(crossing)
    later = timedelta()
    if what == "paused":
        visits.move_site(site=site, verb="pause", by=crossing.bruno)
    elif what == "full year":
        for day in range(6):
            Visit.objects.create(
                site=site, visitor=crossing.chloe, day=SOON - timedelta(days=20 + day), half="AM", seat=1, state="HELD"
            )
    elif what == "taken":
        other = open_site(crossing.colleague("Autre"), crossing.offer.school)
        made = Visit(site=other, visitor=crossing.chloe, day=SOON, half="AM", seat=1, state="CONFIRMED")
        made.save()
    else:
        later = timedelta(days=3)
    with time_machine.travel(NOW + later, tick=True), pytest.raises(Refusal) as refused:
        actions.accept(observation=one, by=crossing.chloe)
    assert {
        "paused": "n’est pas ouverte",
        "full year": "visites de l’année",
        "taken": "déjà pris",
        "too late": "heures avant",
    }[what] in str(refused.value)
    assert state(one) == ObservationState.PROPOSED


def test_students_who_come_to_hold_the_class_of_the_host_withdraw_it_and_a_freed_half_day_lost_does_not(crossing):
    open_site(crossing.bruno, crossing.offer.school)
    wishes(crossing.chloe)
    one = published(crossing)
    crossing.freed(crossing.other_class(host=crossing.chloe), when=one.half_day, name="Autre")
    assert state(one) == ObservationState.PROPOSED
    crossing.freed(crossing.other_class(host=crossing.bruno), when=one.half_day, name="Encore")
    assert state(one) == ObservationState.CANCELLED


def test_two_exchange_their_sites_and_both_visits_are_asked_for(crossing, site):
    other = open_site(crossing.colleague("Autre"), crossing.offer.school)
    second = wishes(crossing.colleague("Deux"), "MON_AM")
    wishes(crossing.chloe, "MON_AM")
    made = actions.publish(plan=plan_of(crossing), by=crossing.adviser).done
    mine = next(one for one in made if one.observer == crossing.chloe)
    theirs = next(one for one in made if one.observer == second)
    actions.ask_swap(observation=mine, other=theirs, by=crossing.chloe)
    actions.agree_to_swap(observation=theirs, asked_by=mine, by=second)
    assert set(Visit.objects.values_list("visitor", "site", "state")) == {
        (crossing.chloe.pk, theirs.site_id, VisitState.ASKED),
        (second.pk, mine.site_id, VisitState.ASKED),
    }
    assert {mine.site_id, theirs.site_id} == {site.pk, other.pk}


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_the_adviser_asks_and_publishes_and_the_teacher_says_yes_on_the_pages(crossing, site, client):
    client.force_login(crossing.chloe)
    said = {"practices": ["AUTONOMY"], "limit_min": "20", "half_days": ["MON_AM"]}
    assert client.post(reverse("partnerships:observation_wish"), said).status_code == 302
    client.force_login(crossing.adviser)
    given = {"district": crossing.ground.district.pk, "first_day": SOON.isoformat(), "last_day": SOON.isoformat()}
    assert client.post(reverse("partnerships:crossing_create"), given).status_code == 422
    client.post(reverse("partnerships:crossing_create"), given | {"kind": "SITES"})
    plan = CrossingPlan.objects.get(kind=CrossingKind.SITES)
    solving.at_once(plan)
    page = reverse("partnerships:crossing_page", args=[plan.pk])
    assert "Entre lieux d’observation" in client.get(page).content.decode()
    assert "Le plan de travail" in client.get(page).content.decode()
    client.post(reverse("partnerships:crossing_publish", args=[plan.pk]), {"tout": "1"})
    one = PeerObservation.objects.get()
    client.force_login(crossing.chloe)
    moved = reverse("partnerships:observation_move", args=[one.pk, "accepter"])
    answer = client.post(moved, {"text": ""}, follow=True).content.decode()
    assert "Votre demande est partie" in answer
    assert "Visite demandée" in answer


def test_a_site_that_closes_leaves_no_button_that_cannot_work(crossing, site, client):
    wishes(crossing.chloe)
    one = published(crossing)
    page = reverse("partnerships:observation_page", args=[one.pk])
    client.force_login(crossing.chloe)
    assert "J’y vais" in client.get(page).content.decode()
    visits.move_site(site=site, verb="pause", by=crossing.bruno)
    shown = client.get(page).content.decode()
    assert "J’y vais" not in shown
    assert "n’est pas ouverte aux visites" in shown
    visits.move_site(site=site, verb="open", by=crossing.bruno)
    assert "J’y vais" in client.get(page).content.decode()
