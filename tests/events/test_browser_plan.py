"""A plan in a browser: from the date to the mission that is confirmed, the illness at 7:30, and the sheet to sign."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from circo import jobs
from circo.models import Job, JobState
from circo.rules import Role
from events.models import CoverPlan, CoverPlanDay, CoverRepair, SharingDay
from events.plans import queries
from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.events.plans import brigade_of
from tests.world import person, post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=PARIS)  # a Monday of school
HALF_PAST_SEVEN = datetime(2027, 3, 18, 7, 30, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


def fine(page):
    assert page.axe() == []
    assert not page.scrolls_sideways()
    page.check()


def worker():
    """Do what waits, as a worker does."""
    for pk in Job.objects.filter(kind=queries.SOLVE, state=JobState.QUEUED).values_list("pk", flat=True):
        jobs.run(pk)


def announced_by(team) -> SharingDay:
    """Choose a date, announce it, call everybody."""
    team.goto(reverse("events:day_list"))
    team.get_by_role("link", name="Choisir une date").click()
    team.locator("[href$='2027-03-18']").click()
    team.get_by_label("Ou un autre lieu, avec son adresse").fill("Salle des fêtes, Louviers")
    team.get_by_role("button", name="Choisir cette date").click()
    team.get_by_role("button", name="Annoncer la journée").click()
    team.get_by_text("La journée est annoncée").first.wait_for()
    team.get_by_role("link", name="Convocations", exact=True).click()
    team.get_by_role("button", name="Envoyer les convocations").click()
    team.get_by_text("Les convocations sont parties").wait_for()
    return SharingDay.objects.get()


def published_by(manager, day: SharingDay) -> CoverPlan:
    """Prepare the plan of a day, have it computed, take it as far as it goes."""
    manager.goto(reverse("events:plan_list"))
    manager.get_by_label("18 mars 2027").check()
    manager.get_by_role("button", name="Commencer un plan").click()
    manager.get_by_role("button", name="Calculer le meilleur plan").click()
    manager.get_by_text("Calcul en attente").first.wait_for()
    worker()
    manager.get_by_role("button", name="Recalculer").wait_for()  # the page has heard of it by itself
    fine(manager)
    for step, state in (("Proposer à la cellule", "Proposé"), ("Valider", "Validé"), ("Publier", "Publié")):
        manager.get_by_role("button", name=step).click()
        manager.get_by_text(state, exact=True).first.wait_for()
    fine(manager)
    return CoverPlan.objects.get()


def confirmed_by(phone):
    phone.goto(reverse("portal:home"))
    phone.get_by_role("link", name="Confirmer un remplacement").click()
    phone.get_by_role("button", name="Je confirme").click()
    phone.get_by_text("C’est confirmé").first.wait_for()
    fine(phone)


def test_from_the_date_to_the_illness_at_half_past_seven(world, page_as, clock):  # noqa: F811
    brigade_of(world.here)
    head = person("direction@ecole.test", "Hélène", "Direction")
    post(head, Role.HEAD_TEACHER, world.here.schools[0])
    team = page_as(world.secretary)
    day = announced_by(team)
    team.goto(reverse("events:day_page", args=[day.pk]))
    team.get_by_role("link", name="Classes à prendre").click()
    team.get_by_role("button", name="Calculer les besoins").click()
    team.get_by_text("C’est calculé").wait_for()
    fine(team)
    plan = published_by(page_as(world.brigade_manager), day)
    mission = plan.assignments.order_by("pk").first()
    confirmed_by(page_as(mission.substitute, width=390))

    clock.move_to(HALF_PAST_SEVEN)
    phone = page_as(world.brigade_manager, width=390)  # sessions have ended since
    phone.goto(reverse("events:plan_page", args=[plan.pk]))
    fine(phone)
    phone.get_by_role("link", name="Quelqu’un manque").click()  # one
    phone.get_by_role("heading", name="Qui manque").wait_for()
    fine(phone)
    phone.get_by_role("button", name=f"Absent·e {mission.substitute}").click()  # two
    phone.get_by_text("On cherche qui peut prendre le relais").first.wait_for()
    worker()
    accept = phone.get_by_role("button", name="Accepter et prévenir")
    accept.wait_for()
    fine(phone)
    accept.click()  # three
    phone.get_by_text("La réparation est en vigueur").first.wait_for()
    fine(phone)
    made = CoverRepair.objects.get().made
    assert CoverPlanDay.objects.get(is_in_force=True).plan == made
    relief = made.assignments.get(need=mission.need).substitute
    assert relief != mission.substitute
    confirmed_by(page_as(relief, width=390))
    school = page_as(head, width=390)
    school.goto(reverse("events:hosted_list"))
    school.get_by_text(str(relief)).first.wait_for()
    fine(school)

    team = page_as(world.secretary)
    team.goto(reverse("events:presence_lists", args=[day.pk]))
    with team.expect_download() as sheet:
        team.get_by_role("link", name="Feuille à signer (PDF)").click()
    assert sheet.value.suggested_filename == "emargement-2027-03-18.pdf"
