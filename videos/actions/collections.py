"""Make collections of films, excerpts and sheets."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max

from circo.errors import Refusal
from circo.models import Person
from videos import rules
from videos.actions import owned
from videos.models import Collection, CollectionItem, Excerpt, Film, PracticeSheet
from videos.models.circles import Circle
from videos.models.collections import COLLECTION_TEXT_MAX, ITEMS_MAX

NAMES: dict[type, str] = {Film: "film", Excerpt: "excerpt", PracticeSheet: "sheet"}  # the column of each
NOT_YOURS = "Seule la personne qui a fait cette collection peut la changer."


@transaction.atomic
def create_collection(*, title: str, text: str, circle: Circle | None, by: Person) -> Collection:
    """Begin a collection.

    Raises: Refusal without a title, or for a circle that is not one's own.
    """
    refusal = "Vous avez déjà beaucoup de collections. Complétez l’une d’elles."
    owned.check_count(by.collections.all(), rules.COLLECTIONS_MAX, refusal)
    return _described(Collection(owner=by), title, text, circle, by)


@transaction.atomic
def describe_collection(*, collection: Collection, title: str, text: str, circle: Circle | None, by: Person) -> None:
    """Change the title, the text and the circle of one's own collection.

    Raises: Refusal if it is not one's own, without a title, or for a circle that is not one's own.
    """
    _described(owned.locked(collection, by, NOT_YOURS), title, text, circle, by)


def _described(collection: Collection, title: str, text: str, circle: Circle | None, by: Person) -> Collection:
    if not title.strip():
        raise Refusal("Donnez un titre à cette collection.")
    collection.title, collection.text = title.strip()[: rules.TITLE_MAX], text.strip()[:COLLECTION_TEXT_MAX]
    owned.open_to(collection, circle, by)
    collection.save()
    return collection


@transaction.atomic
def collect(*, collection: Collection, what: Film | Excerpt | PracticeSheet, by: Person) -> CollectionItem:
    """Add a film, an excerpt or a sheet that one sees at the end of one's own collection. Twice is once.

    Raises: Refusal if the collection is not one's own or is full, or if one does not see what is added.
    """
    held = owned.locked(collection, by, NOT_YOURS)
    if not _sees(what, by):
        raise Refusal("Ce que vous vouliez ranger n’est plus visible pour vous.")
    thing: dict[str, Any] = {NAMES[type(what)]: what}
    last = held.items.aggregate(rank=Max("rank"))["rank"] or 0
    known = held.items.filter(**thing).first()
    if known is None and held.items.filter(removed_at=None).count() >= ITEMS_MAX:
        raise Refusal(f"Une collection tient en {ITEMS_MAX}\u00a0éléments.")
    if known is None:
        return held.items.create(rank=last + 1, **thing)
    if known.removed_at is not None:
        known.removed_at, known.rank = None, last + 1
        known.save(update_fields=["removed_at", "rank"])
    return known


def _sees(what: Film | Excerpt | PracticeSheet, by: Person) -> bool:
    if isinstance(what, Film):
        return Film.objects.visible_to(by).watchable().filter(pk=what.pk).exists()
    return type(what).objects.visible_to(by).filter(pk=what.pk).exists()


@transaction.atomic
def move_item(*, item: CollectionItem, up: bool, by: Person) -> None:
    """Move an item one place up or down among those that one sees.

    Raises: Refusal if the collection is not one's own.
    """
    held = owned.locked(item.collection, by, NOT_YOURS)
    owned.move(item, CollectionItem.objects.editable_by(by).filter(collection=held, removed_at=None), up=up)


@transaction.atomic
def remove_item(*, item: CollectionItem, by: Person) -> None:
    """Take something out of one's own collection; `restore_item` puts it back.

    Raises: Refusal if the collection is not one's own.
    """
    owned.locked(item.collection, by, NOT_YOURS)
    owned.take_out(item)


@transaction.atomic
def restore_item(*, item: CollectionItem, by: Person) -> None:
    """Put something back at its place in one's own collection.

    Raises: Refusal if the collection is not one's own.
    """
    owned.locked(item.collection, by, NOT_YOURS)
    owned.put_back(item)


def remove_collection(*, collection: Collection, by: Person) -> None:
    """Remove one's own collection, and none of what it holds; `restore_collection` brings it back for some minutes.

    Raises: Refusal if it is not one's own.
    """
    owned.remove(collection, by, NOT_YOURS)


def restore_collection(*, collection: Collection, by: Person) -> None:
    """Bring back one's own collection that one has just removed.

    Raises: Refusal if it is not one's own, or if it was too long ago.
    """
    owned.restore(collection, by, "Cette collection ne peut plus être remise.")
