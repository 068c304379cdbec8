"""The deposit, in Chromium: several films, a bad line, a closed tab, a full disk, two tabs; nothing typed is lost."""

import hashlib
import io
import struct
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.videos.films import film_of, make_clip
from tests.videos.records import record_of
from videos import actions, paths
from videos.models import Film, FilmState, RecordingProject, Upload

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHUNK_BYTES = 8 * 1024 * 1024
ARRIVED = "Le fichier est arrivé."


def open_deposit(page):
    page.goto(reverse("videos:film_deposit"))
    return page


def choose(page, *files: Path) -> None:
    page.locator("input[type=file]").set_input_files(list(files))


def card(page, name: str):
    """The film of the page whose file has this name."""
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name))


def small_file(folder: Path, name: str, letter: bytes = b"x") -> Path:
    file = folder / name
    file.write_bytes(letter * 1000)
    return file


def ends_of(file: Path) -> str:
    """What a browser says of a small file: its first 64 KiB are its last ones too."""
    return hashlib.sha256(file.read_bytes() * 2).hexdigest()


def address(film: Film) -> str:
    return reverse("videos:film_page", args=[film.pk])


def big_file(folder: Path) -> Path:
    """Two chunks and a half of bytes that nothing compresses."""
    file = folder / "séance longue.mp4"
    file.write_bytes(bytes(range(251)) * (int(2.5 * CHUNK_BYTES) // 251))
    return file


def slow_down(page, bytes_a_second: int) -> None:
    session = page.context.new_cdp_session(page.page)
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
    session.send("Network.emulateNetworkConditions", conditions)


def test_cut_upload_goes_on_where_it_stopped(page_as, world, tmp_path):  # noqa: F811
    file = big_file(tmp_path)
    first = page_as(world.amina, width=390)
    open_deposit(first)
    slow_down(first, 2_000_000)
    first.locator("input[type=file]").set_input_files(file)
    first.get_by_label("Titre").fill("Une séance longue")
    first.until("document.querySelector('[data-part=bar]').value >= 50")
    context = first.context
    first.page.close()
    upload = Upload.objects.get()
    assert 0 < upload.offset_bytes < upload.size_bytes

    again = context.new_page()
    sent: list[tuple[str, str | None]] = []
    held: list[str] = []  # what the server says that it has
    again.on("request", lambda asked: sent.append((asked.method, asked.headers.get("upload-offset"))))
    again.on("response", lambda told: told.request.method == "HEAD" and held.append(told.headers["upload-offset"]))
    again.goto(f"{first.base_url}{reverse('videos:film_deposit')}")
    again.get_by_text("Un envoi n’est pas terminé").wait_for()
    again.get_by_role("heading", name="séance longue.mp4").wait_for()
    assert again.get_by_label("Titre").input_value() == "Une séance longue", "what was typed is still there"
    again.locator("input[type=file]").set_input_files(file)
    again.get_by_text("Le fichier est arrivé.").wait_for(timeout=60_000)
    assert next(offset for method, offset in sent if method == "PATCH") == held[0]
    assert int(held[0]) >= upload.offset_bytes
    assert "POST" not in [method for method, _ in sent], "no second upload was begun"
    assert paths.source(upload.pk).read_bytes() == file.read_bytes()


def test_pause_and_a_lost_network(page_as, world, tmp_path):  # noqa: F811
    page = page_as(world.amina, width=390)
    open_deposit(page)
    slow_down(page, 2_000_000)
    page.locator("input[type=file]").set_input_files(big_file(tmp_path))
    page.get_by_role("button", name="Mettre en pause").click()
    page.get_by_text("Envoi en pause").wait_for()
    assert page.evaluate("document.activeElement.textContent").startswith("Reprendre")
    page.keyboard.press("Enter")
    page.get_by_text("Envoi en cours").wait_for()
    page.context.set_offline(True)
    page.get_by_text("Réseau coupé. L’envoi reprendra tout seul.").wait_for()
    page.context.set_offline(False)
    page.get_by_text("Le fichier est arrivé.").wait_for(timeout=60_000)
    assert Upload.objects.get().is_complete


def test_deposit_before_the_last_byte(page_as, world, tmp_path):  # noqa: F811
    page = page_as(world.amina, width=390)
    open_deposit(page)
    slow_down(page, 1_000_000)
    page.locator("input[type=file]").set_input_files(big_file(tmp_path))
    page.get_by_label("Titre").fill("Avant la fin")
    page.get_by_role("button", name="Déposer le film").click()
    page.get_by_text("C’est noté").wait_for()
    page.until("document.querySelector('[name=title]').disabled")
    early = Film.objects.get()
    assert (early.title, early.state) == ("Avant la fin", FilmState.UPLOADING), "written down at once"
    slow_down(page, -1)
    page.wait_for_url(f"**{address(early)}", timeout=60_000)
    early.refresh_from_db()
    assert early.state == FilmState.PROCESSING
    page.check()


def test_another_person_sees_nothing_of_an_upload_on_the_same_computer(page_as, world, tmp_path):  # noqa: F811
    page = page_as(world.amina)
    page.goto(reverse("videos:film_deposit"))
    page.locator("input[type=file]").set_input_files(big_file(tmp_path))
    page.get_by_label("Titre").fill("Titre d’Amina")
    page.get_by_text("Le fichier est arrivé.").wait_for()
    page.context.clear_cookies()
    page.context.add_cookies(page_as(world.bruno).context.cookies())
    page.goto(reverse("videos:film_deposit"))
    page.wait_for_load_state("networkidle")
    assert "séance longue" not in page.content()
    choose(page, tmp_path / "séance longue.mp4")
    assert page.get_by_label("Titre").input_value() == ""


def test_several_films_go_one_after_the_other(page_as, world, tmp_path):  # noqa: F811
    page = open_deposit(page_as(world.amina, width=390))
    long, *short = big_file(tmp_path), small_file(tmp_path, "b.mp4", b"b"), small_file(tmp_path, "c.mov", b"c")
    slow_down(page, 1_000_000)
    choose(page, long, *short)
    card(page, "c.mov").get_by_text("Attend son tour.").wait_for()
    assert page.axe() == []
    assert not page.scrolls_sideways()
    for name, title in (("c.mov", "La fin"), ("b.mp4", "Le milieu")):  # typed while the first is on its way
        card(page, name).get_by_label("Titre").fill(title)
        card(page, name).get_by_role("button", name="Déposer le film").click()
    card(page, "b.mp4").get_by_text("C’est noté").wait_for()
    slow_down(page, -1)
    page.get_by_text("2 films déposés sur 3.").wait_for(timeout=60_000)
    card(page, "séance longue.mp4").get_by_label("Titre").fill("Le début")
    card(page, "séance longue.mp4").get_by_role("button", name="Déposer le film").click()
    page.get_by_text("Vos 3 films sont déposés. Vous pouvez fermer cette page.").wait_for()
    assert page.axe() == []
    page.check()
    films = {film.title: film for film in Film.objects.select_related("upload")}
    sent = {"Le début": long, "Le milieu": short[0], "La fin": short[1]}
    assert set(films) == set(sent)
    for title, file in sent.items():
        assert films[title].state == FilmState.PROCESSING
        assert paths.source(films[title].upload.pk).read_bytes() == file.read_bytes()
    seen = {link.get_attribute("href") for link in page.get_by_role("link", name="Voir le film").all()}
    assert seen == {f"{page.base_url}{address(film)}" for film in films.values()}


def test_each_film_has_its_own_errors(page_as, world, tmp_path, settings):  # noqa: F811
    settings.FILM_MAX_BYTES = 100_000
    (tmp_path / "vide.mp4").touch()
    (tmp_path / "lourd.mp4").write_bytes(b"x" * 100_001)
    (tmp_path / "note.pdf").write_bytes(b"%PDF")
    page = open_deposit(page_as(world.amina))
    good = small_file(tmp_path, "bon.mp4")
    choose(page, tmp_path / "vide.mp4", tmp_path / "lourd.mp4", tmp_path / "note.pdf", good, good)
    card(page, "vide.mp4").get_by_text("Ce fichier est vide.").wait_for()
    card(page, "lourd.mp4").get_by_text("la limite est de 98").wait_for()
    card(page, "note.pdf").get_by_text("n’est pas un film").wait_for()
    card(page, "bon.mp4").get_by_text(ARRIVED).wait_for()
    page.get_by_text("bon.mp4 est déjà dans la liste.").wait_for()
    card(page, "bon.mp4").get_by_role("button", name="Déposer le film").click()
    card(page, "bon.mp4").get_by_text("Donnez un titre à votre film.").wait_for()
    assert page.evaluate("document.activeElement.name") == "title"
    assert page.axe() == []
    page.keyboard.type("Un bon film")
    page.keyboard.press("Enter")
    card(page, "bon.mp4").get_by_role("link", name="Voir le film").wait_for()
    assert Film.objects.get().title == "Un bon film"
    assert Upload.objects.count() == 1


def test_index_of_a_phone_film_goes_first(page_as, world, tmp_path):  # noqa: F811
    """It arrives before the first chunk; a film whose index comes first needs nothing of it."""
    phone = make_clip(tmp_path / "telephone.mp4")
    ready = make_clip(tmp_path / "pret.mp4", options=("-movflags", "+faststart"))
    page = page_as(world.amina, width=390)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.method))
    open_deposit(page)
    choose(page, phone)
    card(page, "telephone.mp4").get_by_text(ARRIVED).wait_for()
    assert [method for method in sent if method in ("POST", "PUT", "PATCH")] == ["POST", "PUT", "PATCH"]
    upload = Upload.objects.get()
    assert upload.has_index
    assert not upload.index_changed
    assert upload.index_offset + upload.index_bytes == upload.size_bytes
    assert phone.read_bytes()[upload.index_offset + 4 :][:4] == b"moov"
    assert paths.source(upload.pk).read_bytes() == phone.read_bytes()
    sent.clear()
    choose(page, ready)
    card(page, "pret.mp4").get_by_text(ARRIVED).wait_for()
    assert "PUT" not in sent


def test_film_arrives_all_the_same_when_its_index_is_refused(page_as, world, tmp_path, monkeypatch):  # noqa: F811
    page = page_as(world.amina)
    page.route("**/index/", lambda route: route.abort())
    open_deposit(page)
    choose(page, make_clip(tmp_path / "telephone.mp4"))
    card(page, "telephone.mp4").get_by_text(ARRIVED).wait_for()
    upload = Upload.objects.get()
    assert not upload.has_index
    assert paths.source(upload.pk).read_bytes() == (tmp_path / "telephone.mp4").read_bytes()


def test_film_given_up_can_be_taken_back(page_as, world, tmp_path):  # noqa: F811
    page = open_deposit(page_as(world.amina))
    choose(page, small_file(tmp_path, "a.mp4"))
    film = card(page, "a.mp4")
    film.get_by_text(ARRIVED).wait_for()
    film.get_by_role("button", name="Retirer").click()
    film.get_by_text("Envoi abandonné.").wait_for()
    page.keyboard.press("Enter")  # the focus is on « Annuler »
    film.get_by_text(ARRIVED).wait_for()
    film.get_by_role("button", name="Retirer").click()
    page.goto("/")  # leaving says it at once
    page.until(lambda: not Upload.objects.exists())


def test_full_disk_says_so_and_goes_on_afterwards(page_as, world, tmp_path, settings):  # noqa: F811
    page = page_as(world.amina)
    page.page.add_init_script("window.setTimeout = ((real) => (f, ms) => real(f, Math.min(ms ?? 0, 50)))(setTimeout)")
    open_deposit(page)
    settings.FILM_DISK_FLOOR_BYTES = 1 << 60
    choose(page, small_file(tmp_path, "a.mp4"))
    film = card(page, "a.mp4")
    film.get_by_text("Il n’y a plus assez de place pour recevoir ce film.").wait_for(timeout=30_000)
    assert page.axe() == []
    settings.FILM_DISK_FLOOR_BYTES = 0
    film.get_by_role("button", name="Reprendre").click()
    film.get_by_text(ARRIVED).wait_for()


def test_quota_is_told_before_and_after(page_as, world, tmp_path, settings):  # noqa: F811
    settings.FILM_STORED_QUOTA_BYTES = 1024**2
    film_of(world.amina, world.here.group, size_bytes=1024**2 - 500)
    page = open_deposit(page_as(world.amina))
    page.get_by_text("Vos films occupent 1024\u00a0ko sur 1,0\u00a0Mo.").wait_for()
    choose(page, small_file(tmp_path, "a.mp4"))
    card(page, "a.mp4").get_by_text("celui-ci n’y tient plus").wait_for()


def test_film_deposited_before_is_pointed_at(page_as, world, tmp_path):  # noqa: F811
    file = small_file(tmp_path, "copie.mp4")
    film = film_of(world.amina, world.here.group, size_bytes=1000, fingerprint=ends_of(file))
    page = open_deposit(page_as(world.amina))
    choose(page, file)
    link = card(page, "copie.mp4").get_by_role("link", name="le voir")
    link.wait_for()
    assert link.get_attribute("href") == address(film)
    card(page, "copie.mp4").get_by_text(ARRIVED).wait_for()
    assert Upload.objects.get().is_complete, "nothing is forbidden"


def test_second_tab_is_told_what_it_typed_in_vain(page_as, world, tmp_path):  # noqa: F811
    file = small_file(tmp_path, "a.mp4")
    first = open_deposit(page_as(world.amina, width=390))
    second = first.context.new_page()
    second.goto(f"{first.base_url}{reverse('videos:film_deposit')}")
    for tab, title in ((first, "Le premier"), (second, "Le second")):
        choose(tab, file)
        card(tab, "a.mp4").get_by_text(ARRIVED).wait_for()
        card(tab, "a.mp4").get_by_label("Titre").fill(title)
    card(first, "a.mp4").get_by_role("button", name="Déposer le film").click()
    first.wait_for_url("**/films/*-*-*/")
    card(second, "a.mp4").get_by_role("button", name="Déposer le film").click()
    told = card(second, "a.mp4")
    told.get_by_text(
        "sous le titre «\u00a0Le premier\u00a0». Le titre «\u00a0Le second\u00a0», écrit ici, n’a pas été gardé."
    ).wait_for()
    told.get_by_role("link", name="Voir le film").wait_for()
    second.wait_for_timeout(500)
    assert "deposer" in second.url, "the sentence stays to be read"
    assert Film.objects.get().title == "Le premier"


def test_index_that_goes_first_counts_in_the_progress(page_as, world, tmp_path):  # noqa: F811
    """Half of this film is its index: while it leaves, the bar moves; a pause stops it; all of it ends at 100 %."""
    clip = make_clip(tmp_path / "telephone.mp4").read_bytes()
    start = clip.index(b"moov") - 4
    filler = struct.pack(">I4s", 4_000_000, b"free") + bytes(range(250)) * 16_000
    heavy = tmp_path / "lourd.mp4"
    heavy.write_bytes(clip + filler[:4_000_000])
    assert start < 2_000_000
    page = open_deposit(page_as(world.amina, width=390))
    slow_down(page, 700_000)
    choose(page, heavy)
    page.until("document.querySelector('[data-part=bar]').value >= 5")
    assert Upload.objects.get().offset_bytes == 0
    assert not Upload.objects.get().has_index
    page.get_by_role("button", name="Mettre en pause").click()
    page.wait_for_timeout(500)
    assert not Upload.objects.get().has_index
    slow_down(page, -1)
    page.get_by_role("button", name="Reprendre").click()
    card(page, "lourd.mp4").get_by_text(ARRIVED).wait_for()
    assert Upload.objects.get().has_index, "sent anew"
    assert page.evaluate("document.querySelector('[data-part=bar]').value") == 100
    assert paths.source(Upload.objects.get().pk).read_bytes() == heavy.read_bytes()


def test_session_that_ended_loses_nothing(page_as, world, tmp_path):  # noqa: F811
    page = open_deposit(page_as(world.amina))
    cookies = page.context.cookies()
    page.context.clear_cookies()
    choose(page, small_file(tmp_path, "a.mp4"))
    film = card(page, "a.mp4")
    film.get_by_text("Votre session a").wait_for()
    film.get_by_label("Titre").fill("Gardé")
    page.context.add_cookies(cookies)
    film.get_by_role("button", name="Reprendre").click()
    film.get_by_text(ARRIVED).wait_for()
    assert film.get_by_label("Titre").input_value() == "Gardé"


def test_keyboard_alone(page_as, world, tmp_path):  # noqa: F811
    page = open_deposit(page_as(world.amina))
    choose(page, small_file(tmp_path, "a.mp4"))
    card(page, "a.mp4").get_by_text(ARRIVED).wait_for()
    page.locator("input[type=file]").focus()
    stops = []
    for _ in range(6):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
    names = ["Retirer de la liste a.mp4", "title", "group", "project", "Préparer un nouveau projet", "Déposer le film"]
    assert stops == names


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_the_only_project_is_a_choice_that_says_who_will_see_the_film(page_as, world, tmp_path, javascript):  # noqa: F811
    project = record_of(world.amina, world.here.group)
    page = open_deposit(page_as(world.amina, width=390, javascript=javascript))
    names = ["a.mp4", "b.mp4"] if javascript else ["a.mp4"]
    choose(page, *(small_file(tmp_path, name, name[:1].encode()) for name in names))
    places = [card(page, name) for name in names] if javascript else [page.get_by_role("main").locator(".depot__plain")]
    asked = "chaque personne qu’on y reconnaît est-elle dans la liste de ce projet"
    for place in places:
        expect(place.get_by_label("Projet de captation")).to_have_value("")
        expect(place.get_by_text(asked)).to_be_hidden()
    assert not javascript or page.axe() == []  # its script needs scripts
    places[0].get_by_label("Projet de captation").select_option(str(project.pk))
    expect(places[0].get_by_text(asked)).to_be_visible()
    assert not javascript or page.axe() == []
    assert not page.scrolls_sideways()
    for place in places[1:]:  # the choice made for one film is not made for the next
        expect(place.get_by_label("Projet de captation")).to_have_value("")
        place.get_by_label("Titre").fill("Un autre film")
        place.get_by_role("button", name="Déposer le film").click()
        place.get_by_role("link", name="Voir le film").wait_for()
        assert Film.objects.get().project is None


def test_without_javascript_the_form_sends_one_film(page_as, world, tmp_path):  # noqa: F811
    page = open_deposit(page_as(world.amina, width=390, javascript=False))
    choose(page, small_file(tmp_path, "a.mp4"))
    page.get_by_label("Titre").fill("Sans script")
    page.get_by_role("button", name="Déposer le film").click()
    page.wait_for_url("**/films/*-*/")
    assert Film.objects.get().title == "Sans script"


@pytest.mark.parametrize("dark", [False, True])
def test_names_of_every_length_fit(page_as, world, tmp_path, dark):  # noqa: F811
    page = open_deposit(page_as(world.amina, width=390, dark=dark))
    choose(
        page, small_file(tmp_path, "é" * 120 + ".mp4"), small_file(tmp_path, "<b onclick=x>-i%03d|\u202egpm.mp4", b"y")
    )
    expect(page.get_by_text(ARRIVED)).to_have_count(2)
    assert not page.scrolls_sideways()
    assert page.axe() == []
    page.check()


def test_project_is_made_while_the_film_is_on_its_way(page_as, world, tmp_path):  # noqa: F811
    page = open_deposit(page_as(world.amina, width=390))
    slow_down(page, 6_000_000)
    choose(page, big_file(tmp_path), small_file(tmp_path, "b.mp4"))
    film = card(page, "séance longue.mp4")
    film.get_by_label("Titre").fill("Un film")
    film.get_by_role("link", name="Préparer un nouveau projet").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Nom du projet").fill("Problèmes à deux")
    dialog.get_by_role("button", name="Enregistrer").click()
    dialog.get_by_text("Dites où vous filmez.").first.wait_for()
    assert page.axe() == []
    assert not page.scrolls_sideways()
    dialog.get_by_label("Lieu").fill("Classe de CE1")
    dialog.get_by_label("Pourquoi filmer").fill("Voir comment chacun explique.")
    dialog.get_by_label("Premier jour de captation").fill(timezone.localdate().isoformat())
    page.keyboard.press("Escape")  # by mistake: what was typed is still there
    film.get_by_role("link", name="Préparer un nouveau projet").click()
    assert dialog.get_by_label("Lieu").input_value() == "Classe de CE1"
    dialog.get_by_role("button", name="Enregistrer").click()
    dialog.wait_for(state="hidden")
    project = RecordingProject.objects.get()
    assert page.evaluate("document.activeElement.name") == "project"
    assert film.get_by_label("Projet de captation").input_value() == str(project.pk)
    assert card(page, "b.mp4").get_by_label("Projet de captation").locator("option").all_inner_texts() == [
        "Plus tard",
        "Problèmes à deux",
    ]
    slow_down(page, -1)
    film.get_by_role("button", name="Déposer le film").click()
    film.get_by_role("link", name="Voir le film").wait_for(timeout=60_000)
    assert Film.objects.get().project == project
    assert [error for error in page.console_errors if "422" not in error] == []


def test_upload_begun_elsewhere_goes_on_here(page_as, world, tmp_path):  # noqa: F811
    """Another browser, another day, another name of the same file: the bytes tell."""
    file = small_file(tmp_path, "copie de classe (2).mp4")
    known = {"file_name": "classe.mp4", "fingerprint": ends_of(file)}
    upload = actions.start_upload(size_bytes=1000, by=world.amina, **known)
    begun = {"upload_id": upload.pk, "stream": io.BytesIO(b"x" * 400), "length": 400, "checksum": None}
    actions.receive(offset=0, by=world.amina, **begun)
    page = page_as(world.amina, width=390)
    sent: list[tuple[str, str | None]] = []
    page.on("request", lambda asked: sent.append((asked.method, asked.headers.get("upload-offset"))))
    open_deposit(page)
    card(page, "classe.mp4").get_by_text("40\u00a0% déjà envoyés").wait_for()
    choose(page, file)
    card(page, "classe.mp4").get_by_text(ARRIVED).wait_for()
    assert [one for one in sent if one[0] in ("POST", "PATCH")] == [("PATCH", "400")]
    assert paths.source(upload.pk).read_bytes() == file.read_bytes()


def test_phone_opens_its_camera(browser, world, live_server, page_as, tmp_path):  # noqa: F811
    cookies = page_as(world.amina).context.cookies()
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('videos:film_deposit')}")
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Filmer").tap()
    chosen.value.set_files(small_file(tmp_path, "video.mp4"))
    card(page, "video.mp4").get_by_text(ARRIVED).wait_for()
    context.close()
