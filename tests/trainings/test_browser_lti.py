"""The round trip with a platform of another hand, in its own process, over HTTP, in a browser: choose a path, launch
it, tie the accounts, finish it, and read the result there.

The platform is at 127.0.0.1 and we are at localhost: two sites, so that cookies cross as they would.
"""

from __future__ import annotations

import subprocess
import sys

import pytest
import requests
from django.conf import settings as django_settings
from django.urls import reverse
from playwright.sync_api import expect

from circo import jobs
from circo.models import Job
from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.processes import ends_with_us, wait_for
from tests.servers.web import free_port
from tests.trainings.learners import module_of, path_of, step_of
from tests.world import PASSWORD
from trainings.models import LtiCourse, LtiLink, LtiPlatform

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server, settings):
    """This platform under the name that a browser gives it: another site than the other platform's."""
    settings.SITE_URL = live_server.url.replace("127.0.0.1", "localhost")
    settings.CALLED_PRIVATE_HOSTS = ["127.0.0.1"]
    return settings.SITE_URL


@pytest.fixture
def there(site):
    port = free_port()
    command = [sys.executable, "-m", "tests.servers.lti", str(port), site]
    process = subprocess.Popen(ends_with_us(command), cwd=django_settings.BASE_DIR)
    url = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        assert process.poll() is None, "the other platform did not start"
        try:
            return requests.get(f"{url}/jwks", timeout=5).ok
        except requests.ConnectionError:
            return False

    wait_for(answers, 60, "the other platform answers")
    yield url
    process.kill()
    process.wait()


def state(there: str) -> dict:
    return requests.get(f"{there}/state", timeout=5).json()


def work(kind: str) -> None:
    for pk in Job.objects.filter(kind=kind, state="QUEUED").values_list("pk", flat=True):
        jobs.run(pk)


def opens(page, name: str):
    """Follow a link that opens a new window, and return its page."""
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=name).click()
    return opened.value


def test_the_round_trip(world, page_as, site, there):  # noqa: F811
    version = path_of(world.here.district, "Lire à voix haute")
    step_of(module_of(version), title="Trois conseils", text="Regarder ses élèves.")
    LtiPlatform.objects.create(
        departement=world.here.departement,
        name="M@gistère",
        issuer=there,
        client_id="partages-1",
        deployments="deployment-1",
        auth_url=f"{there}/auth",
        token_url=f"{there}/token",
        jwks_url=f"{there}/jwks",
    ).paths.add(version.path)

    # An author of the other platform, who has no account here, chooses a path.
    author = page_as(None)
    author.goto(f"{there}/course?user=prof")
    choosing = opens(author.page, "Choose")
    choosing.get_by_role("button", name="Choisir Lire à voix haute").click()
    choosing.get_by_role("button", name="Continuer").click()
    expect(choosing.get_by_role("heading", name="Chosen")).to_be_visible()
    (item,) = state(there)["items"]
    assert item["url"] == f"{site}{reverse('trainings:lti_path', args=[version.path_id])}"

    # A learner follows the activity, signs in here as always, and says that both accounts are theirs.
    learner = page_as(None, width=390)
    learner.goto(f"{there}/course?user=u1")
    path = opens(learner.page, "Lire à voix haute")
    path.get_by_label("Adresse e-mail").fill(world.amina.email)
    path.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    path.get_by_role("button", name="Se connecter").click()
    expect(path.get_by_role("heading", name="Relier mon compte de M@gistère")).to_be_visible()
    assert not LtiLink.objects.exists()
    path.get_by_role("button", name="Oui, relier mon compte").click()
    expect(path.get_by_role("heading", name="Lire à voix haute")).to_be_visible()
    link = LtiLink.objects.get()
    assert (link.person, link.subject) == (world.amina, "u1")

    # The path is finished here; the other platform reads it from a worker.
    path.get_by_role("button", name="Suivre à mon rythme").click()
    path.get_by_role("link", name="Commencer").first.click()
    path.get_by_role("button", name="lu").click()
    expect(path.get_by_text("Parcours terminé")).to_be_visible()
    assert state(there)["scores"] == [], "the page did not wait for it"
    work("lti-score")
    (score,) = state(there)["scores"]
    assert (score["userId"], score["line"], score["scoreGiven"], score["scoreMaximum"]) == ("u1", "0", 1, 1)
    assert (score["activityProgress"], score["gradingProgress"]) == ("Completed", "FullyGraded")
    work("lti-members")
    assert LtiCourse.objects.get().members == 3, "the learners there, and not their teacher"

    # The next launch goes straight to the path.
    again = opens(learner.page, "Lire à voix haute")
    expect(again.get_by_text("Parcours terminé")).to_be_visible()
    assert state(there)["refused"] == []

    # Somebody else at the same browser is not let into the tied account.
    again.context.clear_cookies(name="session")
    other = opens(learner.page, "Lire à voix haute")
    other.get_by_label("Adresse e-mail").fill(world.bruno.email)
    other.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Se connecter").click()
    expect(other.get_by_text("relié à quelqu’un d’autre")).to_be_visible()
