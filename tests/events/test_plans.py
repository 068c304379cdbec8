"""Cover plans: computed and proved, changed by hand under the same rules, published once, told to whom it concerns."""

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from circo import jobs, seeking
from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.models import Job, JobState, Notice, Posting
from circo.rules import Role
from events.brigade import actions as brigade
from events.brigade.actions import Profile
from events.brigade.rules import Cause
from events.cover import solving as solver
from events.missions import actions as missions
from events.missions import agenda
from events.models import AssignedHalfDay, Convocation, CoverAssignment, CoverPlan, CoverPlanDay, SchoolDistance
from events.plans import actions, holdings, problems, queries
from events.plans.rules import MOVES, LinkKind, PlanState
from tests.events.days import NOW, chosen
from tests.events.plans import prepared, published, solved
from tests.world import person, post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(NOW, tick=True):
        yield


def taken(plan) -> dict[int, int]:
    return dict(plan.assignments.order_by("pk").values_list("need_id", "substitute_id"))


# --- Computing --------------------------------------------------------------------------------------------------------
def test_the_best_plan_covers_and_prefers_who_is_near(plan, world, staff):
    assert plan.failure == ""
    assert plan.assignments.count() == 3
    assert {one.substitute.email for one in plan.assignments.all()} <= {one.email for one in staff} | {
        world.substitute.email
    }
    at_home = [one for one in plan.assignments.all() if one.cents == 0]
    assert len(at_home) == 2  # those attached to that very school
    assert {one.cents for one in plan.assignments.all()} == {0, 2104}


def test_a_distance_that_was_brought_replaces_the_estimate_and_asks_for_a_new_computing(world, plan):
    far = plan.assignments.exclude(metres=0).get()
    assert (far.is_estimate, far.cents) == (True, 2104)
    mark = problems.situation_of(plan).inputs_hash
    home, school = world.here.schools
    SchoolDistance.objects.create(home=home, school=school, metres=23_400)
    assert problems.situation_of(plan).inputs_hash != mark
    far = solved(plan, world.secretary).assignments.exclude(metres=0).get()
    assert (far.metres, far.is_estimate, far.cents) == (23_400, False, 2616)


def test_a_distance_too_far_for_the_brigade_keeps_them_apart(world, plan):
    home, school = world.here.schools
    SchoolDistance.objects.create(home=home, school=school, metres=80_000)
    assert {one.metres for one in solved(plan, world.secretary).assignments.all()} == {0}


def test_the_reserve_is_kept_before_classes(world, day, staff):
    for one in staff[2:]:
        brigade.describe(person=one, profile=Profile(is_reserve=True), by=world.brigade_manager)
    plan = solved(prepared(day, world.secretary), world.secretary)
    assert plan.assignments.count() == 2  # three free, one of them kept for sick leave


def test_a_class_without_anybody_says_why_and_what_would_do(world, day, staff, sign_in):
    for one in staff[1:]:
        brigade.describe(person=one, profile=Profile(is_reserve=True), by=world.brigade_manager)
    plan = solved(prepared(day, world.secretary), world.secretary)
    uncovered = {str(need.pk) for need in queries.needs_of(plan)} - {str(pk) for pk in taken(plan)}
    assert uncovered
    assert set(plan.reasons) == uncovered
    page = sign_in(world.secretary).get(reverse("events:plan_page", args=[plan.pk])).text
    for why, *enough in plan.reasons.values():
        assert why in page
        assert any("une personne de plus" in words for words in enough)


def test_a_refused_level_is_never_given(world, day, staff):
    for one in staff:
        brigade.describe(person=one, profile=Profile(refused=("CE1",)), by=world.brigade_manager)
    plan = solved(prepared(day, world.secretary), world.secretary)
    assert set(taken(plan).values()) <= {world.substitute.pk}


def test_computing_again_keeps_locks(plan, world):
    need = plan.assignments.first().need_id
    other = next(pk for pk in set(_brigade(world)) - set(taken(plan).values()))
    actions.assign(plan=plan, need_pk=need, substitute_pk=other, by=world.secretary)
    solved(plan, world.secretary)
    assert taken(plan)[need] == other
    assert plan.assignments.get(need=need).is_locked


def test_a_lock_that_became_impossible_is_named(plan, world):
    one = plan.assignments.select_related("need__school", "need__day", "substitute").first()
    actions.lock(plan=plan, need_pk=one.need_id, is_locked=True, by=world.secretary)
    half_days = [HalfDay(one.need.day.on, half) for half in ("AM", "PM")]
    brigade.note_absence(person=one.substitute, half_days=half_days, by=world.brigade_manager)
    solved(plan, world.secretary)
    assert plan.failure.startswith(
        f"{one.substitute} est verrouillé sur {one.need}, mais la personne n’est pas disponible"
    )


def _brigade(world):
    held = Posting.objects.filter(role=Role.SUBSTITUTE, school__in=world.here.schools)
    return list(held.values_list("person_id", flat=True))


def test_the_former_plan_stays_when_the_worker_fails(plan, world, monkeypatch):
    before = taken(plan)
    monkeypatch.setattr(solver, "solve", lambda *_: 1 / 0)
    solved(plan, world.secretary)
    Job.objects.filter(kind=queries.SOLVE).update(not_before=None)
    solved(plan, world.secretary)
    assert taken(plan) == before
    assert plan.failure
    assert plan.proof


def test_a_stop_before_anything_keeps_the_former_plan_and_says_so(plan, world, monkeypatch):
    before = taken(plan)
    monkeypatch.setattr(seeking, "ASKED_EVERY_S", -1)
    actions.ask_to_solve(plan=plan, by=world.secretary)
    actions.stop(plan=plan, by=world.secretary)
    jobs.run(Job.objects.get(kind=queries.SOLVE).pk)
    plan.refresh_from_db()
    assert taken(plan) == before
    assert "arrêté" in plan.failure
    assert plan.stop_asked_at is None


def test_a_change_by_hand_meanwhile_wins(plan, world, monkeypatch):
    real, need = solver.solve, plan.assignments.first().need_id

    def slow(*args):
        actions.assign(plan=plan, need_pk=need, substitute_pk=None, by=world.inspector)
        return real(*args)

    monkeypatch.setattr(solver, "solve", slow)
    solved(plan, world.secretary)
    assert need not in taken(plan)
    assert "à la main" in plan.failure


# --- By hand ----------------------------------------------------------------------------------------------------------
def test_a_hand_breaks_no_hard_rule(plan, world, staff, day):
    need = plan.assignments.exclude(substitute__in=staff[2:]).first().need_id
    brigade.withhold(
        person=staff[3],
        first=HalfDay(day.on, "AM"),
        last=HalfDay(day.on, "AM"),
        cause=Cause.LEAVE,
        by=world.brigade_manager,
    )
    brigade.describe(person=staff[2], profile=Profile(refused=("CE1",)), by=world.brigade_manager)
    for who, reason in (
        (staff[3].pk, "pas disponible"),
        (staff[2].pk, "ce niveau"),
        (world.amina.pk, "pas dans le plan"),
    ):
        with pytest.raises(Refusal, match=reason):
            actions.assign(plan=plan, need_pk=need, substitute_pk=who, by=world.secretary)
    first, second = list(plan.assignments.order_by("pk"))[:2]
    if second.substitute_id not in (staff[2].pk, staff[3].pk):
        with pytest.raises(Refusal, match="prend déjà"):
            actions.assign(plan=plan, need_pk=first.need_id, substitute_pk=second.substitute_id, by=world.secretary)


def test_a_substitute_is_never_in_two_schools_whoever_writes(plan):
    first, second = list(plan.assignments.order_by("pk"))[:2]
    with pytest.raises(IntegrityError), transaction.atomic():
        AssignedHalfDay.objects.filter(assignment=second).update(substitute_id=first.substitute_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        CoverAssignment.objects.create(plan=plan, need_id=first.need_id, substitute_id=second.substitute_id)


def test_each_change_is_undone_in_turn(plan, world):
    before, need = taken(plan), plan.assignments.first().need_id
    actions.lock(plan=plan, need_pk=need, is_locked=True, by=world.secretary)
    actions.assign(plan=plan, need_pk=need, substitute_pk=None, by=world.secretary)
    assert need not in taken(plan)
    actions.undo(plan=plan, by=world.secretary)
    assert taken(plan) == before
    assert plan.assignments.get(need=need).is_locked
    actions.undo(plan=plan, by=world.secretary)
    assert not plan.assignments.get(need=need).is_locked
    with pytest.raises(Refusal, match="plus rien"):
        actions.undo(plan=plan, by=world.secretary)


def test_a_pair_kept_apart_leaves_the_class_and_does_not_come_back(plan, world):
    held = plan.assignments.first()
    asked = {"plan": plan, "need_pk": held.need_id, "substitute_pk": held.substitute_id, "by": world.secretary}
    actions.part(**asked, kind=LinkKind.FORBIDDEN)
    assert held.need_id not in taken(plan)
    with pytest.raises(Refusal, match="écartées"):
        actions.assign(plan=plan, need_pk=held.need_id, substitute_pk=held.substitute_id, by=world.secretary)
    solved(plan, world.secretary)
    assert taken(plan).get(held.need_id) != held.substitute_id
    actions.part(**asked, kind=None)


@pytest.mark.parametrize("who", ["adviser", "departement", "amina", "substitute", "inspector_there"])
def test_who_does_not_plan_changes_nothing(plan, world, who):
    by = world.people[who]
    for verb in (actions.ask_to_solve, actions.stop, actions.undo):
        with pytest.raises(Refusal):
            verb(plan=plan, by=by)
    with pytest.raises(Refusal):
        actions.assign(plan=plan, need_pk=plan.assignments.first().need_id, substitute_pk=None, by=by)


# --- Publishing -------------------------------------------------------------------------------------------------------
def test_publishing_tells_and_takes_the_half_days(plan, world, day):
    head = person("direction@ecole.test", "Hélène", "Direction")
    post(head, Role.HEAD_TEACHER, world.here.schools[0])
    published(plan, world)
    plan.refresh_from_db()
    assert plan.state == PlanState.PUBLISHED
    told = {notice.person_id for notice in Notice.objects.filter(kind="missions")}
    assert told == set(taken(plan).values())
    assert {n.person_id for n in Notice.objects.filter(kind="covered-classes")} == {
        world.amina.pk,
        world.bruno.pk,
        world.chloe.pk,
        head.pk,
    }
    one = plan.assignments.first()
    assert {busy.reason for busy in calendar.busy([one.substitute_id], day.on, day.on)[one.substitute_id]} == {
        "Un remplacement"
    }
    assert queries.cover(day)[world.amina.pk]


def test_the_life_of_a_plan_has_no_short_cut(plan, world):
    steps = {(move.source, move.target) for move in MOVES}
    for target in PlanState:
        if (PlanState.DRAFT, target) not in steps:
            with pytest.raises(Refusal, match="étape"):
                actions.move(plan=plan, target=target, by=world.brigade_manager)
    actions.move(plan=plan, target=PlanState.PROPOSED, by=world.secretary)
    for who in ("secretary", "inspector"):
        with pytest.raises(Refusal, match="quelqu’un d’autre"):
            actions.move(plan=plan, target=PlanState.VALIDATED, by=world.people[who])
    actions.move(plan=plan, target=PlanState.VALIDATED, by=world.brigade_manager)
    with pytest.raises(Refusal, match="quelqu’un d’autre"):
        actions.move(plan=plan, target=PlanState.PUBLISHED, by=world.secretary)
    actions.move(plan=plan, target=PlanState.PUBLISHED, by=world.inspector)
    assert list(plan.moves.values_list("state", flat=True)) == ["DRAFT", "PROPOSED", "VALIDATED", "PUBLISHED"]


def test_a_published_plan_never_changes(plan, world):
    published(plan, world)
    need = plan.assignments.first().need_id
    for verb in (actions.ask_to_solve, actions.undo):
        with pytest.raises(Refusal, match="ne change plus"):
            verb(plan=plan, by=world.brigade_manager)
    with pytest.raises(Refusal, match="ne change plus"):
        actions.assign(plan=plan, need_pk=need, substitute_pk=None, by=world.brigade_manager)


def test_a_plan_without_proof_is_not_published(day, world, staff):
    plan = prepared(day, world.secretary)
    with pytest.raises(Refusal, match="sans preuve"):
        published(plan, world)


def test_a_plan_changed_since_its_proof_is_not_published(plan, world):
    need = plan.assignments.first().need_id
    actions.assign(plan=plan, need_pk=need, substitute_pk=None, by=world.secretary)
    with pytest.raises(Refusal, match="à la main"):
        published(plan, world)


def test_a_plan_whose_data_changed_is_not_published(plan, world, staff, day):
    brigade.describe(person=staff[0], profile=Profile(preferred=("PS",)), by=world.brigade_manager)
    with pytest.raises(Refusal, match="ont changé"):
        published(plan, world)


def test_a_corrupted_proof_is_not_published(plan, world):
    plan.proof["proofs"][0]["bound"] += 1
    plan.save()
    with pytest.raises(Refusal, match="vérification"):
        published(plan, world)


def test_the_second_of_two_plans_is_told_who_came_first(plan, day, world):
    other = solved(prepared(day, world.inspector), world.inspector)
    published(plan, world)
    with pytest.raises(Refusal, match=f"Plan n°.{plan.version}"):
        published(other, world)
    assert CoverPlanDay.objects.filter(is_in_force=True).count() == 1


def test_two_plans_are_in_force_nowhere_whoever_writes(plan, day, world):
    other = solved(prepared(day, world.inspector), world.inspector)
    published(plan, world)
    with pytest.raises(IntegrityError), transaction.atomic():
        CoverPlanDay.objects.filter(plan=other).update(is_in_force=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        CoverAssignment.objects.filter(plan=other).update(is_in_force=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        AssignedHalfDay.objects.filter(plan=other).update(is_in_force=True)


def test_a_substitute_ill_at_half_past_seven(plan, day, world):
    """The next version moves as few people as can be, says what changes, and asks nobody twice."""
    published(plan, world)
    ill = plan.assignments.order_by("pk").first()
    kept = plan.assignments.order_by("pk").last()
    missions.confirm(assignment=kept, by=kept.substitute)
    brigade.withhold(
        person=ill.substitute,
        first=HalfDay(day.on, "AM"),
        last=HalfDay(day.on, "PM"),
        cause=Cause.LEAVE,
        by=world.brigade_manager,
    )
    after = solved(prepared(day, world.brigade_manager), world.brigade_manager)
    assert after.replaces == plan
    changes = queries.changes(plan, after)
    assert [change.before for change in changes] == [ill.substitute]
    published(after, world)
    same = after.assignments.get(need=kept.need)
    assert same.confirmed_at is not None
    assert Notice.objects.filter(person=kept.substitute, kind="missions").count() == 1
    titles = set(Notice.objects.filter(person=ill.substitute, kind="missions").values_list("title", flat=True))
    assert any("ne remplacez plus" in title for title in titles)
    assert not plan.assignments.filter(is_in_force=True).exists()


def test_a_plan_is_of_one_departement(day, world):
    there = chosen(world.there, world.inspector_there)
    with pytest.raises(Refusal, match="un département"):
        actions.prepare(days=[day, there], by=world.superuser)
    with pytest.raises(Refusal, match="au moins"):
        actions.prepare(days=[], by=world.secretary)
    with pytest.raises(Refusal, match="préparez pas"):
        actions.prepare(days=[there], by=world.secretary)
    assert CoverPlan.objects.count() == 0


# --- Missions ---------------------------------------------------------------------------------------------------------
def test_a_substitute_reads_the_sheet_and_confirms(plan, world, sign_in):
    mission = plan.assignments.first()
    client = sign_in(mission.substitute)
    assert client.get(reverse("events:mission_page", args=[mission.pk])).status_code == 404  # a draft is nobody's
    published(plan, world)
    mission.need.class_note = "La clé est à l’accueil."
    mission.need.save()
    page = client.get(reverse("events:mission_page", args=[mission.pk])).text
    assert "La clé est à l’accueil." in page
    assert "Je confirme" in page
    assert mission.need.school.commune in page
    assert "Confirmer un remplacement" in client.get(reverse("portal:home")).text
    page = client.post(reverse("events:mission_confirm", args=[mission.pk]), follow=True).text
    assert "C’est confirmé" in page
    assert "Je confirme" not in page
    assert "Confirmé" in client.get(reverse("events:mission_list")).text
    other = sign_in(world.substitute if mission.substitute != world.substitute else world.amina)
    assert other.post(reverse("events:mission_confirm", args=[mission.pk])).status_code == 404


def test_nobody_confirms_for_another(plan, world):
    published(plan, world)
    with pytest.raises(Refusal, match="la vôtre"):
        missions.confirm(assignment=plan.assignments.first(), by=world.brigade_manager)


def test_missions_are_on_the_agenda_and_go_when_taken_back(plan, day, world):
    mission = plan.assignments.order_by("pk").first()
    assert agenda.events_of(mission.substitute, day.on) == []  # a draft is nobody's
    published(plan, world)
    (event,) = agenda.events_of(mission.substitute, day.on)
    assert (event.cancelled, event.starts_at.date()) == (False, day.on)
    assert str(mission.pk) in event.url
    after = prepared(day, world.brigade_manager)
    actions.assign(plan=after, need_pk=mission.need_id, substitute_pk=None, by=world.brigade_manager)
    actions.part(
        plan=after,
        need_pk=mission.need_id,
        substitute_pk=mission.substitute_id,
        kind=LinkKind.FORBIDDEN,
        by=world.brigade_manager,
    )
    published(solved(after, world.brigade_manager), world)
    gone = next(one for one in agenda.events_of(mission.substitute, day.on) if one.uid == event.uid)
    assert gone.cancelled
    assert gone.sequence > event.sequence
    kept, _ = [one.rows(mission.substitute) for one in holdings.HOLDINGS]
    assert kept.count() >= 1


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_all_by_forms_from_days_to_publication(day, world, staff, sign_in):
    client = sign_in(world.brigade_manager)
    assert client.post(reverse("events:plan_create"), {}).status_code == 422
    page = client.post(reverse("events:plan_create"), {"days": [day.pk]}, follow=True).text
    assert "Personne" in page
    plan = CoverPlan.objects.get()
    page = client.post(reverse("events:plan_solve", args=[plan.pk]), follow=True).text
    assert "Calcul en attente" in page
    assert "Arrêt demandé" in client.post(reverse("events:plan_stop", args=[plan.pk]), follow=True).text
    plan.stop_asked_at = None
    plan.save()
    jobs.run(Job.objects.get(kind=queries.SOLVE, state=JobState.QUEUED).pk)
    page = client.get(reverse("events:plan_page", args=[plan.pk])).text
    assert "aucun autre plan ne fait mieux" in page
    need = plan.assignments.first().need_id
    url = reverse("events:cover_choice", args=[plan.pk, need])
    assert "Prend cette classe" in client.get(url).text
    free = next(one for one in _brigade(world) if one not in taken(plan).values())
    asked = {"remplacant": free}
    page = client.post(reverse("events:cover_assign", args=[plan.pk, need]), asked, follow=True).text
    assert "verrouillé" in page
    assert "Annuler le dernier changement" in page
    client.post(reverse("events:plan_undo", args=[plan.pk]))
    client.post(reverse("events:cover_lock", args=[plan.pk, need]), {"verrou": "oui"})
    assert plan.assignments.get(need=need).is_locked
    for target in ("PROPOSED", "VALIDATED", "PUBLISHED"):
        page = client.post(reverse("events:plan_move", args=[plan.pk]), {"vers": target}, follow=True).text
    assert "Publié" in page
    assert "Changer ce plan" in page
    assert "Le plan est réalisé" not in page  # its day is to come
    with pytest.raises(Refusal, match="à venir"):
        actions.move(plan=plan, target=PlanState.DONE, by=world.brigade_manager)
    assert "Pas encore confirmé" in page
    page = client.post(reverse("events:plan_move", args=[plan.pk]), {"vers": "NULLE"}, follow=True).text
    assert "Choisissez une étape" in page


def test_a_refusal_is_said_on_the_page(plan, world, staff, sign_in):
    client = sign_in(world.secretary)
    held = plan.assignments.first()
    asked = {"remplacant": world.amina.pk}
    page = client.post(reverse("events:cover_assign", args=[plan.pk, held.need_id]), asked, follow=True).text
    assert "Impossible" in page
    url = reverse("events:cover_link", args=[plan.pk, held.need_id])
    page = client.post(url, {"remplacant": held.substitute_id, "lien": "FORBIDDEN"}, follow=True).text
    assert "Permettre de nouveau" in page
    assert "dans la liste" in client.post(url, {"remplacant": "x", "lien": "FORBIDDEN"}, follow=True).text
    assign = reverse("events:cover_assign", args=[plan.pk, held.need_id])
    assert client.post(assign, {"remplacant": "x"}).status_code == 404


@pytest.mark.parametrize("more", [0, 3])
def test_the_page_of_a_plan_costs_the_same(day, world, staff, sign_in, more, django_assert_num_queries):
    for number in range(more):
        who = person(f"plus{number}@ecole.test", "Plus", "Encore")
        post(who, Role.TEACHER, world.here.schools[0], levels=["CM2"])
        Convocation.objects.create(day=day, person=who)
    plan = solved(prepared(day, world.secretary), world.secretary)
    for held in plan.assignments.all()[: 1 + more]:
        actions.assign(plan=plan, need_pk=held.need_id, substitute_pk=None, by=world.secretary)
    client = sign_in(world.secretary)
    with django_assert_num_queries(16):
        client.get(reverse("events:plan_page", args=[plan.pk]))


def test_the_table_for_aria(plan, world, sign_in):
    body = sign_in(world.secretary).get(reverse("events:plan_export", args=[plan.pk])).content.decode("utf-8-sig")
    lines = body.strip().splitlines()
    assert len(lines) == 4
    assert '"18/03/2027"' in lines[1]
    assert '"21,04"' in body
    actions.assign(plan=plan, need_pk=plan.assignments.first().need_id, substitute_pk=None, by=world.secretary)
    body = sign_in(world.secretary).get(reverse("events:plan_export", args=[plan.pk])).content.decode("utf-8-sig")
    assert '"";"";""' in body
