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
    assert told[3]["refusal"] == "Ce fichier n’existe pas."
    assert [one["file"] for one in told] == [str(one) for one in (file, empty, no_film, tmp_path / "absent.mp4")]


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


def test_a_title_is_of_one_film(world, file):
    with pytest.raises(CommandError, match="un seul film"):
        deposit(file, file, "--author", world.amina.email, "--title", "Lecture à deux")
    assert not Film.objects.exists()


def test_a_folder_gives_its_films_by_name(world, file, tmp_path):
    for number in range(30):
        (tmp_path / f"film {number:02d}.mp4").write_bytes(clip())
    (tmp_path / ".DS_Store").touch()
    (tmp_path / "autres").mkdir()
    told = deposit(tmp_path, "--author", world.amina.email)
    assert [one["state"] for one in told] == ["PROCESSING"] * 31
    assert [Film.objects.get(pk=told[place]["id"]).title for place in (0, 30)] == ["Une dictée", "film 29"]


def test_a_run_that_was_cut_is_run_again(world, file, tmp_path):
    other = tmp_path / "autre.mp4"
    other.write_bytes(clip() + b"\0")
    (first,) = deposit(file, "--author", world.amina.email, "--once")
    again, second = deposit(file, other, "--author", world.amina.email, "--once")
    assert (again["id"], again["refusal"]) == (first["id"], "")
    assert {first["id"], second["id"]} == {str(film.pk) for film in Film.objects.all()}
    (twice,) = deposit(file, "--author", world.amina.email)
    assert twice["id"] not in (first["id"], second["id"]), "asked for, as a page lets one do"


def test_who_cannot_deposit_is_told_why(world, file):
    world.bruno.memberships.all().delete()
    for who, reason in (
        (world.secretary, "Aucune fonction"),
        (world.student, "Aucune fonction"),
        (world.bruno, "membre d’aucun groupe"),
    ):
        with pytest.raises(CommandError, match=reason):
            deposit(file, "--author", who.email)
    with pytest.raises(CommandError, match=f"Ceux de {world.amina} : {world.here.group.name}"):
        deposit(file, "--author", world.amina.email, "--group", "Ailleurs")
    assert not Film.objects.exists()
