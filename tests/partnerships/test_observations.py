"""Cross-observations: what is proposed, published, accepted, exchanged, declined, taken back and called off."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from circo import jobs
from circo.calendar import queries as calendar
from circo.errors import Refusal
from circo.models import Job, JobState, Notice, Posting
from circo.optimal.proofs import Unproved
from circo.rules import Role
from networks.models import ObservationSite, Visit
from networks.visits import actions as visits
from networks.visits import moving
from networks.visits.rules import VisitState
from partnerships.crossing.problem import Plan, Problem
from partnerships.crossing.solving import Solution
from partnerships.models import CrossingPlan, HostingRules, ObservationWish, PeerObservation
from partnerships.observations import actions, problems, queries, rules
from partnerships.observations.rules import MOVES, ObservationState, Verb
from partnerships.placements.actions import booking, life
from tests.partnerships.observed import WHEN
from tests.partnerships.placed import DAYS, NOW
from tests.world import post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
LATER = NOW + timedelta(days=60)


def state(observation) -> str:
    return PeerObservation.objects.get(pk=observation.pk).state


def told(person, part: str) -> bool:
    return Notice.objects.filter(person=person, title__contains=part).exists()


# --- Proposals --------------------------------------------------------------------------------------------------------
def test_a_freed_teacher_is_proposed_a_colleague_of_the_same_school_who_teaches(crossing):
    plan = crossing.plan()
    line = plan.lines.get()
    assert (line.observer, line.half_day, line.school, line.minutes) == (crossing.amina, WHEN, crossing.offer.school, 0)
    assert line.host != crossing.amina
    assert not PeerObservation.objects.exists()
    assert not told(crossing.amina, "Observer")


def test_a_wished_practice_decides_between_two_colleagues(crossing):
    for host, practice in ((crossing.bruno, "ORAL"), (crossing.chloe, "SPORT")):
        ObservationSite.objects.create(host=host, school=crossing.offer.school, title="Ma classe", practices=[practice])
    actions.wish(practices=["SPORT"], limit_min=30, by=crossing.amina)
    assert crossing.plan().lines.get().host == crossing.chloe


def test_a_class_that_students_hold_is_observed_by_nobody(crossing):
    offer = crossing.other_class(host=crossing.colleague())
    crossing.freed(offer, name="Autre")
    plan = crossing.plan()
    assert {line.observer for line in plan.lines.all()} == {crossing.amina, offer.person}
    assert {crossing.amina, offer.person}.isdisjoint(line.host for line in plan.lines.all())


def test_who_is_far_without_a_map_is_told_why_she_observes_nobody(crossing, world):
    lonely = crossing.colleague("Seul", school=world.here.schools[1])
    offer = crossing.other_class(host=lonely)
    crossing.freed(offer, name="Autre")
    gone = Posting.objects.filter(school=lonely.postings.get().school).exclude(person=lonely)
    gone.update(ends_on=NOW.date())
    page = queries.plan_page(crossing.plan())
    assert [one.who for one in page.reasons] == [lonely]


def test_what_stands_is_kept_and_a_no_is_not_proposed_again(crossing):
    kept = crossing.observation()
    plan = crossing.plan()
    assert not plan.lines.exists()
    assert queries.plan_page(plan).standing == [kept]
    actions.decline(observation=kept, by=crossing.amina)
    assert crossing.plan().lines.get().host != crossing.bruno


def test_visits_that_the_independent_reading_does_not_confirm_are_none(crossing, monkeypatch):
    def one_too_many(solution, problem: Problem) -> Plan:
        return Plan(tuple(problem.visit(number) for number in [*solution.choices.tolist()] * 2))

    monkeypatch.setattr(Solution, "plan", one_too_many)
    with pytest.raises(Unproved):
        crossing.plan()
    assert not CrossingPlan.objects.get().lines.exists()


def test_the_job_computes_and_writes_the_proposal(crossing):
    plan = actions.prepare(
        district=crossing.ground.district, first_day=WHEN.day, last_day=WHEN.day, by=crossing.adviser
    )
    job = Job.objects.get(kind=queries.SOLVE)
    assert queries.job_of(plan) == job
    assert jobs.run(job.pk)
    plan.refresh_from_db()
    assert (Job.objects.get(pk=job.pk).state, plan.lines.count(), plan.failure) == (JobState.DONE, 1, "")
    actions.stop(plan=plan, by=crossing.adviser)
    assert CrossingPlan.objects.get(pk=plan.pk).stop_asked_at


def test_a_computing_that_is_stopped_at_once_says_so(crossing):
    plan = actions.prepare(
        district=crossing.ground.district, first_day=WHEN.day, last_day=WHEN.day, by=crossing.adviser
    )
    actions.give_up(str(plan.pk), "Arrêté.")
    assert CrossingPlan.objects.get(pk=plan.pk).failure == "Arrêté."


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [(3, 1, "vient après"), (-9, -8, "passés"), (0, rules.WINDOW_DAYS + 1, "au plus")],
)
def test_a_proposal_for_days_that_cannot_be_is_refused(crossing, first, last, said):
    today = NOW.date()
    with pytest.raises(Refusal, match=said):
        actions.prepare(
            district=crossing.ground.district,
            first_day=today + timedelta(days=first),
            last_day=today + timedelta(days=last),
            by=crossing.adviser,
        )


def test_the_team_of_another_district_neither_asks_nor_publishes(crossing, world):
    plan = crossing.plan()
    for act in (
        lambda: actions.publish(plan=plan, by=world.adviser_there),
        lambda: actions.ask_to_solve(plan=plan, by=world.adviser_there),
        lambda: actions.stop(plan=plan, by=world.adviser_there),
        lambda: actions.prepare(district=plan.district, first_day=WHEN.day, last_day=WHEN.day, by=world.adviser_there),
    ):
        with pytest.raises(Refusal):
            act()


# --- Publication ------------------------------------------------------------------------------------------------------
def test_published_whole_the_two_are_told_and_the_observer_is_taken(crossing):
    plan = crossing.plan()
    made = actions.publish(plan=plan, by=crossing.adviser)
    (one,) = made.done
    assert (one.state, one.seat, plan.lines.count()) == (ObservationState.PROPOSED, 1, 0)
    assert told(crossing.amina, "Observer la classe")
    assert told(one.host, "pourrait venir")
    busy = calendar.busy([crossing.amina.pk], WHEN.day, WHEN.day)[crossing.amina.pk]
    assert rules.BUSY_REASON in {each.reason for each in busy}
    assert queries.todos(crossing.amina)


def test_a_line_alone_is_published_and_nothing_is_refused_in_words(crossing):
    crossing.freed(crossing.other_class(host=crossing.colleague()), name="Autre")
    plan = crossing.plan()
    one, other = plan.lines.all()
    assert len(actions.publish(plan=plan, line_ids=[one.pk], by=crossing.adviser).done) == 1
    assert list(plan.lines.all()) == [other]
    with pytest.raises(Refusal, match="au moins une ligne"):
        actions.publish(plan=plan, line_ids=[], by=crossing.adviser)


def test_a_line_that_can_no_longer_be_stays_with_its_reason(crossing):
    plan = crossing.plan()
    life.cancel(placement=crossing.placement, reason="Malade", by=crossing.by)
    made = actions.publish(plan=plan, by=crossing.adviser)
    assert not made.done
    assert "Personne ne tient plus la classe" in made.left[0][1]
    assert plan.lines.count() == 1


def test_a_class_receives_no_more_visitors_than_its_district_says(crossing):
    HostingRules.objects.create(district=crossing.ground.district, visitors_most=1)
    second = crossing.other_class(host=crossing.colleague())
    crossing.freed(second, name="Autre")
    crossing.observation()
    with pytest.raises(AssertionError, match="tous les visiteurs"):
        crossing.observation(observer=second.person)


def test_the_database_has_the_last_word_on_seats_and_observers(crossing):
    one = crossing.observation()
    for fields in ({"observer": crossing.chloe, "seat": 1}, {"host": crossing.chloe, "seat": 2}):
        given = {"observer": one.observer, "host": one.host, "school": one.school, "day": one.day, "half": one.half}
        with pytest.raises(IntegrityError), transaction.atomic():
            PeerObservation.objects.create(**(given | fields))


# --- Yes and no -------------------------------------------------------------------------------------------------------
def test_a_yes_makes_a_visit_with_its_focus_and_tells_host_and_head(crossing, world):
    post(world.head_teacher, Role.HEAD_TEACHER, crossing.offer.school)
    one = actions.accept(observation=crossing.observation(), focus="La consigne", by=crossing.amina)
    visit = one.visit
    assert (visit.state, visit.focus, visit.visitor) == (VisitState.CONFIRMED, "La consigne", crossing.amina)
    assert (visit.site.host, visit.site.state) == (crossing.bruno, "PAUSED")
    assert told(crossing.bruno, "vient observer votre classe")
    assert told(world.head_teacher, "vient voir la classe de")
    visits.agree_focus(visit=visit, focus="La consigne", by=crossing.bruno)
    with time_machine.travel(LATER, tick=True):
        moving.mind()
        assert state(one) == ObservationState.DONE
        visits.thank(visit=visit, thanks="Merci", by=crossing.amina)


def test_the_site_of_the_host_serves_where_there_is_one(crossing):
    site = ObservationSite.objects.create(host=crossing.bruno, school=crossing.offer.school, title="Ma classe")
    assert actions.accept(observation=crossing.observation(), by=crossing.amina).visit.site == site


def test_a_yes_taken_back_is_a_proposal_again_and_the_visit_goes(crossing):
    one = actions.accept(observation=crossing.observation(), by=crossing.amina)
    again = actions.reopen(observation=one, by=crossing.amina)
    assert (again.state, again.visit) == (ObservationState.PROPOSED, None)
    assert Visit.objects.get().state == VisitState.CANCELLED
    assert actions.accept(observation=again, by=crossing.amina).state == ObservationState.ACCEPTED


@pytest.mark.parametrize("who", ["amina", "bruno"])
def test_a_no_tells_the_other_without_the_word_and_is_taken_back_by_its_author(crossing, who):
    by = getattr(crossing, who)
    other = crossing.bruno if who == "amina" else crossing.amina
    one = actions.decline(observation=crossing.observation(), word="Je suis fatigué", by=by)
    assert (one.state, one.seat) == (ObservationState.DECLINED, None)
    assert told(other, "décline")
    assert told(crossing.adviser, "décline")
    assert not Notice.objects.filter(text__contains="fatigué").exists()
    for person, word in ((by, "Je suis fatigué"), (crossing.adviser, "Je suis fatigué"), (other, "")):
        assert queries.observation_page(queries.observations().get(), person).word == word
    with pytest.raises(Refusal):
        actions.restore(observation=one, by=other)
    again = actions.restore(observation=one, by=by)
    assert (again.state, again.seat, again.word) == (ObservationState.PROPOSED, 1, "")


def test_a_no_is_not_taken_back_once_somebody_has_the_seat(crossing):
    HostingRules.objects.create(district=crossing.ground.district, visitors_most=1)
    second = crossing.other_class(host=crossing.colleague())
    crossing.freed(second, name="Autre")
    one = actions.decline(observation=crossing.observation(), by=crossing.amina)
    crossing.observation(observer=second.person)
    with pytest.raises(Refusal, match="tous les visiteurs"):
        actions.restore(observation=one, by=crossing.amina)


def test_strangers_and_the_wrong_one_of_the_two_are_refused(crossing, world):
    one = crossing.observation()
    with pytest.raises(Refusal, match="autres personnes"):
        actions.accept(observation=one, by=world.denis)
    with pytest.raises(Refusal, match="pas à vous"):
        actions.accept(observation=one, by=crossing.bruno)


@pytest.mark.parametrize("verb", [Verb.ACCEPT, Verb.REOPEN, Verb.DECLINE, Verb.RESTORE, Verb.CANCEL])
@pytest.mark.parametrize("held", list(ObservationState))
def test_every_move_that_is_not_in_the_table_is_refused_in_its_words(crossing, verb, held):
    if held in MOVES[verb].sources:
        return
    one = crossing.observation()
    seat = 1 if held in rules.SEATED else None
    PeerObservation.objects.filter(pk=one.pk).update(state=held, seat=seat)
    with pytest.raises(Refusal) as refused:
        actions.move(observation=one, verb=verb, by=crossing.amina)
    assert str(refused.value) == MOVES[verb].refusal


def test_the_team_calls_off_and_brings_back(crossing):
    one = actions.accept(observation=crossing.observation(), by=crossing.amina)
    actions.cancel(observation=one, by=crossing.adviser)
    assert (state(one), Visit.objects.get().state) == (ObservationState.CANCELLED, VisitState.CANCELLED)
    assert told(crossing.amina, "annulée")
    assert told(crossing.bruno, "annulée")
    actions.restore(observation=one, by=crossing.adviser)
    assert state(one) == ObservationState.PROPOSED


def test_a_visit_called_off_by_one_of_the_two_calls_off_the_observation(crossing):
    one = actions.accept(observation=crossing.observation(), by=crossing.amina)
    visits.cancel_visit(visit=one.visit, word="Réunion", by=crossing.bruno)
    one.refresh_from_db()
    assert (one.state, one.seat, one.ended_by) == (ObservationState.CANCELLED, None, crossing.bruno)


def test_nothing_is_said_of_a_half_day_that_is_past(crossing):
    one = crossing.observation()
    with time_machine.travel(LATER, tick=True), pytest.raises(Refusal, match="passée"):
        actions.accept(observation=one, by=crossing.amina)


# --- Placements -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("is_accepted", [False, True])
def test_a_placement_called_off_withdraws_the_observation_and_tells_both(crossing, is_accepted):
    one = crossing.observation()
    if is_accepted:
        actions.accept(observation=one, by=crossing.amina)
    life.cancel(placement=crossing.placement, reason="Malade", by=crossing.by)
    assert state(one) == ObservationState.CANCELLED
    assert told(crossing.amina, "Observation annulée")
    assert told(crossing.bruno, "Observation annulée")
    assert not Visit.objects.seated().exists()


def test_a_responsibility_day_that_moves_withdraws_the_observation(crossing):
    one = crossing.observation()
    adult = crossing.placement.days.get().adult
    booking.move(placement=crossing.placement, half_day=WHEN, to=DAYS[2], adult=adult, by=crossing.by)
    assert state(one) == ObservationState.CANCELLED


def test_who_goes_to_observe_is_not_named_the_adult_of_their_own_class(crossing):
    crossing.observation()
    with pytest.raises(Refusal, match="Observation croisée"):
        life.name_adult(placement=crossing.placement, half_days=[WHEN], adult=crossing.amina, by=crossing.by)


def test_a_host_whose_class_students_come_to_hold_is_observed_no_longer(crossing):
    one = crossing.observation()
    offer = crossing.other_class(host=crossing.bruno)
    crossing.freed(offer, name="Autre")
    assert state(one) == ObservationState.CANCELLED


# --- Exchanges --------------------------------------------------------------------------------------------------------
@pytest.fixture
def two(crossing):
    second = crossing.other_class(host=crossing.colleague())
    crossing.freed(second, name="Autre")
    mine = crossing.observation()
    return mine, crossing.observation(observer=second.person, host=crossing.chloe)


def test_two_observers_exchange_their_classes_and_both_visits_stand(crossing, two):
    mine, theirs = two
    actions.ask_swap(observation=mine, other=theirs, by=crossing.amina)
    assert told(theirs.observer, "vous propose un échange")
    assert "échange" in queries.todos(theirs.observer)[0].title
    made = actions.agree_to_swap(observation=theirs, asked_by=mine, by=theirs.observer)
    assert (made.observer, made.host, made.state) == (theirs.observer, crossing.bruno, ObservationState.ACCEPTED)
    assert {state(one) for one in two} == {ObservationState.SWAPPED}
    assert set(Visit.objects.seated().values_list("visitor", "site__host")) == {
        (crossing.amina.pk, crossing.chloe.pk),
        (theirs.observer.pk, crossing.bruno.pk),
    }
    assert told(crossing.amina, "Échange accepté")
    assert told(crossing.bruno, "à la place d’Amina")


def test_an_exchange_is_refused_or_taken_back_and_both_keep_theirs(crossing, two):
    mine, theirs = two
    actions.ask_swap(observation=mine, other=theirs, by=crossing.amina)
    actions.refuse_swap(observation=theirs, asked_by=mine, by=theirs.observer)
    assert told(crossing.amina, "pas d’échange")
    actions.ask_swap(observation=mine, other=theirs, by=crossing.amina)
    actions.take_swap_back(observation=mine, by=crossing.amina)
    with pytest.raises(Refusal, match="plus proposé"):
        actions.agree_to_swap(observation=theirs, asked_by=mine, by=theirs.observer)
    assert {state(one) for one in two} == {ObservationState.PROPOSED}


def test_an_exchange_falls_when_one_of_the_two_says_yes_or_no(crossing, two):
    mine, theirs = two
    actions.ask_swap(observation=mine, other=theirs, by=crossing.amina)
    actions.accept(observation=theirs, by=theirs.observer)
    assert PeerObservation.objects.get(pk=mine.pk).swap_with is None
    with pytest.raises(Refusal, match="ne peut pas s’échanger"):
        actions.ask_swap(observation=mine, other=theirs, by=crossing.amina)
    with pytest.raises(Refusal):
        actions.refuse_swap(observation=theirs, asked_by=mine, by=crossing.bruno)


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_a_teacher_says_yes_and_takes_it_back_on_the_page(crossing, client):
    one = crossing.observation()
    client.force_login(crossing.amina)
    page = reverse("partnerships:observation_page", args=[one.pk])
    assert "J’y vais" in client.get(page).content.decode()
    answer = client.post(
        reverse("partnerships:observation_move", args=[one.pk, "accepter"]), {"text": "L’entrée"}, follow=True
    )
    assert "Annuler" in answer.content.decode()
    assert Visit.objects.get().focus == "L’entrée"
    client.post(reverse("partnerships:observation_move", args=[one.pk, "reprendre"]))
    client.post(reverse("partnerships:observation_move", args=[one.pk, "decliner"]), {"text": "Non"})
    assert state(one) == ObservationState.DECLINED
    refused = client.post(reverse("partnerships:observation_move", args=[one.pk, "accepter"]), {"text": ""})
    assert refused.status_code == 422
    assert MOVES[Verb.ACCEPT].refusal in refused.content.decode()
    assert client.post(reverse("partnerships:observation_move", args=[one.pk, "terminer"])).status_code == 404


def test_an_exchange_by_the_pages(crossing, two, client):
    mine, theirs = two
    client.force_login(crossing.amina)
    swap = reverse("partnerships:observation_swap", args=[mine.pk])
    assert "Choisissez avec qui" in client.post(swap, follow=True).content.decode()
    assert "Votre demande d’échange" in client.post(swap, {"avec": theirs.pk}, follow=True).content.decode()
    client.post(reverse("partnerships:observation_answer", args=[mine.pk, "retirer"]))
    client.post(swap, {"avec": theirs.pk})
    client.force_login(theirs.observer)
    answer = reverse("partnerships:observation_answer", args=[theirs.pk, "accepter"])
    assert "plus proposé" in client.post(answer, {"de": 0}, follow=True).content.decode()
    assert "L’échange est fait" in client.post(answer, {"de": mine.pk}, follow=True).content.decode()


def test_wishes_are_written_on_the_list(crossing, client):
    client.force_login(crossing.amina)
    url = reverse("partnerships:observation_wish")
    assert client.post(url, {"practices": ["SPORT"], "limit_min": "500"}).status_code == 422
    assert client.post(url, {"practices": ["SPORT"], "limit_min": "20"}).status_code == 302
    assert ObservationWish.objects.get().practices == ["SPORT"]
    assert (
        "souhaits sont enregistrés"
        in client.get(reverse("partnerships:observation_list"), {"fait": "souhaits"}).content.decode()
    )


def test_the_adviser_asks_computes_and_publishes_on_the_pages(crossing, client):
    client.force_login(crossing.adviser)
    asked = client.get(reverse("partnerships:crossing_list")).context["form"]
    assert (asked["first_day"].value(), asked["last_day"].value()) == (WHEN.day, WHEN.day), "when a class is held"
    url = reverse("partnerships:crossing_create")
    given = {"district": crossing.ground.district.pk, "kind": "FREED", "first_day": WHEN.day.isoformat()}
    assert client.post(url, given | {"last_day": "2026-01-01"}).status_code == 422
    assert client.post(url, given | {"last_day": WHEN.day.isoformat()}).status_code == 302
    plan = CrossingPlan.objects.get()
    page = reverse("partnerships:crossing_page", args=[plan.pk])
    assert "Le calcul est en cours" in client.get(page).content.decode()
    client.post(reverse("partnerships:crossing_stop", args=[plan.pk]))
    client.post(reverse("partnerships:crossing_solve", args=[plan.pk]))
    jobs.run(Job.objects.get(kind=queries.SOLVE).pk)
    publish = reverse("partnerships:crossing_publish", args=[plan.pk])
    assert "au moins une ligne" in client.post(publish, follow=True).content.decode()
    assert "publiée" in client.post(publish, {"ligne": plan.lines.get().pk}, follow=True).content.decode()
    assert PeerObservation.objects.count() == 1


def test_the_year_of_a_class_is_counted_for_the_optimiser(crossing):
    crossing.observation()
    problem = problems.problem_of(crossing.plan())
    bruno = next(one for one in problem.hosts if one.key == str(crossing.bruno.pk))
    assert (bruno.past, bruno.most) == (0, rules.YEAR_MOST)
    assert len(problem.decisions.locks) == 1
