"""Captions: who writes them, who reads them, what a film open beyond its group must keep."""

import json
import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from tests.videos.films import film_of
from videos import actions, queries
from videos.actions.protecting import protect
from videos.captions.rules import Cue
from videos.consents.rules import Audience
from videos.models import CaptionTrack, Film, Language
from videos.queries.captions import ROWS_A_PAGE

pytestmark = pytest.mark.django_db
HOSTILE = (
    "\ufeffWEBVTT\r\n\r\nSTYLE\r\n::cue(v){background:url(//evil.test/x)}\r\n\r\n"
    "1\r\n00:01.000 --> 00:02.500 line:0\r\n<v.x Amina><img src=x onerror=alert(1)>Bonjour &lt;script&gt;\r\n"
)


@pytest.fixture
def film(world) -> Film:
    return film_of(world.amina, world.here.group)


@pytest.fixture
def track(world, film) -> CaptionTrack:
    return shown(film, world.amina)


def shown(film, author, *texts: str) -> CaptionTrack:
    cues = [Cue(2000 * n, 2000 * n + 1500, text) for n, text in enumerate(texts or ("Bonjour", "Au revoir"))]
    track = actions.start_captions(film=film, language=Language.FRENCH, by=author)
    track = actions.save_captions(track=track, first=0, count=0, cues=cues, revision=0, by=author)
    return actions.show_captions(track=track, shown=True, by=author)


def url(name, film, track=None, **query):
    return reverse(f"videos:{name}", args=[film.pk, *([track.pk] if track else [])], query=query)


def file_url(film, track, form="vtt"):
    return reverse("videos:captions_file", args=[film.pk, track.pk, form])


def test_a_hostile_file_becomes_plain_captions(world, sign_in, film):
    client = sign_in(world.amina)
    sent = {"file": SimpleUploadedFile("<b>.vtt", HOSTILE.encode()), "language": "fr"}
    answer = client.post(url("captions_import", film), sent)
    track = CaptionTrack.objects.get()
    assert answer.url == url("captions_edit", film, track)
    assert track.text == "Amina : Bonjour <script>"
    served = client.get(file_url(film, track))
    assert served.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Cache-Control"] == "private, no-store"
    assert served.content.decode() == ("WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nAmina\u00a0: Bonjour &lt;script&gt;\n")
    page = client.get(answer.url).content.decode()
    assert "Bonjour &lt;script&gt;" in page
    assert "evil.test" not in page


def test_lines_that_could_not_be_read_are_said(world, sign_in, film):
    text = "WEBVTT\n\n00:01.000 --> 00:02.500\nBonjour\n\nxx --> yy\nB\n"
    sent = {"file": SimpleUploadedFile("a.vtt", text.encode()), "language": "fr"}
    page = sign_in(world.amina).post(url("captions_import", film), sent, follow=True).content.decode()
    assert "La ligne 6 du fichier n’a pas pu être lue." in page
    assert "brouillon, visible de vous" in page.replace("\u00a0", " ")
    track = CaptionTrack.objects.get()
    assert f'action="{url("captions_show", film, track)}"' in page
    assert "Montrer avec le film" in page
    sign_in(world.amina).post(url("captions_show", film, track), {"shown": "yes"})
    page = sign_in(world.amina).get(url("captions_edit", film, track)).content.decode()
    assert "montrés avec le film" in page
    assert "Montrer avec le film" not in page


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"PK\x03\x04", b"<html>", b"x" * (1024**2 + 1)])
def test_other_files_are_refused_in_the_form(world, sign_in, film, content):
    sent = {"file": SimpleUploadedFile("a.vtt", content), "language": "fr"}
    answer = sign_in(world.amina).post(url("captions_import", film), sent)
    assert answer.status_code == 422
    assert "fichier" in answer.content.decode()
    assert not CaptionTrack.objects.exists()


def test_a_file_replaces_and_the_former_version_comes_back(world, sign_in, film, track):
    sent = {"file": SimpleUploadedFile("a.srt", b"1\n00:00:01,000 --> 00:00:02,500\nNeuf\n"), "language": "fr"}
    client = sign_in(world.amina)
    client.post(url("captions_import", film), sent)
    track.refresh_from_db()
    assert track.text == "Neuf"
    client.post(url("captions_undo", film, track))
    track.refresh_from_db()
    assert track.text == "Bonjour\nAu revoir"
    client.post(url("captions_undo", film, track))
    track.refresh_from_db()
    assert track.text == "Neuf"


def test_drafts_are_the_author_s_alone(world, sign_in, film, track):
    readers = {"amina": 200, "bruno": 200, "chloe": 404, "denis": 404, "inspector": 404, "superuser": 404}
    for name, status in readers.items():
        client = sign_in(world.people[name])
        assert client.get(file_url(film, track)).status_code == status, name
        assert client.get(url("transcript", film, track)).status_code == status, name
    actions.show_captions(track=track, shown=False, by=world.amina)
    assert sign_in(world.bruno).get(file_url(film, track)).status_code == 404
    assert sign_in(world.amina).get(file_url(film, track)).status_code == 200
    assert file_url(film, track) not in sign_in(world.bruno).get(url("film_page", film)).content.decode()


def test_an_address_with_an_endless_number_is_answered(world, sign_in, film, track):
    """Python reads no number of five thousand digits: the page is the first one, and nothing was removed."""
    client = sign_in(world.amina)
    assert client.get(url("captions_edit", film, track, page="9" * 5000)).status_code == 200
    assert client.get(url("captions", film, retire="9" * 5000)).status_code == 200


def test_captions_die_with_the_right_to_see_the_film(world, sign_in, film, track):
    client = sign_in(world.bruno)
    assert client.get(file_url(film, track)).status_code == 200
    world.bruno.memberships.all().delete()
    assert client.get(file_url(film, track)).status_code == 404


def test_captions_of_another_film_are_not_reached_through_one_s_own(world, sign_in, film, track):
    own = film_of(world.chloe, world.here.other_group)
    client = sign_in(world.chloe)
    assert client.get(file_url(own, track)).status_code == 404
    for name in ("captions_edit", "transcript"):
        assert client.get(url(name, own, track)).status_code == 404
    for name in ("captions_save", "captions_shift", "captions_undo", "captions_show", "captions_delete"):
        assert client.post(url(name, own, track), {"seconds": "1", "text": "x"}).status_code == 404
    track.refresh_from_db()
    assert track.text == "Bonjour\nAu revoir"


def test_only_the_author_writes(world, film, track):
    writes = {
        "start_captions": {"film": film, "language": Language.ENGLISH},
        "import_captions": {"film": film, "language": Language.FRENCH, "data": HOSTILE.encode()},
        "save_captions": {"track": track, "first": 0, "count": 0, "cues": [], "revision": track.revision},
        "shift_captions": {"track": track, "by_ms": 10},
        "undo_captions": {"track": track},
        "show_captions": {"track": track, "shown": False},
        "remove_captions": {"track": track},
        "restore_captions": {"track": track},
        "ask_captions": {"film": film},
        "set_chapters": {"film": film, "chapters": []},
    }
    for verb, given in writes.items():
        with pytest.raises(Refusal):
            getattr(actions, verb)(**given, by=world.bruno)


def rows(track, *typed, first=0, count=0):
    starts, ends, texts = ([row[at] for row in typed] for at in range(3))
    return {"first": first, "count": count, "revision": track.revision, "start": starts, "end": ends, "text": texts}


def test_rows_are_saved_and_empty_ones_go(world, sign_in, film, track):
    typed = rows(track, ("0:01", "0:02,5", "Un"), ("0:04", "0:05", "  "), ("0:03", "0:03,9", "Deux\r\nlignes"), count=2)
    answer = sign_in(world.amina).post(url("captions_save", film, track), typed)
    assert answer.status_code == 302
    track.refresh_from_db()
    assert track.cues == [Cue(1000, 2500, "Un"), Cue(3000, 3900, "Deux\nlignes")]


def test_a_bad_time_keeps_all_that_was_typed(world, sign_in, film, track):
    typed = rows(track, ("0:01", "hier", "Un <b>mot</b>"), ("0:05", "0:04", "Deux"), count=2)
    answer = sign_in(world.amina).post(url("captions_save", film, track), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="hier"' in page
    assert "Un &lt;b&gt;mot&lt;/b&gt;" in page
    assert "La fin vient après le début." in page
    track.refresh_from_db()
    assert track.text == "Bonjour\nAu revoir"


def test_two_screens_do_not_overwrite_each_other_in_silence(world, sign_in, film, track):
    client, former = sign_in(world.amina), rows(track, ("0:01", "0:02", "Ici"), count=2)
    client.post(url("captions_save", film, track), rows(track, ("0:01", "0:02", "Là-bas"), count=2))
    said = client.post(url("captions_save", film, track), former, headers={"Accept": "application/json"})
    assert said.status_code == 409
    assert "autre écran" in json.loads(said.content)["fault"]
    answer = client.post(url("captions_save", film, track), former)
    assert answer.status_code == 422
    assert "Ici" in answer.content.decode()
    track.refresh_from_db()
    assert track.text == "Là-bas"
    assert f'name="revision" value="{track.revision}"' in answer.content.decode()


def test_the_script_saves_and_learns_the_new_revision(world, sign_in, film, track):
    typed = rows(track, ("0:01", "0:02", "Un"), count=2)
    said = sign_in(world.amina).post(url("captions_save", film, track), typed, headers={"Accept": "application/json"})
    assert json.loads(said.content) == {"revision": track.revision + 1, "count": 1, "fault": ""}


def test_long_films_are_edited_page_by_page(world, sign_in, film):
    track = shown(film, world.amina, *(f"Phrase {number}" for number in range(ROWS_A_PAGE + 5)))
    client = sign_in(world.amina)
    second = client.get(url("captions_edit", film, track, page=2)).content.decode()
    assert "Phrase 104" in second
    assert "Phrase 99<" not in second
    client.post(url("captions_save", film, track), rows(track, ("9:00", "9:01", "Fin"), first=ROWS_A_PAGE, count=5))
    track.refresh_from_db()
    assert track.count == ROWS_A_PAGE + 1
    assert track.cues[-1].text == "Fin"
    for odd in ("0", "99", "x", "9" * 30, "9" * 5000):
        assert client.get(url("captions_edit", film, track, page=odd)).status_code == 200


@pytest.mark.parametrize(("typed", "starts"), [("1,5", 1500), ("1.5", 1500), ("−0", 0), ("2", 2000)])
def test_shift(world, sign_in, film, track, typed, starts):
    sign_in(world.amina).post(url("captions_shift", film, track), {"seconds": typed})
    track.refresh_from_db()
    assert track.cues[0].start_ms == starts


@pytest.mark.parametrize("typed", ["", "x", "-1", "1e9", "nan"])
def test_a_shift_that_cannot_be_is_refused(world, sign_in, film, track, typed):
    answer = sign_in(world.amina).post(url("captions_shift", film, track), {"seconds": typed})
    assert answer.status_code == 422
    track.refresh_from_db()
    assert track.cues[0].start_ms == 0


def test_removed_captions_come_back_for_some_minutes(world, sign_in, film, track):
    client = sign_in(world.amina)
    page = client.post(url("captions_delete", film, track), follow=True).content.decode()
    assert url("captions_restore", film, track) in page
    assert sign_in(world.bruno).get(file_url(film, track)).status_code == 404
    sign_in(world.amina).post(url("captions_restore", film, track))
    assert queries.captions_missing(film) is False
    actions.remove_captions(track=track, by=world.amina)
    CaptionTrack.objects.update(removed_at=timezone.now() - timedelta(hours=1))
    assert sign_in(world.amina).post(url("captions_restore", film, track)).status_code == 404


def test_a_film_goes_beyond_its_group_with_captions_only(world, film):
    project = film.project
    project.audience = Audience.NETWORK
    project.save()
    with pytest.raises(Refusal, match="sous-titres"):
        protect(film, project, Audience.NETWORK)
    track = actions.start_captions(film=film, language=Language.FRENCH, by=world.amina)
    with pytest.raises(Refusal, match="sous-titres"):
        protect(film, project, Audience.NETWORK)  # empty ones are none
    actions.save_captions(
        track=track, first=0, count=0, cues=[Cue(0, 900, "[Sans paroles]")], revision=0, by=world.amina
    )
    with pytest.raises(Refusal, match="sous-titres"):
        protect(film, project, Audience.NETWORK)  # nor a draft
    actions.show_captions(track=track, shown=True, by=world.amina)
    protect(film, project, Audience.NETWORK)
    film.save()
    assert list(Film.objects.annotate(captioned=queries.has_captions()).values_list("captioned", flat=True)) == [True]
    keep = {"first": 0, "count": 1, "cues": [], "revision": 1}
    for verb, given in {"show_captions": {"shown": False}, "remove_captions": {}, "save_captions": keep}.items():
        with pytest.raises(Refusal, match="garde ses sous-titres"):
            getattr(actions, verb)(track=track, **given, by=world.amina)


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_whatever_the_number(world, sign_in, film, django_assert_num_queries, count):
    for language in list(Language)[:count]:
        track = actions.start_captions(film=film, language=language, by=world.amina)
        cues = [Cue(1000 * n, 1000 * n + 900, "Oui") for n in range(count)]
        actions.save_captions(track=track, first=0, count=0, cues=cues, revision=0, by=world.amina)
    client = sign_in(world.amina)
    for name, given, cost in (("captions", (), PAGE_COST), ("captions_edit", (track,), EDITOR_COST)):
        client.get(url(name, film, *given))
        with django_assert_num_queries(cost):
            client.get(url(name, film, *given))


PAGE_COST, EDITOR_COST = 6, 8


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_one_is_told(world, film):
    """The race of two tabs: both read the same revision; one writes, the other is told, nothing is lost."""
    track, outcomes = shown(film, world.amina), []

    def save(text):
        try:
            given = {"first": 0, "count": 2, "revision": track.revision, "by": world.amina}
            actions.save_captions(track=track, cues=[Cue(0, 900, text)], **given)
            outcomes.append("written")
        except actions.Outdated:
            outcomes.append("told")
        finally:
            connection.close()

    tabs = [threading.Thread(target=save, args=(text,)) for text in ("un", "deux")]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert sorted(outcomes) == ["told", "written"]
