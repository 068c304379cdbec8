"""At 7:30 somebody is ill: the repair is computed, proved, read, accepted in one gesture, told to whom it concerns."""

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from circo import jobs
from circo.errors import Refusal
from circo.models import Job, JobState, Notice, Posting
from circo.rules import Role
from events.cover import checking
from events.missions import actions as missions
from events.models import BrigadeRules, CoverPlan, CoverPlanDay, CoverRepair, HeldHalfDay
from events.plans import actions as plans
from events.plans import queries as plan_queries
from events.plans.rules import PlanState
from events.repairs import actions, differing, queries
from events.repairs.rules import RepairState
from tests.events.days import NOW, announced
from tests.events.plans import prepared, published, solved
from tests.world import person, post

pytestmark = pytest.mark.django_db
HALVES = ("AM", "PM")


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def head(world):
    made = person("direction@ecole.test", "Hélène", "Direction")
    post(made, Role.HEAD_TEACHER, world.here.schools[0])
    return made


@pytest.fixture
def plan(world, staff, head):
    day = announced(world.here, world.inspector)
    plan = published(solved(prepared(day, world.secretary), world.secretary), world)
    for one in plan.assignments.all():
        missions.confirm(assignment=one, by=one.substitute)
    Notice.objects.all().delete()
    return plan


@pytest.fixture
def ill(plan):
    return plan.assignments.order_by("pk").first()


def worked(repair: CoverRepair) -> CoverRepair:
    for pk in Job.objects.filter(kind=plan_queries.SOLVE, state=JobState.QUEUED).values_list("pk", flat=True):
        jobs.run(pk)
    return CoverRepair.objects.select_related("plan", "made").get(pk=repair.pk)


def reported(ill, world, halves=HALVES, by=None) -> CoverRepair:
    asked = {"substitute_pk": ill.substitute_id, "on": ill.need.day.on, "halves": halves}
    return actions.report_absence(plan=ill.plan, by=by or world.brigade_manager, **asked)


def accepted(repair, world, by=None) -> CoverRepair:
    return actions.accept(repair=repair, seen=queries.mark_of(repair.made), by=by or world.brigade_manager)


def taken(plan) -> dict[int, int]:
    return dict(plan.assignments.order_by("pk").values_list("need_id", "substitute_id"))


# --- An absence -------------------------------------------------------------------------------------------------------
def test_nothing_changes_before_it_is_accepted(plan, ill, world):
    repair = worked(reported(ill, world))
    assert plan.assignments.filter(is_in_force=True).count() == 3
    assert not Notice.objects.exists()
    assert repair.made.proof
    found = differing.changed(repair)
    assert [one.person for one in found.missing] == [ill.substitute]
    assert [one.person for one in found.moved] == [next(iter({m.person for m in found.moved}))]
    assert found.uncovered == []


def test_it_moves_one_person_and_tells_those_alone(plan, ill, world, head):
    before = taken(plan)
    repair = accepted(worked(reported(ill, world)), world)
    made = repair.made
    new = {need: pk for need, pk in taken(made).items() if before[need] != pk}
    assert set(new) == {ill.need_id}
    relief = new[ill.need_id]
    told = {(one.person_id, one.kind) for one in Notice.objects.all()}
    teacher = ill.need.people.get().pk
    assert told == {
        (ill.substitute_id, "missions"),
        (relief, "missions"),
        (teacher, "covered-classes"),
        (head.pk, "covered-classes"),
    }
    waits = made.assignments.filter(confirmed_at=None)
    assert [one.need_id for one in waits] == [ill.need_id]  # nobody else is asked twice
    assert CoverPlanDay.objects.get(is_in_force=True).plan == made
    assert list(made.moves.values_list("state", flat=True)) == ["DRAFT", "PUBLISHED"]


def test_a_class_left_alone_says_why_and_is_told(plan, ill, world, head, staff):
    BrigadeRules.objects.create(departement=world.here.departement, reserve_percent=0)
    Posting.objects.filter(role=Role.SUBSTITUTE).exclude(person__in=taken(plan).values()).delete()
    repair = worked(reported(ill, world))
    (alone,) = differing.changed(repair).uncovered
    assert alone.reasons
    accepted(repair, world)
    people = {*alone.need.people.values_list("pk", flat=True), head.pk}
    left = Notice.objects.filter(title__startswith="Personne ne prend plus")
    assert set(left.values_list("person_id", flat=True)) == people


def test_the_reserve_is_asked_when_one_says_so(plan, ill, world, staff, sign_in):
    rules = BrigadeRules.objects.create(departement=world.here.departement, reserve_percent=25)
    spare = next(one.pk for one in staff if one.pk not in taken(plan).values())
    Posting.objects.filter(role=Role.SUBSTITUTE).exclude(person__in=[spare, *taken(plan).values()]).delete()
    repair = worked(reported(ill, world))
    assert len(differing.changed(repair).uncovered) == 1
    client, page = sign_in(world.brigade_manager), reverse("events:repair_page", args=[repair.pk])
    assert "Puiser dans la réserve" in client.get(page).content.decode()
    client.post(reverse("events:repair_again", args=[repair.pk]), {"reserve": "puiser"})
    repair = worked(repair)
    assert differing.changed(repair).uncovered == []
    assert "Garder la réserve" in client.get(page).content.decode()
    actions.compute_again(repair=repair, by=world.brigade_manager)  # it holds until one says otherwise
    accepted(worked(repair), world)
    repair.refresh_from_db()
    later = plans.begin(days=[one.day for one in plan.plan_days.all()], former_pk=repair.made_id, by=world.secretary)
    assert later.draws_reserve
    assert rules.reserve_percent == 25  # of the brigade, nothing is changed


def test_what_a_hand_decided_holds_but_for_whoever_is_missing(plan, ill, world):
    plan.assignments.update(is_locked=True)
    others = set(plan.assignments.exclude(pk=ill.pk).values_list("need_id", "substitute_id"))
    repair = worked(reported(ill, world))
    assert set(repair.made.assignments.filter(is_locked=True).values_list("need_id", "substitute_id")) == others


def test_a_second_absence_joins_the_first(plan, ill, world, staff):
    first = reported(ill, world)
    other = plan.assignments.exclude(pk=ill.pk).order_by("pk").first()
    second = worked(reported(other, world, by=world.secretary))
    assert first == second
    assert second.facts.count() == 2
    assert CoverPlan.objects.filter(state=PlanState.DROPPED).count() == 1  # what answered less
    assert not {ill.substitute_id, other.substitute_id} & set(taken(second.made).values())


def test_half_a_day_leaves_the_other_half(plan, ill, world):
    worked(reported(ill, world, halves=("AM",)))
    assert list(HeldHalfDay.objects.filter(person=ill.substitute).values_list("half", flat=True)) == ["AM"]


def test_a_teacher_stays(plan, ill, world, head):
    repair = worked(actions.report_staying(plan=plan, need_pk=ill.need_id, by=world.brigade_manager))
    accepted(repair, world)
    assert ill.need_id not in taken(repair.made)
    assert Notice.objects.filter(person=ill.substitute, title__startswith="Vous ne remplacez plus").exists()
    assert Notice.objects.get(person=head, kind="covered-classes").title.endswith("journée")
    assert not Notice.objects.filter(person=ill.need.people.get(), kind="covered-classes").exists()


# --- What is refused --------------------------------------------------------------------------------------------------
def test_what_has_no_sense_is_refused(plan, ill, world):
    asked = {"plan": plan, "on": ill.need.day.on, "halves": HALVES, "by": world.brigade_manager}
    with pytest.raises(Refusal, match="aucune classe"):
        actions.report_absence(substitute_pk=world.amina.pk, **asked)
    with pytest.raises(Refusal, match="ou plus, dans ce plan"):
        actions.report_staying(plan=plan, need_pk=0, by=world.brigade_manager)
    with pytest.raises(Refusal, match="préparez pas"):
        reported(ill, world, by=world.adviser)


def test_the_cell_alone_accepts(plan, ill, world):
    repair = worked(reported(ill, world, by=world.inspector))
    with pytest.raises(Refusal, match="cellule"):
        accepted(repair, world, by=world.inspector)


def test_the_second_manager_is_told_who_came_first(plan, ill, world):
    repair = worked(reported(ill, world))
    accepted(repair, world)
    with pytest.raises(Refusal, match=f"déjà acceptée par {world.brigade_manager}"):
        accepted(repair, world, by=world.superuser)


def test_one_accepts_what_one_has_read(plan, ill, world):
    repair = worked(reported(ill, world))
    seen = queries.mark_of(repair.made)
    other = plan.assignments.exclude(pk=ill.pk).order_by("pk").first()
    repair = worked(reported(other, world, by=world.secretary))
    with pytest.raises(Refusal, match="relisez"):
        actions.accept(repair=repair, seen=seen, by=world.brigade_manager)


def test_a_corrupted_proof_is_not_applied(plan, ill, world):
    repair = worked(reported(ill, world))
    repair.made.proof["proofs"][0]["bound"] += 1
    repair.made.save()
    with pytest.raises(Refusal, match="vérification"):
        accepted(repair, world)
    assert CoverPlanDay.objects.get(is_in_force=True).plan == plan


def test_canary_without_the_checker_the_corrupted_proof_is_applied(plan, ill, world, monkeypatch):
    monkeypatch.setattr(checking, "faults_of", lambda *_: set())
    repair = worked(reported(ill, world))
    repair.made.proof["proofs"][0]["bound"] += 1
    repair.made.save()
    assert accepted(repair, world).state == RepairState.ACCEPTED


def test_a_plan_has_one_open_repair_whoever_writes(plan, ill, world):
    reported(ill, world)
    with pytest.raises(IntegrityError), transaction.atomic():
        CoverRepair.objects.create(plan=plan)


# --- Taking it back ---------------------------------------------------------------------------------------------------
def test_everybody_comes_after_all(plan, ill, world):
    repair = actions.drop(repair=worked(reported(ill, world)), by=world.brigade_manager)
    assert repair.state == RepairState.DROPPED
    assert not HeldHalfDay.objects.filter(person=ill.substitute).exists()
    assert not Notice.objects.exists()
    assert reported(ill, world) != repair  # another one may begin


def test_undone_while_nobody_has_confirmed(plan, ill, world):
    before = taken(plan)
    repair = accepted(worked(reported(ill, world)), world)
    relief = taken(repair.made)[ill.need_id]
    repair = actions.undo(repair=repair, by=world.brigade_manager)
    assert taken(plan) == before
    assert CoverPlanDay.objects.get(is_in_force=True).plan == plan
    assert not HeldHalfDay.objects.filter(person=ill.substitute).exists()
    titles = {
        who: list(Notice.objects.filter(person_id=who, kind="missions").order_by("pk").values_list("title", flat=True))
        for who in (ill.substitute_id, relief)
    }
    assert [title.split(" le ")[0] for title in titles[ill.substitute_id]] == [
        "Vous ne remplacez plus",
        "Vous remplacez",
    ]
    assert [title.split(" le ")[0] for title in titles[relief]] == ["Vous remplacez", "Vous ne remplacez plus"]
    assert [one.need_id for one in plan.assignments.filter(confirmed_at=None)] == [ill.need_id]


def test_not_undone_once_somebody_has_confirmed(plan, ill, world):
    repair = accepted(worked(reported(ill, world)), world)
    new = repair.made.assignments.get(need=ill.need)
    missions.confirm(assignment=new, by=new.substitute)
    with pytest.raises(Refusal, match="déjà confirmé"):
        actions.undo(repair=repair, by=world.brigade_manager)


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_three_taps_from_the_page_of_the_plan(plan, ill, world, sign_in):
    client = sign_in(world.brigade_manager)
    new = reverse("events:repair_new", args=[plan.pk])
    assert new in client.get(reverse("events:plan_page", args=[plan.pk])).text
    page = client.get(new).text
    assert str(ill.substitute) in page
    assert str(ill.substitute) not in client.get(new, {"mots": "personne de ce nom"}).text
    asked = {"remplacant": ill.substitute_id, "jour": ill.need.day.on.isoformat()}
    page = client.post(reverse("events:repair_report", args=[plan.pk]), asked, follow=True).text
    assert "On cherche qui peut prendre le relais" in page
    repair = worked(CoverRepair.objects.get())
    url = reverse("events:repair_page", args=[repair.pk])
    page = client.get(url).text
    assert "Accepter et prévenir" in page
    assert "ne vient pas" in page
    seen = {"lu": queries.mark_of(repair.made)}
    page = client.post(reverse("events:repair_accept", args=[repair.pk]), seen, follow=True).text
    assert "en vigueur" in page
    assert "Annuler la réparation" in page
    page = client.post(reverse("events:repair_undo", args=[repair.pk]), follow=True).text
    assert "de nouveau en vigueur" in page


def test_a_plan_says_that_a_repair_waits_and_its_version_leads_there(plan, ill, world, sign_in):
    client = sign_in(world.brigade_manager)
    repair = worked(reported(ill, world))
    lead = f'<a href="{reverse("events:repair_page", args=[repair.pk])}">ouvrir la réparation</a>'
    page = client.get(reverse("events:plan_page", args=[plan.pk])).text
    assert "attend une décision" in page
    assert lead in page
    page = client.get(reverse("events:plan_page", args=[repair.made_id])).text
    assert lead in page
    assert not [words for words in ("Proposer à", "Recalculer", "Donner à", "Abandonner") if words in page]
    assert "Verrouiller" not in client.get(reverse("events:plan_classes", args=[repair.made_id])).text
    assert "Réparation à décider" in client.get(reverse("events:plan_list")).text
    accepted(repair, world)
    assert "attend une décision" not in client.get(reverse("events:plan_page", args=[repair.made_id])).text


def test_a_replaced_plan_says_so_and_leads_to_the_one_in_force(plan, ill, world, sign_in):
    repair = accepted(worked(reported(ill, world)), world)
    client = sign_in(world.brigade_manager)
    url, made_url = (reverse("events:plan_page", args=[one.pk]) for one in (plan, repair.made))
    page = client.get(url).text
    assert "Ce plan a été remplacé." in page
    assert f'<a href="{made_url}">{repair.made}</a>' in page
    assert "Quelqu’un manque" not in page
    assert "Changer ce plan" not in page
    assert "Pas encore confirmé" not in page
    assert client.get(reverse("events:repair_new", args=[plan.pk]), follow=True).redirect_chain == [(url, 302)]
    page = client.get(made_url).text
    assert "a été remplacé" not in page
    assert "Quelqu’un manque" in page
    listed = client.get(reverse("events:plan_list")).text
    assert (listed.count("Remplacé"), listed.count("Publié")) == (1, 1)
    actions.undo(repair=repair, by=world.brigade_manager)
    assert "Quelqu’un manque" in client.get(url).text


def test_by_forms_a_teacher_stays_then_all_come(plan, ill, world, sign_in):
    client = sign_in(world.secretary)
    report = reverse("events:repair_report", args=[plan.pk])
    assert "Ne part plus" in client.get(reverse("events:repair_new", args=[plan.pk]), {"quoi": "classes"}).text
    assert "Choisissez une personne" in client.post(report, {}, follow=True).text
    assert "garde sa classe" in client.post(report, {"classe": ill.need_id}, follow=True).text
    repair = worked(CoverRepair.objects.get())
    assert "La cellule remplacement accepte" in client.get(reverse("events:repair_page", args=[repair.pk])).text
    client.post(reverse("events:repair_again", args=[repair.pk]))
    page = client.post(reverse("events:repair_drop", args=[repair.pk]), follow=True).text
    assert "le plan reste comme il est" in page


def test_a_repair_that_fails_says_so_and_the_plan_stays(plan, ill, world, sign_in, monkeypatch):
    monkeypatch.setattr("events.cover.solving.solve", lambda *_: 1 / 0)
    repair = reported(ill, world)
    for _ in range(2):
        Job.objects.update(not_before=None)
        worked(repair)
    page = sign_in(world.brigade_manager).get(reverse("events:repair_page", args=[repair.pk])).text
    assert "ne s’est pas terminé" in page
    assert plan.assignments.filter(is_in_force=True).count() == 3
