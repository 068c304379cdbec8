"""An H5P activity in Chromium: brought by its author, played by a learner, and what its scripts cannot do."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import BrowserPage, browser, chromium, page_as  # noqa: F401
from tests.trainings import h5p_things
from tests.trainings.learners import learner, module_of, path_of, step_of
from tests.trainings.written import draft_of
from tests.trainings.written import module_of as draft_module
from trainings.models import Step, StepProgress
from trainings.paths.rules import StepKind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def frame_of(page: BrowserPage):
    return page.frame_locator("iframe[data-activite]")


def whole(page: BrowserPage) -> None:
    assert page.axe() == []
    assert not page.scrolls_sideways()
    page.check()


def test_an_author_brings_an_activity_and_tries_it(world, page_as, tmp_path):  # noqa: F811
    module = draft_module(draft_of(world.here, world.trainer))
    file = tmp_path / "Devinette.h5p"
    file.write_bytes(h5p_things.packed())
    page = page_as(world.trainer)
    page.goto(reverse("trainings:step_new", args=[module.pk]))
    page.get_by_role("link", name="Activité H5P").click()
    page.get_by_label("Titre").fill("Une devinette")
    page.get_by_role("button", name="Ajouter cette étape").click()
    page.get_by_label("Fichier de l’activité").set_input_files(file)
    page.get_by_role("button", name="Ajouter cette activité").click()
    expect(page.get_by_role("button", name="Retirer Devinette.h5p")).to_be_visible()
    whole(page)
    page.get_by_role("link", name="Essayer").click()
    frame_of(page).get_by_role("button", name="quatre").click()
    expect(frame_of(page).get_by_text("Bravo.")).to_be_visible()
    whole(page)
    assert not StepProgress.objects.exists()


def test_fonts_come_of_the_player_and_of_the_package(world, page_as, step):  # noqa: F811
    """A font is asked for with an origin, which the frame has not: who keeps it must say that it is for all."""
    style = "@font-face { font-family: sienne; src: url(../fonts/sienne.woff2); }"
    font = (settings.BASE_DIR / "static/vendor/figtree/figtree-latin.woff2").read_bytes()
    more = {"H5P.Devinette-1.0/fonts/sienne.woff2": font}
    h5p_things.give(step, h5p_things.packed(h5p_things.files(style=style), more))
    page = page_as(world.amina)
    page.goto(reverse("trainings:step_page", args=[learner(world.amina, step.module.version).path_id, step.pk]))
    expect(frame_of(page).get_by_role("button", name="trois")).to_be_visible()
    for name in ("h5p", "h5p-theme", "sienne"):
        load = "async (name) => (await document.fonts.load(`16px ${name}`)).map((font) => font.status)"
        assert page.frames[1].evaluate(load, name) == ["loaded"]
    page.check()


@pytest.fixture
def step(world) -> Step:
    return step_of(module_of(path_of(world.here.district)), StepKind.PACKAGE, "Une devinette")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_learner_plays_and_the_step_is_done(world, page_as, step, width):  # noqa: F811
    h5p_things.give(step)
    enrolment = learner(world.amina, step.module.version)
    page = page_as(world.amina, width=width)
    page.goto(reverse("trainings:step_page", args=[enrolment.path_id, step.pk]))
    frame = page.locator("iframe[data-activite]")
    expect(frame).to_have_attribute("title", "Activité : Une devinette")
    frame_of(page).get_by_role("button", name="trois").click()
    expect(page.get_by_text("50 % d’après l’activité")).to_be_visible()
    frame_of(page).get_by_role("button", name="quatre").press("Enter")
    expect(page.get_by_text("100 % d’après l’activité")).to_be_visible()
    expect(page.get_by_role("link", name="Parcours terminé")).to_be_visible()
    progress = StepProgress.objects.get(step=step)
    assert (progress.percent, progress.done_at is not None) == (100, True)
    whole(page)


def test_folders_of_libraries_may_say_no_version(world, page_as, step):  # noqa: F811
    """As older tools write them. The player asks for the other name first, which the browser notes."""
    content = {path.replace("-1.0/", "/"): text for path, text in h5p_things.files().items()}
    h5p_things.give(step, h5p_things.packed(content))
    page = page_as(world.amina)
    page.goto(reverse("trainings:step_page", args=[learner(world.amina, step.module.version).path_id, step.pk]))
    frame_of(page).get_by_role("button", name="quatre").click()
    expect(page.get_by_text("100 % d’après l’activité")).to_be_visible()
    assert page.foreign_requests == []
