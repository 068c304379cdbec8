"""A festival in a browser: the call, a proposal on a phone, the choice, a family that books and gives back."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circo.models import OutgoingMail
from events.models import Animation, Festival, SeatBooking
from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.events.festivals import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True) as traveller:
        yield traveller


def fine(page):
    assert page.axe() == []
    assert not page.scrolls_sideways()
    page.check()


def link_of(mail: OutgoingMail) -> str:
    return re.search(r"https?://[^/]+(/fete/places/\S+)", mail.text)[1]


def test_from_the_call_to_a_family_that_books_and_gives_back(world, page_as):  # noqa: F811
    team = page_as(world.adviser)
    team.goto(reverse("events:festival_list"))
    team.get_by_role("link", name="Préparer une fête").click()
    team.get_by_label("Titre", exact=True).fill("Fête de l’apprendre")
    team.get_by_label("Premier jour").fill("2027-06-19")
    team.get_by_label("Dernier jour").fill("2027-06-19")
    team.get_by_label("Lieu, avec son adresse").fill("École Jean-Moulin, Louviers")
    team.get_by_role("button", name="Créer la fête").click()
    team.get_by_role("button", name="Ouvrir l’appel à propositions").click()
    team.get_by_role("button", name="Refermer l’appel").wait_for()
    fine(team)
    festival = Festival.objects.get()

    teacher = page_as(world.amina, width=390)
    teacher.goto(reverse("events:festival_page", args=[festival.pk]))
    teacher.get_by_role("link", name="Proposer").click()
    teacher.get_by_label("Forme").select_option("WORKSHOP")
    teacher.get_by_label("Titre", exact=True).fill("Fusées à eau")
    teacher.get_by_label("Qui l’anime").fill("Les CE1 de Jean-Moulin")
    teacher.get_by_label("enfants").check()
    teacher.get_by_label("Places à chaque séance").fill("12")
    teacher.get_by_label("De", exact=True).fill("10:00")
    teacher.get_by_label("À", exact=True).fill("11:00")
    teacher.get_by_role("button", name="Proposer").click()
    teacher.get_by_text("Votre proposition est enregistrée").wait_for()
    fine(teacher)

    team.goto(reverse("events:festival_page", args=[festival.pk]))
    team.get_by_role("link", name="Fusées à eau").click()
    team.get_by_label("Décision").select_option("ACCEPTED")
    team.get_by_role("button", name="Enregistrer la décision").click()
    team.get_by_text("La décision est enregistrée").wait_for()
    fine(team)
    team.goto(reverse("events:festival_page", args=[festival.pk]))
    team.get_by_role("button", name="Publier le programme").click()
    team.get_by_role("button", name="Retirer le programme").wait_for()

    family = page_as(None, width=390)
    family.goto(reverse("events:festival_public", args=[festival.pk]))
    family.get_by_text("12 places à prendre").wait_for()
    family.get_by_label("Pour qui").select_option("enfants")
    family.get_by_role("button", name="Choisir").click()
    family.get_by_role("link", name=re.compile("Réserver")).click()
    family.get_by_label("Votre prénom").fill("Zoé")
    family.get_by_label("Votre e-mail").fill("zoe@example.test")
    family.get_by_label("Nombre de places").fill("3")
    fine(family)
    family.get_by_role("button", name="Réserver").click()
    family.get_by_role("heading", name="Regardez vos e-mails").wait_for()
    family.goto(link_of(OutgoingMail.objects.get(to="zoe@example.test")))
    family.get_by_role("button", name="Confirmer").click()
    family.get_by_role("heading", name="C’est réservé").wait_for()
    fine(family)
    family.goto(reverse("events:festival_public", args=[festival.pk]))
    family.get_by_text("9 places à prendre").wait_for()

    team.goto(reverse("events:animation_page", args=[Animation.objects.get().pk]))
    team.get_by_role("link", name=re.compile("Déplacer")).click()
    team.get_by_label("De", exact=True).fill("14:00")
    team.get_by_label("À", exact=True).fill("15:00")
    fine(team)
    team.get_by_role("button", name="Déplacer").click()
    team.get_by_text("La séance est déplacée").wait_for()
    moved = OutgoingMail.objects.get(subject__startswith="Changement de lieu")
    assert "de 14\u00a0h à 15\u00a0h" in moved.text
    family.goto(link_of(moved))
    family.get_by_role("button", name="Annuler ma réservation").click()
    family.get_by_role("button", name="Reprendre mes places").wait_for()
    fine(family)
    assert SeatBooking.objects.get().state == "CANCELLED"
    family.goto(reverse("events:festival_public", args=[festival.pk]))
    family.get_by_text("12 places à prendre").wait_for()
