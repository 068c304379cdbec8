"""The team publishes an observation on a phone, by the keyboard alone, whatever the length of names."""

import pytest
import time_machine
from django.urls import reverse

from partnerships.models import PeerObservation
from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.partnerships.observed import Crossing
from tests.partnerships.placed import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_line_reads_as_a_sentence_and_is_published_from_the_keyboard(world, page_as):  # noqa: F811
    with time_machine.travel(NOW, tick=True):
        crossing = Crossing(world)
        crossing.amina.last_name = "de Montmorency-Laval des Rouvray-Fontenelle"
        crossing.amina.save()
        line = crossing.plan().lines.get()
        page = page_as(world.inspector, width=390)
        page.goto(reverse("partnerships:crossing_page", args=[line.plan_id]))
        said = page.locator(f"label[for='ligne-{line.pk}']").inner_text()
        assert f"{line.observer} chez {line.host}" in said
        assert not page.scrolls_sideways()
        page.locator(f"#ligne-{line.pk}").focus()
        for key in ("Space", "Tab", "Tab", "Enter"):  # past « Tout publier »
            page.keyboard.press(key)
        page.get_by_text("Une observation est publiée").first.wait_for()
        page.check()
    assert PeerObservation.objects.get().observer == crossing.amina
