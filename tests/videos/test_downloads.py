"""A copy of a film to keep: by its author, and by those who see it when its author says so."""

import re
from urllib.parse import unquote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from circo.errors import Refusal
from tests.videos.films import deposited, film_of
from videos import actions, paths, rules
from videos.models import Film, Upload

COPY = b"a whole film"


@pytest.fixture
def film(world) -> Film:
    film = film_of(world.amina, world.here.group)
    default_storage.save(paths.media_key(film.pk, film.output, "film.mp4"), ContentFile(COPY))
    return film


def address(film: Film, name: str = "film_download") -> str:
    return reverse(f"videos:{name}", args=[film.pk])


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_author_takes_a_copy_and_others_once_it_is_allowed(world, film, sign_in):
    assert body(sign_in(world.amina).get(address(film))) == COPY
    assert sign_in(world.bruno).get(address(film)).status_code == 404
    assert sign_in(world.amina).post(address(film, "film_allow_download"), {"allowed": "on"}).status_code == 302
    assert body(sign_in(world.bruno).get(address(film))) == COPY
    for stranger in (world.chloe, world.denis, world.inspector, world.superuser, world.adviser):
        assert sign_in(stranger).get(address(film)).status_code == 404
    sign_in(world.amina).post(address(film, "film_allow_download"))
    assert sign_in(world.bruno).get(address(film)).status_code == 404


def test_copy_is_taken_by_its_own_address_alone(world, film, sign_in):
    """Else who may watch could keep it whatever its author chose."""
    assert sign_in(world.bruno).get(f"/films/{film.pk}/media/film.mp4").status_code == 404
    assert sign_in(world.amina).get(f"/films/{film.pk}/media/film.mp4").status_code == 404


def test_only_the_author_allows_it(world, film, sign_in):
    assert sign_in(world.bruno).post(address(film, "film_allow_download"), {"allowed": "on"}).status_code == 404
    with pytest.raises(Refusal, match="Seule la personne qui a déposé"):
        actions.allow_download(film=film, allowed=True, by=world.bruno)
    film.refresh_from_db()
    assert not film.download_allowed


def test_original_is_for_who_sent_it(world, sign_in):
    film = deposited(b"<script>alert(1)</script>", world.amina, world.here.group)
    film.download_allowed = True
    film.save()
    answer = sign_in(world.amina).get(address(film, "film_original"))
    assert body(answer) == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for other in (world.bruno, world.chloe, world.denis, world.superuser):
        assert sign_in(other).get(address(film, "film_original")).status_code == 404
    Upload.objects.update(offset_bytes=3)
    assert sign_in(world.amina).get(address(film, "film_original")).status_code == 404, "not all of it has arrived"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Une dictée", "Une dictée.mp4"),
        ('Il dit "oui"', 'Il dit "oui".mp4'),
        ("a\r\nSet-Cookie: b=c", "aSet-Cookie: b=c.mp4"),
        ("Bravo 🎉", "Bravo 🎉.mp4"),
        ("../../etc/passwd", "..-..-etc-passwd.mp4"),
        ("a\\b", "a-b.mp4"),
        ("gnp\u202e4pm.exe", "gnp4pm.exe.mp4"),
        ("\t\n", "film.mp4"),
        ("ab\n", "ab.mp4"),
    ],
)
def test_name_of_the_copy_is_the_title_and_harmless(world, film, sign_in, title, expected):
    Film.objects.filter(pk=film.pk).update(title=title)
    answer = sign_in(world.amina).get(address(film))
    told = answer.headers["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename(\*=utf-8''[\w.%~-]+|=\"([^\"\\\r\n]|\\.)*\")", told), told
    name = told.partition("filename=")[2].strip('"') or unquote(told.partition("''")[2])
    assert name.replace('\\"', '"') == expected == rules.download_name(title)


def test_page_offers_what_there_is(world, film, sign_in):
    page = reverse("videos:film_page", args=[film.pk])
    mine = sign_in(world.amina).get(page).content.decode()
    assert address(film) in mine
    assert "Leur permettre de le télécharger" in mine
    assert address(film) not in sign_in(world.bruno).get(page).content.decode()
    actions.allow_download(film=film, allowed=True, by=world.amina)
    theirs = sign_in(world.bruno).get(page).content.decode()
    assert address(film) in theirs
    assert address(film, "film_original") not in theirs
    assert address(film, "film_allow_download") not in theirs
    default_storage.delete(paths.media_key(film.pk, film.output, "film.mp4"))
    assert address(film) not in sign_in(world.amina).get(page).content.decode()


def test_refused_film_gives_its_original_back(world, sign_in):
    film = deposited(b"0123", world.amina, world.here.group)
    Film.objects.filter(pk=film.pk).update(state="REFUSED", refusal="Trop lourd.")
    page = sign_in(world.amina).get(reverse("videos:film_page", args=[film.pk])).content.decode()
    assert address(film, "film_original") in page
    assert address(film, "film_allow_download") not in page
