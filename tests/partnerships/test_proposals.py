"""Proposals from outside: asked, computed by a worker, read, accepted whole or by line, taken back."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from circo import jobs
from circo.errors import Refusal
from circo.models import Job, JobState
from partnerships.models import (
    ClassSeat,
    Placement,
    PlacementDay,
    PlacementProposal,
    ProposalApart,
    ProposalLine,
    UniversityPeriod,
)
from partnerships.offers.rules import OfferState
from partnerships.placements.actions import life
from partnerships.placements.rules import PlacementState
from partnerships.proposals import keeping, queries, rules, solving
from partnerships.proposals.actions import asking, taking
from partnerships.proposals.actions.asking import Asked
from partnerships.proposals.rules import LineState
from tests.partnerships.partner import cohort_of, commune
from tests.partnerships.placed import DAYS, HOLD, NOW, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
FIRST, LAST = DAYS[0].day, DAYS[-1].day
ASKED = Asked(FIRST, LAST, (2, 2, 0))


@pytest.fixture
def stage(world):
    """Inès and a pair at home, one class of two seats whose school is near."""
    made = Stage(world)
    made.home = commune()
    for school in made.ground.schools:
        school.longitude, school.latitude = 1.15, 49.25
        school.save()
    make_home(made, made.ines)
    return made


def make_home(stage, *students):
    for one in students:
        one.home = stage.home
        one.save()


def asked(stage, **fields) -> PlacementProposal:
    cohorts = fields.pop("cohorts", [stage.cohort])
    made = asking.ask(cohorts=cohorts, asked=fields.pop("asked", ASKED), by=fields.pop("by", stage.by))
    work()
    made.refresh_from_db()
    return made


def work():
    kinds = (queries.PROPOSE, queries.WRITE)
    for pk in Job.objects.filter(kind__in=kinds, state=JobState.QUEUED).values_list("pk", flat=True):
        jobs.run(pk)


def only(proposal) -> ProposalLine:
    return proposal.lines.get()


def why(proposal) -> str:
    return only(proposal).reason["why"]


def half_days(line) -> list:
    return [one for days in rules.half_days_of(line.days).values() for one in days]


def place(stage, proposal, line=None) -> ProposalLine:
    return taking.accept(line or only(proposal), stage.by)


def make_homeless(stage):
    stage.ines.home = None
    stage.ines.save()


def setattr_saved(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def far(stage):
    stage.offer.school.refresh_from_db()
    setattr_saved(stage.offer.school, longitude=2.0)


def at_university(stage):
    UniversityPeriod.objects.create(cohort=stage.cohort, label="Cours", starts_on=FIRST, ends_on=LAST)


# --- Computed ---------------------------------------------------------------------------------------------------------
def test_a_proposal_places_who_can_be_and_says_how_sure_it_is(stage):
    proposal = asked(stage)
    line = only(proposal)
    assert (proposal.failure, line.offer, line.state) == ("", stage.offer, LineState.OPEN)
    assert set(line.days) == {"OBSERVATION", "ACCOMPANIED"}
    assert len(half_days(line)) == 4
    assert not Placement.objects.exists(), "nothing is held before somebody says so"
    goals = queries.goals(proposal)
    assert goals[0].words == "Étudiants placés\u00a0: 1 sur 1"
    assert {one.proof for one in goals} <= {rules.PROVED, rules.SEARCHED}


def test_all_are_placed_before_wishes_are_heard(stage):
    pair = stage.pair()
    make_home(stage, *pair)
    stage.other_class(seats=2, levels=["CM2"])
    proposal = asked(stage)
    assert proposal.measures["placed"] == 3
    assert {len(line.students) for line in proposal.lines.all()} == {1, 2}


def test_what_is_booked_by_hand_stays_and_takes_its_seats(stage):
    stage.offer.seats = 1
    stage.offer.save()
    other = stage.student("Paul")
    make_home(stage, other)
    stage.hold(*DAYS[:4])
    proposal = asked(stage)
    line = only(proposal)
    assert (line.student, proposal.measures["already"]) == (other, 1)
    assert not set(half_days(line)) & set(DAYS[:4])
    place(stage, proposal)


def test_who_holds_a_class_leaves_no_seat_and_finds_it_empty(stage):
    other = stage.student("Paul", status=stage.status)
    make_home(stage, other)
    stage.whole()
    proposal = asked(stage)
    held = {row.half_day for row in PlacementDay.objects.filter(kind=HOLD)}
    assert not held & set(half_days(only(proposal)))


@pytest.mark.parametrize(
    ("hinder", "said"),
    [
        (make_homeless, "n’est pas connue"),
        (lambda stage: setattr_saved(stage.cohort.programme, before_accompanied=9), "Il manque 7\u00a0demi-journées"),
        (far, "Aucune classe ouverte n’est à portée"),
        (at_university, "classe à portée n’est pas ouverte"),
    ],
)
def test_who_is_not_placed_is_told_why(stage, hinder, said):
    hinder(stage)
    proposal = asked(stage)
    assert only(proposal).offer is None
    assert said in why(proposal)


def test_the_smallest_change_is_said_with_names(stage, sign_in):
    far(stage)
    proposal = asked(stage)
    page = sign_in(stage.by).get(url("proposal_page", proposal)).content.decode()
    assert "Il suffirait d’accepter" in page
    assert str(stage.offer.person) in page


def test_a_responsibility_needs_a_basis(stage):
    needs = Asked(FIRST, LAST, (2, 2, 2))
    assert "Rien ne permet de tenir la classe" in why(asked(stage, asked=needs))
    stage.derogation()
    line = only(asked(stage, asked=needs))
    assert set(line.days) == {"OBSERVATION", "ACCOMPANIED", "RESPONSIBILITY"}


def test_two_cohorts_do_not_take_each_other_s_seats(stage):
    stage.offer.seats = 1
    stage.offer.save()
    other = cohort_of(stage.ground, " B", programme=stage.cohort.programme)
    paul = stage.student("Paul")
    setattr_saved(paul, cohort=other, home=stage.home)
    proposal = asked(stage, cohorts=[stage.cohort, other])
    one, two = proposal.lines.all()
    assert not set(half_days(one)) & set(half_days(two))


def test_what_may_not_be_asked(stage, world):
    for wrong, said in (
        (Asked(LAST, FIRST, (2, 0, 0)), "dernier jour"),
        (Asked(date(2026, 9, 7), date(2026, 9, 8), (2, 0, 0)), "passées"),
        (Asked(FIRST, LAST, (0, 0, 0)), "de 1 à"),
        (Asked(FIRST, FIRST + timedelta(days=300), (1, 0, 0)), "Au plus 200"),
    ):
        with pytest.raises(Refusal, match=said):
            asking.ask(cohorts=[stage.cohort], asked=wrong, by=stage.by)
    with pytest.raises(Refusal, match="que vous coordonnez"):
        asking.ask(cohorts=[stage.cohort], asked=ASKED, by=world.partner_coordinator_there)
    asking.ask(cohorts=[stage.cohort], asked=ASKED, by=stage.by)
    with pytest.raises(Refusal, match="se calcule déjà"):
        asking.ask(cohorts=[stage.cohort], asked=ASKED, by=stage.by)


def test_without_a_class_or_anybody_to_place_it_says_so(stage):
    setattr_saved(stage.offer, state=OfferState.CLOSED)
    assert "Aucune classe n’est ouverte" in asked(stage).failure
    setattr_saved(stage.offer, state=OfferState.OPEN)
    stage.hold(DAYS[0])
    assert "personne à placer" in asked(stage).failure


def test_a_proposal_that_the_independent_reading_does_not_confirm_is_none(stage, monkeypatch):
    monkeypatch.setattr(solving, "faults_of", lambda *_: {"price"})
    proposal = asking.ask(cohorts=[stage.cohort], asked=ASKED, by=stage.by)
    with pytest.raises(solving.Unproved):
        solving.at_once(proposal)
    assert not proposal.lines.exists()


def test_a_stop_before_the_first_goal_leaves_nothing(stage):
    proposal = asking.ask(cohorts=[stage.cohort], asked=ASKED, by=stage.by)
    asking.stop(proposal=proposal, by=stage.by)
    work()
    proposal.refresh_from_db()
    assert "arrêté avant la première proposition" in proposal.failure


# --- Accepted ---------------------------------------------------------------------------------------------------------
def test_a_line_is_accepted_and_taken_back(stage):
    line = place(stage, asked(stage))
    placement = Placement.objects.get()
    assert (line.placement, placement.state) == (placement, PlacementState.HELD)
    assert ClassSeat.objects.count() == 4
    assert taking.accept(line, stage.by).placement == placement, "twice is as once"
    taking.undo(line, stage.by)
    assert (Placement.objects.get().state, ClassSeat.objects.count()) == (PlacementState.CANCELLED, 0)
    assert ProposalLine.objects.get().state == LineState.OPEN
    place(stage, line.proposal)
    assert ClassSeat.objects.count() == 4


def test_what_was_taken_meanwhile_is_refused_in_words_and_the_rest_is_written(stage):
    pair = stage.pair()
    make_home(stage, *pair)
    stage.other_class()
    proposal = asked(stage)
    line = proposal.lines.get(student=stage.ines)
    taker = stage.student("Paul")
    stage.hold(half_days(line)[0], who=[taker], offer=line.offer)
    stage.hold(half_days(line)[0], who=[stage.student("Rita")], offer=line.offer)
    assert queries.world_mark(proposal) != proposal.world_mark
    asking.accept_all(proposal=proposal, by=stage.by)
    work()
    line.refresh_from_db()
    assert (line.state, "Il n’y a plus de place" in line.said) == (LineState.OPEN, True)
    assert proposal.lines.get(partner__isnull=False).state == LineState.ACCEPTED
    assert not PlacementDay.objects.filter(student=stage.ines).exists(), "all of a line or nothing of it"


def test_all_is_accepted_by_a_worker_and_taken_back(stage):
    pair = stage.pair()
    make_home(stage, *pair)
    stage.other_class()
    proposal = asked(stage)
    assert asking.accept_all(proposal=proposal, by=stage.by) == 2
    work()
    assert {line.state for line in proposal.lines.all()} == {LineState.ACCEPTED}
    assert queries.world_mark(proposal) == proposal.world_mark, "what it wrote itself is no change"
    with pytest.raises(Refusal, match="plus de ligne à accepter"):
        asking.accept_all(proposal=proposal, by=stage.by)
    assert asking.undo_all(proposal=proposal, by=stage.by) == 2
    work()
    assert {line.state for line in proposal.lines.all()} == {LineState.OPEN}
    assert not ClassSeat.objects.exists()


def test_rows_that_are_not_the_proved_plan_are_not_accepted(stage):
    proposal = asked(stage)
    line = only(proposal)
    del line.days["ACCOMPANIED"]
    line.save()
    with pytest.raises(solving.Unproved):
        solving.check(proposal)
    setattr_saved(stage.offer, state=OfferState.CLOSED)
    solving.check(proposal)  # another world: each line is checked as a booking is


def test_what_was_confirmed_is_not_taken_back_here(stage):
    line = place(stage, asked(stage))
    life.confirm(placement=Placement.objects.get(), by=stage.by)
    with pytest.raises(Refusal, match="est confirmé"):
        taking.undo(line, stage.by)
    assert ProposalLine.objects.get().state == LineState.ACCEPTED


def test_a_line_that_joined_a_booking_by_hand_leaves_it_when_taken_back(stage):
    proposal = asked(stage)
    stage.hold(DAYS[0] if DAYS[0] not in half_days(only(proposal)) else DAYS[10])
    line = place(stage, proposal)
    taking.undo(line, stage.by)
    assert (Placement.objects.get().state, ClassSeat.objects.count()) == (PlacementState.HELD, 1)


def test_the_worker_that_gives_up_leaves_lines_as_they_were(stage):
    proposal = asked(stage)
    asking.accept_all(proposal=proposal, by=stage.by)
    asking.give_back(str(proposal.pk), "Une panne.")
    assert (only(proposal).state, only(proposal).said) == (LineState.OPEN, "Une panne.")


# --- Asked again ------------------------------------------------------------------------------------------------------
def again(stage, proposal, *, keeps=False) -> PlacementProposal:
    made = asking.ask_again(proposal=proposal, keeps_classes=keeps, by=stage.by)
    work()
    made.refresh_from_db()
    return made


def test_a_class_ruled_out_does_not_come_back_and_may_be_allowed(stage):
    other = stage.other_class()
    first = asked(stage)
    line = only(first)
    apart = asking.rule_out(line=line, by=stage.by)
    second = again(stage, first)
    assert only(second).offer in {stage.offer, other} - {line.offer}
    assert only(second).before == line.offer
    asking.allow(apart=second.aparts.get(), by=stage.by)
    assert not ProposalApart.objects.filter(proposal=second).exists()
    assert ProposalApart.objects.filter(pk=apart.pk).exists(), "of the proposal before"


def test_a_line_that_one_keeps_stays_until_it_may_not(stage):
    stage.other_class()
    first = asked(stage)
    line = asking.keep(line=only(first), is_kept=True, by=stage.by)
    setattr_saved(stage.ines, levels=["CM2"])
    second = again(stage, first)
    assert (only(second).offer, only(second).days, only(second).is_kept) == (line.offer, line.days, True)
    UniversityPeriod.objects.create(cohort=stage.cohort, label="Cours", starts_on=FIRST, ends_on=LAST)
    failed = again(stage, second)
    assert "Vous gardiez Inès" in failed.failure
    assert "l’université garde la personne" in failed.failure


def test_others_keep_their_class_as_far_as_can_be(stage):
    stage.other_class()
    first = asked(stage)
    setattr_saved(stage.ines, levels=["CM2"])
    offer = only(first).offer
    setattr_saved(stage.offer if stage.offer != offer else stage.other_class(), levels=["CM2"])
    assert only(again(stage, first, keeps=True)).offer == offer


# --- Pages ------------------------------------------------------------------------------------------------------------
def url(name, row) -> str:
    return reverse(f"partnerships:{name}", args=[row.pk])


def test_from_the_question_to_the_bookings_without_javascript(stage, sign_in):
    client = sign_in(stage.by)
    assert "Aucune proposition" in client.get(url("proposal_list", stage.cohort)).content.decode()
    assert "Demi-journées" in client.get(url("proposal_new", stage.cohort)).content.decode()
    form = {"cohorts": [stage.cohort.pk], "first_on": FIRST, "last_on": LAST, "observation": 2, "accompanied": 2}
    assert client.post(url("proposal_ask", stage.cohort), form).status_code == 422
    answer = client.post(url("proposal_ask", stage.cohort), form | {"responsibility": 0})
    proposal = PlacementProposal.objects.get()
    assert answer.url == url("proposal_page", proposal)
    assert "Calcul en attente" in client.get(answer.url).content.decode()
    client.post(url("proposal_stop", proposal))
    PlacementProposal.objects.update(stop_asked_at=None)
    work()
    page = client.get(answer.url).content.decode()
    assert "<h1>Proposition du 26 novembre à " in page
    assert "au plus 1\u00a0étudiant par classe dans l’année, 1\u00a0classe en tout" in page
    assert "Tout accepter" in page
    assert "sur 1" in page
    line = only(proposal)
    client.post(url("proposal_line_keep", line), {"garder": "oui"})
    client.post(url("proposal_line_rule_out", line))
    assert "Classes écartées" in client.get(answer.url).content.decode()
    client.post(url("proposal_apart_remove", proposal.aparts.get()))
    told = client.post(url("proposal_line_accept", line), follow=True).content.decode()
    assert "La ligne est réservée." in told
    assert f"Acceptée par {stage.by}" in told
    client.post(url("proposal_line_undo", line))
    client.post(url("proposal_accept", proposal))
    assert "s’écrivent une à une" in client.get(answer.url).content.decode()
    work()
    client.post(url("proposal_undo", proposal))
    work()
    assert only(proposal).is_open
    answer = client.post(url("proposal_again", proposal), {"classes": "garder"})
    assert answer.url == url("proposal_page", PlacementProposal.objects.first())


def test_the_second_coordinator_sees_what_the_first_accepted(stage, sign_in, world):
    proposal = asked(stage)
    place(stage, proposal)
    page = sign_in(stage.by).get(url("proposal_page", proposal)).content.decode()
    assert f"Acceptée par {stage.by}" in page
    assert sign_in(world.partner_coordinator_there).get(url("proposal_page", proposal)).status_code == 404


@pytest.mark.parametrize("done", ["acceptee-x", "reprise-1e3", "acceptee-" + "9" * 30, "acceptee"])
def test_an_address_changed_by_hand_still_opens_the_page(stage, sign_in, done):
    assert sign_in(stage.by).get(url("proposal_page", asked(stage)), {"fait": done}).status_code == 200


def test_a_line_taken_since_says_so_before_one_tries(stage, sign_in):
    proposal = asked(stage)
    setattr_saved(stage.offer, state=OfferState.CLOSED)
    page = sign_in(stage.by).get(url("proposal_page", proposal)).content.decode()
    assert "A changé depuis" in page
    assert "n’est plus ouverte à vos étudiants" in page
    assert "La situation a changé depuis ce calcul." in page
    client = sign_in(stage.by)
    assert "n’est pas ouverte" in client.post(url("proposal_line_accept", only(proposal)), follow=True).content.decode()


def test_the_page_asks_as_much_for_one_line_as_for_many(stage, sign_in):
    client = sign_in(stage.by)
    one = asked(stage)
    client.get(url("proposal_page", one))
    with CaptureQueriesContext(connection) as few:
        client.get(url("proposal_page", one))
    for name in ("Léon", "Zoé", "Sami"):
        make_home(stage, stage.student(name))
        stage.other_class()
    far_one = stage.student("Loin")
    assert far_one.home is None
    many = asked(stage)
    assert many.lines.count() == 5
    client.get(url("proposal_page", many))
    with CaptureQueriesContext(connection) as more:
        client.get(url("proposal_page", many))
    assert len(more) <= len(few) + 1
    with CaptureQueriesContext(connection) as computed:
        solving._made(many, solving.Watch())
    for name in ("Ada", "Nour"):
        make_home(stage, stage.student(name))
        stage.other_class()
    with CaptureQueriesContext(connection) as larger:
        solving._made(many, solving.Watch())
    assert len(larger) == len(computed)


def test_old_proposals_are_forgotten_and_what_was_accepted_stays(stage):
    proposal = asked(stage)
    place(stage, proposal)
    assert keeping.forget_old() == 0
    with time_machine.travel(NOW + timedelta(days=91)):
        assert keeping.forget_old() == 1
    assert not ProposalLine.objects.exists()
    assert PlacementDay.objects.standing().count() == 4


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"do": "room", "seats": 1, "most": 3}, "accueille 1 étudiant à la fois, et 3 dans l’année."),
        ({"do": "room", "seats": 2, "most": 3}, "accueille 2 étudiants à la fois, et 3 dans l’année."),
        ({"do": "days", "kind": "OBSERVATION", "half_days": ["2026-12-03_AM"]}, "3 décembre, matin."),
        (
            {"do": "days", "kind": "OBSERVATION", "half_days": ["2026-12-03_AM", "2026-12-03_PM"]},
            "3 décembre, matin et une autre demi-journée.",
        ),
        (
            {"do": "days", "kind": "OBSERVATION", "half_days": ["2026-12-03_AM", "2026-12-03_PM", "2026-12-04_AM"]},
            "3 décembre, matin et 2 autres demi-journées.",
        ),
    ],
)
def test_a_change_is_said_with_its_number(change, said):
    words = queries.change_words(change | {"offer": 1}, {("offer", 1): "la classe d’Anna"})
    assert words.startswith("Il suffirait que la classe d’Anna ")
    assert words.replace("\u00a0", " ").endswith(said)
