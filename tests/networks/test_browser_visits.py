"""Visits in a browser: two phones and one seat, a map beside its list, a report that is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circo.models import FormDraft, School
from networks.models import Visit, VisitReport
from networks.visits import actions
from networks.visits.rules import VisitState
from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.networks.visits_things import site_of, visit_of
from tests.world import post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))  # a Thursday of school


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(NOW, tick=True):
        yield


def test_two_phones_ask_for_the_last_seat(world, page_as):  # noqa: F811
    site = site_of(world.amina, to_prepare="Lire l’énoncé.")
    address = reverse("networks:site_page", args=[site.pk])
    quick, slow = page_as(world.bruno, width=390), page_as(world.chloe, width=390)
    for page in (quick, slow):  # both read that a seat is free
        page.goto(address)
        page.get_by_label("Quand").select_option("2026-12-08_AM")
        page.get_by_label("Ce que je viens regarder").fill("Les échanges")
    quick.get_by_role("button", name="Demander cette visite").click()
    quick.get_by_text("Votre demande est partie").wait_for()
    slow.get_by_role("button", name="Demander cette visite").click()
    slow.get_by_text("vous êtes sur la liste d’attente").wait_for()
    assert "Libres au plus près" in slow.locator("#messages").inner_text()
    slow.get_by_text("Vous êtes la première personne à attendre").wait_for()
    assert Visit.objects.get(visitor=world.bruno).state == VisitState.ASKED
    assert Visit.objects.get(visitor=world.chloe).state == VisitState.WAITING
    actions.cancel_visit(visit=Visit.objects.get(visitor=world.bruno), word="", by=world.bruno)
    slow.reload()
    slow.get_by_role("button", name="Prendre la place").click()
    slow.get_by_text("La place est à vous").wait_for()
    for page in (quick, slow):
        assert page.axe() == []
        assert not page.scrolls_sideways()
        page.check()


def test_list_is_narrowed_with_and_without_javascript_and_the_map_needs_no_mouse(world, page_as):  # noqa: F811
    for number, school in enumerate(world.here.schools):
        School.objects.filter(pk=school.pk).update(latitude=49.2 + number / 10, longitude=1.1 + number / 5)
    post(world.chloe, "TEACHER", world.here.schools[1])
    site_of(world.amina, title="La dictée négociée", levels=["CE1"])
    site_of(world.chloe, school=world.here.schools[1], title="Le calcul mental", levels=["CM2"])
    for script in (True, False):
        page = page_as(world.bruno, javascript=script)
        page.goto(reverse("networks:site_list"))
        page.get_by_text("Choisir une pratique").click()
        page.get_by_label("Niveau").select_option("CM2")
        if not script:
            page.locator("main").get_by_role("button", name="Chercher").click()
        page.get_by_text("Une classe ouverte").wait_for()
        assert page.get_by_role("link", name="La dictée négociée").count() == 0
        assert page.get_by_role("link", name="Le calcul mental").count() == 1
        assert page.locator("svg[role=img] a").count() == 0
        assert page.locator("svg[role=img]").get_attribute("aria-label").startswith("Carte")
        if script:
            assert page.axe() == []
            page.check()


def test_a_day_is_found_on_a_phone_by_the_keyboard_and_its_address_is_sent_on(world, page_as):  # noqa: F811
    site_of(world.amina, title="La dictée négociée", week=["TUE_AM"])
    site_of(world.chloe, title="Le calcul mental", week=["MON_PM"])
    page = page_as(world.bruno, width=390)
    page.goto(reverse("networks:site_list"))
    page.get_by_text("Choisir une pratique").press("Enter")
    page.get_by_label("Libre le").fill("2026-12-08")  # the order of its parts is each browser's own
    page.get_by_text("Une classe libre mardi 8 décembre").wait_for()
    page.get_by_label("Moment de ce jour").select_option("PM")
    page.get_by_text("Aucune classe libre mardi 8 décembre, après-midi").wait_for()
    page.get_by_label("Moment de ce jour").select_option("AM")
    page.get_by_text("Une classe libre mardi 8 décembre, matin").wait_for()
    page.until("location.search.includes('jour=2026-12-08') && location.search.includes('moment=AM')")
    assert not page.scrolls_sideways()
    assert page.axe() == []
    for script in (True, False):
        other = page_as(world.bruno, width=390, javascript=script)
        other.goto(page.url)
        other.get_by_role("link", name="La dictée négociée").wait_for()
        assert other.get_by_role("link", name="Le calcul mental").count() == 0
        assert other.get_by_label("Libre le").input_value() == "2026-12-08"
    page.check()


def test_report_is_kept_while_one_writes_and_is_given(world, page_as):  # noqa: F811
    day = timezone.localdate() - timedelta(days=2)
    visit = visit_of(site_of(world.amina), world.chloe, day, state=VisitState.HELD)
    page = page_as(world.chloe, width=390)
    page.goto(reverse("networks:visit_report_edit", args=[visit.pk]))
    page.get_by_label("Ce que je retiens pour ma classe").fill("Dix secondes de silence")
    page.get_by_text("Brouillon gardé à").wait_for()
    page.get_by_label("Mes questions").fill("Et après ?")
    page.until(lambda: any(one.values.get("questions") == ["Et après ?"] for one in FormDraft.objects.all()))
    page.reload()
    page.get_by_text("Nous avons repris votre brouillon").wait_for()
    assert page.get_by_label("Ce que je retiens pour ma classe").input_value() == "Dix secondes de silence"
    page.get_by_label("Moment", exact=True).first.fill("9 h 05")
    page.get_by_role("button", name="Ajouter des lignes").click()
    page.get_by_label("Moment", exact=True).nth(6).wait_for()
    assert VisitReport.objects.get().facts == [{"at": "9 h 05", "pupils": "", "teacher": ""}]
    assert not FormDraft.objects.exists()
    page.get_by_role("button", name="Donner à lire à mon collègue").click()
    page.get_by_text("Votre collègue peut le lire").wait_for()
    assert page.axe() == []
    assert not page.scrolls_sideways()
    page.check()
