"""Where one stopped, which nobody else knows; and the chapters of a film."""

import pytest
from django.urls import reverse

from circo.errors import Refusal
from tests.videos.films import film_of
from videos import actions, rules
from videos.models import Chapter, Film, PlaybackPosition

pytestmark = pytest.mark.django_db


@pytest.fixture
def film(world) -> Film:
    return film_of(world.amina, world.here.group, duration_s=600)


def url(name, film, **query):
    return reverse(f"videos:{name}", args=[film.pk], query=query)


@pytest.mark.parametrize(
    ("at_s", "again"), [(0, None), (9.9, None), (10, 10), (300, 300), (581, 581), (582, None), (600, None)]
)
def test_one_goes_on_where_it_is_worth_it(at_s, again):
    assert rules.resume_at(at_s, 600) == again


def test_a_person_resumes_on_any_device_and_nobody_else_knows(world, client, film):
    client.force_login(world.bruno)
    assert client.post(url("position_save", film), {"at_s": "75.5"}).status_code == 204
    assert client.post(url("position_save", film), {"at_s": "80"}).status_code == 204
    client.logout()
    client.force_login(world.bruno)
    page = client.get(url("film_page", film)).content.decode()
    assert 'data-resume="80.0"' in page
    assert "Reprendre à 1:20" in page
    assert "data-resume" not in client.get(url("film_page", film, t="5")).content.decode()
    for name in ("amina", "inspector", "superuser"):
        client.force_login(world.people[name])
        page = client.get(url("film_page", film)).content.decode()
        assert "1:20" not in page
        assert not PlaybackPosition.objects.visible_to(world.people[name]).exists()


def test_a_film_seen_to_its_end_begins_anew(world, sign_in, film):
    client = sign_in(world.bruno)
    for at_s in ("75", "599"):
        client.post(url("position_save", film), {"at_s": at_s})
    assert not PlaybackPosition.objects.exists()


@pytest.mark.parametrize("at_s", ["", "x", "-1", "nan", "inf", "1e9"])
def test_an_odd_second_is_no_position(world, sign_in, film, at_s):
    assert sign_in(world.bruno).post(url("position_save", film), {"at_s": at_s}).status_code == 400
    assert not PlaybackPosition.objects.exists()


def test_a_position_dies_with_the_film_and_with_the_person(world, film):
    actions.keep_position(film=film, at_s=60, by=world.bruno)
    with pytest.raises(Refusal):
        actions.keep_position(film=film, at_s=60, by=world.denis)
    actions.erase_film(film=film, by=world.amina)
    assert not PlaybackPosition.objects.exists()


def typed(*rows):
    return {"at": [row[0] for row in rows], "title": [row[1] for row in rows]}


def test_chapters_are_written_by_the_author_and_read_by_the_circle(world, sign_in, film):
    rows = typed(("2:00", "On cherche"), ("0:00", "La\0 consigne"), ("9:00", " \0"))  # PostgreSQL keeps no NUL
    answer = sign_in(world.amina).post(url("chapters_save", film), rows)
    assert answer.url == f"{url('film_page', film)}#chapitres"
    client = sign_in(world.bruno)
    page = client.get(url("film_page", film)).content.decode()
    assert page.index("La consigne") < page.index("On cherche")
    assert client.get(url("chapters_file", film)).content.decode() == (
        "WEBVTT\n\n00:00:00.000 --> 00:02:00.000\nLa consigne\n\n00:02:00.000 --> 00:10:00.000\nOn cherche\n"
    )
    sign_in(world.amina).post(url("chapters_save", film), typed(("0:30", "Seul <b>")))
    assert [(one.at_s, one.title) for one in Chapter.objects.all()] == [(30.0, "Seul <b>")]
    assert "Seul &lt;b&gt;" in client.get(url("film_page", film)).content.decode()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("x", "Un titre")], "Écrivez le moment"),
        ([("11:00", "Un titre")], "Le film dure 10:00"),
        ([("0:01", "t" * 81)], "80 signes au plus"),
        ([("0:01", "Un"), ("0:01", "Deux")], "même moment"),
        ([("0:01", f"C{n}") for n in range(51)], "au plus 50 chapitres"),
    ],
)
def test_bad_chapters_keep_what_was_typed(world, sign_in, film, rows, said):
    film.chapters.create(at_s=0, title="D’avant")
    answer = sign_in(world.amina).post(url("chapters_save", film), typed(*rows))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert rows[0][1] in page
    assert film.chapters.get().title == "D’avant"
