"""The brigade: who is in it, when they are free, what nobody else reads, how many can be asked."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.models import Notice
from events.brigade import actions, holdings, queries, rules
from events.brigade.actions import Profile
from events.brigade.rules import Cause, Kind
from events.models import BrigadeRules, HeldHalfDay, Substitute, Unavailability
from tests.events.brigade import school_day, substitute, withheld
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def lucie(world: World):
    return substitute("Lucie", world.here.schools[0])


@pytest.fixture
def on(world: World) -> date:
    return school_day(world.here.schools[0])


# --- Rules ------------------------------------------------------------------------------------------------------------
def test_a_period_holds_its_half_days_without_the_week_end():
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    held = rules.held(HalfDay(friday, "PM"), HalfDay(monday, "AM"))
    assert held == [HalfDay(friday, "PM"), HalfDay(monday, "AM")]


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (HalfDay(date(2026, 11, 27), "PM"), HalfDay(date(2026, 11, 27), "AM"), "après le début"),
        (HalfDay(date(2026, 11, 27), "AM"), HalfDay(date(2027, 11, 29), "PM"), "un an au plus"),
        (HalfDay(date(2026, 11, 28), "AM"), HalfDay(date(2026, 11, 29), "PM"), "week-end"),
    ],
)
def test_a_period_that_is_wrong_is_refused(first, last, reason):
    with pytest.raises(Refusal, match=reason):
        rules.held(first, last)


@given(st.integers(0, 500), st.integers(0, 100))
def test_the_reserve_is_a_share_rounded_up_and_never_more_than_there_is(count, percent):
    kept = rules.kept(count, percent)
    assert 0 <= kept <= count
    assert kept * 100 >= count * percent > (kept - 1) * 100 or kept == 0


# --- Who is free ------------------------------------------------------------------------------------------------------
def test_capacity_counts_who_is_free_all_day_less_the_reserve(world, lucie, on):
    others = [substitute(name, world.here.schools[0]) for name in ("Marc", "Nora", "Omar", "Paul", "Rose")]
    departement = world.here.departement
    # With the substitute of the world, seven; 10 % of seven, rounded up, is one.
    assert queries.capacity(departement, on, on) == {on: 6}
    withheld(lucie, world, HalfDay(on, "PM"))
    actions.describe(person=others[0], profile=Profile(is_reserve=True), by=world.brigade_manager)
    assert queries.capacity(departement, on, on) == {on: 4}  # five, less one
    BrigadeRules.objects.create(departement=departement, reserve_percent=0)
    assert queries.capacity(departement, on, on) == {on: 5}


def test_capacity_says_nothing_of_a_day_without_school(world, lucie):
    sunday = date(2026, 11, 29)
    assert queries.capacity(world.here.departement, sunday, sunday) == {}
    assert queries.capacity(world.there.departement, sunday, sunday) == {}


def test_part_time_is_read_from_the_posting(world, on):
    half = substitute("Zoé", world.here.schools[0], half_days=[f"{HalfDay(on, 'AM').week_code}"])
    found = [one for one in queries.members(queries.posts([world.here.departement.pk], on)) if one.person == half]
    assert queries.free(found, on, on)[half.pk] == {HalfDay(on, "AM")}


def test_capacity_costs_the_same_for_one_and_for_six(world, lucie, on, django_assert_num_queries):
    with django_assert_num_queries(16):
        queries.capacity(world.here.departement, on, on)
    for name in ("Marc", "Nora", "Omar", "Paul", "Rose"):
        substitute(name, world.here.schools[1])
    with django_assert_num_queries(16):
        queries.capacity(world.here.departement, on, on)


# --- Unavailability ---------------------------------------------------------------------------------------------------
def test_two_periods_of_one_person_never_overlap(world, lucie, on):
    withheld(lucie, world, HalfDay(on, "AM"), HalfDay(on, "PM"))
    with pytest.raises(Refusal, match="tient déjà"):
        withheld(lucie, world, HalfDay(on, "PM"), HalfDay(on + timedelta(days=3), "PM"), Cause.TRAINING)
    assert Unavailability.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():  # and not by the action alone
        HeldHalfDay.objects.create(unavailability=Unavailability.objects.get(), person=lucie, day=on, half="PM")


def test_a_period_taken_back_frees_and_comes_back(world, lucie, on):
    period = withheld(lucie, world, HalfDay(on, "AM"))
    actions.release(unavailability=period, by=world.brigade_manager)
    actions.release(unavailability=period, by=world.brigade_manager)
    assert calendar.busy([lucie.pk], on, on)[lucie.pk] == []
    actions.restore(unavailability=period, by=world.brigade_manager)
    assert [each.half_day for each in calendar.busy([lucie.pk], on, on)[lucie.pk]] == [HalfDay(on, "AM")]


def test_a_period_does_not_come_back_over_another(world, lucie, on):
    period = withheld(lucie, world, HalfDay(on, "AM"))
    actions.release(unavailability=period, by=world.brigade_manager)
    withheld(lucie, world, HalfDay(on, "AM"), HalfDay(on, "PM"))
    with pytest.raises(Refusal, match="tient déjà"):
        actions.restore(unavailability=period, by=world.brigade_manager)


@pytest.mark.parametrize("who", ["inspector", "adviser", "secretary", "departement", "amina", "substitute"])
def test_only_the_manager_of_that_brigade_writes(world, lucie, on, who):
    with pytest.raises(Refusal, match="brigade que vous tenez"):
        withheld(lucie, world, HalfDay(on, "AM"), by=world.people[who])
    with pytest.raises(Refusal):
        actions.describe(person=lucie, profile=Profile(), by=world.brigade_manager_there)


def test_a_teacher_is_no_substitute(world, on):
    with pytest.raises(Refusal, match="brigade que vous tenez"):
        withheld(world.amina, world, HalfDay(on, "AM"))


def test_a_level_is_not_both_preferred_and_refused(world, lucie):
    both = Profile(Kind.ALL, ("CP", "CE1"), ("CE1",))
    with pytest.raises(Refusal, match="CE1"):
        actions.describe(person=lucie, profile=both, by=world.brigade_manager)
    assert not Substitute.objects.exists()


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_the_team_reads_that_one_is_not_free_and_never_why(world, lucie, on, sign_in):
    withheld(lucie, world, HalfDay(on, "AM"), note="Suivi particulier")
    url = reverse("events:substitute_page", args=[lucie.pk], query={"semaine": on.isoformat()})
    manager = sign_in(world.brigade_manager).get(url).text
    assert "Congé" in manager
    assert "Suivi particulier" in manager
    team = sign_in(world.adviser).get(url).text
    assert "indisponible" in team
    assert "ongé" not in team
    assert "Suivi particulier" not in team


def test_a_bad_period_keeps_what_was_typed(world, lucie, on, sign_in):
    url = reverse("events:unavailability_add", args=[lucie.pk])
    typed = {
        "starts_on": on.isoformat(),
        "starts_half": "PM",
        "ends_on": (on - timedelta(days=1)).isoformat(),
        "ends_half": "PM",
        "cause": "LEAVE",
        "note": "à garder",
    }
    answer = sign_in(world.brigade_manager).post(url, typed)
    assert answer.status_code == 422
    assert "La fin vient après le début" in answer.text
    assert "à garder" in answer.text
    answer = sign_in(world.brigade_manager).post(url, typed | {"ends_on": ""})
    assert answer.status_code == 302
    assert HeldHalfDay.objects.get().half == "PM"


def test_undo_is_one_button(world, lucie, on, sign_in):
    period = withheld(lucie, world, HalfDay(on, "AM"))
    client = sign_in(world.brigade_manager)
    page = client.post(reverse("events:unavailability_remove", args=[period.pk]), follow=True)
    assert reverse("events:unavailability_restore", args=[period.pk]) in page.text
    client.post(reverse("events:unavailability_restore", args=[period.pk]))
    assert HeldHalfDay.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries_made"), [("brigade_list", 27), ("brigade_week", 32)])
def test_the_lists_cost_the_same(world, sign_in, count, name, queries_made, django_assert_num_queries):
    for number in range(count):
        substitute(f"Lucie{number}", world.here.schools[0])
    client = sign_in(world.brigade_manager)
    with django_assert_num_queries(queries_made):
        answer = client.get(reverse(f"events:{name}"))
    assert answer.text.count("Remplaçante") >= count


def test_the_lists_narrow(world, lucie, sign_in):
    client = sign_in(world.brigade_manager)
    found = client.get(reverse("events:brigade_list"), {"mots": "lucie", "circonscription": world.here.district.pk})
    assert "Lucie" in found.text
    assert "Aucun" not in found.text.split("remplacants")[0]
    assert "Personne ne répond" in client.get(reverse("events:brigade_list"), {"mots": "xyz"}).text
    assert "Personne ne répond" in client.get(reverse("events:brigade_week"), {"mots": "xyz"}).text


@pytest.mark.parametrize("asked", ["", "hier", "1900-01-01", "2026-02-30"])
def test_a_week_that_is_no_week_is_this_one(world, lucie, sign_in, asked):
    assert sign_in(world.brigade_manager).get(reverse("events:brigade_week"), {"semaine": asked}).status_code == 200


def test_the_brigade_of_another_departement_is_nowhere(world, lucie, sign_in):
    client = sign_in(world.brigade_manager_there)
    assert client.get(reverse("events:substitute_page", args=[lucie.pk])).status_code == 404
    assert "Lucie" not in client.get(reverse("events:brigade_list")).text
    assert client.get(reverse("events:brigade_list"), {"departement": "27"}).status_code == 404


def test_the_table_is_downloaded(world, lucie, sign_in):
    actions.describe(person=lucie, profile=Profile(preferred=("CP",), phone="+33 2"), by=world.brigade_manager)
    body = sign_in(world.inspector).get(reverse("events:brigade_export")).content.decode("utf-8-sig")
    assert '"Lucie"' in body
    assert '"CP"' in body
    assert "téléphone" not in body
    body = sign_in(world.brigade_manager).get(reverse("events:brigade_export")).content.decode("utf-8-sig")
    assert "'+33 2" in body  # no formula


def test_the_settings_are_the_manager_s(world, sign_in):
    url = reverse("events:brigade_settings_save")
    client = sign_in(world.brigade_manager)
    typed = {"reserve_percent": "20", "limit_km": "40", "detour_percent": "130", "same_face_cents": "800"}
    assert client.post(url, typed | {"limit_km": "0"}).status_code == 422
    assert client.post(url, typed).status_code == 302
    assert BrigadeRules.objects.get().limit_km == 40
    assert "C’est enregistré" in client.get(reverse("events:brigade_settings"), {"fait": "change"}).text


def test_profiles_are_edited(world, lucie, sign_in):
    client = sign_in(world.brigade_manager)
    assert client.get(reverse("events:substitute_edit", args=[lucie.pk])).status_code == 200
    url = reverse("events:substitute_update", args=[lucie.pk])
    typed = {"kind": "NEAR", "preferred": ["CP"], "refused": ["CP"], "is_tenured": "on"}
    assert "pas les deux" in client.post(url, typed).text
    assert client.post(url, typed | {"refused": ["PS"]}).status_code == 302
    row = Substitute.objects.get(person=lucie)
    assert (row.kind, row.preferred, row.refused, row.is_tenured) == ("NEAR", ["CP"], ["PS"], True)
    assert not Notice.objects.exists()


def test_erasing_leaves_no_history(world, lucie):
    actions.describe(person=lucie, profile=Profile(), by=world.brigade_manager)
    assert Substitute.history.count()
    holdings.erase(lucie)
    assert not Substitute.history.count()
    assert all(list(one.rows(lucie).values_list(*one.fields.values())) is not None for one in holdings.HOLDINGS)
