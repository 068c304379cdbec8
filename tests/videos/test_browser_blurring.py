"""A film is blurred in Chromium: faces found, areas drawn with the keyboard and the mouse, the film looked at."""

import random
from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from tests.browser import BrowserPage, browser, chromium, page_as  # noqa: F401
from tests.videos.blurring import area_of, blurring_of
from tests.videos.films import prepare
from tests.videos.test_browser_first_light import film, film_file  # noqa: F401
from videos.blurring import rules
from videos.models import Blurring, BlurringState, Film, HiddenArea
from videos.rules import timecode

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.django_db(transaction=True)]

PICTURE_THERE = "document.querySelector('video').readyState >= 2"


def address(film: Film) -> str:  # noqa: F811
    return reverse("videos:blurring", args=[film.pk])


def shot(page, folder: str | None, name: str) -> None:
    """Leave a picture for the eye, on a desk and on a phone, by day and by night."""
    if not folder:
        return
    size = page.viewport_size
    for width, scheme in ((1280, "light"), (390, "dark")) if size["width"] > 700 else ((size["width"], None),):
        page.set_viewport_size({"width": width, "height": size["height"]})
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=Path(folder) / f"floutage-{name}-{width}-{scheme}.png", full_page=True)
    page.set_viewport_size(size)


def seen_by(person, page_as, film):  # noqa: F811
    page = page_as(person)
    return page.context.request.get(f"{page.base_url}{reverse('videos:film_page', args=[film.pk])}").status


def add_here(page, at_s: float):
    page.locator("lecteur-video").evaluate(f"player => player.seek({at_s})")
    page.get_by_role("button", name="Ajouter une zone ici").click()
    page.until(PICTURE_THERE)
    frame = page.get_by_role("application")
    expect(frame).to_be_focused()
    return frame


def save(page, part: str) -> HiddenArea:
    page.get_by_role("button", name="Enregistrer la zone").click()
    page.locator("#zones").get_by_text(f"Zone {part} : c’est enregistré.").wait_for()
    expect(page.get_by_role("application")).to_have_count(0)
    return HiddenArea.objects.filter(by_hand=True).latest("pk")


def draw_by_keyboard(page) -> None:
    add_here(page, 1)
    for key in ("ArrowLeft", "ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    page.get_by_text("Cadre à 38 % de la gauche et 29 % du haut, 22 % de large, 31 % de haut").wait_for()
    assert page.evaluate("document.querySelector('video').currentTime") == pytest.approx(1, abs=0.05)
    page.locator("lecteur-video").evaluate("player => player.seek(2.5)")
    page.get_by_role("button", name="Finit ici").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Fin", exact=True)).to_have_value("0:02,6")  # and the picture that one sees with it
    page.get_by_role("application").focus()
    page.keyboard.press("ArrowRight")  # it has moved meanwhile
    assert page.axe() == []
    area = save(page, "de 0:00 à 0:02")
    assert (area.start_s, area.end_s) == (0.9, 2.6)
    assert [[round(value, 2) for value in point] for point in area.path] == [
        [1, 0.38, 0.29, 0.22, 0.31],
        [2.5, 0.39, 0.29, 0.22, 0.31],
    ]


def draw_by_mouse(page) -> None:
    frame = add_here(page, 0.5)
    scene, box = page.locator(".calque").bounding_box(), frame.locator("rect").bounding_box()
    assert box["x"] - scene["x"] == pytest.approx(0.4 * scene["width"], abs=6)
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 0.2 * scene["width"], middle[1], steps=4)
    page.mouse.up()
    corner = frame.locator("circle").last.bounding_box()
    page.mouse.move(corner["x"] + corner["width"] / 2, corner["y"] + corner["height"] / 2)
    page.mouse.down()
    page.mouse.move(corner["x"] + corner["width"] / 2 + 0.1 * scene["width"], corner["y"] + 5, steps=4)
    page.mouse.up()
    area = save(page, "de 0:00 à 0:05")
    _, x, _, width, _ = area.path[0]
    assert (x, width) == (pytest.approx(0.2, abs=0.02), pytest.approx(0.3, abs=0.02))


def test_a_film_is_blurred_from_its_page_to_its_colleagues(page_as, world, film, request):  # noqa: F811
    page, folder = page_as(world.amina), request.config.getoption("--screenshots")
    page.goto(reverse("videos:film_page", args=[film.pk]))
    page.get_by_role("link", name="Flouter des visages").click()
    shot(page, folder, "debut")
    page.get_by_role("button", name="Chercher les visages").click()
    page.get_by_role("heading", name="Les visages sont recherchés").wait_for()
    assert page.axe() == []
    shot(page, folder, "recherche")
    prepare(film)
    page.get_by_text("visage trouvé par la machine").wait_for()  # the page came anew by itself
    face = page.get_by_role("checkbox", name="flouter : Visage de 0:00").first
    expect(face).to_be_checked()
    page.get_by_role("link", name="Voir de 0:00").first.click()
    page.until("document.querySelectorAll('.calque__zone--floue').length === 1")
    face.uncheck()
    page.until("document.querySelectorAll('.calque__zone:not(.calque__zone--floue)').length === 1")
    assert not HiddenArea.objects.chosen().exists()
    face.check()
    page.get_by_text("1 zone à flouter").wait_for()
    draw_by_keyboard(page)
    draw_by_mouse(page)
    page.get_by_label("Plus graves").check()
    shot(page, folder, "choix")
    assert seen_by(world.bruno, page_as, film) == 200
    page.get_by_role("button", name="Flouter le film").click()
    page.get_by_role("heading", name="Le film flouté se prépare").wait_for()
    assert seen_by(world.bruno, page_as, film) == 404
    shot(page, folder, "floutage")
    prepare(film)
    page.get_by_role("heading", name="Regardez le film flouté en entier").wait_for()
    assert seen_by(world.bruno, page_as, film) == 404
    assert page.axe() == []
    shot(page, folder, "verification")
    page.get_by_role("button", name="Ce film flouté convient").click()
    page.get_by_text("puis cochez cette case").first.wait_for()
    page.get_by_label("J’ai regardé le film flouté en entier").check()
    page.get_by_role("button", name="Ce film flouté convient").click()
    page.locator("#messages").get_by_text("C’est noté.").wait_for()
    assert Blurring.objects.get().state == BlurringState.DONE
    assert seen_by(world.bruno, page_as, film) == 200
    page.console_errors[:] = [error for error in page.console_errors if "422" not in error]
    page.check()


class Finger:
    """One finger on the glass, as Chromium gives it to pages: nothing of a mouse in it."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page.page)

    def _send(self, kind: str, *points: tuple[float, float]) -> None:
        touched = [{"x": x, "y": y} for x, y in points]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})

    def drag(self, start: tuple[float, float], dx: float, dy: float) -> None:
        self._send("touchStart", start)
        for step in range(1, 6):
            self._send("touchMove", (start[0] + dx * step / 5, start[1] + dy * step / 5))
        self._send("touchEnd")


def middle_of(locator) -> tuple[float, float]:
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.fixture
def phone(browser, page_as, live_server, world):  # noqa: F811
    """Amina's telephone: a page that is touched."""
    size = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    context = browser.new_context(**size, reduced_motion="reduce", locale="fr-FR")
    context.add_cookies(page_as(world.amina).context.cookies())
    yield BrowserPage(context.new_page(), live_server.url)
    context.close()


def test_an_area_is_drawn_and_moved_with_a_finger_and_loses_a_point(phone, film, request):  # noqa: F811
    page = phone
    blurring_of(film)
    page.goto(address(film))
    page.until("document.querySelector('.calque')")
    page.locator("lecteur-video").evaluate("player => player.seek(1)")
    page.get_by_role("button", name="Ajouter une zone ici").tap()
    page.until(PICTURE_THERE)
    frame = page.get_by_role("application")
    frame.scroll_into_view_if_needed()
    scene = page.locator(".calque").bounding_box()
    scrolled = page.evaluate("scrollY")
    finger = Finger(page)
    finger.drag(middle_of(frame.locator("rect")), -0.2 * scene["width"], 0.1 * scene["height"])
    assert page.evaluate("scrollY") == scrolled, "the finger moves the frame, not the page"
    finger.drag(middle_of(frame.locator("circle").last), 0.1 * scene["width"], 0)
    assert frame.locator("circle").first.bounding_box()["width"] >= 24, "wide enough for a finger"
    for at_s, dx in ((2, 0.3), (3, -0.1)):
        page.locator("lecteur-video").evaluate(f"player => player.seek({at_s})")
        finger.drag(middle_of(frame.locator("rect")), dx * scene["width"], 0)
    shot(page, request.config.getoption("--screenshots"), "doigt")
    page.get_by_role("button", name="Point précédent").tap()
    page.get_by_text("Point 2 sur 3, à 0:02.").wait_for()
    page.get_by_role("button", name="Retirer ce point").tap()
    page.get_by_text("Point à 0:02 retiré.").wait_for()
    page.get_by_role("button", name="Remettre le point").tap()
    page.get_by_text("Point à 0:02 remis.").wait_for()
    frame.focus()
    page.keyboard.press("Delete")
    page.get_by_text("Point à 0:02 retiré.").wait_for()
    assert page.axe() == []
    assert not page.scrolls_sideways()
    area = save(page, f"de 0:00 à {timecode(min(6, film.duration_s))}")
    assert [point[0] for point in area.path] == [1, 3]
    _, x, y, width, _ = area.path[0]
    assert (x, y, width) == (pytest.approx(0.2, abs=0.03), pytest.approx(0.4, abs=0.03), pytest.approx(0.3, abs=0.03))
    assert area.path[1][1] == pytest.approx(0.4, abs=0.04)
    page.check()


def test_the_script_puts_an_area_where_the_film_is_blurred(page_as, world):  # noqa: F811
    chance = random.Random(7)  # the same each time
    ways = []
    for _ in range(60):
        seconds = sorted(chance.sample(range(100), chance.randint(1, 9)))
        way = [[at_s, *(round(chance.random(), 4) for _ in range(4))] for at_s in seconds]
        ways.append((way, chance.choice([chance.uniform(-1, 101), *seconds])))
    page = page_as(world.amina)
    page.goto(reverse("portal:help"))
    places = "({ boxAt }) => ways.map((way) => boxAt(...way))"
    script = f"(ways) => import('/static/js/floutage-trajet.js').then({places})"
    for (way, at_s), told in zip(ways, page.evaluate(script, ways), strict=True):
        box = rules.box_at(way, at_s)
        assert told == pytest.approx([box.x, box.y, box.width, box.height], abs=1e-9)


@pytest.fixture
def many(film):  # noqa: F811
    """Three hundred faces, thirty of them at one time."""
    held = blurring_of(film)
    for n in range(300):
        row = {"start_s": n // 30 * 0.4, "end_s": n // 30 * 0.4 + 0.4, "is_chosen": n % 3 > 0}
        x, y = n % 10 / 11, n // 10 % 3 / 4
        way = [[row["start_s"], x, y, 0.06, 0.08], [row["end_s"], x, y + 0.05, 0.06, 0.08]]
        area_of(held, **row, path=way, thumbnail=grey(n))
    return film


def grey(number: int) -> bytes:
    file = BytesIO()
    Image.new("RGB", (96, 96), (90 + number % 100, 120, 110)).save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize("look", [{"width": 390}, {"width": 1280, "dark": True}, {"width": 390, "dark": True}])
def test_three_hundred_areas_hold_on_a_page(page_as, world, many, look, request):  # noqa: F811
    page = page_as(world.amina, **look)
    page.goto(address(many))
    page.get_by_role("link", name="Voir de 0:00").first.click()
    page.until("document.querySelectorAll('.calque__zone').length === 30")
    page.get_by_role("link", name="Corriger : Visage de 0:00").first.click()
    page.get_by_role("application").wait_for()
    page.until("document.querySelectorAll('.calque__zone').length === 29")  # the frame stands for the other
    assert page.axe() == []
    assert not page.scrolls_sideways()
    shot(page, request.config.getoption("--screenshots"), f"300-{look['width']}{'-nuit' * look.get('dark', False)}")
    page.check()


def test_the_page_works_without_javascript(page_as, world, many):  # noqa: F811
    page = page_as(world.amina, javascript=False)
    page.goto(address(many))
    page.get_by_role("checkbox").first.uncheck()
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_role("button", name="Enregistrer ce choix").click()
    expect(page.get_by_role("checkbox").first).not_to_be_checked()
    page.get_by_text("Ajouter une zone", exact=True).click()
    for label, text in (("Début", "0:01"), ("Fin", "0:02")):
        page.get_by_label(label, exact=True).fill(text)
    place = page.get_by_role("group", name="Où, au début")
    for label in ("Bord gauche", "Bord haut", "Largeur", "Hauteur"):
        place.get_by_label(label).fill("20")
    page.get_by_role("button", name="Enregistrer la zone").click()
    page.get_by_text("Zone de 0:01 à 0:02 : c’est enregistré.").wait_for()
    assert HiddenArea.objects.get(by_hand=True).path == [[1, 0.2, 0.2, 0.2, 0.2]]
