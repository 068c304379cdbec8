"""Excerpts: a part of a film, with every right of the film; two of them side by side."""

import pytest
from django.urls import reverse
from django.utils import timezone

from circo.errors import Refusal
from tests.videos.excerpts import excerpt_of
from tests.videos.films import film_of
from videos import actions
from videos.models import Agreement, CaptionTrack, Excerpt


@pytest.fixture
def film(world):
    return film_of(world.amina, world.here.group, duration_s=90)


def path(name, *args):
    return reverse(f"videos:{name}", args=args)


def made(film, by, **fields):
    given = {"title": "Le silence", "note": "", "in_s": 2, "out_s": 8, "shared": True} | fields
    return actions.make_excerpt(film=film, by=by, **given)


def test_an_excerpt_is_made_without_javascript(world, sign_in, film):
    client = sign_in(world.bruno)
    sent = {"title": "Le silence", "in_s": "0:12", "out_s": "0:45", "note": "Écouter", "shared": "on"}
    page = client.post(path("excerpt_create", film.pk), sent, follow=True).content.decode()
    excerpt = Excerpt.objects.get()
    assert (excerpt.in_s, excerpt.out_s, excerpt.shared, excerpt.author) == (12, 45, True, world.bruno)
    assert 'data-in="12.0" data-out="45.0"' in page
    client.post(path("excerpt_update", film.pk, excerpt.pk), sent | {"out_s": "0:50", "shared": ""})
    excerpt.refresh_from_db()
    assert (excerpt.out_s, excerpt.shared) == (50, False)
    listed = client.post(path("excerpt_remove", film.pk, excerpt.pk), follow=True).content.decode()
    assert "Extrait supprimé." in listed
    client.post(path("excerpt_restore", film.pk, excerpt.pk))
    assert client.get(path("excerpt_page", film.pk, excerpt.pk)).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"out_s": "0:05"}, "La fin se place après le début"),
        ({"out_s": "9:00"}, "avant la fin du film (1:30)"),
        ({"in_s": "demain"}, "Écrivez le moment comme sur le lecteur"),
        ({"title": " "}, "Donnez un titre"),
    ],
)
def test_a_wrong_excerpt_is_said_and_nothing_is_lost(world, sign_in, film, wrong, said):
    sent = {"title": "Le silence", "in_s": "0:12", "out_s": "0:45", "note": "à garder"} | wrong
    client = sign_in(world.amina)
    for url in (path("excerpt_create", film.pk), path("excerpt_update", film.pk, excerpt_of(film, world.amina).pk)):
        answer = client.post(url, sent)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert "à garder" in answer.content.decode()


def test_a_verb_checks_again(world, film):
    for fields, said in (
        ({"out_s": 1}, "se place dans le film"),
        ({"title": ""}, "Donnez un titre"),
        ({"by": world.chloe}, "plus visible"),
    ):
        with pytest.raises(Refusal, match=said):
            made(film, **({"by": world.amina} | fields))
    excerpt = made(film, world.amina)
    for act in (actions.remove_excerpt, actions.restore_excerpt):
        with pytest.raises(Refusal):
            act(excerpt=excerpt, by=world.bruno)
    with pytest.raises(Refusal, match="Seule la personne"):
        actions.change_excerpt(excerpt=excerpt, title="À moi", note="", in_s=0, out_s=1, shared=True, by=world.bruno)


def test_an_excerpt_changed_in_an_old_tab_stays_removed(world, film):
    excerpt = excerpt_of(film, world.bruno)
    read_before = Excerpt.objects.get(pk=excerpt.pk)
    actions.remove_excerpt(excerpt=excerpt, by=world.bruno)
    typed = {"title": "Autre", "note": "", "in_s": 1, "out_s": 3, "shared": True}
    with pytest.raises(Refusal):
        actions.change_excerpt(excerpt=read_before, by=world.bruno, **typed)
    excerpt.refresh_from_db()
    assert (excerpt.removed_at is None, excerpt.shared) == (False, False)


def test_an_excerpt_inherits_every_right_of_its_film(world, film):
    shared, kept = made(film, world.bruno), made(film, world.bruno, shared=False)
    seen = {
        name: set(Excerpt.objects.visible_to(world.people[name]))
        for name in ("amina", "bruno", "chloe", "denis", "inspector", "superuser", "former", "deactivated")
    }
    assert seen.pop("bruno") == {shared, kept}
    assert seen.pop("amina") == {shared}
    assert not any(seen.values())
    Agreement.objects.update(answer=Agreement.Answers.WITHDRAWN)
    assert not Excerpt.objects.visible_to(world.bruno).exists()  # gone at once, its maker's too
    assert set(Excerpt.objects.visible_to(world.amina)) == {shared}


def test_two_sides_each_keep_their_rights(world, sign_in, film):
    excerpt = made(film, world.amina)
    other = film_of(world.chloe, world.here.other_group, title="Chez Chloé")
    client = sign_in(world.bruno)
    asked = f"?a=extrait-{excerpt.pk}&b=film-{other.pk}"
    page = client.get(path("side_by_side") + asked).content.decode()
    assert "Chez Chloé" not in page
    assert "<lecteur-video" not in page
    both = client.get(path("side_by_side") + f"?a=extrait-{excerpt.pk}&b=film-{film.pk}").content.decode()
    assert both.count("<lecteur-video") == 2
    assert both.count('data-out="8.0"') == 1


def test_a_part_of_a_film_keeps_its_captions_and_only_those_shown(world, sign_in, film):
    excerpt = made(film, world.amina)
    page = sign_in(world.bruno).get
    shown = {"rows": [[0, 1000, "Bonjour"]], "text": "Bonjour"}
    draft = CaptionTrack.objects.create(film=film, **shown)
    asked = path("excerpt_page", film.pk, excerpt.pk)
    assert "<track" not in page(asked).content.decode()
    CaptionTrack.objects.update(shown_at=timezone.now())
    address = path("captions_file", film.pk, draft.pk, "vtt")
    both = path("side_by_side") + f"?a=extrait-{excerpt.pk}&b=film-{film.pk}"
    assert [page(url).content.decode().count(address) for url in (asked, both)] == [1, 2]
    assert page(address).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_whatever_they_hold(world, sign_in, film, django_assert_num_queries, count):
    rows = [made(film, world.amina) for _ in range(count)]
    client = sign_in(world.bruno)
    for url, cost in (
        (path("excerpt_list", film.pk), 7),
        (path("excerpt_page", film.pk, rows[0].pk), 6),
        (path("side_by_side") + f"?a=extrait-{rows[0].pk}&b=extrait-{rows[-1].pk}", 8),
    ):
        with django_assert_num_queries(cost):
            client.get(url)
