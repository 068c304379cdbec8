"""The showcase in Chromium: an author agrees on a phone, the team publishes, a colleague reads; a film is closed."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.trainings.showcase_things import sheet_of
from tests.videos.films import film_of
from trainings.models import Showcase
from videos.consents.rules import Answer, Audience
from videos.models import Agreement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ANSWERS = (
    ("Ce que cela change pour les élèves", "Tous lisent."),
    ("Ce qui permet de le dire", "Un relevé."),
    ("Ce qu’une autre classe peut en reprendre", "Lire à deux."),
)


def test_a_practice_from_its_sheet_to_the_showcase_and_back(page_as, world):  # noqa: F811
    film = film_of(world.amina, world.here.group, audience=Audience.DISTRICT)
    sheet = sheet_of(world.amina, film, district=world.here.district)

    page = page_as(world.bruno)
    page.goto(reverse("videos:sheet_page", args=[sheet.pk]))
    page.get_by_role("link", name="Proposer pour la vitrine").click()
    for label, text in ANSWERS:
        page.get_by_label(label).fill(text)
    page.check()
    assert page.axe() == []
    page.get_by_role("button", name="Proposer").click()
    expect(page.get_by_text("Merci")).to_be_visible()
    practice = Showcase.objects.get()

    phone = page_as(world.amina, width=390)
    phone.goto(reverse("portal:home"))
    phone.get_by_role("link", name="Répondre pour").first.click()
    phone.get_by_label("oui, dans la circonscription").check()
    phone.get_by_role("button", name="Répondre").click()
    expect(phone.get_by_text("Votre réponse est notée.")).to_be_visible()
    phone.check()
    assert phone.axe() == []

    team = page_as(world.adviser)
    team.goto(reverse("trainings:showcase_page", args=[practice.pk]))
    team.get_by_label("la circonscription", exact=True).check()
    team.get_by_role("button", name="Publier").click()
    expect(team.get_by_text("Dans la vitrine").first).to_be_visible()
    team.check()
    assert team.axe() == []

    reader = page_as(world.chloe, width=390)
    reader.goto(reverse("trainings:showcases"))
    reader.get_by_role("link", name="Lire à deux").click()
    expect(reader.get_by_role("link", name=str(film))).to_be_visible()
    Agreement.objects.update(answer=Answer.WITHDRAWN)
    reader.reload()
    expect(reader.get_by_role("link", name=str(film))).to_have_count(0)
    expect(reader.get_by_text("n’est plus visible")).to_be_visible()
    reader.check()
