"""Classes offered to students: who proposes, who agrees, who opens, who sees what, and when the class is to be had."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from circo.calendar.rules import HalfDay, half_days_between, school_holidays
from circo.errors import Refusal
from circo.models import CalendarChange, Notice
from circo.rules import HALF_DAYS
from networks.models import Membership
from partnerships.models import HostingRules, HostOffer
from partnerships.offers import actions, queries, rules
from partnerships.offers.actions import OfferText
from partnerships.offers.rules import MOVES, Actor, OfferState, Pattern, Verb
from tests.partnerships.partner import agreement_of, offer_of
from tests.world import post

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
FIRST, LAST = date(2026, 9, 1), date(2027, 8, 31)
TEXT = OfferText(levels=["CE1"], seats=2, week=["MON_AM", "TUE_PM"])
DECIDED = {Actor.HOST: "amina", Actor.HEAD: "head", Actor.TEAM: "adviser"}


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def head(world):
    """Somebody who heads Amina's school."""
    post(world.trainer, "HEAD_TEACHER", world.here.schools[0])
    world.people["head"] = world.trainer
    return world.trainer


# --- Periods and half-days --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("zone", ["A", "B", "C"])
def test_a_year_has_five_periods_between_holidays(zone):
    found = rules.periods(zone, FIRST, LAST)
    assert len(found) == 5
    off = {day for year in (2026, 2027) for day, name in school_holidays(zone, year).items() if "Pont" not in name}
    for period in found:
        assert not any(period.holds(day) for day in off)


def test_a_place_without_known_holidays_has_one_period():
    assert rules.periods("", FIRST, LAST) == (rules.Period(FIRST, LAST),)


DAYS = st.dates(min_value=FIRST, max_value=LAST)
HALVES = st.builds(HalfDay, DAYS, st.sampled_from(["AM", "PM"]))
CODES = st.sets(HALVES.map(lambda one: one.code), max_size=6)
PATTERNS = st.builds(
    Pattern, st.sets(st.sampled_from(HALF_DAYS)), CODES, CODES, st.sets(st.integers(min_value=1, max_value=5))
)


@given(PATTERNS, DAYS, st.integers(min_value=0, max_value=90))
def test_a_pattern_gives_what_it_says_and_no_day_of_holidays(pattern, first, span):
    year, last = rules.periods("B", FIRST, LAST), first + timedelta(days=span)
    found = rules.pattern_half_days(pattern, year, first, last)
    assert found == sorted(set(found))
    for one in half_days_between(first, last):
        rank = next((rank for rank, period in enumerate(year, 1) if period.holds(one.day)), None)
        weekly = one.week_code in pattern.week and (not pattern.periods or rank in pattern.periods)
        expected = rank is not None and one.code not in pattern.but and (weekly or one.code in pattern.dates)
        assert (one in found) == expected, one


@given(PATTERNS, DAYS, st.integers(min_value=0, max_value=60), st.integers(min_value=0, max_value=60))
def test_two_halves_of_a_span_give_what_the_whole_gives(pattern, first, one, other):
    year, middle = rules.periods("B", FIRST, LAST), first + timedelta(days=one)
    last = middle + timedelta(days=other + 1)
    parts = [(first, middle), (middle + timedelta(days=1), last)]
    joined = [each for bounds in parts for each in rules.pattern_half_days(pattern, year, *bounds)]
    assert joined == rules.pattern_half_days(pattern, year, first, last)


def test_half_days_say_why_one_is_not_to_be_had(world):
    offer_of(world.amina, week=["MON_AM", "TUE_AM"], dates=["2026-12-03_PM"], but=["2026-12-08_AM"])
    CalendarChange.objects.create(
        school=world.here.schools[0], starts_on=date(2026, 12, 7), ends_on=date(2026, 12, 7), reason="Neige"
    )
    found = queries.half_days(queries.offers(), date(2026, 11, 30), date(2026, 12, 8))
    assert list(found.values()) == [
        {
            HalfDay(date(2026, 11, 30), "AM"): "",
            HalfDay(date(2026, 12, 1), "AM"): "",
            HalfDay(date(2026, 12, 3), "PM"): "",
            HalfDay(date(2026, 12, 7), "AM"): "Neige",
        }
    ]


def test_a_teacher_who_does_not_work_then_has_no_class(world):
    world.amina.postings.update(half_days=["MON_AM"])
    offer_of(world.amina, week=["MON_AM", "TUE_AM"])
    found = queries.open_half_days(queries.offers(), date(2026, 11, 30), date(2026, 12, 4))
    assert list(found.values()) == [[HalfDay(date(2026, 11, 30), "AM")]]


@pytest.mark.parametrize("count", [1, 3])
def test_half_days_cost_the_same_for_any_number_of_classes(world, django_assert_max_num_queries, count):
    for host in (world.amina, world.bruno, world.chloe)[:count]:
        offer_of(host)
    rows = list(queries.offers())
    with django_assert_max_num_queries(13):
        assert len(queries.half_days(rows, FIRST, LAST)) == count


# --- The life of an offer ---------------------------------------------------------------------------------------------
def propose(world, by=None, school=None, text=TEXT) -> HostOffer:
    there = school or world.here.schools[0]
    return actions.propose(school=there, school_year=world.year, text=text, by=by or world.amina)


def test_a_class_goes_from_the_teacher_to_the_students(world, head):
    offer = propose(world)
    assert offer.state == OfferState.PROPOSED
    assert Notice.objects.filter(person=head, title__startswith="Amina Petit propose sa classe").exists()
    assert list(queries.waiting_for_head(head)) == [offer]
    actions.move(offer=offer, verb=Verb.AGREE, by=head)
    assert list(queries.waiting_for_team(world.inspector)) == [offer]
    assert not HostOffer.objects.visible_to(world.partner_coordinator).exists()
    opened = actions.move(offer=offer, verb=Verb.OPEN, by=world.inspector, institutions=[world.here.institution])
    assert opened.state == OfferState.OPEN
    assert list(HostOffer.objects.visible_to(world.partner_coordinator)) == [offer]
    assert Notice.objects.filter(person=world.partner_coordinator, title="Une classe s’ouvre à vos étudiants").exists()
    assert not HostOffer.objects.visible_to(world.partner_coordinator_there).exists()
    actions.move(offer=offer, verb=Verb.CLOSE, by=world.amina)
    assert not HostOffer.objects.visible_to(world.partner_coordinator).exists()
    assert [line.done for line in offer.moves.all()] == [
        "Fermée par l’enseignant·e",
        "Ouverte aux étudiants",
        "Accord de la direction",
        "Proposée",
    ]


@pytest.mark.parametrize("state", list(OfferState))
def test_each_state_has_its_verbs_and_says_why_not_the_others(world, head, state):
    offer = offer_of(world.amina)
    given_too = {"reason": "Trop de monde", "institutions": [world.here.institution]}
    for verb, rule in MOVES.items():
        HostOffer.objects.update(state=state)
        by = world.people[DECIDED[rule.actor]]
        if state in rule.sources:
            assert actions.move(offer=offer, verb=verb, by=by, **given_too).state == rule.target
        else:
            with pytest.raises(Refusal, match=rule.refusal[:20]):
                actions.move(offer=offer, verb=verb, by=by, **given_too)
            assert HostOffer.objects.get().state == state


@pytest.mark.parametrize("name", ["bruno", "inspector_there", "head_teacher", "departement", "student"])
def test_nobody_else_moves_a_class(world, head, name):
    offer = offer_of(world.amina)
    for verb, rule in MOVES.items():
        HostOffer.objects.update(state=min(rule.sources))
        with pytest.raises(Refusal, match="de celles dont vous décidez"):
            actions.move(offer=offer, verb=verb, by=world.people[name], reason="Non")


@pytest.mark.parametrize(("verb", "name"), [(Verb.REFUSE, "head"), (Verb.DECLINE, "adviser")])
def test_a_refusal_says_why_and_the_teacher_reads_it(world, head, verb, name):
    offer, by = offer_of(world.amina, state=OfferState.PROPOSED), world.people[name]
    with pytest.raises(Refusal, match="Dites pourquoi"):
        actions.move(offer=offer, verb=verb, by=by, reason="  ")
    actions.move(offer=offer, verb=verb, by=by, reason="Deux stages suffisent")
    assert Notice.objects.get(person=world.amina).text == "Deux stages suffisent"
    again = actions.move(offer=offer, verb=Verb.PROPOSE, by=world.amina)
    assert again.state == OfferState.PROPOSED


def test_the_last_move_is_taken_back_by_who_made_it(world, head):
    offer = propose(world)
    actions.move(offer=offer, verb=Verb.AGREE, by=head)
    with pytest.raises(Refusal, match="ne s’annule plus"):
        actions.undo(offer=offer, by=world.adviser)
    assert actions.undo(offer=offer, by=head).state == OfferState.PROPOSED
    with pytest.raises(Refusal, match="ne s’annule plus"):
        actions.undo(offer=offer, by=head)
    assert offer.moves.first().done == "Annulé"


def test_the_proposal_itself_is_withdrawn_not_undone(world):
    with pytest.raises(Refusal, match="ne s’annule plus"):
        actions.undo(offer=propose(world), by=world.amina)


def test_a_head_teacher_agrees_by_proposing(world):
    Membership.objects.create(person=world.head_teacher, group=world.here.group, school_year=world.year)
    offer = propose(world, by=world.head_teacher, school=world.here.schools[1])
    assert offer.state == OfferState.AGREED


def test_where_no_head_teacher_is_known_the_team_says_that_the_school_agrees(world):
    offer = propose(world)
    assert actions.move(offer=offer, verb=Verb.AGREE, by=world.adviser).state == OfferState.AGREED


def test_several_classes_open_at_once_and_one_that_left_is_left_out(world):
    offers = [offer_of(one, state=OfferState.AGREED) for one in (world.amina, world.bruno, world.chloe)]
    HostOffer.objects.filter(pk=offers[2].pk).update(state=OfferState.WITHDRAWN)
    there = [world.here.institution]
    assert actions.open_many(offers=offers, institutions=there, by=world.inspector) == offers[:2]
    notice = Notice.objects.get(person=world.partner_coordinator)
    assert notice.title == "2 classes s’ouvrent à vos étudiants"
    with pytest.raises(Refusal, match="n’attend plus"):
        actions.open_many(offers=offers, institutions=there, by=world.inspector)
    with pytest.raises(Refusal, match="quel institut"):
        actions.open_many(offers=offers, institutions=[], by=world.inspector)


def test_a_class_opens_to_an_institution_with_which_there_is_an_agreement(world):
    offer = offer_of(world.amina, state=OfferState.AGREED, institutions=[])
    there = [world.there.institution]
    with pytest.raises(Refusal, match="quel institut"):
        actions.move(offer=offer, verb=Verb.OPEN, by=world.inspector, institutions=there)
    agreement_of(world.here, institution=world.there.institution)
    actions.move(offer=offer, verb=Verb.OPEN, by=world.inspector, institutions=there)
    assert list(HostOffer.objects.visible_to(world.partner_coordinator_there)) == [offer]


# --- What is refused to a teacher -------------------------------------------------------------------------------------
def test_who_is_of_no_group_teaches_elsewhere_or_twice_is_told_so(world):
    Membership.objects.filter(person=world.bruno).delete()
    with pytest.raises(Refusal, match="membres des groupes"):
        propose(world, by=world.bruno)
    with pytest.raises(Refusal, match="où vous enseignez"):
        propose(world, school=world.here.schools[1])
    propose(world)
    with pytest.raises(Refusal, match="déjà proposé"):
        propose(world)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OfferText(levels=[], seats=1, week=["MON_AM"]), "niveau"),
        (OfferText(levels=["CP"], seats=1), "au moins une demi-journée"),
        (OfferText(levels=["CP"], seats=3, week=["MON_AM"]), "au plus 2\u00a0étudiants"),
        (OfferText(levels=["CP"], seats=0, week=["MON_AM"]), "au plus 2\u00a0étudiants"),
    ],
)
def test_what_is_missing_is_said(world, text, said):
    with pytest.raises(Refusal, match=said):
        propose(world, text=text)


def test_a_district_decides_how_many_students_a_class_takes(world):
    HostingRules.objects.create(district=world.here.district, seats_most=1)
    with pytest.raises(Refusal, match="au plus 1\u00a0étudiant à la fois"):
        propose(world)
    limits = queries.limits([world.here.district.pk, world.there.district.pk])
    assert [one.seats_most for one in limits.values()] == [1, rules.SEATS_MOST]


def test_more_students_than_agreed_need_a_new_agreement(world, head):
    offer = offer_of(world.amina, seats=1, state=OfferState.PROPOSED)
    assert actions.edit(offer=offer, text=TEXT, by=world.amina).seats == 2
    HostOffer.objects.update(seats=1, state=OfferState.AGREED)
    with pytest.raises(Refusal, match="L’accord vaut pour 1\u00a0étudiant à la fois"):
        actions.edit(offer=offer, text=TEXT, by=world.amina)
    HostOffer.objects.update(state=OfferState.WITHDRAWN)
    with pytest.raises(Refusal, match="Proposez de nouveau"):
        actions.edit(offer=offer, text=TEXT, by=world.amina)
    with pytest.raises(Refusal, match="de celles dont vous décidez"):
        actions.edit(offer=offer, text=TEXT, by=world.bruno)


def test_a_year_that_is_past_moves_no_more(world):
    offer = offer_of(world.amina, state=OfferState.AGREED)
    with (
        time_machine.travel(datetime(2027, 9, 20, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))),
        pytest.raises(Refusal, match="passée"),
    ):
        actions.move(offer=offer, verb=Verb.WITHDRAW, by=world.amina)


# --- The last word ----------------------------------------------------------------------------------------------------
def test_the_database_refuses_a_second_class_and_too_many_seats(world):
    offer_of(world.amina)
    with pytest.raises(IntegrityError), transaction.atomic():
        offer_of(world.amina)
    with pytest.raises(IntegrityError), transaction.atomic():
        HostOffer.objects.update(seats=rules.SEATS_MAX + 1)


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("amina", True),
        ("bruno", False),
        ("head", True),
        ("head_teacher", False),
        ("inspector", True),
        ("secretary", True),
        ("inspector_there", False),
        ("student", False),
        ("partner_coordinator", False),
    ],
)
def test_who_sees_a_class_that_is_not_open_yet(world, head, name, sees):
    offer_of(world.amina, state=OfferState.PROPOSED)
    assert HostOffer.objects.visible_to(world.people[name]).exists() == sees
