"""A film quoted from its page, at the second that one sees, in Chromium."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from networks.models import Quote
from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.networks.salon_things import salon_of
from tests.videos.test_browser_first_light import film, film_file  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_second_that_one_sees_is_quoted_in_the_salon_that_one_chooses(page_as, world, film, width):  # noqa: F811
    salon = salon_of(world.here.group, title="Le coin café")
    page = page_as(world.bruno, width=width)
    page.goto(reverse("videos:film_page", args=[film.pk]))
    page.locator("lecteur-video").evaluate("player => player.seek(2)")
    page.get_by_role("link", name="Citer dans un salon").press("Enter")
    expect(page.get_by_text("À 0:02, film d’Amina Petit")).to_be_visible()
    assert page.axe() == []
    assert not page.scrolls_sideways()
    page.get_by_role("link", name="Le coin café").click()
    expect(page.get_by_label("Citer", exact=False)).to_have_value(f"/films/{film.pk}/?t=2")
    page.get_by_label("Votre message").fill("Regardez ce silence")
    page.get_by_role("button", name="Publier").click()
    page.until(lambda: Quote.objects.filter(post__salon=salon, kind="film", object_id=f"{film.pk}@2").exists())
    assert not page.scrolls_sideways()
    page.check()
