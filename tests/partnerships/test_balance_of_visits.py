"""The balance of a year counts the visits between teachers that were made, and no other."""

from datetime import timedelta

import pytest
import time_machine

from networks.visits import actions as visits
from networks.visits import moving
from partnerships.models import PlacementDay
from partnerships.observations import actions, lapsing
from partnerships.papers import queries
from tests.partnerships.observed import WHEN
from tests.partnerships.placed import DAYS, NOW
from tests.partnerships.test_visits_between_sites import open_site, published, wishes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
AFTER = NOW + timedelta(days=60)


def counted(crossing, when=NOW) -> tuple[int, int]:
    """The visits made and the half-days freed of the cohort, once with those of the district: they say the same."""
    with time_machine.travel(when, tick=True):
        moving.mind()
        lapsing.mind()
        [found] = queries.balances(crossing.by, crossing.offer.school_year)
        [of_district] = queries.balances(crossing.adviser, crossing.offer.school_year)
    assert (found.observed, found.freed) == (of_district.observed, of_district.freed)
    return found.observed, found.freed


def test_a_visit_counts_once_it_is_made(crossing):
    one = crossing.observation()
    assert counted(crossing) == (0, 1)
    actions.accept(observation=one, by=crossing.amina)
    assert counted(crossing) == (0, 1)
    assert counted(crossing, AFTER) == (1, 1)


@pytest.mark.parametrize("end", ["unanswered", "declined", "called off", "said not to have been"])
def test_what_was_not_made_does_not_count(crossing, end):
    one = crossing.observation()
    if end == "declined":
        actions.decline(observation=one, by=crossing.bruno)
    elif end != "unanswered":
        one = actions.accept(observation=one, by=crossing.amina)
    if end == "called off":
        visits.cancel_visit(visit=one.visit, word="Malade", by=crossing.amina)
    if end == "said not to have been":
        assert counted(crossing, AFTER) == (1, 1)
        with time_machine.travel(AFTER, tick=True):
            visits.cancel_visit(visit=one.visit, word="Pas venue", by=crossing.bruno)
    assert counted(crossing, AFTER) == (0, 1)


def test_a_visit_told_in_a_report_still_counts(crossing):
    one = actions.accept(observation=crossing.observation(), by=crossing.amina)
    with time_machine.travel(AFTER, tick=True):
        moving.mind()
        report = visits.write_report(
            visit=one.visit, text=visits.ReportText(keeps="Le plan"), version=0, by=crossing.amina
        )
        visits.give_report(report=report, by=crossing.amina)
    assert counted(crossing, AFTER) == (1, 1)


def test_who_stays_to_answer_for_the_students_is_not_freed(crossing):
    stays = crossing.freed(crossing.other_class(host=crossing.colleague()), when=DAYS[2], name="Autre")
    assert counted(crossing) == (0, 2)
    PlacementDay.objects.filter(placement=stays).update(adult=stays.offer.person)
    assert counted(crossing) == (0, 1)


def test_a_district_adds_the_visits_between_its_sites(crossing):
    open_site(crossing.bruno, crossing.offer.school)
    wishes(crossing.chloe)
    one = actions.accept(observation=published(crossing), by=crossing.chloe)
    visits.confirm_visit(visit=one.visit, by=crossing.bruno)
    actions.accept(observation=crossing.observation(host=crossing.chloe, when=WHEN), by=crossing.amina)
    with time_machine.travel(AFTER, tick=True):
        moving.mind()
        [found] = queries.balances(crossing.by, crossing.offer.school_year)
        [of_district] = queries.balances(crossing.adviser, crossing.offer.school_year)
    assert (found.observed, of_district.observed) == (1, 2)
