"""A page of another site that makes a signed-in browser send something changes nothing: each door asks for a token."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import writes
from tests.house.routes import make_things, routes, url_of

# Read before the body, for mail readers, or for other platforms: each checks by itself, as its own tests say.
BY_THEMSELVES = {
    "imports:run_upload",
    "portal:unsubscribe",
    "trainings:course_send",
    "trainings:lti_launch",
    "trainings:lti_login",
}


@pytest.mark.django_db
@pytest.mark.sweep
def test_without_a_token_nothing_is_done(world):
    things = make_things(world, world.here, world.amina, world.secretary)
    client, opened, asked = Client(enforce_csrf_checks=True), [], 0
    client.force_login(world.amina)
    for route in routes():
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            with writes() as written:
                status = client.generic(method, url_of(route, things)).status_code
            if written or (status != 403 and route.name not in BY_THEMSELVES):
                opened.append(f"{method} {route.name}: {status} {written[:1]}")
            asked += 1
    assert not opened, "\n".join(opened)
    assert asked > 800


@pytest.mark.django_db
def test_canary_without_the_check_the_door_opens(world):
    things = make_things(world, world.here, world.amina, world.secretary)
    client = Client(enforce_csrf_checks=False)
    client.force_login(world.amina)
    assert client.post(reverse("videos:film_withdraw", args=[things.film.pk])).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    "elsewhere",
    ["//ailleurs.test/", "https://ailleurs.test/", "/\\ailleurs.test/", "javascript:alert(1)", "\t//a.test"],
)
def test_signing_in_leads_nowhere_else(world, elsewhere):
    client = Client()
    typed = {"login": world.amina.email, "password": "une phrase longue et simple", "next": elsewhere}
    answer = client.post(reverse("account_login", query={"next": elsewhere}), typed)
    assert (answer.status_code, answer.url) == (302, reverse("portal:home"))
