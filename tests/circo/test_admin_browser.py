"""The admin in a real browser: a whole correction by hand, under the strict CSP, on a phone and on a desk."""

from pathlib import Path

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME as CHOSEN

from circo.models import Person, Posting, School
from networks.models import Membership, MutualisationGroup
from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.circo.admin_world import objects, url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [{"width": 390}, {"width": 1280}, {"width": 1280, "dark": True}]


@pytest.mark.parametrize("look", LOOKS, ids=["phone", "desk", "night"])
def test_the_pages_of_the_admin_hold_in_the_screen_and_break_no_rule(world, page_as, look, request):  # noqa: F811
    objects(world)
    page, folder = page_as(world.inspector, **look), request.config.getoption("--screenshots")
    pages = {
        "accueil": "/admin/",
        "personnes": url(Person, "changelist"),
        "personne": url(Person, "change", world.amina.pk),
        "personne-soi": url(Person, "change", world.inspector.pk),
        "affectation": url(Posting, "add"),
        "groupe": url(MutualisationGroup, "change", world.here.group.pk),
        "membre": url(Membership, "add"),
        "ecoles": url(School, "changelist"),
        "historique": url(School, "history", world.here.schools[0].pk),
        "supprimer": url(School, "delete", world.here.schools[1].pk),
    }
    faults = []
    for name, address in pages.items():
        page.goto(address)
        page.wait_for_load_state("load")
        found = [*page.console_errors, *page.foreign_requests, *page.axe()]
        faults += [f"{name}: {fault}" for fault in found]
        page.console_errors.clear()
        if page.scrolls_sideways():
            faults.append(f"{name}: wider than the screen")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(
                path=f"{folder}/{name}-{look['width']}{'-nuit' if look.get('dark') else ''}.png", full_page=True
            )
    assert not faults, "\n".join(faults)


def test_a_member_is_found_by_name_and_joins(world, page_as):  # noqa: F811
    page = page_as(world.adviser, width=1280)
    page.goto(url(MutualisationGroup, "change", world.here.group.pk))
    page.get_by_role("button", name="Ajouter\u00a0: membre").click()
    page.locator(".inline-related:not(.empty-form) .select2-selection").last.click()
    page.locator(".select2-search__field").fill("chl")
    page.get_by_role("option", name="Chloé Petit").click()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_url("**/mutualisationgroup/")
    assert Membership.objects.filter(person=world.chloe, group=world.here.group, school_year=world.year).exists()
    assert not page.console_errors


def test_an_account_is_closed_after_a_question(world, page_as):  # noqa: F811
    page = page_as(world.inspector, width=390)
    page.goto(url(Person, "changelist"))
    page.locator(f"input[name={CHOSEN}][value='{world.amina.pk}']").check()
    page.locator("select[name=action]").select_option("close_account")
    page.get_by_role("button", name="Envoyer").or_(page.get_by_role("button", name="Exécuter")).first.click()
    page.get_by_role("button", name="Fermer").click()
    page.get_by_text("Comptes fermés").wait_for()
    world.amina.refresh_from_db()
    assert not world.amina.is_active
    assert not page.console_errors
