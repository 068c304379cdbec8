"""A sharing day in a browser: from the choice of a date to the sheet that is signed."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from circo import jobs
from circo.models import Job
from events.convening import actions as convening
from events.models import Convocation, Presence, SharingDay
from events.programme import actions as programme
from events.programme import queries
from events.signing import attending
from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.events.days import announced
from tests.events.programmes import session_of, slot_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=PARIS)  # a Monday of school
THAT_DAY = datetime(2027, 3, 18, 9, 5, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


def fine(page):
    assert page.axe() == []
    assert not page.scrolls_sideways()
    page.check()


def test_from_the_choice_of_a_date_to_the_sheet_that_is_signed(world, page_as, clock):  # noqa: F811
    team = page_as(world.secretary)
    team.goto(reverse("events:day_list"))
    team.get_by_role("link", name="Choisir une date").click()
    team.get_by_role("heading", name="Mars 2027").wait_for()
    fine(team)
    team.locator("[href$='2027-03-18']").click()
    team.get_by_label("Thème").fill("Nous regarder faire")
    team.get_by_label("Ou un autre lieu, avec son adresse").fill("Salle des fêtes, Louviers")
    team.get_by_role("button", name="Choisir cette date").click()
    team.get_by_text("La date est choisie").wait_for()
    day = SharingDay.objects.get()
    team.get_by_role("button", name="Annoncer la journée").click()
    team.get_by_text("La journée est annoncée").first.wait_for()
    fine(team)
    team.get_by_role("link", name="Convocations", exact=True).click()
    team.get_by_role("button", name="Retirer Chloé Petit").click()
    team.get_by_role("button", name="Annuler : Retiré de la liste.").click()
    team.get_by_role("button", name="Envoyer les convocations").click()
    team.get_by_text("Les convocations sont parties").wait_for()
    fine(team)
    assert Convocation.objects.called().count() == 3

    phone = page_as(world.amina, width=390)
    phone.goto(reverse("portal:home"))
    phone.get_by_role("link", name="Répondre à une convocation").click()
    phone.get_by_label("Je viens le matin seulement").check()
    phone.get_by_role("button", name="Enregistrer ma réponse").click()
    phone.get_by_text("Dites pourquoi").first.wait_for()
    assert phone.get_by_label("Je viens le matin seulement").is_checked()
    assert ["422" in error for error in phone.console_errors] == [True]  # the refusal, as the browser says it
    phone.console_errors.clear()
    phone.get_by_label("Pourquoi, si vous ne venez pas toute la journée").select_option("CLASS")
    phone.get_by_role("button", name="Enregistrer ma réponse").click()
    phone.get_by_text("Votre réponse est enregistrée").wait_for()
    fine(phone)

    clock.move_to(THAT_DAY)
    team, phone = page_as(world.secretary), page_as(world.amina, width=390)  # sessions have ended since
    day.refresh_from_db()
    code = attending.scanned(day, "AM").code_at(datetime.now(PARIS))
    phone.goto(reverse("events:presence_scan", args=[day.pk, "matin", code]))
    phone.get_by_role("button", name="Je suis là").click()
    phone.get_by_text("Votre présence est notée").wait_for()
    team.goto(reverse("events:presence_lists", args=[day.pk]))
    team.get_by_text("code scanné à").wait_for()
    team.get_by_label("Bruno Petit").check()
    team.get_by_role("button", name="Enregistrer les présences").click()
    team.get_by_text("Matin : 2 présences sur 3").wait_for()
    fine(team)
    assert set(Presence.objects.values_list("way", flat=True)) == {"SCAN", "PAPER"}
    with team.expect_download() as sheet:
        team.get_by_role("link", name="Feuille à signer (PDF)").click()
    assert sheet.value.suggested_filename == "emargement-2027-03-18.pdf"


def test_seats_are_given_while_one_looks_and_a_workshop_is_called_off(world, page_as):  # noqa: F811
    day = announced(world.here, world.inspector)
    convening.send(day=day, reply_by=date(2027, 3, 10), by=world.inspector)
    slot = slot_of(day, world.adviser)
    session_of(slot, world.adviser, "Compter", 3)
    few = session_of(slot, world.adviser, "Le silence après la consigne", 5, opens_from=3)
    programme.show(day=day, wishes_until=date(2027, 3, 10), by=world.adviser)
    programme.wish(convocation=day.convocations.get(person=world.amina), wishes={slot.pk: [few.pk]}, by=world.amina)
    team = page_as(world.secretary, dark=True)
    team.goto(reverse("events:programme_edit", args=[day.pk]))
    team.get_by_role("button", name="Donner les places").click()
    team.get_by_role("progressbar", name="Calcul des places").wait_for()
    fine(team)
    jobs.run(Job.objects.get(kind=queries.GIVE).pk)
    team.get_by_text("3 places données sur 3 demandées").wait_for()
    team.get_by_text("trop peu de monde pour ouvrir").wait_for()
    fine(team)
    phone = page_as(world.adviser, width=390)
    phone.goto(reverse("events:programme_edit", args=[day.pk]))
    fine(phone)
    team.get_by_role("button", name="Annuler la séance Le silence après la consigne").click()
    back = team.get_by_role("button", name="Annuler : Séance annulée")
    back.wait_for()
    jobs.run(Job.objects.get(kind=queries.GIVE).pk)
    team.get_by_role("progressbar", name="Calcul des places").wait_for(state="detached")
    back.click()
    team.get_by_text("qui y avait une place la retrouve").wait_for()
    phone.goto(reverse("events:convocation_list", args=[day.pk]))
    phone.get_by_label("Son adresse e-mail professionnelle").fill("personne@ecole.test")
    phone.get_by_role("button", name="Inviter d’une autre circonscription").click()
    phone.get_by_text("n’a cette adresse").first.wait_for()
    assert phone.axe() == []
    assert not phone.scrolls_sideways()
