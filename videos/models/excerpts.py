"""Excerpts: a part of a film, from one second to another. Nothing is copied: every right is the film's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from circo.models import Person
from videos import rules
from videos.models.films import Film

if TYPE_CHECKING:
    from circo.access import Anyone

EXCERPT_NOTE_MAX = 1000
SECONDS = [MinValueValidator(0), MaxValueValidator(rules.DURATION_MAX_S)]


class ExcerptQuerySet(models.QuerySet["Excerpt"]):
    def visible_to(self, person: Anyone) -> Self:
        """Of the films that one sees: one’s own, and those that are shared with whoever sees the film."""
        films = Film.objects.visible_to(person).watchable().order_by()
        return self.open_to(person).filter(film__in=films.values("pk"))

    def open_to(self, person: Anyone) -> Self:
        """The same, of films that the caller has just narrowed to those that this person watches."""
        return self.filter(Q(author_id=person.pk) | Q(shared=True), removed_at=None)

    def editable_by(self, person: Anyone) -> Self:
        """One's own, as long as one sees the film."""
        return self.visible_to(person).filter(author_id=person.pk)

    def restorable_by(self, person: Anyone) -> Self:
        """One's own that one has just removed."""
        films = Film.objects.visible_to(person).watchable().order_by()
        lately = timezone.now() - rules.RESTORABLE_FOR
        return self.filter(author_id=person.pk, removed_at__gt=lately, film__in=films.values("pk"))


class Excerpt(models.Model):
    """A part of a film that somebody wants to show."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="excerpts", verbose_name="film")
    author = models.ForeignKey(Person, models.CASCADE, related_name="excerpts", verbose_name="auteur ou autrice")
    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    note = models.TextField("pourquoi le montrer", max_length=EXCERPT_NOTE_MAX, blank=True)
    in_s = models.FloatField("de la seconde", validators=SECONDS)
    out_s = models.FloatField("à la seconde", validators=SECONDS)
    shared = models.BooleanField("partagé avec qui voit le film", default=False)
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    removed_at = models.DateTimeField("supprimé le", null=True, blank=True)

    objects = ExcerptQuerySet.as_manager()

    class Meta:
        verbose_name = "extrait"
        ordering = ["in_s", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(in_s__gte=0, out_s__gt=F("in_s")),
                name="excerpt_has_a_length",
                violation_error_message="La fin se place après le début.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def goes_unnamed(self) -> bool:
        """See circo.admin.scoped: what one keeps for oneself is nobody else's to know."""
        return not self.shared

    @property
    def part(self) -> str:
        return f"de {rules.timecode(self.in_s)} à {rules.timecode(self.out_s)}"
