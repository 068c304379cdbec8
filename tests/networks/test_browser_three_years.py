"""The three years of one teacher, from an invitation to the first visitor, each person in a browser of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from circo.rules import Role
from networks import tasks
from networks.models import Membership, Visit
from networks.visits.rules import VisitState
from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.live import live_server, valkey  # noqa: F401
from tests.networks.salon_things import salon_of
from tests.world import join, person, post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIVE_MS = 12_000


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def clock(request) -> Iterator[list]:
    """Wind the calendar; the seconds go on."""
    wound = []

    def wind(*when: int) -> None:
        if wound:
            wound.pop().stop()
        wound.append(time_machine.travel(at(*when), tick=True))
        wound[0].start()

    wind(2025, 11, 18, 9)
    yield wind
    wound.pop().stop()


@pytest.fixture
def story(clock, world, live_server):  # noqa: F811
    """Nora Lebrun, who teaches in a school of the district and is of no group yet."""
    world.people["nora"] = person("nora@ecole.test", "Nora", "Lebrun")
    post(world.nora, Role.TEACHER, world.here.schools[1], levels=["CP"], class_size=21)
    world.here.group.adviser = world.adviser
    world.here.group.save()
    return world


def choose(page, label: str, words: str) -> None:
    """Choose in a list what holds these words."""
    field = page.get_by_label(label)
    field.select_option(field.locator("option", has_text=words).first.get_attribute("value"))


def test_three_years(page_as, story, clock):  # noqa: F811
    invited_then_talking_live(page_as, story)
    clock(2026, 5, 11, 10)
    a_wish_then_a_decision(page_as, story, clock, 2025, closes=(2026, 5, 20), stage="deuxième année")
    clock(2027, 5, 10, 10)
    a_wish_then_a_decision(page_as, story, clock, 2026, closes=(2027, 5, 20), stage="relais")
    clock(2027, 11, 15, 9)
    an_open_class_and_its_first_visitor(page_as, story, clock)


def invited_then_talking_live(page_as, story) -> None:  # noqa: F811
    """November of the first year: invited, she accepts on her phone, and talks with a colleague who is there."""
    group, inspector = story.here.group, page_as(story.inspector)
    inspector.goto(reverse("networks:group_invite", args=[group.pk]))
    choose(inspector, "Qui", "Lebrun")
    inspector.get_by_role("button", name="Envoyer l’invitation").click()
    inspector.get_by_text("Nora Lebrun").first.wait_for()

    nora = page_as(story.nora, width=390)
    nora.goto("/")
    nora.get_by_role("link", name=group.name).first.click()
    nora.get_by_role("button", name="Accepter l’invitation").click()
    nora.get_by_text("membre", exact=True).wait_for()
    salon = salon_of(group, created_by=story.bruno)
    bruno = page_as(story.bruno)
    for page in (nora, bruno):
        page.goto(reverse("networks:salon_page", args=[salon.pk]))
    bruno.get_by_text("2 personnes présentes").wait_for(timeout=LIVE_MS)
    nora.get_by_label("Votre message").fill("Bonjour à toutes et à tous !")
    nora.get_by_role("button", name="Publier").click()
    bruno.locator(".post", has_text="Bonjour à toutes").wait_for(timeout=LIVE_MS)
    for page in (inspector, nora, bruno):
        page.check()


def a_wish_then_a_decision(page_as, story, clock, year, *, closes, stage) -> None:  # noqa: F811
    """Each May: the inspector opens the wishes, Nora answers, and the new year is opened, once however often."""
    inspector, nora = page_as(story.inspector), page_as(story.nora, width=390)
    inspector.goto(reverse("networks:campaign_list"))
    inspector.get_by_label("Dernier jour pour répondre").fill("{:04}-{:02}-{:02}".format(*closes))
    inspector.get_by_role("button", name="Ouvrir les vœux").click()
    inspector.get_by_text("Les vœux sont ouverts").wait_for()

    nora.goto("/")
    nora.get_by_role("link", name="Dire mon vœu").first.click()
    nora.get_by_label("Je continue l’an prochain").check()
    nora.get_by_label("Un mot").fill("Avec joie.")
    nora.get_by_role("button", name="Enregistrer mon vœu").click()
    nora.get_by_text("Votre vœu est enregistré").wait_for()
    nora.check()

    clock(*closes[:2], closes[2] + 1, 10)
    inspector = page_as(story.inspector)  # a day later: another visit
    inspector.goto(reverse("networks:campaign_list"))
    inspector.get_by_role("link", name=f"Vœux de {year}").click()
    inspector.get_by_role("link", name="Décisions").click()
    inspector.get_by_label("Choisir Nora Lebrun").check()
    choose(inspector, "Décision", "Étape suivante")
    if stage == "deuxième année":
        choose(inspector, "Qui accompagne", "Adviser")
    inspector.get_by_role("button", name="Décider").click()
    inspector.get_by_text("Étape suivante", exact=False).first.wait_for()
    inspector.get_by_role("link", name="Nouvelle année").click()
    line = inspector.get_by_role("row", name="Nora Lebrun")
    expect(line).to_contain_text(stage)
    inspector.get_by_role("button", name="Ouvrir la nouvelle année").dblclick()
    inspector.get_by_text("est ouverte depuis").wait_for()
    inspector.check()
    assert Membership.objects.filter(person=story.nora, school_year__first_day__year=year + 1).count() == 1


def an_open_class_and_its_first_visitor(page_as, story, clock) -> None:  # noqa: F811
    """The third year: a relay, she commits herself, opens her class, and a colleague comes one morning."""
    nora, bruno = page_as(story.nora, width=390), page_as(story.bruno)
    nora.goto(reverse("networks:my_years"))
    nora.get_by_role("link", name=story.here.group.name).first.click()
    nora.get_by_label("Mon territoire").fill("Les écoles de la vallée")
    nora.get_by_role("button", name="Enregistrer mon engagement").click()
    nora.get_by_text("Votre engagement de relais est enregistré").wait_for()

    nora.goto(reverse("networks:site_list"))
    nora.get_by_role("link", name="Ouvrir ma classe").first.click()
    nora.get_by_label("Ce que l’on peut voir").fill("Parler avant d’écrire")
    nora.get_by_label("CP", exact=True).check()
    nora.get_by_label("Mardi matin").check()
    nora.get_by_role("button", name="Ouvrir ma classe").click()
    nora.get_by_text("Ouvert aux visites").wait_for()

    join(story.bruno, story.here.group)  # of this school year too
    bruno.goto(reverse("networks:site_list"))
    bruno.get_by_role("link", name="Parler avant d’écrire").first.click()
    bruno.get_by_label("Quand").select_option("2027-11-30_AM")
    bruno.get_by_label("Ce que je viens regarder").fill("La place du silence")
    bruno.get_by_role("button", name="Demander cette visite").click()
    bruno.get_by_text("Votre demande est partie").wait_for()

    nora.goto("/")
    nora.get_by_role("link", name="Bruno Petit").first.click()
    nora.get_by_role("button", name="Confirmer la visite").click()
    nora.get_by_text("Confirmée", exact=True).wait_for()
    nora.get_by_role("button", name="D’accord").click()
    nora.get_by_text("Convenu entre vous").wait_for()
    head = page_as(story.head_teacher)
    head.goto(reverse("networks:school_visits"))
    expect(head.locator("main")).to_contain_text("Bruno Petit")
    for page in (nora, bruno, head):
        page.check()

    clock(2027, 11, 30, 18)
    tasks.mind_visits()
    bruno = page_as(story.bruno, width=390)
    bruno.goto(reverse("networks:visit_page", args=[Visit.objects.get().pk]))
    bruno.get_by_text("Après la visite").wait_for()
    assert Visit.objects.get().state == VisitState.HELD
