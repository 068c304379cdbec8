"""What Chromium really played of a film is what the database holds: faster, by jumps, twice, without a network.

The referee is the browser's own account of what it played (`video.played`).
"""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.trainings.watching_things import URL, Learning, excerpt_in_path, learning
from tests.videos.films import film_of
from tests.videos.streams import SECONDS, Stream
from trainings.models import WatchedExcerpt
from trainings.quizzes.rules import QuestionKind

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.django_db(transaction=True)]
PAGE = "tests.trainings.watching_page"
PLAYED = "[...Array(video.played.length).keys()].map((at) => [video.played.start(at), video.played.end(at)])"
AT = "document.querySelector('video').currentTime"
PAUSED = "document.querySelector('video').paused"
LEFT = "Object.keys(localStorage).filter((name) => name.startsWith('suivi:')).length"


@pytest.fixture(autouse=True)
def _page_of_the_test(settings):
    settings.ROOT_URLCONF = PAGE


@pytest.fixture
def mine(world) -> Learning:
    film = film_of(world.amina, world.here.group, duration_s=SECONDS)
    return learning(world.bruno, excerpt_in_path(world.here.district, film, in_s=0, out_s=SECONDS))


@pytest.fixture
def opened(page_as, world, mine):  # noqa: F811
    """Open the page, of a film that really plays; each call is another device."""

    def open_page(*, width: int = 1280, javascript: bool = True, query: str = ""):
        page = page_as(world.bruno, width=width, javascript=javascript)
        Stream().serve(page)
        page.goto(reverse("essai", args=[mine.excerpt.pk]) + query)
        return page

    return open_page


def held(mine: Learning) -> WatchedExcerpt:
    return WatchedExcerpt.objects.get(enrolment=mine.enrolment, excerpt=mine.excerpt)


def played(page) -> float:
    """The different seconds that the browser says it played."""
    ranges = page.evaluate(f"(video => {PLAYED})(document.querySelector('video'))")
    return sum(end - begin for begin, end in ranges)


def play(page) -> None:
    page.get_by_role("button", name="Lire", exact=True).click()
    page.until("document.querySelector('video').videoWidth > 0")


def pause(page) -> None:
    """And wait until all that was played is told."""
    page.evaluate("document.querySelector('video').pause()")
    page.until(f"{LEFT} === 0")


def test_what_is_played_is_what_is_counted(opened, mine):
    page = opened(width=390)
    expect(page.locator("[data-suivi-mots]")).to_have_text("0 s vue sur 20 s")
    play(page)
    page.until(f"{AT} > 3")
    pause(page)
    assert abs(held(mine).seconds - played(page)) < 1
    assert abs(held(mine).seconds - page.evaluate(AT)) < 1
    expect(page.locator("[data-suivi-mots]")).to_contain_text("3 s vues sur 20 s")
    assert page.evaluate("document.getElementById('annonce').textContent").startswith("3")
    assert page.axe() == []
    assert not page.scrolls_sideways()
    page.check()


def test_faster_by_jumps_and_twice(opened, mine):
    page = opened()
    page.get_by_label("Vitesse").select_option("2")
    play(page)
    page.until(f"{AT} > 4")
    pause(page)
    first = held(mine).seconds
    assert abs(first - played(page)) < 1, "twice as fast, the seconds are the film's"
    assert first > 4

    page.locator("lecteur-video").evaluate("player => player.seek(18)")
    page.until(f"Math.abs({AT} - 18) < 0.2")
    page.wait_for_timeout(500)
    pause(page)
    assert held(mine).seconds == first, "a jump is nothing"
    play(page)
    page.until(f"{AT} > 19")
    pause(page)
    assert abs(held(mine).seconds - played(page)) < 1
    assert len(held(mine).stretches) == 2

    page.locator("lecteur-video").evaluate("player => player.seek(0)")
    page.until(f"{AT} < 0.5")
    play(page)
    page.until(f"{AT} > 3")
    pause(page)
    assert abs(held(mine).seconds - played(page)) < 1, "twice is once"
    page.check()


def test_a_jump_while_it_plays_is_nothing(opened, mine):
    page = opened()
    play(page)
    page.until(f"{AT} > 1")
    for second in (5, 9, 13, 17):
        page.locator("lecteur-video").evaluate(f"player => player.seek({second})")
        page.until(f"{AT} > {second} + 0.4")
    pause(page)
    assert abs(held(mine).seconds - played(page)) < 1
    assert held(mine).seconds < 8


def test_to_the_end_and_on_another_device(opened, mine):
    page = opened()
    page.get_by_label("Vitesse").select_option("2")
    play(page)
    page.until(f"{AT} > 6")
    pause(page)
    where = page.evaluate(AT)
    page.context.close()
    phone = opened(width=390)
    assert abs(phone.locator("lecteur-video").evaluate("player => player.time") - where) < 0.1
    phone.evaluate("document.addEventListener('parcours:vu', () => { window.seen = true; })")
    phone.get_by_label("Vitesse").select_option("2")
    play(phone)
    phone.until(
        "document.querySelector('video').ended || document.querySelector('lecteur-video').dataset.ended === 'yes'"
    )
    expect(phone.get_by_text("C’est vu.")).to_be_visible()
    assert phone.evaluate("window.seen")
    phone.until(f"{LEFT} === 0")
    assert held(mine).seconds > SECONDS - 1
    phone.check()


def test_what_a_cut_kept_here_is_told_when_the_network_is_back(opened, mine):
    page = opened()
    play(page)
    page.until(f"{AT} > 1")
    pause(page)
    before = held(mine).seconds
    page.context.set_offline(True)
    play(page)
    page.until(f"{AT} > 6")
    page.evaluate("document.querySelector('video').pause()")
    expect(page.get_by_text("La connexion est coupée : ce que vous voyez est gardé ici")).to_be_visible()
    assert held(mine).seconds == before
    assert page.evaluate(LEFT) == 1
    page.context.set_offline(False)
    page.until(f"{LEFT} === 0")
    assert abs(held(mine).seconds - played(page)) < 1


def test_what_a_closed_page_kept_is_told_by_the_next(opened, mine):
    page = opened()
    page.route("**/parcours/battement/", lambda route: route.abort())
    play(page)
    page.until(f"{AT} > 4")
    page.evaluate("document.querySelector('video').pause()")
    page.until(f"{LEFT} === 1")
    went = played(page)
    assert not WatchedExcerpt.objects.exists()
    page.unroute("**/parcours/battement/")
    page.goto(reverse("portal:home"))
    page.goto(reverse("essai", args=[mine.excerpt.pk]))
    page.until(f"{LEFT} === 0")
    assert abs(held(mine).seconds - went) < 1.1


def test_leaving_the_page_tells_what_was_played(opened, mine):
    page = opened()
    play(page)
    page.until(f"{AT} > 4")
    went = page.evaluate(AT)
    page.goto(reverse("portal:home"))
    page.until(WatchedExcerpt.objects.exists)
    assert abs(held(mine).seconds - went) < 1


def test_what_another_person_left_here_is_not_told(opened, mine):
    page = opened()
    left = '{"token": "x", "played": [[0, 9000]], "at_s": "9", "who": "%s", "kept_at": %s}'
    page.evaluate(f"localStorage.setItem('suivi:other', '{left % (0, 'KEPT')}'.replace('KEPT', Date.now()))")
    page.evaluate(f"localStorage.setItem('suivi:old', '{left % (0, 5)}')")
    page.evaluate("localStorage.setItem('suivi:broken', '{')")
    sent = []
    page.on("request", lambda request: sent.append(request) if reverse(URL) in request.url else None)
    page.goto(reverse("essai", args=[mine.excerpt.pk]))
    page.until("localStorage.getItem('suivi:old') === null")
    assert page.evaluate("localStorage.getItem('suivi:other')")
    assert sent == []


def test_a_film_that_stalls_does_not_count(opened, mine):
    page = opened()
    page.route(re.compile(r"-0000[2-9]\.m4s"), lambda route: route.abort())
    play(page)
    page.until(f"{AT} > 3")
    page.wait_for_timeout(3000)
    pause(page)
    assert abs(held(mine).seconds - played(page)) < 0.7
    assert held(mine).seconds < 5


def test_the_player_stops_where_a_question_is_asked(opened, mine):
    step, excerpt = mine.excerpt.step, mine.excerpt
    for rank, (at_s, text) in enumerate([(6, "Et là ?"), (2, "Que fait-elle ?")]):
        step.questions.create(rank=rank, kind=QuestionKind.SHORT, text=text, excerpt=excerpt, at_s=at_s)
    page = opened(width=390)
    expect(page.get_by_label("Réponse à « Que fait-elle ? »")).to_be_hidden()
    play(page)
    expect(page.get_by_role("heading", name="Question à 0:02")).to_be_focused()
    assert page.evaluate(PAUSED)
    assert 2 <= page.evaluate(AT) < 3
    expect(page.get_by_label("Réponse à « Et là ? »")).to_be_hidden()
    assert page.axe() == []
    assert not page.scrolls_sideways()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Réponse à « Que fait-elle ? »")).to_be_focused()
    page.get_by_label("Réponse à « Que fait-elle ? »").click()  # neither moves the film
    assert 2 <= page.evaluate(AT) < 3
    page.get_by_role("button", name="Continuer le film").first.click()
    page.until(f"{AT} > 3.2")
    assert not page.evaluate(PAUSED)
    page.locator("lecteur-video").evaluate("player => player.seek(8)")
    expect(page.get_by_label("Réponse à « Et là ? »")).to_be_visible()
    assert not page.evaluate(PAUSED), "who jumps over it may answer, and is not stopped"
    page.check()


def test_without_javascript_the_questions_stand_under_the_film(opened, mine):
    mine.excerpt.step.questions.create(rank=1, kind=QuestionKind.SHORT, text="Et là ?", excerpt=mine.excerpt, at_s=6)
    page = opened(width=390, javascript=False)
    expect(page.get_by_label("Réponse à « Et là ? »")).to_be_visible()
    expect(page.get_by_role("button", name="Continuer le film")).to_be_hidden()


def test_an_author_who_looks_is_not_counted(opened, mine):
    page = opened(query="?apercu")
    play(page)
    page.until(f"{AT} > 1")
    page.goto(reverse("portal:home"))
    assert not WatchedExcerpt.objects.exists()
    page.check()


def test_who_left_the_path_is_told(opened, mine):
    page = opened()
    mine.enrolment.delete()
    play(page)
    page.until(f"{AT} > 1")
    page.evaluate("document.querySelector('video').pause()")
    expect(page.get_by_text("Vous avez quitté ce parcours")).to_be_visible()
    page.until(f"{LEFT} === 0")
