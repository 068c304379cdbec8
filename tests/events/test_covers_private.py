"""Who reads what of a plan: the days of another district in preparation, a substitute's telephone."""

import pytest
import time_machine
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from circo.models import District, School
from circo.rules import Role
from events.brigade import actions as brigade
from events.brigade.actions import Profile
from events.hosting import queries as hosting
from events.models import Convocation, SharingDay
from events.plans import actions, queries
from events.plans.rules import PlanState
from tests.events.days import NOW, announced, chosen
from tests.events.plans import prepared, published, solved
from tests.world import person, post, uai

pytestmark = pytest.mark.django_db
PHONE = "02 32 00 77 66"


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(NOW, tick=True):
        yield


# --- The days of another district -------------------------------------------------------------------------------------
@pytest.fixture
def shared(world, staff):
    """A draft over the day of one's district and one, in preparation, of its neighbour."""
    next_to = District.objects.create(departement=world.here.departement, name="Voisine CANARI")
    school = School.objects.create(
        district=next_to, uai=uai("27", 9), name="École CANARI", commune="Ailleurs CANARI", insee_code="27009"
    )
    teacher = person("voisin@ecole.test", "Victor", "CANARI")
    post(teacher, Role.TEACHER, school, levels=["CP"])
    mine = announced(world.here, world.inspector)
    other = SharingDay.objects.create(
        district=next_to, school_year=world.year, rank=1, on=mine.on, title="Journée CANARI", created_by=world.superuser
    )
    Convocation.objects.create(day=other, person=teacher)
    return solved(actions.prepare(days=[mine, other], by=world.brigade_manager), world.brigade_manager)


PAGES = [("events:plan_list", False)]
PAGES += [(f"events:plan_{page}", True) for page in ("page", "classes", "board", "export")]


@pytest.mark.parametrize(("name", "of_plan"), PAGES)
def test_a_draft_shows_a_district_its_own_classes_alone(shared, sign_in, world, name, of_plan):
    url = reverse(name, args=[shared.pk] if of_plan else [])
    mine = sign_in(world.inspector).get(url).content.decode()
    assert "CANARI" not in mine
    assert "CANARI" in sign_in(world.brigade_manager).get(url).content.decode()


def test_a_draft_says_how_many_classes_are_elsewhere(shared, sign_in, world):
    page = sign_in(world.inspector).get(reverse("events:plan_page", args=[shared.pk])).text
    assert "Une autre circonscription : 1 classe," in page


def test_canary_without_narrowing_the_neighbour_is_read(shared, sign_in, world, monkeypatch):
    monkeypatch.setattr(queries, "narrowed", lambda plan, _: plan)
    for name, of_plan in PAGES:
        page = sign_in(world.inspector).get(reverse(name, args=[shared.pk] if of_plan else [])).content.decode()
        assert "CANARI" in page


def test_a_published_plan_is_read_whole(shared, sign_in, world):
    SharingDay.objects.filter(title="Journée CANARI").update(state="PUBLISHED", published_at=timezone.now())
    published(shared, world)
    assert "CANARI" in sign_in(world.inspector).get(reverse("events:plan_page", args=[shared.pk])).text


def test_what_a_new_version_changes_elsewhere_stays_there(shared, world):
    SharingDay.objects.filter(title="Journée CANARI").update(state="PUBLISHED", published_at=timezone.now())
    plan = published(shared, world)
    after = actions.prepare(days=[one.day for one in plan.plan_days.all()], by=world.brigade_manager)
    need = queries.needs_of(after).get(school__name="École CANARI")
    actions.assign(plan=after, need_pk=need.pk, substitute_pk=None, by=world.brigade_manager)
    assert [one.need for one in queries.changes(plan, after)] == [need]
    assert queries.changes(plan, queries.narrowed(after, world.inspector)) == []


# --- The telephone ----------------------------------------------------------------------------------------------------
@pytest.fixture
def plan(world, staff):
    day = announced(world.here, world.inspector)
    plan = published(solved(prepared(day, world.secretary), world.secretary), world)
    for one in plan.assignments.all():
        brigade.describe(person=one.substitute, profile=Profile(phone=PHONE), by=world.brigade_manager)
    return plan


def head_of(world):
    head = person("direction@ecole.test", "Hélène", "Direction")
    post(head, Role.HEAD_TEACHER, world.here.schools[0])
    return head


def test_the_team_reads_no_telephone(plan, world, sign_in):
    who = plan.assignments.first().substitute
    urls = [
        reverse("events:substitute_page", args=[who.pk]),
        reverse("events:brigade_export"),
        reverse("admin:events_substitute_change", args=[who.substitute.pk]),
        reverse("admin:events_substitute_history", args=[who.substitute.pk]),
    ]
    for url in urls:
        assert PHONE not in sign_in(world.inspector).get(url).content.decode(), url
    for url in urls[:2]:
        assert PHONE in sign_in(world.brigade_manager).get(url).content.decode(), url


def test_the_head_and_the_teacher_read_it_that_day(plan, world, sign_in):
    head, url = head_of(world), reverse("events:hosted_list")
    substitutes = {one.need.people.get().pk: str(one.substitute) for one in plan.assignments.all()}
    before = {who: sign_in(who).get(url).text for who in (head, world.amina)}
    assert substitutes[world.amina.pk] in before[world.amina]
    assert all(name in before[head] for name in substitutes.values())
    assert all("s’affiche le jour même" in page and PHONE not in page for page in before.values())
    with time_machine.travel(NOW.replace(year=2027, month=3, day=18, hour=8), tick=True):
        assert sign_in(head).get(url).text.count(f"tel:{PHONE}") == 3
        assert sign_in(world.amina).get(url).text.count(f"tel:{PHONE}") == 1
        assert PHONE not in sign_in(world.trainer).get(url).text
        assert PHONE not in sign_in(world.head_teacher).get(url).text  # of another school


def test_canary_without_the_day_the_telephone_is_read_for_months(plan, world, sign_in, monkeypatch):
    monkeypatch.setattr(hosting, "is_today", lambda _: True)
    assert PHONE in sign_in(world.amina).get(reverse("events:hosted_list")).text


def test_canary_without_the_scope_anybody_reads_it(plan, world, sign_in, monkeypatch):
    monkeypatch.setattr(hosting, "concerning", lambda _: Q())
    with time_machine.travel(NOW.replace(year=2027, month=3, day=18, hour=8), tick=True):
        assert PHONE in sign_in(world.trainer).get(reverse("events:hosted_list")).text


def test_a_draft_is_nobody_s_in_the_school(world, staff, sign_in):
    solved(prepared(announced(world.here, world.inspector), world.secretary), world.secretary)
    assert "Aucun remplacement à venir" in sign_in(world.amina).get(reverse("events:hosted_list")).text


# --- Ways there -------------------------------------------------------------------------------------------------------
def test_the_menu_leads_substitutes_and_heads_to_their_pages(world, sign_in):
    for who, shown, hidden in (
        (world.substitute, "Mes remplacements", "Remplacements dans mon école"),
        (world.head_teacher, "Remplacements dans mon école", "Mes remplacements"),
    ):
        page = sign_in(who).get(reverse("portal:year")).text
        assert shown in page
        assert hidden not in page


def test_the_page_of_a_day_leads_to_its_classes_and_plan(world, staff, sign_in):
    day = chosen(world.here, world.inspector)
    client, url = sign_in(world.inspector), reverse("events:day_page", args=[day.pk])
    assert "Pas encore calculées" in client.get(url).text
    plan = solved(prepared(day, world.secretary), world.secretary)
    page = client.get(url).text
    assert "0 prise sur 3" in page
    assert reverse("events:plan_page", args=[plan.pk]) in page
    assert plan.state == PlanState.DRAFT
