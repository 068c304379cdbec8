"""Practice sheets, and the documents attached to them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models

from circo.attaching.rules import KIND_LABELS
from circo.models import Person
from circo.models.folding import folded_column
from circo.rules import levels_in_order, worded
from videos import rules as film_rules
from videos.models.circles import Opened, OpenedQuerySet
from videos.models.excerpts import Excerpt
from videos.models.films import Film
from videos.models.subjects import Subject
from videos.sheets import rules

if TYPE_CHECKING:
    from circo.access import Anyone


class PracticeSheet(Opened):
    """What one tried in class: context, intention, course, what one keeps. A draft while it is opened to nobody."""

    owner = models.ForeignKey(Person, models.CASCADE, related_name="sheets", verbose_name="auteur ou autrice")
    title = models.CharField("titre", max_length=film_rules.TITLE_MAX)
    context = models.TextField("contexte", max_length=rules.TEXT_MAX, blank=True)
    intention = models.TextField("intention", max_length=rules.TEXT_MAX, blank=True)
    course = models.TextField("déroulement", max_length=rules.TEXT_MAX, blank=True)
    keeps = models.TextField("ce que je garde", max_length=rules.TEXT_MAX, blank=True)
    levels = models.JSONField("niveaux", default=list, blank=True)
    subject = models.CharField("domaine", max_length=10, choices=Subject, default=Subject.SEVERAL)
    minutes = models.PositiveSmallIntegerField("durée en minutes", null=True, blank=True)
    films = models.ManyToManyField(Film, blank=True, related_name="+", verbose_name="films")
    excerpts = models.ManyToManyField(Excerpt, blank=True, related_name="+", verbose_name="extraits")
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)
    removed_at = models.DateTimeField("supprimée le", null=True, blank=True)
    folded = folded_column("title", "context", "intention", "course", "keeps")

    objects = OpenedQuerySet["PracticeSheet"].as_manager()

    class Meta(Opened.Meta):
        verbose_name = "fiche de pratique"
        verbose_name_plural = "fiches de pratique"
        ordering = ["-updated_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        return not (self.group_id or self.network_id or self.district_id)

    @property
    def levels_in_order(self) -> list[str]:
        return levels_in_order(self.levels)


class DocumentQuerySet(models.QuerySet["SheetDocument"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the sheets that one sees."""
        sheets = PracticeSheet.objects.visible_to(person).order_by()
        return self.filter(removed_at=None, sheet__in=sheets.values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        """Those of one's own sheets, removed ones among them: they can come back."""
        sheets = PracticeSheet.objects.editable_by(person).order_by()
        return self.filter(sheet__in=sheets.values("pk"))


class SheetDocument(models.Model):
    """A file attached to a sheet, under a name of ours. It leaves as an attachment, and opens in none of our pages."""

    goes_unnamed = True  # see circo.admin.scoped: part of its sheet

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(PracticeSheet, models.CASCADE, related_name="documents", verbose_name="fiche")
    kind = models.CharField("sorte", max_length=4, choices=worded(KIND_LABELS))
    name = models.CharField("nom", max_length=film_rules.FILE_NAME_MAX)
    size_bytes = models.PositiveIntegerField("taille en octets")
    created_at = models.DateTimeField("joint le", auto_now_add=True)
    removed_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document d’une fiche"
        verbose_name_plural = "documents des fiches"
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def size(self) -> str:
        return film_rules.file_size(self.size_bytes)
