"""Captioning in Chromium: while the film plays, saved as one types, nothing lost; and without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.videos.films import film_of
from tests.videos.streams import SECONDS, Stream
from videos import actions
from videos.captions.rules import Cue
from videos.models import CaptionTrack, Film, Language

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.django_db(transaction=True)]
VIDEO = "document.querySelector('video')"


@pytest.fixture
def film(world) -> Film:
    return film_of(world.amina, world.here.group, duration_s=SECONDS, width=320, height=180)


@pytest.fixture
def track(world, film) -> CaptionTrack:
    track = actions.start_captions(film=film, language=Language.FRENCH, by=world.amina)
    cues = [Cue(1000, 3000, "Alors, on commence"), Cue(4000, 6000, "Qui a fini ?")]
    return actions.save_captions(track=track, first=0, count=0, cues=cues, revision=0, by=world.amina)


def editor(page, film, track) -> None:
    Stream().serve(page)
    page.goto(reverse("videos:captions_edit", args=[film.pk, track.pk]))


def cues(track) -> list[tuple[int, int, str]]:
    return [(cue.start_ms, cue.end_ms, cue.text) for cue in CaptionTrack.objects.get(pk=track.pk).cues]


def words(track) -> list[str]:
    return [text for _, _, text in cues(track)]


def saved(page) -> None:
    page.locator("[data-cue-state]", has_text="Enregistré.").wait_for()


def test_typing_is_saved_and_shown_over_the_picture(page_as, world, film, track):  # noqa: F811
    page = page_as(world.amina)
    editor(page, film, track)
    page.locator("textarea").first.fill("Alors, on commence <i>ensemble</i>")
    saved(page)
    assert cues(track)[0] == (1000, 3000, "Alors, on commence <i>ensemble</i>")
    page.locator("lecteur-video").evaluate("player => { player.seek(1.5); player.play() }")
    page.until(f"[...{VIDEO}.textTracks].at(-1).activeCues?.[0]?.text.includes('ensemble')")
    page.locator("textarea").nth(1).fill("Un texte bien trop long pour qu’on ait le temps de le lire en deux secondes")
    page.locator(".cue__hints", has_text="trop rapide à lire, ligne longue").wait_for()
    assert page.axe() == []
    page.check()


def test_times_are_taken_from_the_film_with_keys_alone(page_as, world, film, track):  # noqa: F811
    page = page_as(world.amina)
    editor(page, film, track)
    area = page.locator("textarea").nth(1)
    area.focus()
    page.locator("lecteur-video").evaluate("player => player.seek(8)")
    area.press("Alt+d")
    page.locator("lecteur-video").evaluate("player => player.seek(9.5)")
    area.press("Alt+f")
    saved(page)
    assert cues(track)[1] == (8000, 9500, "Qui a fini ?")
    area.press("Home")
    for _ in range(5):
        area.press("ArrowRight")
    area.press("Alt+c")
    page.keyboard.press("Alt+k")
    page.until(f"!{VIDEO}.paused")
    page.keyboard.press("Alt+k")
    page.until(lambda: words(track) == ["Alors, on commence", "Qui a", "fini ?"])
    page.locator("textarea").nth(1).press("Alt+g")
    page.until(lambda: words(track) == ["Alors, on commence", "Qui a\nfini ?"])
    page.locator("lecteur-video").evaluate("player => { player.video.pause(); player.seek(15) }")
    page.keyboard.press("Alt+n")
    page.keyboard.type("Bravo")
    page.until(lambda: cues(track)[2:] == [(15_000, 18_000, "Bravo")])
    page.check()


def test_a_caption_is_heard_again_and_again(page_as, world, film, track):  # noqa: F811
    page = page_as(world.amina)
    editor(page, film, track)
    page.locator("[data-cue]").nth(0).get_by_role("button", name="Écouter").click()
    page.until(f"!{VIDEO}.paused && {VIDEO}.currentTime > 2.5")
    page.until(f"{VIDEO}.currentTime < 2")
    assert page.evaluate(f"{VIDEO}.currentTime") >= 0.9


def test_nothing_is_lost_when_the_line_is_cut_or_a_time_is_wrong(page_as, world, film, track):  # noqa: F811
    page = page_as(world.amina)
    editor(page, film, track)
    page.route("**/enregistrer/**", lambda route: route.abort())
    page.locator("textarea").first.fill("Écrit sans réseau")
    page.get_by_text("Pas encore enregistré").wait_for()
    page.unroute("**/enregistrer/**")
    saved(page)
    assert cues(track)[0][2] == "Écrit sans réseau"
    page.locator("[name=start]").first.fill("hier")
    page.locator("textarea").first.fill("Écrit avec un temps faux")
    saved(page)
    assert cues(track)[0] == (1000, 3000, "Écrit avec un temps faux"), "with the last good time"
    expect(page.locator("[name=start]").first).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("Ce n’est pas encore enregistré.").wait_for()
    assert page.locator("[name=start]").first.input_value() == "hier"
    assert page.locator("textarea").first.input_value() == "Écrit avec un temps faux"


def test_without_javascript(page_as, world, film, track):  # noqa: F811
    page = page_as(world.amina, width=390, javascript=False)
    page.goto(reverse("videos:captions", args=[film.pk]))
    page.get_by_role("link", name="Modifier").click()
    page.locator("textarea").nth(0).fill("")
    page.locator("textarea").nth(2).fill("À la fin")
    page.locator("[name=start]").nth(2).fill("0:10")
    page.locator("[name=end]").nth(2).fill("0:12,5")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("Les sous-titres sont enregistrés.").wait_for()
    assert words(track) == ["Qui a fini ?", "À la fin"]
    page.goto(reverse("videos:captions", args=[film.pk]))
    page.get_by_role("button", name="Montrer avec le film").click()
    page.get_by_text("Les sous-titres sont montrés avec le film.").wait_for()
    bruno = page_as(world.bruno, width=390, javascript=False)
    bruno.goto(reverse("videos:film_page", args=[film.pk]))
    bruno.get_by_text("Lire ce qui est dit").click()
    bruno.get_by_role("link", name="Ouvrir le texte").click()
    bruno.get_by_text("À la fin").wait_for()
    assert bruno.get_by_role("link", name="0:10").get_attribute("href").endswith("?t=10.0#lecteur")


def test_a_hostile_file_runs_nothing(page_as, world, film):  # noqa: F811
    hostile = (
        "WEBVTT\n\nSTYLE\n::cue { background: url(http://evil.test/x) }\n\n"
        "00:00.000 --> 00:15.000\n<v <img src=x onerror=alert(1)>>"
        "<c.x onclick=alert(2)>Voilà</c> &lt;img src=x onerror=alert(3)&gt;"
    )
    track, _ = actions.import_captions(film=film, language=Language.FRENCH, data=hostile.encode(), by=world.amina)
    actions.show_captions(track=track, shown=True, by=world.amina)
    dialogs = []
    for name, person in (("film_page", world.bruno), ("captions_edit", world.amina), ("transcript", world.bruno)):
        page = page_as(person)
        page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        Stream().serve(page)
        page.goto(reverse(f"videos:{name}", args=[film.pk, *([track.pk] if name != "film_page" else [])]))
        if name != "transcript":
            page.locator("lecteur-video").evaluate("player => { player.captions.choose('fr'); player.play() }")
            page.until(f"{VIDEO}.currentTime > 0.5")
        page.check()
    assert dialogs == []
