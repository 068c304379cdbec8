"""What stands around the moments of a film: the count of their changes, and what people have not finished writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from circo.models import Person
from videos.models.films import Film
from videos.models.moments import Moment

if TYPE_CHECKING:
    from circo.access import Anyone


class Discussion(models.Model):
    """The changes of one film's discussion, counted. The row is locked by whoever writes, so numbers follow commits."""

    film = models.OneToOneField(Film, models.CASCADE, primary_key=True, related_name="discussion", verbose_name="film")
    last_number = models.PositiveBigIntegerField("rang du dernier changement", default=0)

    class Meta:
        verbose_name = "discussion"

    def __str__(self) -> str:
        return f"{self.last_number}"

    @classmethod
    def next_number(cls, film: Film) -> int:
        """Take the next number; inside the transaction that writes what it counts."""
        if not cls.objects.filter(pk=film.pk).update(last_number=F("last_number") + 1):
            cls.objects.get_or_create(film=film)
            cls.objects.filter(pk=film.pk).update(last_number=F("last_number") + 1)
        return cls.objects.values_list("last_number", flat=True).get(pk=film.pk)


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own, and nobody else's."""
        return self.filter(author_id=person.pk) if person.is_authenticated and person.is_active else self.none()

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)


class Draft(models.Model):
    """What a person is writing about a film, as typed: a comment, or a reply to `moment`."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="drafts", verbose_name="film")
    author = models.ForeignKey(Person, models.CASCADE, related_name="drafts", verbose_name="auteur ou autrice")
    moment = models.ForeignKey(
        Moment, models.CASCADE, null=True, blank=True, related_name="drafts", verbose_name="en réponse à"
    )
    typed = models.JSONField("ce qui est écrit", default=dict)
    saved_at = models.DateTimeField("gardé le", auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = "brouillon"
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["film", "author"], condition=Q(moment=None), name="draft_once"),
            models.UniqueConstraint(fields=["moment", "author"], condition=~Q(moment=None), name="draft_of_reply_once"),
        ]

    def __str__(self) -> str:
        return str(self.typed.get("text", ""))[:40]
