"""The map of a plan: what it draws, what its legend counts, and the table that says as much."""

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from circo.maps.importing import import_communes
from circo.models import School
from events.plans import actions
from events.plans.board import queries as board
from events.plans.map import queries, rules
from events.plans.map.rules import Home, Place, Trip
from tests.events.days import NOW, announced
from tests.events.large_plans import OUTLINES, large_plan
from tests.events.plans import brigade_of, prepared, solved

pytestmark = pytest.mark.django_db
points = st.tuples(st.floats(-5, 8), st.floats(42, 51))


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def plan(world):
    brigade_of(world.here)
    return solved(prepared(announced(world.here, world.inspector), world.secretary), world.secretary)


def shown(plan, sign_in, who, **asked):
    return sign_in(who).get(reverse("events:plan_map", args=[plan.pk]), asked).text


# --- Drawing ----------------------------------------------------------------------------------------------------------
@given(st.lists(points, min_size=1, max_size=30), st.lists(points, max_size=10))
def test_all_stands_in_the_drawing_whatever_the_place(schools, homes):
    places = [Place(f"Commune {n}", point, 1 + n, n % 2) for n, point in enumerate(schools)]
    trips = [Trip(home, schools[0], 1000, 1, "") for home in homes]
    found = rules.draw(places, [Home("École", home) for home in homes], trips)
    for mark in (*found.schools, *found.homes):
        assert 0 <= float(mark.x) <= found.width
        assert 0 <= float(mark.y) <= found.height
    for mark in found.schools:
        assert not mark.label or 0 <= float(mark.label_x) <= found.width
    assert len(found.schools) == len(schools)
    assert sum(mark.is_bare for mark in found.schools) == sum(place.bare > 0 for place in places)
    assert len(found.strokes) == sum(home != schools[0] for home in homes)


def test_nothing_to_take_is_no_map():
    assert rules.draw([], [Home("École", (1.1, 49.1))], []) is None


@given(st.lists(st.integers(0, 80_000)))
def test_each_class_is_in_one_line_of_the_legend(metres):
    assert sum(band.classes for band in rules.bands(metres)) == len(metres)


@pytest.mark.parametrize(
    ("metres", "band"), [(0, "pres"), (9_999, "pres"), (10_000, "moyen"), (29_999, "loin"), (30_000, "tres-loin")]
)
def test_bands_begin_where_they_say(metres, band):
    assert rules.band_of(metres) == band


def test_the_longest_is_drawn_last_and_several_classes_are_thicker():
    here, there, far = (1.0, 49.0), (1.1, 49.0), (1.5, 49.2)
    trips = [Trip(here, far, 40_000, 1, "loin"), Trip(here, there, 8_000, 3, "près"), Trip(here, here, 0, 1, "ici")]
    found = rules.draw([Place("A", there, 1, 0), Place("B", far, 1, 0)], [Home("C", here)], trips)
    assert [stroke.title for stroke in found.strokes] == ["près", "loin"]
    assert float(found.strokes[0].width) > float(found.strokes[1].width)


def test_two_schools_of_a_commune_bear_one_name():
    found = rules.draw([Place("Louviers", (1.0, 49.0), 1, 0), Place("Louviers", (1.3, 49.1), 1, 0)], [], [])
    assert [mark.label for mark in found.schools].count("Louviers") == 1


# --- The page ---------------------------------------------------------------------------------------------------------
def test_the_map_shows_who_comes_from_where(plan, world, sign_in):
    import_communes(OUTLINES, source="IGN 2018")
    page = shown(plan, sign_in, world.secretary)
    assert page.count("carte__trait ") == 2  # one drawn, one in the legend: two others stay where they are attached
    assert "Commune 2 → Commune 1, 12\u00a0km" in page
    assert "dans l’école de rattachement : 2 classes" in page
    assert "de 10 à 20\u00a0km : 1 classe<" in page
    assert "IGN 2018" in page
    assert 'class="carte__commune"' in page
    assert page.count("<tr>") == 4
    assert "http" not in page.partition("<svg role")[2].partition("</figure>")[0]


def test_a_school_that_lacks_somebody_is_a_square(plan, world, sign_in):
    assert "carte__ecole--sans" not in shown(plan, sign_in, world.secretary)
    actions.assign(plan=plan, need_pk=plan.assignments.first().need_id, substitute_pk=None, by=world.secretary)
    page = shown(plan, sign_in, world.secretary)
    assert page.count("carte__ecole--sans") == 2  # one drawn, one in the legend
    assert "1 sans personne" in page
    assert "il manque quelqu’un : 1 classe<" in page


def test_a_half_day_narrows_the_map(world):
    plan = large_plan(world, classes=20, substitutes=10)
    asked = board.asked_of(plan, {"moment": "2027-03-18-AM"})
    assert queries.map_page(plan, board.classes(plan, asked), None).page.paginator.count <= 10
    assert queries.map_page(plan, board.classes(plan, board.asked_of(plan, {})), None).page.paginator.count == 20


def test_schools_of_no_known_place_are_in_the_table_alone(plan, world, sign_in):
    School.objects.update(latitude=None, longitude=None)
    page = shown(plan, sign_in, world.secretary)
    assert "il n’y a pas de carte" in page
    assert page.count("<tr>") == 4
