"""What if: a lock lifted, fewer substitutes, a larger reserve, another date; nothing of the plan changes."""

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from circo import jobs
from circo.errors import Refusal
from circo.models import Job, JobState
from events.models import CoverTrial
from events.plans import actions as plans
from events.plans import problems
from events.trials import actions, queries, rules, trying
from events.trials.rules import MEASURES, TrialKind
from tests.events.days import NOW, TUESDAY
from tests.events.plans import solved

pytestmark = pytest.mark.django_db
MEASURED = st.fixed_dictionaries({key: st.integers(0, 50) for key, _ in MEASURES})


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(NOW, tick=True):
        yield


def tried(plan, world, kind, **asked) -> CoverTrial:
    trial = actions.ask(plan=plan, kind=kind, by=world.secretary, **asked)
    work()
    trial.refresh_from_db()
    return trial


def work():
    for pk in Job.objects.filter(kind=queries.TRY, state=JobState.QUEUED).values_list("pk", flat=True):
        jobs.run(pk)


def taken(plan):
    return set(plan.assignments.values_list("need_id", "substitute_id", "is_locked"))


def test_a_plan_whose_days_were_deleted_says_so(plan, world):
    trial = actions.ask(plan=plan, kind=TrialKind.DATE, on=TUESDAY, by=world.secretary)
    situation = problems.situation_of(plan)
    plan.plan_days.all().delete()
    work()
    trial.refresh_from_db()
    assert "plus aucune journée" in trial.failure
    with pytest.raises(Refusal, match="plus aucune journée"):
        trying._changed(trial, situation)


# --- Rules ------------------------------------------------------------------------------------------------------------
@given(MEASURED, MEASURED)
def test_a_price_says_each_difference_and_no_other(now, then):
    words = rules.price_words(now, then)
    assert (words == "rien de plus") == all(now[key] == then[key] for key, _ in MEASURES if key != "first")
    assert words.count("+") == sum(then[key] > now[key] for key, _ in MEASURES if key != "first")


# --- Answers ----------------------------------------------------------------------------------------------------------
def test_fewer_substitutes_cover_fewer_classes(plan, world):
    before = taken(plan)
    trial = tried(plan, world, TrialKind.LESS, number=2)  # five, one kept, three classes
    assert trial.failure == ""
    assert (trial.result["now"]["covered"], trial.result["then"]["covered"]) == (3, 2)
    assert taken(plan) == before


def test_a_larger_reserve_and_the_same_one(plan, world):
    assert tried(plan, world, TrialKind.RESERVE, number=60).result["then"]["covered"] == 2
    same = tried(plan, world, TrialKind.RESERVE, number=10).result
    assert same["now"] == same["then"]


def test_another_date_asks_who_is_free_then(plan, world):
    trial = tried(plan, world, TrialKind.DATE, on=TUESDAY)
    assert trial.failure == ""
    assert trial.result["then"]["covered"] == 3
    sunday = tried(plan, world, TrialKind.DATE, on=TUESDAY.replace(day=16))
    assert "pas classe" in sunday.failure
    answered, failed = zip(*(values for _, _, values in queries.table(plan).rows), strict=True)
    assert set(failed) == {"–"}  # not « … », which says that it is being computed
    assert "…" not in answered


def test_the_price_of_a_lock_is_what_lifting_it_gives(plan, world, staff):
    """Who is locked far from home leaves a class that somebody of the school would take."""
    far = plan.assignments.get(cents=2104)
    near = plan.assignments.exclude(pk=far.pk).order_by("pk").first()
    taken_by = set(plan.assignments.values_list("substitute_id", flat=True))
    other = next(one for one in staff if one.pk not in taken_by and one.postings.get().school != near.need.school)
    plans.assign(plan=plan, need_pk=near.need_id, substitute_pk=other.pk, by=world.secretary)
    plans.lock(plan=plan, need_pk=far.need_id, is_locked=True, by=world.secretary)
    solved(plan, world.secretary)
    assert sum(plan.assignments.values_list("cents", flat=True)) == 2 * 2104
    actions.price_all(plan=plan, by=world.secretary)
    work()
    trial, other = queries.prices(queries.table(plan).trials).values()
    for one in (trial, other):
        assert "\u221221\u00a0€ d’ISSR" in rules.price_words(one.result["now"], one.result["then"])
    actions.lift(trial=trial, by=world.secretary)
    solved(plan, world.secretary)
    assert plan.assignments.filter(is_locked=True).count() == 1
    assert sum(plan.assignments.values_list("cents", flat=True)) == 2104


@pytest.mark.parametrize(
    ("kind", "asked"),
    [("LESS", {}), ("LESS", {"number": 500}), ("RESERVE", {"number": 101}), ("DATE", {}), ("LOCK", {"need_pk": 0})],
)
def test_a_question_without_sense_is_refused(plan, world, kind, asked):
    with pytest.raises(Refusal, match="Choisissez"):
        actions.ask(plan=plan, kind=TrialKind(kind), by=world.secretary, **asked)


@pytest.mark.parametrize(
    ("essai", "others"),
    [
        ("LESS", {"nombre": "1", "classe": "999999999999999"}),
        ("DATE", {"date": str(TUESDAY.replace(day=TUESDAY.day + 7)), "nombre": "999999999999999"}),
    ],
)
def test_a_question_keeps_nothing_that_it_does_not_ask(plan, world, sign_in, essai, others):
    asked = {"essai": essai} | others
    assert sign_in(world.secretary).post(reverse("events:trial_ask", args=[plan.pk]), asked).status_code == 302
    trial = CoverTrial.objects.get()
    assert (trial.need_id, trial.number) == (None, 1 if essai == "LESS" else None)


def test_who_does_not_plan_asks_nothing(plan, world):
    for verb in (actions.forget_all, actions.price_all):
        if verb is actions.forget_all:
            with pytest.raises(Refusal):
                verb(plan=plan, by=world.adviser)
    with pytest.raises(Refusal, match="préparez pas"):
        actions.ask(plan=plan, kind=TrialKind.LESS, number=1, by=world.adviser)


# --- The page ---------------------------------------------------------------------------------------------------------
def test_by_forms_side_by_side(plan, world, sign_in):
    client, url = sign_in(world.secretary), reverse("events:trial_list", args=[plan.pk])
    assert url in client.get(reverse("events:plan_page", args=[plan.pk])).text
    ask = reverse("events:trial_ask", args=[plan.pk])
    assert "Choisissez ce que" in client.post(ask, {"essai": "X"}, follow=True).text
    page = client.post(ask, {"essai": "LESS", "nombre": 2}, follow=True).text
    assert "2\u00a0remplaçants de moins" in page
    assert "calcul est en cours" in page
    work()
    page = client.get(url).text
    assert "calcul est en cours" not in page
    held = plan.assignments.first()
    plans.lock(plan=plan, need_pk=held.need_id, is_locked=True, by=world.secretary)
    client.post(reverse("events:trial_prices", args=[plan.pk]))
    work()
    page = client.get(url).text
    assert "Sans ce choix imposé" in page
    trial = CoverTrial.objects.get(kind="LOCK")
    assert "Lever et recalculer" in page
    client.post(reverse("events:trial_lift", args=[trial.pk]))
    assert not plan.assignments.filter(is_locked=True).exists()
    client.post(reverse("events:trial_forget", args=[plan.pk]))
    assert not CoverTrial.objects.exists()
