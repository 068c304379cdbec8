"""Whatever sites, seats, wishes and bookings are drawn: what is proposed can be published, and then booked by a yes."""

import random
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from networks.models import Visit
from networks.visits import actions as visits
from networks.visits.rules import VisitState
from partnerships.observations import actions, problems
from tests.partnerships.test_visits_between_sites import SOON, open_site, plan_of, wishes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
WEEK = ("MON_AM", "MON_PM", "TUE_AM", "TUE_PM")


def fill(crossing, pick: random.Random) -> list:
    """Some open classes, some who booked, some who said when they may come; the sites."""
    hosts = [crossing.colleague(f"Hôte{number}") for number in range(pick.randint(1, 3))]
    sites = [
        open_site(host, crossing.offer.school, pick.sample(WEEK, pick.randint(1, 3)), seats=pick.randint(1, 2))
        for host in hosts
        for _ in range(pick.randint(1, 2))
    ]
    for number in range(pick.randint(0, 3)):
        site = pick.choice(sites)
        half_day = HalfDay(SOON, pick.choice(("AM", "PM")))
        if half_day.week_code in site.week:
            visits.ask_visit(site=site, half_day=half_day, focus="Voir", by=crossing.colleague(f"Réservé{number}"))
    others = [crossing.colleague(f"Volontaire{number}") for number in range(pick.randint(1, 5))]
    for person in [*others, pick.choice(hosts)]:
        wishes(person, *pick.sample(WEEK, pick.randint(1, 3)))
    return sites


@pytest.mark.parametrize("seed", range(12))
def test_all_that_is_proposed_is_published_and_a_yes_to_each_has_a_seat(crossing, seed):
    sites = fill(crossing, random.Random(seed))
    plan = plan_of(crossing)
    lines = list(plan.lines.all())
    opened = {site.pk: site for site in sites}
    assert max(Counter(line.observer_id for line in lines).values(), default=0) <= 1
    for line in lines:
        site = opened[line.site_id]
        assert (site.host_id, line.half_day.week_code in site.week) == (line.host_id, True)
        assert not any(line.half_day.week_code in other.week for other in sites if other.host_id == line.observer_id)
    if lines:
        made = actions.publish(plan=plan, by=crossing.adviser)
        assert [why for _, why in made.left] == []
        again = plan_of(crossing)
        assert not {line.observer for line in again.lines.all()} & {one.observer for one in made.done}
        for one in made.done:
            accepted = actions.accept(observation=one, by=one.observer)
            assert (accepted.visit.state, accepted.visit.site_id) == (VisitState.ASKED, one.site_id)
    seated = Counter(Visit.objects.seated().values_list("site", "day", "half"))
    assert all(count <= opened[site].seats for (site, *_), count in seated.items())


def test_some_of_what_is_drawn_is_proposed(crossing):
    fill(crossing, random.Random(3))
    assert plan_of(crossing).lines.exists()


def test_as_many_queries_whatever_the_number_of_sites_and_volunteers(crossing):
    counts = []
    for rank in range(2):
        for number in range(1 + 3 * rank):
            open_site(crossing.colleague(f"Hôte{rank}{number}"), crossing.offer.school, WEEK)
            wishes(crossing.colleague(f"Volontaire{rank}{number}"))
        plan = plan_of(crossing)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            problems.problem_of(plan)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_line_that_somebody_was_quicker_to_take_stays_with_its_reason(crossing):
    site = open_site(crossing.bruno, crossing.offer.school)
    wishes(crossing.chloe, "MON_AM")
    plan = plan_of(crossing)
    visits.ask_visit(site=site, half_day=plan.lines.get().half_day, focus="Voir", by=crossing.colleague("Rapide"))
    made = actions.publish(plan=plan, by=crossing.adviser)
    assert not made.done
    assert "tous les visiteurs" in made.left[0][1]


def test_strangers_read_nothing_of_it(crossing, world):
    open_site(crossing.bruno, crossing.offer.school)
    wishes(crossing.chloe, "MON_AM")
    plan = plan_of(crossing)
    with pytest.raises(Refusal):
        actions.publish(plan=plan, by=world.adviser_there)
    one = actions.publish(plan=plan, by=crossing.adviser).done[0]
    with pytest.raises(Refusal):
        actions.accept(observation=one, by=world.denis)
    with pytest.raises(Refusal):
        actions.accept(observation=one, by=crossing.bruno)
