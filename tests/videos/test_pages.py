"""The list of films: filter by group, pages, and a cost that does not grow."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.videos.records import record_of
from tests.world import join
from videos.models import Film, FilmState, MomentKind
from videos.queries.library import FILMS_A_PAGE

pytestmark = pytest.mark.django_db


def ready(author, group, title="Problèmes", **fields) -> Film:
    fields = {
        "project": record_of(author, group),
        "duration_s": 61.0,
        "output": "x",
        "ready_at": timezone.now(),
        "playable_at": timezone.now(),
        "state": FilmState.READY,
    } | fields
    return Film.objects.create(author=author, group=group, title=title, **fields)


def test_groups_narrow_the_list(world, sign_in):
    join(world.bruno, world.here.other_group)
    ready(world.amina, world.here.group, "Lecture à deux")
    ready(world.chloe, world.here.other_group, "Le compte est bon")
    client = sign_in(world.bruno)
    whole = client.get(reverse("videos:film_list")).content.decode()
    assert "Lecture à deux" in whole
    assert "Le compte est bon" in whole
    narrowed = client.get(reverse("videos:film_list", query={"groupe": world.here.other_group.pk})).content.decode()
    assert "Lecture à deux" not in narrowed
    assert "Le compte est bon" in narrowed
    foreign = client.get(reverse("videos:film_list", query={"groupe": world.there.group.pk})).content.decode()
    assert world.there.group.name not in foreign


def test_long_lists_come_in_pages(world, sign_in):
    for number in range(FILMS_A_PAGE + 1):
        ready(world.amina, world.here.group, f"Film {number:02d}")
    client = sign_in(world.bruno)
    first = client.get(reverse("videos:film_list")).content.decode()
    assert "Film 00" not in first
    assert "Page 1 sur 2" in first
    assert "Film 00" in client.get(reverse("videos:film_list", query={"page": "2"})).content.decode()
    for odd in ("0", "-1", "99", "deux", "9" * 40, "1.5"):
        assert client.get(reverse("videos:film_list", query={"page": odd, "groupe": odd})).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["film_list", "film_page"])
def test_cost_does_not_grow(world, sign_in, django_assert_num_queries, count, name):
    films = [ready(world.amina, world.here.group, f"Film {number}") for number in range(count)]
    for number in range(count):
        films[0].moments.create(author=world.chloe, at_s=number, kind=MomentKind.FACT, text="Vu")
    client = sign_in(world.bruno)
    url = reverse("videos:film_list") if name == "film_list" else reverse("videos:film_page", args=[films[0].pk])
    client.get(url)
    with django_assert_num_queries({"film_list": 10, "film_page": 14}[name]):
        client.get(url)


def test_an_address_asks_for_a_second(world, sign_in):
    film = ready(world.amina, world.here.group)
    client = sign_in(world.bruno)
    for asked, start in {"12.5": "12.5", "0:30": "30.0", "999": "0.0", "x": "0.0", "": "0.0"}.items():
        page = client.get(reverse("videos:film_page", args=[film.pk], query={"t": asked})).content.decode()
        assert f'data-start="{start}"' in page
    for odd in ("x", "9" * 30, "-1"):
        address = reverse("videos:film_page", args=[film.pk], query={"retire": odd, "nouveau": odd})
        assert client.get(address).status_code == 200


def test_only_the_line_below_a_film_that_plays_is_asked_again(world, sign_in):
    """The script names the place by its tag and its id. The player and what one is writing stay as they are."""
    film = ready(world.amina, world.here.group)
    client, url = sign_in(world.bruno), reverse("videos:film_state", args=[film.pk])
    below, whole = (
        client.get(url, headers={"HX-Request": "true", "HX-Target": f"div#{place}"}).content.decode()
        for place in ("preparation", "film")
    )
    assert 'id="preparation"' in below
    assert "lecteur-video" not in below
    assert "lecteur-video" in whole


def test_a_long_title_is_shown_whole_and_harmless(world, sign_in):
    ready(world.amina, world.here.group, "<script>alert(1)</script>" + "l" * 90)
    page = sign_in(world.bruno).get(reverse("videos:film_list")).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" + "l" * 90 in page


def test_refused_deposit_keeps_what_was_typed(world, sign_in):
    answer = sign_in(world.amina).post(reverse("videos:film_create"), {"title": "Une séance", "group": "999999"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="Une séance"' in page
    assert "Choisissez le film à déposer." in page
    assert "Choisissez l’un de vos groupes." in page
