"""A salon in two browsers at once, over the real server: live, quotes, a lost connection, what one was writing."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from circo.models import FormDraft
from networks.models import Post, Salon, SalonReading
from networks.salons import actions
from networks.salons.views import posts
from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.live import live_server, valkey  # noqa: F401
from tests.networks.salon_things import file_of, salon_of, say

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WITHIN_MS = 12_000


@pytest.fixture
def salon(live_server, world) -> Salon:  # noqa: F811
    return salon_of(world.here.group, created_by=world.amina, about="Entre deux rencontres")


def enter(page, salon: Salon):
    page.goto(reverse("networks:salon_page", args=[salon.pk]))
    return page


def write(page, text: str) -> None:
    page.get_by_label("Votre message").fill(text)
    page.get_by_role("button", name="Publier").click()


def test_two_people_talk_live_and_nothing_jumps(page_as, world, salon):  # noqa: F811
    say(salon, world.amina, "Première trouvaille")
    amina, bruno = enter(page_as(world.amina), salon), enter(page_as(world.bruno, width=390), salon)
    amina.get_by_text("2 personnes présentes").wait_for(timeout=WITHIN_MS)
    write(bruno, "Un **sablier** pour la consigne")
    amina.locator(".post", has_text="Un sablier pour la consigne").wait_for(timeout=WITHIN_MS)
    expect(bruno.get_by_label("Votre message")).to_have_value("")
    expect(bruno.locator(".post")).to_have_count(2)

    amina.get_by_label("Votre message").type("Merci")
    bruno.get_by_text("Amina Petit écrit…").wait_for(timeout=WITHIN_MS)

    second = amina.locator(".post", has_text="sablier")
    second.get_by_role("link", name="Répondre").click()
    expect(amina.locator("[data-answering]")).to_contain_text("En réponse à Bruno Petit")
    write(amina, "On essaie demain")
    answer = bruno.locator(".post", has_text="On essaie demain")
    answer.get_by_role("link", name="En réponse à Bruno Petit").wait_for(timeout=WITHIN_MS)

    second.get_by_text("Réagir").click()
    second.get_by_role("button", name="bonne idée").click()
    bruno.locator(".post", has_text="sablier").locator(".reaction[data-who]").wait_for(timeout=WITHIN_MS)
    expect(second.locator(".reaction[data-who]")).to_have_attribute("aria-pressed", "true")
    actions.edit_post(post=Post.objects.get(seq=1), text="Première trouvaille du jour", by=world.amina)
    bruno.get_by_text("Première trouvaille du jour").wait_for(timeout=WITHIN_MS)
    for page in (amina, bruno):
        expect(page.locator(".post")).to_have_count(3)
        assert page.axe() == []
        assert not page.scrolls_sideways()
        page.check()


def test_whoever_reacts_without_end_reads_why_it_stops(page_as, world, salon, monkeypatch):  # noqa: F811
    monkeypatch.setitem(posts.PACE, "reaction", "1/m/user")
    say(salon, world.amina, "Un sablier")
    bruno = enter(page_as(world.bruno, width=390), salon)
    post = bruno.locator(".post", has_text="Un sablier")
    post.get_by_text("Réagir").press("Enter")
    post.get_by_role("button", name="merci").press("Enter")
    given = post.locator(".reaction[data-who]")
    given.wait_for(timeout=WITHIN_MS)
    given.press("Enter")
    post.get_by_text("Vous avez beaucoup réagi en peu de temps.").wait_for(timeout=WITHIN_MS)
    expect(given).to_have_count(1)
    assert bruno.axe() == []
    assert not bruno.scrolls_sideways()


def test_who_reads_back_is_not_moved_and_sees_that_there_is_news(page_as, world, salon):  # noqa: F811
    for number in range(30):
        say(salon, world.amina, f"Message {number}, assez long pour tenir une ligne.")
    salon.refresh_from_db()
    actions.mark_read(salon=salon, seq=30, by=world.bruno)
    bruno = enter(page_as(world.bruno), salon)
    bruno.until("window.scrollY > 0")
    bruno.evaluate("window.scrollTo(0, 0)")
    before = bruno.evaluate("window.scrollY")
    say(salon, world.amina, "Une nouvelle")
    news = bruno.get_by_role("button", name="1 nouveau message")
    news.wait_for(timeout=WITHIN_MS)
    assert bruno.evaluate("window.scrollY") == before
    expect(bruno.locator("#annonce")).to_contain_text("Nouveau message de Amina Petit", timeout=WITHIN_MS)
    news.click()
    expect(bruno.get_by_text("Une nouvelle")).to_be_in_viewport()
    bruno.until(lambda: SalonReading.objects.filter(person=world.bruno, read_seq__gte=31).exists(), 60)


def test_what_is_refused_or_cut_off_is_kept_in_the_box(page_as, world, salon):  # noqa: F811
    amina = enter(page_as(world.amina), salon)
    write(amina, "Un mot à @Chloé")
    amina.get_by_text("n’appelle personne de ce salon").wait_for()
    words = amina.get_by_label("Votre message")
    expect(words).to_have_value("Un mot à @Chloé")
    words.fill("Un mot à tous")
    amina.until(lambda: any(one.values["text"] == ["Un mot à tous"] for one in FormDraft.objects.all()))
    amina.reload()
    expect(words).to_have_value("Un mot à tous")
    amina.context.set_offline(True)
    amina.get_by_role("button", name="Publier").click()
    amina.get_by_text("Pas de connexion").wait_for()
    amina.context.set_offline(False)
    amina.get_by_role("button", name="Publier").click()
    amina.locator(".post", has_text="Un mot à tous").wait_for(timeout=WITHIN_MS)
    assert Post.objects.count() == 1
    amina.until(lambda: not FormDraft.objects.exists())


def test_without_a_live_channel_pages_ask_by_themselves(page_as, world, salon):  # noqa: F811
    bruno = page_as(world.bruno)
    bruno.context.route_web_socket("**/ws/**", lambda channel: channel.close())
    enter(bruno, salon)
    say(salon, world.amina, "Par le chemin ordinaire")
    bruno.get_by_text("Par le chemin ordinaire").wait_for(timeout=WITHIN_MS)


def test_who_leaves_the_group_keeps_nothing_on_the_screen(page_as, world, salon):  # noqa: F811
    say(salon, world.amina, "Entre nous")
    bruno = enter(page_as(world.bruno), salon)
    bruno.get_by_text("Entre nous").wait_for()
    bruno.get_by_label("Votre message").fill("Ce que j’écrivais")
    world.bruno.memberships.update(standing="LEFT", left_on=timezone.localdate())
    bruno.get_by_text("Ce salon n’est plus ouvert à vous.").wait_for(timeout=WITHIN_MS)
    assert bruno.get_by_text("Entre nous").count() == 0
    expect(bruno.get_by_label("Ce que vous écriviez")).to_have_value("Ce que j’écrivais")


@pytest.mark.parametrize("look", [{"width": 390}, {"width": 1280, "dark": True}])
def test_the_pages_around_a_salon_hold_with_long_words_and_much_to_show(page_as, world, salon, look):  # noqa: F811
    world.here.group.adviser = world.adviser
    world.here.group.save()
    Salon.objects.filter(pk=salon.pk).update(title="Anticonstitutionnellement" * 3)
    post = say(salon, world.bruno, f"{'mot-très-long' * 30}\n\n```\n{'code ' * 60}\n```\n\n- un\n- deux")
    file_of(post, name=f"{'photographie' * 9}.jpg")
    say(salon, world.amina, "Oui", parent=post)
    actions.pin_post(post=post, pinned=True, by=world.amina)
    actions.react(post=post, code="merci", by=world.amina)
    actions.report_post(post=post, word="mot" * 60, by=world.amina)
    pages = {
        world.amina: ["salon_list", "salon_new", "salon_page", "salon_edit", "post_page"],
        world.adviser: ["report_list", "post_page"],
    }
    for person, names in pages.items():
        page = page_as(person, **look)
        for name in names:
            holes = {"salon_page": [salon.pk], "salon_edit": [salon.pk], "post_page": [salon.pk, post.seq]}.get(
                name, []
            )
            page.goto(reverse(f"networks:{name}", args=holes))
            assert page.axe() == [], name
            assert not page.scrolls_sideways(), name
        page.check()
