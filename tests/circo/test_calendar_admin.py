"""The team closes a school for snow, opens a Wednesday; nobody does so elsewhere."""

from datetime import date

import pytest

from circo.calendar import queries
from circo.calendar.rules import HalfDay
from circo.models import CalendarChange
from tests.circo.admin_world import refused, url

SNOW = {
    "kind": "CLOSED",
    "starts_on": "26/11/2026",
    "starts_half": "AM",
    "ends_on": "27/11/2026",
    "ends_half": "AM",
    "reason": "Neige",
}


def test_the_secretary_closes_a_school_for_snow(world, sign_in):
    client, school = sign_in(world.secretary), world.here.schools[0]
    assert client.post(url(CalendarChange, "add"), SNOW | {"school": school.pk}).status_code == 302
    assert queries.closure_reason(school, HalfDay(date(2026, 11, 27), "AM")) == "Neige"
    assert queries.is_school_half_day(school, HalfDay(date(2026, 11, 27), "PM"))
    assert CalendarChange.objects.get().history.get().history_user == world.secretary
    assert str(school) in client.get(url(CalendarChange, "changelist")).content.decode()


def test_the_departement_opens_a_wednesday_for_all(world, sign_in):
    wednesday = {"kind": "OPEN", "starts_on": "28/04/2027", "ends_on": "28/04/2027", "reason": "Mercredi travaillé"}
    wide = SNOW | wednesday | {"departement": world.here.departement.pk}
    assert sign_in(world.departement).post(url(CalendarChange, "add"), wide).status_code == 302
    assert queries.is_school_half_day(world.here.schools[1], HalfDay(date(2027, 4, 28), "AM"))
    assert not queries.is_school_half_day(world.there.schools[1], HalfDay(date(2027, 4, 28), "AM"))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Choisissez un lieu, et un seul"),
        ({"school": "own", "district": "own"}, "Choisissez un lieu, et un seul"),
        ({"school": "foreign"}, "errorlist"),
        ({"district": "foreign"}, "errorlist"),
        ({"school": "own", "ends_on": "25/11/2026"}, "La fin vient après le début."),
        ({"school": "own", "ends_on": "25/11/2036"}, "Un changement dure un an au plus"),
        ({"school": "own", "reason": ""}, "errorlist"),
        ({"school": "own", "starts_on": "31/02/2026"}, "errorlist"),
    ],
)
def test_bad_input_is_answered_near_the_field(world, sign_in, fields, says):
    places = {
        "own": {"school": world.here.schools[0].pk, "district": world.here.district.pk},
        "foreign": {"school": world.there.schools[0].pk, "district": world.there.district.pk},
    }
    typed = {name: places.get(value, {}).get(name, value) for name, value in fields.items()}
    refused(sign_in(world.inspector), url(CalendarChange, "add"), SNOW | typed, says=says)


def test_an_inspector_changes_no_whole_departement(world, sign_in):
    wide = SNOW | {"departement": world.here.departement.pk}
    refused(sign_in(world.inspector), url(CalendarChange, "add"), wide, says="Choisissez un lieu")
    change = CalendarChange.objects.create(
        departement=world.here.departement,
        starts_on=date(2026, 11, 26),
        ends_on=date(2026, 11, 26),
        reason="Verglas",
    )
    assert sign_in(world.inspector).get(url(CalendarChange, "change", change.pk)).status_code == 200
    assert sign_in(world.inspector).post(url(CalendarChange, "change", change.pk), wide).status_code in (403, 404)
    assert change.history.count() == 1
