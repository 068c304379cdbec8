"""A film discussed in two browsers at once, over the real server; the keyboard; drafts; and a thousand moments."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from circo.models import FormDraft
from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.live import live_server, valkey  # noqa: F401
from tests.videos.test_browser_first_light import address, film, film_file, player_plays  # noqa: F401
from videos.models import Film, Moment, MomentKind, Reply

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.django_db(transaction=True)]

WITHIN_MS = 12_000  # sooner than a page whose channel is deaf asks by itself
LONG_TASK_MS = 50


def ready(page, film: Film) -> None:  # noqa: F811
    """Open the page of a film, and wait until its live channel is."""
    page.goto(address(film))
    page.until("document.querySelector('lecteur-video')?.dataset.state === 'idle'")


def stop(page) -> None:
    page.locator("lecteur-video").evaluate("player => player.video.pause()")


def test_a_moment_and_a_passage_are_answered_live(page_as, world, film):  # noqa: F811
    amina, bruno = page_as(world.amina), page_as(world.bruno)
    ready(amina, film)
    ready(bruno, film)
    amina.get_by_text("Regardent aussi ce film : Bruno Petit.").wait_for(timeout=WITHIN_MS)
    bruno.locator("lecteur-video").evaluate("player => player.seek(3.2)")
    bruno.get_by_label("Commenter à 0:03").fill("Un silence, puis une question.")
    bruno.get_by_role("button", name="Publier le commentaire").click()
    amina.locator(".moment", has_text="Un silence, puis une question.").wait_for(timeout=WITHIN_MS)
    expect(amina.locator("#reperes [data-moment]")).to_have_count(1)

    bruno.get_by_label("Moment du film").fill("0:01")
    bruno.get_by_label("Fin du passage").fill("0:04")
    bruno.get_by_label("Commenter à 0:01").fill("Toute la consigne")
    bruno.get_by_label("question").check()
    bruno.get_by_role("button", name="Publier le commentaire").click()
    passage = amina.locator(".moment", has_text="Toute la consigne")
    passage.wait_for(timeout=WITHIN_MS)
    expect(amina.locator(".moment__text")).to_have_text(["Toute la consigne", "Un silence, puis une question."])
    expect(amina.locator("#reperes .bande")).to_have_count(1)

    passage.get_by_role("link", name="Répondre").click()
    amina.get_by_label("Votre réponse").fill("Je l’ai dite deux fois.")
    bruno.get_by_label("Commenter à").fill("Ce que j’écris pendant ce temps")
    amina.get_by_role("button", name="Publier la réponse").click()
    bruno.locator(".reply", has_text="Je l’ai dite deux fois.").wait_for(timeout=WITHIN_MS)
    assert bruno.get_by_label("Commenter à").input_value() == "Ce que j’écris pendant ce temps"
    assert Reply.objects.get().moment.ends_at_s == 4
    for page in (amina, bruno):
        assert page.axe() == []
        assert not page.scrolls_sideways()
        page.check()


def test_a_box_made_larger_by_hand_is_published_from_without_a_report(page_as, world, film):  # noqa: F811
    """The browser writes the new size in the box's `style`: no script may copy that attribute, the policy says."""
    page = page_as(world.bruno)
    ready(page, film)
    words = page.get_by_label("Commenter à")
    words.scroll_into_view_if_needed()
    place = words.bounding_box()
    corner = (place["x"] + place["width"] - 4, place["y"] + place["height"] - 4)
    page.mouse.move(*corner)
    page.mouse.down()
    page.mouse.move(corner[0], corner[1] + 90, steps=4)
    page.mouse.up()
    assert "height" in (words.get_attribute("style") or "")
    words.fill("Une boîte plus grande")
    page.get_by_role("button", name="Publier le commentaire").click()
    page.locator(".moment", has_text="Une boîte plus grande").wait_for()
    expect(words).to_have_value("")
    page.check()


def test_who_loses_the_film_loses_the_discussion_on_the_screen(page_as, world, film):  # noqa: F811
    film.moments.create(author=world.amina, at_s=1, text="Entre nous")
    bruno = page_as(world.bruno)
    ready(bruno, film)
    bruno.get_by_text("Entre nous").wait_for()
    assert bruno.locator("[data-circle]").count() == 1
    world.bruno.memberships.update(standing="LEFT", left_on=timezone.localdate())
    bruno.get_by_text("n’est plus visible pour vous").first.wait_for(timeout=WITHIN_MS)
    for gone in (
        bruno.get_by_text("Entre nous"),
        bruno.locator("#reperes .repere"),
        bruno.get_by_role("button", name="Publier le commentaire"),
        bruno.locator("[data-circle]"),
    ):
        expect(gone).to_have_count(0)


def test_without_a_socket_the_page_asks_by_itself(page_as, world, film):  # noqa: F811
    bruno = page_as(world.bruno)
    bruno.page.add_init_script("window.WebSocket = class { constructor() { throw new Error('refused'); } }")
    bruno.page.clock.install()
    ready(bruno, film)
    film.moments.create(author=world.amina, at_s=1, text="Venu sans bruit", number=1)
    bruno.page.clock.run_for(20_000)
    bruno.get_by_text("Venu sans bruit").wait_for()


def test_keyboard_alone(page_as, world, film):  # noqa: F811
    page = page_as(world.bruno)
    ready(page, film)
    page.get_by_role("button", name="Lire", exact=True).focus()
    page.locator("lecteur-video").evaluate("player => player.seek(1.5)")
    page.keyboard.press("i")
    page.locator("lecteur-video").evaluate("player => player.seek(4)")
    page.keyboard.press("o")
    expect(page.get_by_label("Commenter à 0:01")).to_be_focused()
    page.keyboard.type("oic : des lettres, dans le texte. @am")
    expect(page.get_by_role("option", name="Amina Petit")).to_be_visible()
    assert page.axe() == []
    page.keyboard.press("Enter")
    expect(page.get_by_label("Commenter à 0:01")).to_have_value(re.compile("@Amina Petit $"))
    page.keyboard.press("Control+Enter")
    page.locator(".moment", has_text="des lettres").wait_for()
    moment = Moment.objects.get()
    assert (moment.at_s, moment.ends_at_s) == (1, 4)
    assert list(moment.mentioned.all()) == [world.amina]

    page.get_by_role("button", name="Lire", exact=True).focus()
    page.locator("lecteur-video").evaluate("player => player.seek(3)")
    page.keyboard.press("c")
    page.keyboard.type("À finir")
    page.keyboard.press("Escape")
    page.get_by_text("Brouillon gardé à").wait_for()
    assert page.evaluate("document.activeElement.dataset.action") == "toggle"
    assert FormDraft.objects.get().values["at_s"] == ["0:03"]
    page.check()


def test_a_draft_survives_its_tab(page_as, world, film):  # noqa: F811
    page = page_as(world.bruno)
    ready(page, film)
    page.get_by_label("Commenter à").type("Je commençais à écr")
    page.get_by_text("Brouillon gardé à").wait_for()
    page.page.close()
    again = page_as(world.bruno, width=390)
    again.goto(address(film))
    expect(again.get_by_label("Commenter à")).to_have_value("Je commençais à écr")
    again.get_by_text("Nous avons repris votre brouillon").wait_for()
    assert again.axe() == []
    assert not again.scrolls_sideways()
    again.get_by_role("button", name="Repartir sans ce brouillon").click()
    expect(again.get_by_label("Commenter à")).to_have_value("")


def test_without_javascript(page_as, world, film):  # noqa: F811
    page = page_as(world.bruno, width=390, javascript=False)
    page.goto(address(film))
    page.get_by_label("Commenter à").fill("Sans script, @Amina")
    page.get_by_role("button", name="Garder en brouillon").click()
    page.get_by_label("Moment du film").fill("0:02")
    page.get_by_label("Fin du passage").fill("0:04")
    page.get_by_role("button", name="Publier le commentaire").click()
    row = page.locator(".moment", has_text="Sans script, @Amina")
    row.get_by_role("link", name="Répondre").click()
    page.get_by_label("Votre réponse").fill("Et je réponds")
    page.get_by_role("button", name="Publier la réponse").click()
    row.get_by_role("button", name="Marquer réglé").click()
    page.get_by_label("À régler seulement").check()
    page.get_by_role("button", name="Choisir").click()
    page.get_by_text("Aucun commentaire de cette sorte.").wait_for()
    assert Moment.objects.get().mentioned.get() == world.amina


def a_thousand(film: Film, world) -> None:  # noqa: F811
    kinds = list(MomentKind)
    Moment.objects.bulk_create(
        Moment(
            film=film,
            author=world.amina if n % 2 else world.bruno,
            at_s=n * film.duration_s / 1000,
            ends_at_s=n * film.duration_s / 1000 + 0.5 if n % 5 == 0 else None,
            kind=kinds[n % 4],
            text=f"Moment {n} : la consigne est reformulée par un élève, puis par un autre.",
        )
        for n in range(1000)
    )


def test_a_thousand_moments_hold_up_nothing_while_the_film_plays(page_as, world, film, record_property):  # noqa: F811
    """No task over 50 ms while it plays, its list following the film, and somebody writing meanwhile."""
    a_thousand(film, world)
    page = page_as(world.bruno)
    ready(page, film)
    page.get_by_label("Vitesse").select_option(label="0,5×")
    page.get_by_role("button", name="Lire", exact=True).click()
    player_plays(page)
    page.locator("lecteur-video").evaluate("player => player.seek(0)")
    before = page.locator(".moment").first.text_content()
    with page.tasks_ms() as tasks:
        for n in range(3):
            page.wait_for_timeout(1500)
            film.moments.create(author=world.amina, at_s=n, text="Pendant ce temps", number=2000 + n)
    stop(page)
    record_property("longest_task_ms", max(tasks))
    assert len(tasks) > 200, "the trace holds what the page did"
    assert page.locator(".moment").first.text_content() != before, "the list followed the film"
    assert page.locator(".moment--now").count() == 1
    assert max(tasks) < LONG_TASK_MS
    assert page.axe() == []
    page.check()
