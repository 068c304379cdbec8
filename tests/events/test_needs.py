"""Needs as rows: computed again without harm, kept as people edit them, read by whom they concern."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from circo.rules import Role
from events.models import Convocation, CoverNeed, DayRules
from events.needs import actions, queries
from events.needs.rules import Priority, Span, Why
from tests.events.days import NOW, THURSDAY, called, chosen
from tests.world import person, post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def day(world):
    """A day in preparation: the members of the groups are on its list."""
    return chosen(world.here, world.inspector)


def computed(day, world, by="secretary") -> list[CoverNeed]:
    actions.compute(day=day, by=world.people[by])
    return list(CoverNeed.objects.standing().order_by("pk"))


def test_the_needs_of_a_day_come_from_its_list(day, world):
    needs = computed(day, world)
    who = {one.email.split("@")[0] for need in needs for one in need.people.all()}
    assert who == {"amina", "bruno", "chloe"}
    assert {(need.span, tuple(need.levels), need.class_size) for need in needs} == {("DAY", ("CE1",), 24)}
    assert {need.priority for need in needs} == {Priority.NEXT}


def test_computing_twice_changes_nothing(day, world):
    before = [(need.pk, need.computed_at) for need in computed(day, world)]
    assert actions.compute(day=day, by=world.secretary).is_empty
    assert [(need.pk, need.computed_at) for need in CoverNeed.objects.order_by("pk")] == before


def test_an_answer_changes_the_need_and_what_was_typed_stays(day, world):
    need = next(one for one in computed(day, world) if world.amina in one.people.all())
    actions.rank(need=need, priority=Priority.FIRST, note="sortie", is_shared_out=False, by=world.inspector)
    actions.write_note(need=need, text="Le cahier est sur le bureau.", by=world.amina)
    mine = Convocation.objects.filter(day=day, person=world.amina)
    mine.update(state="ANSWERED", answer="MORNING", reason="CLASS", sent_at=timezone.now(), answered_at=timezone.now())
    assert queries.needs_page(day).difference.changed == 1
    computed(day, world)
    need.refresh_from_db()
    assert (need.span, need.priority, need.note) == (Span.AM, Priority.FIRST, "sortie")
    assert need.class_note == "Le cahier est sur le bureau."
    mine.update(answer="CANNOT")
    computed(day, world)
    need.refresh_from_db()
    assert need.withdrawn_at is not None
    mine.update(answer="COMES", reason="")
    computed(day, world)
    need.refresh_from_db()
    assert (need.span, need.withdrawn_at, need.note) == (Span.DAY, None, "sortie")


def test_a_rank_comes_from_the_size_of_the_school(day, world):
    Convocation.objects.filter(day=day).exclude(person=world.amina).update(
        state="WITHDRAWN", withdrawn_at=timezone.now()
    )
    for who in (world.bruno, world.chloe, world.deactivated):
        who.postings.all().delete()
    (need,) = computed(day, world)
    assert need.priority == Priority.FIRST
    assert "personne d’autre" in need.reason


def test_who_leaves_no_class_is_said_with_why(day, world):
    relief = person("releve@ecole.test", "Rita", "Décharge")
    post(relief, Role.TEACHER, world.here.schools[1], levels=["CM1"], half_days=["MON_AM", "MON_PM"])
    called(day, relief, world.adviser)
    said = {one.person: one.why for one in queries.needs_page(day).not_needed}
    assert said == {relief: Why.NOT_THAT_DAY, world.adviser: Why.NO_CLASS}


def test_a_school_that_too_many_leave_is_said(day, world):
    (crowded,) = queries.needs_page(day).crowded
    assert (crowded.leaving, crowded.school) == (3, world.here.schools[0])
    DayRules.objects.update_or_create(district=day.district, defaults={"leaving_percent": 100})
    assert queries.needs_page(day).crowded == []


def test_the_page_costs_the_same_for_one_class_and_for_three(day, world, django_assert_num_queries):
    computed(day, world)
    day = queries.days(world.inspector).get(pk=day.pk)
    with django_assert_num_queries(27):
        queries.needs_page(day)
    for number in range(4):
        more = person(f"plus{number}@ecole.test", "Plus", "Encore")
        post(more, Role.TEACHER, world.here.schools[0], levels=["CM2"])
        called(day, more)
    computed(day, world)
    with django_assert_num_queries(27):
        queries.needs_page(day)


@pytest.mark.parametrize("who", ["adviser", "amina", "substitute", "departement", "inspector_there"])
def test_who_does_not_plan_computes_nothing(day, world, who):
    with pytest.raises(Refusal, match="préparez pas"):
        actions.compute(day=day, by=world.people[who])


def test_a_cancelled_day_has_no_more_needs(day, world):
    day.state, day.cancelled_at = "CANCELLED", timezone.now()
    day.save()
    with pytest.raises(Refusal, match="annulée"):
        actions.compute(day=day, by=world.inspector)


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_from_the_list_to_a_rank(day, world, sign_in):
    client = sign_in(world.brigade_manager)
    assert "Pas encore calculées" in client.get(reverse("events:need_days")).text
    page = client.get(reverse("events:need_list", args=[day.pk])).text
    assert "Calculer les besoins" in page
    page = client.post(reverse("events:need_compute", args=[day.pk]), follow=True).text
    assert "Amina Petit" in page
    assert "Calculer les besoins" not in page
    need = CoverNeed.objects.order_by("pk").first()
    url = reverse("events:need_rank", args=[need.pk])
    assert client.post(url, {"priority": "9", "note": "gardé"}).status_code == 422
    assert "gardé" in client.post(url, {"priority": "9", "note": "gardé"}).text
    page = client.post(url, {"priority": "1", "is_shared_out": "on"}, follow=True).text
    assert "Élèves répartis" in page
    assert "choisi par" in page


def test_a_teacher_writes_a_word_for_her_class_alone(day, world, sign_in):
    needs = computed(day, world)
    Convocation.objects.filter(day=day).update(state="SENT", sent_at=timezone.now())
    mine = next(one for one in needs if world.amina in one.people.all())
    other = next(one for one in needs if world.bruno in one.people.all())
    client = sign_in(world.amina)
    page = client.get(reverse("events:need_page", args=[mine.pk])).text
    assert "Pour le plan" not in page
    done = client.post(reverse("events:need_note", args=[mine.pk]), {"text": "La clé est à l’accueil."}, follow=True)
    assert "La clé est à l’accueil." in done.text
    assert client.get(reverse("events:need_page", args=[other.pk])).status_code == 404
    assert client.post(reverse("events:need_note", args=[other.pk]), {"text": "x"}).status_code == 404
    assert sign_in(world.inspector).post(reverse("events:need_note", args=[mine.pk]), {"text": "x"}).status_code == 404
    with pytest.raises(Refusal, match="dont c’est la classe"):
        actions.write_note(need=mine, text="x", by=world.inspector)


def test_the_list_says_when_there_are_too_few_substitutes(day, world, sign_in):
    computed(day, world)
    assert (
        "plus de classes que de remplaçants"
        in sign_in(world.inspector).get(reverse("events:need_list", args=[day.pk])).text
    )
    assert day.on == THURSDAY
