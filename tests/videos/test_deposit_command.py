"""manage.py deposit: the rules of the page, from a terminal."""

import json
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from circo.models import Job
from tests.videos.films import clip
from tests.world import join
from videos.models import Film, FilmState

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "Une dictée.mp4"
    made.write_bytes(clip())
    return made


def deposit(*arguments) -> list[dict]:
    out = StringIO()
    with suppress(SystemExit):  # a film was refused
        call_command("deposit", "--json", *map(str, arguments), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.media
def test_each_film_has_its_line(world, file, tmp_path):
    empty, no_film = tmp_path / "vide.mp4", tmp_path / "-v;rm%03d|x.mp4"
    empty.touch()
    no_film.write_text("no film")
    told = deposit("--author", world.amina.email, "--wait", "--", file, empty, no_film, tmp_path / "absent.mp4")
    assert [one["state"] for one in told] == ["READY", "REFUSED", "REFUSED", "REFUSED"]
    film = Film.objects.get(state=FilmState.READY)
    assert (told[0]["id"], film.title, film.author, film.group) == (
        str(film.pk),
        "Une dictée",
        world.amina,
        world.here.group,
    )
    assert told[0]["duration_s"] == pytest.approx(2, abs=0.1)
    assert told[0]["renditions"] == ["audio", "original", "video-180"]
    assert 0 < told[0]["first_playable_s"] <= told[0]["complete_s"]
    assert "vide" in told[1]["refusal"]
    assert "n’est pas un film" in told[2]["refusal"]
    assert "ne peut pas être lu" in told[3]["refusal"]


def test_without_waiting_the_film_is_left_to_the_workers(world, file):
    (told,) = deposit(file, "--author", world.amina.email.upper(), "--title", "Lecture à deux")
    assert (told["state"], told["complete_s"]) == ("PROCESSING", None)
    assert Film.objects.get().title == "Lecture à deux"
    assert Job.objects.count() == 1


def test_group_is_asked_for_when_there_are_several(world, file):
    join(world.amina, world.here.other_group)
    with pytest.raises(CommandError, match="--group"):
        deposit(file, "--author", world.amina.email)
    deposit(file, "--author", world.amina.email, "--group", world.here.other_group.name)
    assert Film.objects.get().group == world.here.other_group


@pytest.mark.parametrize("email", ["nobody@ecole.test", "deactivated@partages.test"])
def test_author_must_have_an_open_account(world, file, email):
    with pytest.raises(CommandError, match="Personne"):
        deposit(file, "--author", email)


def test_film_is_its_authors_alone_without_a_record(world, file):
    deposit(file, "--author", world.amina.email)
    assert not Film.objects.visible_to(world.bruno).exists()
