"""Signing in as people do it: with a passkey (Chromium's own virtual authenticator), with codes and no JavaScript."""

import time
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from circo import invitations
from circo.models import OutgoingMail, Person
from circo.rules import Role
from circo.sign_in import crypt
from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.world import PASSWORD, post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def with_authenticator(page):
    """Give the browser a device that knows its owner's finger; return a function that takes it away."""
    cdp = page.context.new_cdp_session(page.page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return lambda verified: cdp.send(
        "WebAuthn.setUserVerified", {"authenticatorId": made["authenticatorId"], "isUserVerified": verified}
    )


def sign_in(page, person):
    page.goto(reverse("account_login"))
    page.get_by_label("Adresse e-mail").fill(person.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()


def sign_out(page):
    page.click("details.menu > summary")
    page.get_by_role("button", name="Déconnexion").click()
    page.wait_for_url("**/compte/connexion/")


def looks_right(page, request, name):
    assert page.axe() == [], name
    assert not page.scrolls_sideways(), name
    if folder := request.config.getoption("--screenshots"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/connexion-{name}.png", full_page=True)


def test_inspector_adds_a_passkey_then_enters_with_it(world, page_as, request):  # noqa: F811
    world.inspector.authenticator_set.all().delete()
    page = page_as(None, width=390)
    with_authenticator(page)
    sign_in(page, world.inspector)
    page.wait_for_url("**/compte/cles/")
    looks_right(page, request, "une-etape")
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    looks_right(page, request, "est-ce-vous")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    looks_right(page, request, "ajouter-une-cle")
    page.get_by_label("Nom de la clé").fill("Mon téléphone")
    page.get_by_role("button", name="Ajouter").click()
    page.wait_for_url("**/compte/cles/secours/")
    looks_right(page, request, "codes-de-secours")
    page.get_by_role("link", name="C’est noté").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    key = Authenticator.objects.get(user=world.inspector, type="webauthn")
    assert key.wrap().is_passwordless
    sign_out(page)
    looks_right(page, request, "connexion")
    page.get_by_role("button", name="Entrer avec une clé d’accès").click()
    page.wait_for_url(f"{page.base_url}/")
    sign_out(page)
    sign_in(page, world.inspector)
    page.wait_for_url("**/compte/cles/code/")
    looks_right(page, request, "encore-une-etape")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url(f"{page.base_url}/")
    page.check()


def test_key_that_does_not_know_its_owner_opens_nothing(world, page_as):  # noqa: F811
    """The canary of the test above: the finger matters."""
    page = page_as(world.amina)
    verify = with_authenticator(page)
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Ajouter").click()
    page.wait_for_url("**/compte/cles/secours/")
    sign_out(page)
    verify(False)
    page.get_by_role("button", name="Entrer avec une clé d’accès").click()
    page.get_by_text("L’appareil n’a pas répondu").wait_for()
    assert page.url.endswith(reverse("account_login"))


def test_code_of_an_application_enters_without_javascript(world, page_as):  # noqa: F811
    world.inspector.authenticator_set.all().delete()
    Authenticator.objects.create(user=world.inspector, type="totp", data={"secret": crypt.close(SECRET)})
    page = page_as(None, javascript=False)
    sign_in(page, world.inspector)
    expect(page.get_by_role("button", name="Utiliser ma clé d’accès")).to_be_hidden()
    page.get_by_label("Code").fill(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30)))
    page.get_by_role("button", name="Se connecter", exact=True).click()
    assert page.url == f"{page.base_url}/"


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True)])
def test_pages_that_only_a_link_opens(world, page_as, request, width, dark):  # noqa: F811
    newcomer = Person.objects.create_user("nadia@ecole.test", first_name="Nadia", last_name="Neuve")
    post(newcomer, Role.TEACHER, world.here.schools[0])
    invitations.invite(person=newcomer, by=world.inspector)
    link = OutgoingMail.objects.get().text.split(settings.SITE_URL)[1].split()[0]
    page = page_as(None, width=width, dark=dark)
    page.goto(link)
    looks_right(page, request, f"invitation-{width}")
    page.get_by_label("Choisissez un mot de passe").fill("court")
    page.get_by_role("button", name="Ouvrir mon compte").click()
    page.get_by_text("au minimum 12").first.wait_for()
    looks_right(page, request, f"invitation-refusee-{width}")
    page.console_errors.clear()  # Chromium notes the 422
    page.get_by_label("Choisissez un mot de passe").fill("quatre lézards sous un parasol")
    page.get_by_role("button", name="Ouvrir mon compte").click()
    page.wait_for_url(f"{page.base_url}/")
    page.goto(reverse("usersessions_list"))
    looks_right(page, request, f"sessions-{width}")
    page.goto(reverse("account_email"))
    looks_right(page, request, f"adresse-{width}")
    page.goto(reverse("mfa_activate_totp"))
    looks_right(page, request, f"application-{width}")
    page.check()
    page.goto(link)
    looks_right(page, request, f"lien-mort-{width}")
