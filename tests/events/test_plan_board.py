"""The classes of a plan under one's hand: listed, narrowed, given, moved, taken back; two hands at once."""

import gzip

import pytest
import time_machine
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.models import School
from events.brigade import actions as brigade
from events.brigade.actions import Profile
from events.brigade.rules import Cause
from events.models import AssignedHalfDay
from events.plans import actions, handing, problems
from events.plans import queries as plans
from events.plans.board import queries, showing
from events.plans.rules import Changed, PlanState, mark_of
from tests.events.days import NOW
from tests.events.large_plans import by_the_nearest, large_plan
from tests.events.plans import prepared, solved

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(NOW, tick=True):
        yield


def taken(plan) -> dict[int, int]:
    return dict(plan.assignments.order_by("pk").values_list("need_id", "substitute_id"))


def locks(plan) -> dict[int, bool]:
    return dict(plan.assignments.order_by("pk").values_list("need_id", "is_locked"))


def url(name, plan, *args):
    return reverse(f"events:{name}", args=[plan.pk, *args])


# --- Moving -----------------------------------------------------------------------------------------------------------
def test_somebody_leaves_a_class_for_another_and_comes_back(plan, world):
    before, how = taken(plan), locks(plan)
    (first, who), (second, other) = list(before.items())[:2]
    actions.assign(plan=plan, need_pk=second, substitute_pk=who, by=world.secretary, leaving=[first])
    after = taken(plan)
    assert (first in after, after[second]) == (False, who)
    assert other not in after.values()
    actions.undo(plan=plan, by=world.secretary)
    assert (taken(plan), locks(plan)) == (before, how)
    with pytest.raises(Refusal, match="plus rien"):
        actions.undo(plan=plan, by=world.secretary)


def test_one_leaves_only_what_one_still_takes(plan, world):
    (first, who), (second, _), (third, _) = list(taken(plan).items())[:3]
    before = taken(plan)
    with pytest.raises(Changed, match="vient d’être changée"):
        actions.assign(plan=plan, need_pk=second, substitute_pk=who, by=world.secretary, leaving=[third])
    assert taken(plan) == before
    with pytest.raises(Refusal, match="prend déjà"):
        actions.assign(plan=plan, need_pk=second, substitute_pk=who, by=world.secretary)
    assert first in taken(plan)


# --- Taking back ------------------------------------------------------------------------------------------------------
def test_an_older_change_is_taken_back_alone(plan, world):
    before = taken(plan)
    first, second = list(before)[:2]
    for need in (first, second):
        actions.assign(plan=plan, need_pk=need, substitute_pk=None, by=world.secretary)
    older = plan.edits.get(need=first)
    actions.undo(plan=plan, by=world.inspector, edit_pk=older.pk)
    assert set(before) - set(taken(plan)) == {second}
    with pytest.raises(Refusal, match="déjà annulé"):
        actions.undo(plan=plan, by=world.secretary, edit_pk=older.pk)


def test_what_another_change_stands_on_says_so(plan, world):
    need, who = next(iter(taken(plan).items()))
    actions.assign(plan=plan, need_pk=need, substitute_pk=None, by=world.secretary)
    older = plan.edits.get()
    actions.assign(plan=plan, need_pk=need, substitute_pk=who, by=world.inspector)
    with pytest.raises(Refusal, match="encore été changée depuis par Inspector"):
        actions.undo(plan=plan, by=world.secretary, edit_pk=older.pk)
    assert taken(plan)[need] == who


def test_what_has_become_impossible_says_why(plan, world, day):
    need = next(iter(taken(plan)))
    person = plan.assignments.get(need=need).substitute
    actions.assign(plan=plan, need_pk=need, substitute_pk=None, by=world.secretary)
    morning = HalfDay(day.on, "AM")
    brigade.withhold(person=person, first=morning, last=morning, cause=Cause.LEAVE, by=world.brigade_manager)
    with pytest.raises(Refusal, match="pas disponible"):
        actions.undo(plan=plan, by=world.secretary)
    assert plan.edits.get().undone_at is None


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4), st.booleans()), max_size=6))
def test_all_that_a_hand_does_is_undone(plan, world, staff, gestures):
    """Whatever one did, refused or not, taking all of it back brings the plan back, and nobody is twice somewhere."""
    needs, people = [one.pk for one in plans.needs_of(plan)], [one.pk for one in staff]
    before = (taken(plan), locks(plan))
    for at, who, moves in gestures:
        held = taken(plan)
        person = people[who] if who < len(people) else None
        leaving = [need for need, one in held.items() if one == person] if moves else []
        try:
            actions.assign(plan=plan, need_pk=needs[at], substitute_pk=person, by=world.secretary, leaving=leaving)
        except Refusal:
            assert taken(plan) == held
        halves = list(AssignedHalfDay.objects.filter(plan=plan).values_list("substitute", "day", "half"))
        assert len(halves) == len(set(halves)) == 2 * len(taken(plan))
    while plan.edits.filter(undone_at=None).exists():
        actions.undo(plan=plan, by=world.secretary)
    assert (taken(plan), locks(plan)) == before


# --- Two hands at once ------------------------------------------------------------------------------------------------
def test_nobody_writes_over_what_they_did_not_see(plan, world, sign_in):
    need, who = next(iter(taken(plan).items()))
    seen = mark_of(who, is_locked=False)
    actions.lock(plan=plan, need_pk=need, is_locked=True, by=world.inspector)
    asked = {"remplacant": "", "vu": seen}
    client = sign_in(world.secretary)
    answer = client.post(url("cover_assign", plan, need), asked, headers=JSON)
    assert answer.status_code == 409
    assert "vient d’être changée" in answer.json()["error"]
    assert "Déverrouiller" in answer.json()["parts"][f"classe-{need}"]
    page = client.post(url("cover_assign", plan, need), asked | {"retour": "liste"}, follow=True).text
    assert "vient d’être changée" in page
    assert taken(plan)[need] == who
    assert client.post(url("cover_lock", plan, need), {"verrou": "non", "vu": seen}, headers=JSON).status_code == 409


def test_canary_without_the_mark_one_writes_over_it(plan, world, sign_in, monkeypatch):
    need, who = next(iter(taken(plan).items()))
    actions.lock(plan=plan, need_pk=need, is_locked=True, by=world.inspector)
    monkeypatch.setattr(handing, "refuse_if_changed", lambda *_: None)
    asked = {"remplacant": "", "vu": mark_of(who, is_locked=False)}
    sign_in(world.secretary).post(url("cover_assign", plan, need), asked, headers=JSON)
    assert need not in taken(plan)


# --- The list ---------------------------------------------------------------------------------------------------------
def test_a_class_is_given_moved_locked_and_taken_back_by_forms_alone(plan, world, sign_in):
    client = sign_in(world.secretary)
    (first, who), (second, _) = list(taken(plan).items())[:2]
    page = client.get(url("plan_classes", plan)).text
    assert page.count("Retirer") == 3
    back = {"retour": "liste", "filtre": "niveau=CE1&etat=prise"}
    answer = client.post(url("cover_assign", plan, second), back | {"remplacant": ""})
    assert answer.url == f"{url('plan_classes', plan)}?niveau=CE1&etat=prise#classe-{second}"
    choice = client.get(url("cover_choice", plan, second)).text
    assert "Déplacer ici" in choice
    client.post(url("cover_assign", plan, second), {"remplacant": who, "quitte": first})
    assert taken(plan)[second] == who
    assert "Derniers gestes" in (page := client.get(url("plan_classes", plan)).text)
    assert page.count('name="geste"') == 2
    client.post(url("plan_undo", plan), {"geste": plan.edits.filter(gesture=None).first().pk})
    assert taken(plan)[first] == who


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 4),
        ({"niveau": "CM2"}, 1),
        ({"niveau": "XX"}, 4),
        ({"etat": "sans"}, 1),
        ({"etat": "prise"}, 3),
        ({"etat": "verrou"}, 1),
        ({"etat": "souple"}, 2),
        ({"ecole": "ecole 1"}, 4),
        ({"ecole": "nulle part"}, 0),
        ({"moment": "2027-03-18-PM"}, 3),
        ({"moment": "2027-03-18-AM"}, 4),
        ({"moment": "hier"}, 4),
        ({"secteur": "999"}, 4),
        ({"page": "x"}, 4),
    ],
)
def test_classes_are_narrowed(day, world, staff, sign_in, asked, count):
    plan = solved(prepared(day, world.secretary), world.secretary)
    needs = list(plans.needs_of(plan))
    actions.lock(plan=plan, need_pk=needs[0].pk, is_locked=True, by=world.secretary)
    extra = plans.needs_of(plan)[0]
    extra.pk, extra.class_key, extra.levels, extra.span = None, "autre", ["CM2"], "AM"
    extra.save()
    page = sign_in(world.secretary).get(url("plan_classes", plan), asked).text
    assert page.count('<li id="classe-') == count


def test_who_takes_it_narrows(plan, world, sign_in):
    held = plan.assignments.select_related("substitute").first()
    page = sign_in(world.secretary).get(url("plan_classes", plan), {"remplacant": held.substitute.first_name}).text
    assert page.count('<li id="classe-') == 1


def test_what_holds_no_longer_is_said_on_the_list_and_the_board(plan, world, sign_in, day):
    held = plan.assignments.select_related("substitute").first()
    morning = HalfDay(day.on, "AM")
    brigade.withhold(person=held.substitute, first=morning, last=morning, cause=Cause.LEAVE, by=world.brigade_manager)
    for name in ("plan_classes", "plan_board"):
        page = sign_in(world.secretary).get(url(name, plan)).text
        assert page.count("Ne tient plus") == 1
        assert "disponible sur toute la durée" in page


def test_what_holds_no_longer_is_found_in_a_whole_plan(plan, world, sign_in, day):
    client, asked = sign_in(world.secretary), {"etat": "rompue"}
    assert "Aucune classe ne réunit" in client.get(url("plan_classes", plan), asked).text
    held = plan.assignments.select_related("substitute").first()
    morning = HalfDay(day.on, "AM")
    brigade.withhold(person=held.substitute, first=morning, last=morning, cause=Cause.LEAVE, by=world.brigade_manager)
    for name in ("plan_classes", "plan_board"):
        page = client.get(url(name, plan), asked).text
        assert page.count('id="classe-') == 1
        assert f'id="classe-{held.need_id}"' in page
    assert "qui ne tiennent plus" in page
    actions.move(plan=plan, target=PlanState.PROPOSED, by=world.secretary)
    assert "qui ne tiennent plus" not in client.get(url("plan_classes", plan)).text


def test_classes_without_anybody_are_told_together_what_they_share(plan, world, sign_in):
    first, second, third = taken(plan)
    plan.assignments.all().delete()
    shared, own = (
        ["Toutes les personnes sont prises.", "Il suffirait d’une personne."],
        "Il suffirait que Lucie aille loin.",
    )
    plan.reasons = {str(first): shared, str(second): [*shared, own], str(third): ["Personne n’est de ce niveau."]}
    plan.save()
    groups = queries.without_anybody_alike(plan)
    assert [(one.count, one.others, list(one.words)) for one in groups] == [
        (2, 0, shared),
        (1, 0, plan.reasons[str(third)]),
    ]
    assert [list(row.reasons) for row in groups[0].rows] == [[], [own]]
    page = sign_in(world.secretary).get(url("plan_page", plan)).text
    assert [page.count(words) for words in (*shared, own, "pour la même raison")] == [1, 1, 1, 1]
    assert page.count('<li id="classe-') == 3


@pytest.mark.parametrize("count", [1, 3])
def test_reasons_cost_the_same_queries(plan, world, sign_in, count, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(queries, "ALIKE_SHOWN", 1)
    plan.assignments.filter(pk__in=list(plan.assignments.values_list("pk", flat=True))[:count]).delete()
    with django_assert_num_queries(3):
        (group,) = queries.without_anybody_alike(plan)
    assert (group.count, group.others) == (count, count - 1)


def test_a_proposed_plan_is_read_and_not_changed(plan, world, sign_in):
    actions.move(plan=plan, target=PlanState.PROPOSED, by=world.secretary)
    client = sign_in(world.secretary)
    for name in ("plan_classes", "plan_board"):
        page = client.get(url(name, plan)).text
        assert 'id="classe-' in page
        assert "Retirer" not in page
        assert "Derniers gestes" not in page
    answer = client.post(url("cover_assign", plan, next(iter(taken(plan)))), {"remplacant": ""}, headers=JSON)
    assert answer.status_code == 422
    assert "ne change plus" in answer.json()["error"]


# --- The board --------------------------------------------------------------------------------------------------------
def test_what_the_board_lights_is_what_a_hand_may_do(plan, world, staff, day):
    """The page's own answer, class by class and person by person, is the server's."""
    brigade.describe(person=staff[0], profile=Profile(refused=("CE1",)), by=world.brigade_manager)
    morning = HalfDay(day.on, "AM")
    brigade.withhold(person=staff[1], first=morning, last=morning, cause=Cause.LEAVE, by=world.brigade_manager)
    far = School.objects.get(pk=staff[2].postings.get().school_id)
    far.latitude = 43.0
    far.save()
    asked = queries.asked_of(plan, {})
    needs = list(plans.needs_of(plan))
    board = showing.board(plan, asked, needs, "")
    said = set()
    for need in needs:
        pairs = board.data["classes"][str(need.pk)]
        for pk, code in zip(board.data["people"], pairs["can"], strict=True):
            busy = board.data["taken"].get(str(pk), {})
            is_taken = any(busy.get(moment, [need.pk])[0] != need.pk for moment in pairs["moments"])
            refused = refusal_of(plan, need, pk)
            words = board.data["rules"][ord(code) - ord("a")] if code >= "a" else "prend déjà" if is_taken else ""
            assert words in refused
            assert bool(words) == bool(refused)
            said.add(words)
    assert len(said) >= 4


def refusal_of(plan, need, pk) -> str:
    try:
        handing.checked(plan, need, pk)
    except Refusal as refusal:
        return str(refusal)
    return ""


def test_the_board_answers_with_what_a_gesture_changed(plan, world, sign_in):
    client = sign_in(world.secretary)
    (first, who), (second, other) = list(taken(plan).items())[:2]
    asked = {"remplacant": who, "quitte": first, "vu": mark_of(other, is_locked=False)}
    answer = client.post(url("cover_assign", plan, second), asked, headers=JSON)
    assert answer.status_code == 200
    told = answer.json()
    assert set(told["parts"]) == {f"classe-{first}", f"classe-{second}", f"vivier-{who}", f"vivier-{other}", "gestes"}
    assert told["taken"][str(other)] == {}
    assert {held[0] for held in told["taken"][str(who)].values()} == {second}
    assert told["said"]
    answer = client.post(url("plan_undo", plan), {}, headers=JSON)
    assert answer.json()["said"].startswith("Annulé")
    assert taken(plan)[first] == who
    answer = client.post(url("plan_undo", plan), {}, headers=JSON)
    assert answer.status_code == 422


def test_a_name_narrows_the_pool(plan, world, sign_in, staff):
    page = sign_in(world.secretary).get(url("plan_board", plan), {"vivier": staff[0].first_name.lower()}).text
    assert f'id="vivier-{staff[0].pk}"' in page
    assert page.count('id="vivier-') == 3  # the person, the title and the field


def test_a_plan_of_a_departement_stays_light(world, sign_in, django_assert_max_num_queries):
    plan = by_the_nearest(large_plan(world, classes=1500, substitutes=400, is_solved=False))
    client = sign_in(world.secretary)
    need = plans.needs_of(plan).first()
    for address in (
        url("plan_page", plan),
        url("plan_classes", plan),
        url("plan_board", plan),
        url("plan_map", plan),
        url("cover_choice", plan, need.pk),
    ):
        with django_assert_max_num_queries(33):
            page = client.get(address)
        assert len(gzip.compress(page.content)) < 100_000


def test_a_hand_reads_its_own_class_alone(plan):
    needs = list(plans.needs_of(plan))[:1]
    assert list(problems.situation_of(plan, needs).needs) == [str(needs[0].pk)]
