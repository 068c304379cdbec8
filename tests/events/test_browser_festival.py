"""A visitor at the festival, on a phone without JavaScript: reads, narrows, books, confirms."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from circo.models import OutgoingMail
from events.models import SeatBooking
from tests.browser import chromium, page_as  # noqa: F401
from tests.events.festivals import in_a_month

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BYTES_MOST = 100_000


@pytest.fixture
def phone(page_as):  # noqa: F811
    return page_as(None, width=390, javascript=False)


def weigh(page, path: str) -> tuple[int, set[str]]:
    """Load a page for the first time; return its bytes over the wire, and the hosts it asked."""
    session = page.context.new_cdp_session(page.page)
    session.send("Network.enable")
    bytes_of, hosts = [], set()
    session.on("Network.loadingFinished", lambda event: bytes_of.append(event["encodedDataLength"]))
    page.on("request", lambda request: hosts.add(re.match(r"https?://([^/]+)", request.url)[1]))
    page.goto(path, wait_until="networkidle")
    return int(sum(bytes_of)), hosts


def test_a_visitor_without_javascript(world, phone):
    festival, _ = in_a_month(world.here, world.amina, world.adviser)
    weight, hosts = weigh(phone, reverse("events:festival_public", args=[festival.pk]))
    assert weight < BYTES_MOST
    assert len(hosts) == 1
    assert phone.context.cookies() == []
    phone.get_by_label("Pour qui").select_option("enfants")
    phone.get_by_role("button", name="Choisir").click()
    assert "pour=enfants" in phone.url
    phone.get_by_role("link", name=re.compile("Réserver")).click()
    assert not phone.locator("#site").is_visible()
    phone.get_by_label("Votre prénom").fill("Zoé")
    phone.get_by_label("Votre e-mail").fill("zoe@example")
    phone.get_by_label("Nombre de places").fill("2")
    phone.get_by_role("button", name="Réserver").click()
    assert phone.get_by_label("Votre prénom").input_value() == "Zoé"
    phone.get_by_label("Votre e-mail").fill("zoe@example.test")
    phone.get_by_role("button", name="Réserver").click()
    phone.get_by_role("heading", name="Regardez vos e-mails").wait_for()
    path = re.search(r"https?://[^/]+(/fete/places/\S+)", OutgoingMail.objects.get().text)[1]
    phone.goto(path)
    phone.get_by_role("button", name="Confirmer").click()
    phone.get_by_role("heading", name="C’est réservé").wait_for()
    assert SeatBooking.objects.get().state == "CONFIRMED"
    assert phone.foreign_requests == []
    assert not phone.scrolls_sideways()


def test_the_page_is_accessible_with_scripts_too(world, page_as):  # noqa: F811
    festival, session = in_a_month(world.here, world.amina, world.adviser)
    page = page_as(None, width=390)
    for path in (
        reverse("events:festival_public", args=[festival.pk]),
        reverse("events:visitor_new", args=[festival.pk, session.pk]),
    ):
        page.goto(path)
        page.check()
        assert page.axe() == []
        assert not page.scrolls_sideways()
