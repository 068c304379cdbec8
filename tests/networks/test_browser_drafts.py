"""What one types survives a reload, a closed tab, another computer, until it is sent; and writes over nobody."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from circo.models import FormDraft
from networks.meetings import actions
from networks.models import Meeting
from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.networks.meetings import begun

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS, RESUMED = "Compte rendu", "Nous avons repris votre brouillon"


@pytest.fixture
def meeting(world) -> Meeting:
    return begun(world.here.group, world.amina)


def opened(page, meeting: Meeting):
    page.goto(reverse("networks:minutes_edit", args=[meeting.pk]))
    return page.get_by_label(WORDS)


def test_minutes_outlive_the_tab_and_go_once_sent(world, page_as, meeting):  # noqa: F811
    page, again = page_as(world.amina), page_as(world.amina, width=390)
    opened(page, meeting).fill("Nous avons lu")
    page.get_by_text("Brouillon gardé à").wait_for()
    page.reload()
    expect(page.get_by_label(WORDS)).to_have_value("Nous avons lu")
    page.get_by_label(WORDS).press("Control+End")
    page.get_by_label(WORDS).press_sequentially(" à deux voix")  # and the tab goes at once
    page.page.close()
    again.until(lambda: FormDraft.objects.get().values["text"] == ["Nous avons lu à deux voix"])

    expect(opened(again, meeting)).to_have_value("Nous avons lu à deux voix")
    again.get_by_text(RESUMED).wait_for()
    assert again.axe() == []
    assert not again.scrolls_sideways()
    again.get_by_role("button", name="Repartir sans ce brouillon").click()
    expect(again.get_by_label(WORDS)).to_have_value("")
    again.get_by_role("button", name="Le reprendre").click()
    words = again.get_by_label(WORDS)
    expect(words).to_have_value("Nous avons lu à deux voix")
    words.press("Control+End")
    words.press_sequentially(", puis en silence")  # sent before the script has kept it
    again.get_by_role("button", name="Enregistrer").click()
    again.get_by_text("Nous avons lu à deux voix, puis en silence").wait_for()
    again.check()
    assert not FormDraft.objects.exists(), "what is sent is forgotten, whatever was on its way"
    expect(opened(again, meeting)).to_have_value("Nous avons lu à deux voix, puis en silence")
    assert again.get_by_text(RESUMED).count() == 0


def test_a_draft_over_a_newer_text_writes_over_nobody(world, page_as, meeting):  # noqa: F811
    page = page_as(world.amina)
    opened(page, meeting).fill("Le texte d’Amina")
    page.get_by_text("Brouillon gardé à").wait_for()
    page.page.close()
    actions.write_minutes(meeting=meeting, text="Le texte de Bruno", revision=0, by=world.bruno)

    again = page_as(world.amina)
    expect(opened(again, meeting)).to_have_value("Le texte d’Amina")
    again.get_by_text("Ce qui est enregistré a changé depuis").wait_for()
    again.get_by_role("button", name="Enregistrer").click()
    again.get_by_text("Quelqu’un a écrit ce compte rendu pendant que vous l’écriviez").first.wait_for()
    meeting.refresh_from_db()
    assert meeting.minutes == "Le texte de Bruno"
    expect(again.get_by_label(WORDS)).to_have_value("Le texte d’Amina")
    assert again.axe() == []


def test_what_cannot_be_kept_is_said_and_without_a_script_the_form_goes_on(world, page_as, meeting):  # noqa: F811
    page = page_as(world.amina)
    words = opened(page, meeting)
    page.context.set_offline(True)
    words.fill("Hors réseau")
    page.get_by_text("La connexion est coupée : rien ne part").wait_for()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("La connexion est coupée : rien ne part").wait_for()
    expect(words).to_have_value("Hors réseau")
    page.context.set_offline(False)  # and the words leave by themselves
    page.get_by_text("Brouillon gardé à").wait_for()
    assert FormDraft.objects.get(person=world.amina).values["text"] == ["Hors réseau"]
    page.context.clear_cookies()
    words.fill("Hors session")
    page.get_by_text("Brouillon non gardé : actualisez").wait_for()

    plain = page_as(world.bruno, javascript=False)
    opened(plain, meeting).fill("Sans script")
    plain.get_by_role("button", name="Enregistrer").click()
    plain.get_by_text("Sans script").wait_for()
    assert not FormDraft.objects.filter(person=world.bruno).exists()
