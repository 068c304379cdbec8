"""Collections: named, ordered lists of films, excerpts and sheets. An item that one may not see is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from circo.models import Person
from videos import rules
from videos.models.circles import Opened, OpenedQuerySet
from videos.models.excerpts import Excerpt
from videos.models.films import Film
from videos.models.sheets import PracticeSheet

if TYPE_CHECKING:
    from circo.access import Anyone

COLLECTION_TEXT_MAX = 500
ITEMS_MAX = 100


class Collection(Opened):
    """A list that somebody makes, for oneself or for a circle."""

    owner = models.ForeignKey(Person, models.CASCADE, related_name="collections", verbose_name="auteur ou autrice")
    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    text = models.CharField("présentation", max_length=COLLECTION_TEXT_MAX, blank=True)
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    removed_at = models.DateTimeField("supprimée le", null=True, blank=True)

    objects = OpenedQuerySet["Collection"].as_manager()

    class Meta(Opened.Meta):
        verbose_name = "collection"
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class ItemQuerySet(models.QuerySet["CollectionItem"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the collections that one sees whose film, excerpt or sheet one sees too."""
        collections = Collection.objects.visible_to(person).order_by()
        return self.filter(_shown(person), removed_at=None, collection__in=collections.values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        """Those of one's own collections, removed ones among them: they can come back."""
        collections = Collection.objects.editable_by(person).order_by()
        return self.filter(_shown(person), collection__in=collections.values("pk"))


def _shown(person: Anyone) -> Q:
    films = Film.objects.visible_to(person).watchable().order_by()
    excerpts = Excerpt.objects.visible_to(person).order_by()
    sheets = PracticeSheet.objects.visible_to(person).order_by()
    seen = Q(film__in=films.values("pk")) | Q(excerpt__in=excerpts.values("pk"))
    return seen | Q(sheet__in=sheets.values("pk"))


class CollectionItem(models.Model):
    """A film, an excerpt or a sheet, at its place in a collection."""

    goes_unnamed = True  # see circo.admin.scoped: part of its collection

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="items", verbose_name="collection")
    rank = models.PositiveIntegerField("rang")
    film = models.ForeignKey(Film, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="film")
    excerpt = models.ForeignKey(
        Excerpt, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="extrait"
    )
    sheet = models.ForeignKey(
        PracticeSheet, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="fiche de pratique"
    )
    removed_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = "élément d’une collection"
        verbose_name_plural = "éléments des collections"
        ordering = ["rank", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(film__isnull=False, excerpt=None, sheet=None)
                | Q(film=None, excerpt__isnull=False, sheet=None)
                | Q(film=None, excerpt=None, sheet__isnull=False),
                name="item_is_one_thing",
            ),
            models.UniqueConstraint(fields=["collection", "film"], name="collection_holds_a_film_once"),
            models.UniqueConstraint(fields=["collection", "excerpt"], name="collection_holds_an_excerpt_once"),
            models.UniqueConstraint(fields=["collection", "sheet"], name="collection_holds_a_sheet_once"),
        ]

    def __str__(self) -> str:
        return f"{self.collection} {self.rank}"
