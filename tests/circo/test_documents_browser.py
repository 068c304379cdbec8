"""Letters in a real browser: the batch that advances under one's eyes, the code that a stranger types from a paper."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from circo import jobs
from circo.documents import actions, batches, rules
from circo.models import Job
from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.circo.letters import CONVOCATION

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def work() -> None:
    try:
        jobs.run(Job.objects.get(kind=batches.KIND).pk)
    finally:
        connection.close()


def test_the_page_of_a_batch_becomes_its_files_by_itself(world, page_as):  # noqa: F811
    batch = actions.start_batch(
        title="Convocations : journée du 17 novembre", letters=[CONVOCATION] * 3, by=world.secretary
    )
    page = page_as(world.secretary, width=390)
    page.goto(reverse("documents:batch_page", args=[batch.pk]))
    page.get_by_role("progressbar").wait_for()
    worker = threading.Thread(target=work)
    worker.start()
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("link", name="Télécharger pour imprimer").click(timeout=60_000)
    worker.join()
    assert download.value.suggested_filename.endswith(".pdf")
    page.check()
    assert page.axe() == []
    page.get_by_role("button", name="Effacer dès maintenant").click()
    page.locator("#messages").get_by_text("Ces courriers sont effacés").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_a_stranger_checks_a_paper(world, page_as, script):  # noqa: F811
    document = actions.issue(
        kind="Attestation de présence", recipient="Amina Petit", subject="Journée des partages", by=world.secretary
    )
    page = page_as(None, width=390, javascript=script)
    page.goto(reverse("documents:verify"))
    field = page.get_by_label("Code de vérification")
    field.fill("7K3M")
    field.press("Enter")
    page.get_by_text("Ce n’est pas un code complet").first.wait_for()
    assert field.input_value() == "7K3M", "nothing typed is lost"
    field.fill(rules.grouped(document.code).lower())
    field.press("Enter")
    page.get_by_text("Ce document est authentique").wait_for()
    assert page.get_by_text("Amina Petit").is_visible()
    if script:
        assert page.axe() == []
