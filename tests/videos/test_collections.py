"""Collections: named lists in which everybody finds what they may see, and nothing else."""

import pytest
from django.urls import reverse

from circo.errors import Refusal
from tests.videos.excerpts import excerpt_of
from tests.videos.films import film_of
from videos import actions, queries
from videos.models import Agreement, Collection, CollectionItem, PracticeSheet


@pytest.fixture
def film(world):
    return film_of(world.amina, world.here.group)


def path(name, *args):
    return reverse(f"videos:{name}", args=args)


def created(by, circle=None, *things, title="Silences"):
    collection = actions.create_collection(title=title, text="", circle=circle, by=by)
    for what in things:
        actions.collect(collection=collection, what=what, by=by)
    return collection


def titles(collection, person):
    row = queries.collections(person).get(pk=collection.pk)
    return [side.title for _, side in queries.collection_page(row, person).items]


def test_a_collection_is_made_without_javascript(world, sign_in, film):
    excerpt = excerpt_of(film, world.amina)
    client = sign_in(world.amina)
    asked = f"?quoi=film-{film.pk}"
    assert film.title in client.get(path("collection_list") + asked).content.decode()
    client.post(path("collection_create") + asked, {"title": "Silences", "circle": queries.key_of(world.here.group)})
    collection = Collection.objects.get()
    for _ in range(2):  # twice is once
        client.post(path("item_create", collection.pk), {"quoi": f"extrait-{excerpt.pk}"})
    assert titles(collection, world.amina) == [film.title, excerpt.title]
    first, second = collection.items.all()
    client.post(path("item_move", collection.pk, second.pk), {"sens": "haut"})
    client.post(path("item_move", collection.pk, second.pk), {"sens": "haut"})  # already the first
    assert titles(collection, world.amina) == [excerpt.title, film.title]
    page = client.post(path("item_remove", collection.pk, first.pk), follow=True).content.decode()
    assert "Retiré de la collection." in page
    assert titles(collection, world.amina) == [excerpt.title]
    client.post(path("item_restore", collection.pk, first.pk))
    assert len(titles(collection, world.amina)) == 2
    client.post(path("collection_update", collection.pk), {"title": "Attendre"})
    assert Collection.objects.get().title == "Attendre"
    listed = client.post(path("collection_remove", collection.pk), follow=True).content.decode()
    assert "Collection supprimée." in listed
    client.post(path("collection_restore", collection.pk))
    assert client.get(path("collection_page", collection.pk)).status_code == 200


def test_everybody_finds_only_what_they_may_see(world, sign_in, film):
    """Opened to the whole network: Chloé sees the list, not the film of Amina's group, nor how many there are."""
    own = film_of(world.chloe, world.here.other_group, title="Chez Chloé")
    shown = excerpt_of(film, world.amina, shared=True, title="Un silence")
    kept = excerpt_of(film, world.amina, title="Pour moi")
    collection = created(world.amina, world.here.network, film, shown, kept)
    collection.items.create(film=own, rank=9)
    assert titles(collection, world.amina) == [film.title, "Un silence", "Pour moi"]
    assert titles(collection, world.bruno) == [film.title, "Un silence"]
    assert titles(collection, world.chloe) == ["Chez Chloé"]
    page = sign_in(world.chloe).get(path("collection_list")).content.decode()
    assert "1 élément<" in page.replace(" ·", "<")
    assert not Collection.objects.visible_to(world.denis).exists()
    assert not Collection.objects.visible_to(world.inspector).exists()
    Agreement.objects.update(answer=Agreement.Answers.WITHDRAWN)
    assert titles(collection, world.bruno) == []
    page = sign_in(world.bruno).get(path("collection_page", collection.pk)).content.decode()
    assert "ne pas vous être montré en ce moment" in page
    assert "Ajoutez un film" not in page


def test_a_sheet_is_kept_beside_films_for_those_who_read_it(world, sign_in, film):
    draft = PracticeSheet.objects.create(owner=world.amina, title="Brouillon")
    shared = PracticeSheet.objects.create(owner=world.amina, title="Attendre", group=world.here.group)
    collection = created(world.amina, world.here.network, film, draft)
    client = sign_in(world.amina)
    sheet_page = client.get(path("sheet_page", shared.pk)).content.decode()
    asked = f"?quoi=fiche-{shared.pk}"
    assert path("collection_list") + asked in sheet_page
    assert "fiche d’Amina Petit" in client.get(path("collection_list") + asked).content.decode()
    for _ in range(2):  # twice is once
        client.post(path("item_create", collection.pk), {"quoi": f"fiche-{shared.pk}"})
    assert titles(collection, world.amina) == [film.title, "Brouillon", "Attendre"]
    assert path("sheet_page", shared.pk) in client.get(path("collection_page", collection.pk)).content.decode()
    assert titles(collection, world.bruno) == [film.title, "Attendre"]
    assert titles(collection, world.chloe) == []
    with pytest.raises(Refusal, match="plus visible"):
        actions.collect(collection=created(world.chloe), what=shared, by=world.chloe)
    actions.remove_sheet(sheet=shared, by=world.amina)
    assert titles(collection, world.bruno) == [film.title]


def test_a_verb_checks_again(world, film):
    collection = created(world.amina)
    theirs = film_of(world.chloe, world.here.other_group)
    with pytest.raises(Refusal, match="plus visible"):
        actions.collect(collection=collection, what=theirs, by=world.amina)
    with pytest.raises(Refusal, match="Seule la personne"):
        actions.collect(collection=collection, what=film, by=world.bruno)
    with pytest.raises(Refusal, match="l’un de vos cercles"):
        created(world.amina, world.here.other_group)
    with pytest.raises(Refusal, match="Donnez un titre"):
        created(world.amina, title=" ")
    with pytest.raises(Refusal, match="Donnez un titre"):
        actions.describe_collection(collection=collection, title="", text="", circle=None, by=world.amina)
    for act in (actions.remove_collection, actions.restore_collection):
        with pytest.raises(Refusal):
            act(collection=collection, by=world.bruno)


def test_a_collection_holds_so_much(world, film, monkeypatch):
    monkeypatch.setattr("videos.actions.collections.ITEMS_MAX", 1)
    collection = created(world.amina, None, film)
    with pytest.raises(Refusal, match="Une collection tient en"):
        actions.collect(collection=collection, what=excerpt_of(film, world.amina), by=world.amina)


@pytest.mark.parametrize(
    "key", ["", "film-", "film-x", "extrait-9", "extrait-x", "fiche-9", "fiche-x", "film-" + "a" * 36, "autre-1"]
)
def test_a_strange_key_adds_nothing(world, sign_in, key):
    collection = created(world.amina)
    client = sign_in(world.amina)
    assert client.get(path("collection_list") + f"?quoi={key}").status_code == 200
    assert client.post(path("item_create", collection.pk), {"quoi": key}).status_code == 404
    assert not CollectionItem.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_whatever_they_hold(world, sign_in, film, django_assert_num_queries, count):
    things = [excerpt_of(film, world.amina, shared=True) for _ in range(count)]
    things += [PracticeSheet.objects.create(owner=world.amina, title="Attendre") for _ in range(count)]
    collection = created(world.amina, world.here.group, film, *things)
    for _ in range(count - 1):
        created(world.amina, world.here.group)
    client = sign_in(world.amina)
    for url, cost in ((path("collection_list"), 8), (path("collection_page", collection.pk), 8)):
        with django_assert_num_queries(cost):
            client.get(url)
