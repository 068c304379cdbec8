"""The page of blurring, from the outside: each step, each refusal, each person, with no script at all."""

import json
import re

import pytest
from django.urls import reverse

from circo.models import Job
from tests.conftest import writes
from tests.videos.blurring import area_of, blurring_of
from tests.videos.films import film_of
from tests.videos.records import adult, pupil
from videos import queries
from videos.actions import blurring
from videos.blurring import rules
from videos.consents.rules import Answer
from videos.forms.blurring import AreaForm
from videos.models import Absence, Blurring, BlurringState, Film, HiddenArea, Voice

TYPED = {"start_s": "0:02", "end_s": "0:04,5", "x": "10", "y": "20,5", "width": "30", "height": "25"}


@pytest.fixture
def film(world):
    return film_of(world.amina, world.here.group, duration_s=90)


@pytest.fixture
def amina(world, sign_in):
    return sign_in(world.amina)


def path(name, *args, **query):
    return reverse(f"videos:{name}", args=args, query=query)


def text_of(answer):
    """What is read, its white space folded."""
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def read(client, film, **query):
    answer = client.get(path("blurring", film.pk, **query))
    assert answer.status_code == 200
    return text_of(answer)


def test_the_way_leads_from_the_film_to_the_search_and_on(amina, film):
    assert path("blurring", film.pk) in text_of(amina.get(path("film_page", film.pk)))
    before = read(amina, film)
    assert "Flouter ne rend pas anonyme." in before
    after = text_of(amina.post(path("blurring_search", film.pk), follow=True))
    assert "Les visages sont recherchés" in after
    assert "Vous pourrez flouter le film à la fin de la recherche." in after
    assert Job.objects.filter(kind=queries.FACES).count() == 2  # a minute and a half


def test_the_search_says_how_far_it_is(amina, film):
    held = blurring_of(film, state=BlurringState.SEARCHING, stretches=4)
    held.searched.create(number=0, faces=[])
    part = amina.get(path("blurring", film.pk), headers={"HX-Request": "true", "HX-Target": "div#avancement"})
    assert 'value="25"' in text_of(part)
    assert "une minute parcourue sur 4" in text_of(part)
    assert "every 3s" in text_of(part)
    for number in (1, 2, 3):
        held.searched.create(number=number, faces=[])
    assert "sont suivis" in read(amina, film)
    Blurring.objects.update(state=BlurringState.CHOOSING)
    part = amina.get(path("blurring", film.pk), headers={"HX-Request": "true", "HX-Target": "div#avancement"})
    assert 'data-etat="CHOOSING"' in text_of(part)
    assert "hx-get" not in text_of(part)


def test_a_search_that_stopped_is_begun_again(amina, film):
    blurring_of(film, fault="La recherche des visages s’est arrêtée de notre côté.")
    page = read(amina, film)
    assert "arrêtée de notre côté" in page
    assert "Chercher à nouveau" in page
    area_of(Blurring.objects.get())
    Film.objects.update(is_held=True)  # the making stopped: the faces found are not to be thrown away
    assert "Chercher à nouveau" not in read(amina, film)
    HiddenArea.objects.all().delete()
    amina.post(path("blurring_search", film.pk))
    assert Blurring.objects.get().state == BlurringState.SEARCHING


def test_faces_are_chosen_page_by_page(amina, film):
    held = blurring_of(film)
    rows = [area_of(held, start_s=n, end_s=n + 1) for n in range(30)]
    page = read(amina, film)
    assert page.count('name="parmi"') == queries.blurring_page(film, film.author).areas.paginator.per_page == 24
    assert "Page 1 sur 2" in page
    assert "30 zones à flouter sur 30 : 30 visages trouvés par la machine." in re.sub(r"</?strong>", "", page)
    sent = {"parmi": [rows[24].pk, rows[25].pk], "zone": [rows[25].pk]}
    answer = amina.post(path("blurring_choose", film.pk, page=2), sent, follow=True)
    assert "Page 2 sur 2" in text_of(answer)
    assert list(HiddenArea.objects.filter(is_chosen=False)) == [rows[24]]
    assert read(amina, film, voir="visibles").count('name="parmi"') == 1
    assert "Page 1 sur 2" in read(amina, film, voir="floutees")
    amina.post(path("blurring_choose", film.pk), {"tout": "non"})
    assert not HiddenArea.objects.chosen().exists()
    amina.post(path("blurring_choose", film.pk), {"tout": "oui"})
    assert HiddenArea.objects.chosen().count() == 30


def test_a_choice_answers_htmx_with_the_tally_alone(amina, film):
    area = area_of(blurring_of(film))
    asked = {"HX-Request": "true", "HX-Target": "div#bilan"}
    answer = amina.post(path("blurring_choose", film.pk), {"parmi": area.pk}, headers=asked, follow=True)
    assert "0 zone à flouter" in re.sub(r"</?strong>", "", text_of(answer))
    assert "<h1>" not in text_of(answer)


def test_an_area_is_drawn_with_the_keyboard_alone(amina, film):
    blurring_of(film, state=BlurringState.SEARCHING)  # one need not wait for the machine
    answer = amina.post(path("area_draw", film.pk), TYPED, follow=True)
    assert "Zone de 0:02 à 0:04 : c’est enregistré." in text_of(answer)
    area = HiddenArea.objects.get()
    assert (area.start_s, area.end_s, area.by_hand, area.is_chosen) == (2, 4.5, True, True)
    assert area.path == [[2, 0.1, 0.205, 0.3, 0.25]]


def test_an_area_moves_from_one_place_to_another(amina, film):
    blurring_of(film)
    end = {"end_x": "50", "end_y": "60", "end_width": "30", "end_height": "25"}
    amina.post(path("area_draw", film.pk), TYPED | end)
    assert HiddenArea.objects.get().path == [[2, 0.1, 0.205, 0.3, 0.25], [4.5, 0.5, 0.6, 0.3, 0.25]]


def test_too_many_areas_of_one_s_own_are_refused_whatever_the_machine_found(amina, film, monkeypatch):
    monkeypatch.setattr(blurring, "AREAS_MAX", 1)
    area_of(blurring_of(film))
    assert amina.post(path("area_draw", film.pk), TYPED).status_code == 302
    answer = amina.post(path("area_draw", film.pk), TYPED)
    assert answer.status_code == 422
    assert "Vous avez déjà tracé beaucoup de zones" in text_of(answer)
    assert 'value="20,5"' in text_of(answer)


def test_ways_of_too_many_points_are_refused_and_straight_ones_are_not(amina, film, monkeypatch):
    held, long = blurring_of(film), json.dumps([[2 + n / 100, 0.1, 0.1, 0.2, 0.2] for n in range(200)])
    assert amina.post(path("area_draw", film.pk), TYPED | {"path": long}).status_code == 302
    monkeypatch.setattr(blurring, "WAYS_MAX", 5000)
    assert len(long) > 5000
    for name, args in (("area_draw", ()), ("area_redraw", (held.areas.get().pk,))):
        answer = amina.post(path(name, film.pk, *args), TYPED | {"path": long})
        assert answer.status_code == 422
        assert "chemins très longs" in text_of(answer)
    assert amina.post(path("area_draw", film.pk), TYPED).status_code == 302
    assert held.areas.count() == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"start_s": "demain"}, "Écrivez le moment comme sur le lecteur"),
        ({"start_s": ""}, "Écrivez un moment du film"),
        ({"end_s": "0:01"}, "La fin vient après le début."),
        ({"start_s": "9:00", "end_s": "9:30"}, "Le film dure 1:30"),
        ({"x": ""}, "Un nombre de 0 à 100."),
        ({"width": "0"}, "Un nombre de 1 à 100."),
        ({"y": "nan"}, "Un nombre de 0 à 100."),
        ({"end_x": "50"}, "Remplissez les quatre valeurs, ou aucune."),
        ({"path": "[[1, 2"}, "Le tracé n’est pas arrivé entier."),
        ({"path": "[[0, NaN, 0, 1, 1]]"}, "Le tracé n’est pas arrivé entier."),
        ({"path": "[[0, 1e999, 0, 1, 1]]"}, "Le tracé n’est pas arrivé entier."),
        ({"path": f"[[0, 1{'0' * 400}, 0, 1, 1]]"}, "Le tracé n’est pas arrivé entier."),
        ({"path": "{}"}, "Le tracé n’est pas arrivé entier."),
        ({"path": "[]"}, "Le tracé n’est pas arrivé entier."),
        ({"path": "[" * 90_000}, "Le tracé n’est pas arrivé entier."),
        ({"path": json.dumps([[0, 0, 0, 1, 1]] * (rules.POINTS_MAX + 1))}, "Le tracé n’est pas arrivé entier."),
    ],
)
def test_a_wrong_area_is_said_and_nothing_is_lost(amina, film, wrong, said):
    area = area_of(blurring_of(film))
    for url in (path("area_draw", film.pk), path("area_redraw", film.pk, area.pk, zone=area.pk)):
        sent = TYPED | wrong
        answer = amina.post(url, sent)
        assert answer.status_code == 422
        assert said in text_of(answer)
        assert f'value="{sent["height"]}"' in text_of(answer)
    assert HiddenArea.objects.get().path == area.path


def test_a_face_is_corrected_and_keeps_its_way_if_only_its_moments_change(amina, film):
    area = area_of(blurring_of(film), start_s=2.253, end_s=5, is_chosen=False)
    wanted = [*area.path, [6, 0.7, 0.2, 0.1, 0.2]]
    HiddenArea.objects.update(path=wanted)
    page = read(amina, film, zone=area.pk)
    assert 'value="0:02,253"' in page
    typed = {name: str(bound.value()) for name, bound in fields(film, area.pk).items()}
    amina.post(path("area_redraw", film.pk, area.pk), typed | {"start_s": "0:01", "end_s": "0:07"})
    area.refresh_from_db()
    assert (area.start_s, area.end_s, area.path, area.is_chosen) == (1, 7, wanted, True)
    moved = [[1, 0.2, 0.2, 0.2, 0.2], [3, 0.3, 0.2, 0.2, 0.2]]
    amina.post(path("area_redraw", film.pk, area.pk), typed | {"path": json.dumps(moved)})  # by the script
    area.refresh_from_db()
    assert area.path == moved
    amina.post(path("area_redraw", film.pk, area.pk), typed | {"x": "5"})  # by hand: a straight line
    area.refresh_from_db()
    assert [point[1] for point in area.path] == [0.05, 0.7]


def test_points_of_a_way_are_taken_away_without_a_script(amina, film):
    way = [[1, 0.1, 0.2, 0.1, 0.2], [2, 0.9, 0.2, 0.1, 0.2], [3.5, 0.5, 0.2, 0.1, 0.2]]
    area = area_of(blurring_of(film), start_s=1, end_s=4, path=way)
    page = read(amina, film, zone=area.pk)
    assert "à 0:02 : 90 % de la gauche, 20 % du haut" in page
    typed = {name: str(bound.value() or "") for name, bound in fields(film, area.pk).items()}
    answer = amina.post(path("area_redraw", film.pk, area.pk), typed | {"removed": ["1", "2", "3.5"]})
    assert answer.status_code == 422
    assert "Gardez au moins un point" in text_of(answer)
    answer = amina.post(path("area_redraw", film.pk, area.pk), typed | {"removed": ["7"]})
    assert "Ce point n’y est plus" in text_of(answer)
    amina.post(path("area_redraw", film.pk, area.pk), typed | {"removed": ["2"]})
    area.refresh_from_db()
    assert area.path == [way[0], way[2]]
    HiddenArea.objects.update(path=way[:1])
    assert "Retirer des points" not in read(amina, film, zone=area.pk)
    HiddenArea.objects.update(path=[[n, 0, 0, 1, 1] for n in range(300)])
    assert "Retirer des points" not in read(amina, film, zone=area.pk)


def fields(film, pk):
    form = AreaForm(film=film, area=HiddenArea.objects.get(pk=pk))
    return {name: form[name] for name in form.fields if name not in ("path", "removed")}


def test_voices_are_chosen(amina, film):
    held = blurring_of(film)
    amina.post(path("blurring_voices", film.pk), {"voice": "LOWER"})
    held.refresh_from_db()
    assert held.voice == Voice.LOWER
    assert amina.post(path("blurring_voices", film.pk), {"voice": "x"}).status_code == 422
    assert re.search(r'value="LOWER"[^>]*checked', read(amina, film))


def test_from_the_order_on_nobody_else_sees_the_film(world, sign_in, film):
    area_of(blurring_of(film))
    bruno = film.pk
    assert sign_in(world.bruno).get(path("film_page", bruno)).status_code == 200  # the canary
    client = sign_in(world.amina)
    said = text_of(client.post(path("blurring_apply", film.pk), follow=True))
    assert "Le film flouté se prépare" in said
    assert "Personne d’autre que vous ne voit ce film" in said
    assert "Il est retenu pendant le floutage" in text_of(client.get(path("film_page", film.pk)))
    protection = text_of(client.get(path("film_protection", film.pk)))
    assert "Il est retenu pendant le floutage" in protection
    assert "Qui le verra" in protection
    assert sign_in(world.bruno).get(path("film_page", film.pk)).status_code == 404
    client = sign_in(world.amina)
    client.post(path("blurring_again", film.pk))
    assert Film.objects.get().is_held  # until one says so
    assert "Les personnes qui voyaient le film avant le reverront" in read(client, film)
    client.post(path("blurring_give_up", film.pk))
    assert sign_in(world.bruno).get(path("film_page", film.pk)).status_code == 200


def test_nothing_chosen_is_refused_in_words(amina, film):
    area_of(blurring_of(film), is_chosen=False)
    answer = amina.post(path("blurring_apply", film.pk))
    assert answer.status_code == 422
    assert "Choisissez au moins un visage ou une zone à flouter." in text_of(answer)


def checking(film):
    Film.objects.update(is_held=True)
    return blurring_of(film, state=BlurringState.CHECKING, before="0")


def test_the_blurred_film_is_looked_at_before_it_is_shown(world, sign_in, amina, film):
    against = pupil(film.project, "C. D.", Answer.WITHDRAWN)
    waiting = adult(film.project, "Lou Morel", Answer.PENDING)
    away = pupil(film.project, "E. F.", Answer.REFUSED)
    Absence.objects.create(film=film, recorded=away, how=Absence.How.ABSENT)
    checking(film)
    page = read(amina, film)
    assert page.index("C. D. (accord retiré)") < page.index("Lou Morel (accord attendu)") < page.index("Noé Martin")
    assert "E. F." not in page
    assert "supprimés pour de bon" in page
    url = path("blurring_approve", film.pk)
    answer = amina.post(url, {"hidden": [against.pk, waiting.pk], "output": "1"})
    assert answer.status_code == 422
    assert "Regardez le film flouté en entier, puis cochez cette case." in text_of(answer)
    assert f'value="{against.pk}" id="id_hidden_0" checked' in text_of(answer)
    assert Film.objects.get().is_held
    sent = {"hidden": [against.pk, waiting.pk], "looked": "on", "output": "1"}
    assert "on y reconnaît encore tout le monde" in text_of(amina.post(url, sent)), "nothing is hidden in the picture"
    area_of(film.blurring)
    assert "regardez-le d’abord" in text_of(amina.post(url, sent | {"output": "0"})), "another tab made it anew"
    assert Film.objects.get().is_held
    assert not Absence.objects.filter(how="BLURRED").exists()
    amina.post(url, sent)
    assert set(Absence.objects.filter(how="BLURRED").values_list("recorded", flat=True)) == {against.pk, waiting.pk}
    assert not Film.objects.get().is_held
    assert "Ce film est flouté." in read(amina, film)
    assert "flouté" in text_of(amina.get(path("film_protection", film.pk)))
    assert sign_in(world.bruno).get(path("film_page", film.pk)).status_code == 200


def test_somebody_of_another_project_is_not_hidden(amina, world, film):
    checking(film)
    other = pupil(film_of(world.bruno, world.here.group).project, "C. D.")
    answer = amina.post(path("blurring_approve", film.pk), {"looked": "on", "hidden": [other.pk], "output": "1"})
    assert answer.status_code == 422
    assert Film.objects.get(pk=film.pk).is_held


def test_a_film_without_a_project_is_approved(world, amina):
    film = film_of(world.amina, world.here.group, project=None)
    checking(film)
    assert amina.post(path("blurring_approve", film.pk), {"looked": "on", "output": "1"}).status_code == 302


def test_a_film_to_look_at_is_in_the_list_of_things_to_do(amina, world, film):
    checking(film)
    (todo,) = queries.blurring_todos(world.amina)
    assert todo.url == path("blurring", film.pk)
    assert todo.title in text_of(amina.get(reverse("portal:home")))
    assert queries.blurring_todos(world.bruno) == []


@pytest.mark.parametrize("answer", [Answer.REFUSED, Answer.WITHDRAWN])
def test_the_protection_page_offers_to_blur_who_refused(amina, film, answer):
    one = pupil(film.project, "C. D.", answer)
    offer = "Flouter cette personne dans ce film"
    assert text_of(amina.get(path("film_protection", film.pk))).count(offer) == 1
    Absence.objects.create(film=film, recorded=one, how=Absence.How.BLURRED)
    assert offer not in text_of(amina.get(path("film_protection", film.pk)))


@pytest.mark.parametrize("state", BlurringState)
def test_every_verb_in_every_state_answers_in_words(amina, film, state):
    area = area_of(blurring_of(film, state=state))
    for name, args, sent in (
        ("blurring_choose", [], {"tout": "non"}),
        ("blurring_voices", [], {"voice": "LOWER"}),
        ("area_draw", [], TYPED),
        ("area_redraw", [area.pk], TYPED),
        ("blurring_approve", [], {"looked": "on", "output": "1"}),
        ("blurring_apply", [], {}),
        ("blurring_again", [], {}),
    ):
        Film.objects.update(state="READY", output="1")
        Blurring.objects.update(state=state, before="0")
        with writes() as written:
            answer = amina.post(path(name, film.pk, *args), sent)
        assert answer.status_code in (302, 422), name
        if answer.status_code == 422:
            assert "alert--error" in text_of(answer), name
            undone = 'DELETE FROM "circo_job"'  # before the film is locked, in the transaction that the refusal ends
            assert not [one for one in written if not one.startswith(undone)], name


def test_the_overlay_gets_the_areas_of_a_minute(amina, film):
    held = blurring_of(film)
    long = [[float(n), 0.1, 0.1, 0.1, 0.1] for n in range(90)]
    wide = area_of(held, start_s=0, end_s=89, path=long)
    area_of(held, start_s=70, end_s=80)
    answer = amina.get(path("area_list", film.pk, de="0", a="60"))
    assert answer.headers["Cache-Control"] == "private, no-store"
    (told,) = answer.json()["areas"]
    assert (told["id"], told["chosen"], told["start"], told["end"]) == (wide.pk, True, 0, 89)
    assert told["path"] == long[:61]
    assert len(amina.get(path("area_list", film.pk, de="60", a="120")).json()["areas"]) == 2
    for wrong in ({}, {"de": "0"}, {"de": "x", "a": "3"}, {"de": "5", "a": "5"}, {"de": "0", "a": "3600"}):
        assert amina.get(path("area_list", film.pk, **wrong)).status_code == 400


def test_a_thumbnail_is_its_authors_alone(world, sign_in, film):
    held = blurring_of(film)
    area, drawn = area_of(held, thumbnail=b"jpeg"), area_of(held, by_hand=True)
    url = path("area_thumbnail", film.pk, area.pk)
    answer = sign_in(world.amina).get(url)
    assert (answer.content, answer.headers["Content-Type"]) == (b"jpeg", "image/jpeg")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert url in read(sign_in(world.amina), film)
    assert sign_in(world.amina).get(path("area_thumbnail", film.pk, drawn.pk)).status_code == 404
    other = film_of(world.amina, world.here.group)
    assert sign_in(world.amina).get(path("area_thumbnail", other.pk, area.pk)).status_code == 404
    for name in ("bruno", "chloe", "inspector", "superuser"):
        assert sign_in(world.people[name]).get(url).status_code == 404


@pytest.mark.parametrize("count", [1, 1000])
def test_pages_cost_the_same_whatever_they_hold(amina, film, django_assert_num_queries, count):
    held = blurring_of(film)
    first = area_of(held, thumbnail=b"jpeg")
    HiddenArea.objects.bulk_create(
        HiddenArea(blurring=held, start_s=n % 60, end_s=n % 60 + 2, path=first.path) for n in range(count - 1)
    )
    for url, cost in (
        (path("blurring", film.pk), 9),
        (path("area_list", film.pk, de="0", a="60"), 5),
        (path("area_thumbnail", film.pk, first.pk), 4),
    ):
        with django_assert_num_queries(cost):
            amina.get(url)
    assert len(amina.get(path("area_list", film.pk, de="0", a="60")).json()["areas"]) == count
