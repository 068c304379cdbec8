"""Collections for the tests."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from circo.models import Person
from videos.models import Collection, CollectionItem, Film


@dataclass
class CollectionThings:
    """A collection that holds a film, and one that was just removed."""

    kept: Collection
    removed: Collection
    item: CollectionItem


def collection_things(film: Film, owner: Person, mark: str = "") -> CollectionThings:
    kept = Collection.objects.create(owner=owner, title=f"Silences{mark}", text=f"À écouter{mark}")
    return CollectionThings(
        kept=kept,
        removed=Collection.objects.create(owner=owner, title=f"Vieux{mark}", removed_at=timezone.now()),
        item=kept.items.create(film=film, rank=1),
    )
