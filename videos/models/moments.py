"""Comments at the second: who reads each, and the replies under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from circo.models import Person
from circo.models.folding import folded_column
from networks.models import MutualisationGroup
from videos import rules

if TYPE_CHECKING:
    from circo.access import Anyone


from videos.models.films import Film


class MomentKind(models.TextChoices):
    QUESTION = "QUESTION", "question"
    FACT = "FACT", "fait observé"
    STRENGTH = "STRENGTH", "point d’appui"
    SUGGESTION = "SUGGESTION", "piste"


class MomentCircle(models.TextChoices):
    """Who reads a moment, among those who see its film: from the narrowest to the widest."""

    PRIVATE = "PRIVATE", "moi, et personne d’autre"
    PAIR = "PAIR", "moi et qui a déposé le film"
    GROUP = "GROUP", "le groupe"
    NETWORK = "NETWORK", "le réseau"
    DISTRICT = "DISTRICT", "la circonscription"


def _read_by(person: Anyone) -> Q:
    """The moments in whose circle one is. A wider circle holds the narrower ones; all but the own notes, the author."""
    groups = MutualisationGroup.objects.in_circle_of(person).order_by()
    group = Q(film__group__in=groups.values("pk"))
    network = group | Q(film__group__network__in=groups.values("network_id"))
    district = network | Q(film__group__network__district__in=person.reach().district_ids)
    return (
        Q(author_id=person.pk)
        | Q(film__author_id=person.pk) & ~Q(circle=MomentCircle.PRIVATE)
        | Q(circle=MomentCircle.GROUP) & group
        | Q(circle=MomentCircle.NETWORK) & network
        | Q(circle=MomentCircle.DISTRICT) & district
    )


class MomentQuerySet(models.QuerySet["Moment"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the films that one watches, in whose circle one is."""
        return self.in_circle_of(person).filter(film__in=_watched_by(person))

    def in_circle_of(self, person: Anyone) -> Self:
        """The same, of films that the caller has just narrowed to those that this person watches."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(_read_by(person), deleted_at__isnull=True)

    def editable_by(self, person: Anyone) -> Self:
        """One's own, as long as one sees the film."""
        return self.visible_to(person).filter(author_id=person.pk)

    def settled_by(self, person: Anyone) -> Self:
        """Those that one may mark as settled: one's own, and those of one's film."""
        return self.visible_to(person).filter(Q(author_id=person.pk) | Q(film__author_id=person.pk))

    def restorable_by(self, person: Anyone) -> Self:
        """One's own that one has just removed."""
        lately = timezone.now() - rules.RESTORABLE_FOR
        return self.filter(author_id=person.pk, deleted_at__gt=lately, film__in=_watched_by(person))


def _watched_by(person: Anyone) -> models.QuerySet[Film, Any]:
    return Film.objects.visible_to(person).watchable().order_by().values("pk")


class Moment(models.Model):
    """A comment at one second of a film, or on a passage of it, read by its circle."""

    goes_unnamed = True  # see circo.admin.scoped: a note to oneself, or between two, is nobody else's to know

    film = models.ForeignKey(Film, models.CASCADE, related_name="moments", verbose_name="film")
    author = models.ForeignKey(Person, models.CASCADE, related_name="moments", verbose_name="auteur ou autrice")
    at_s = models.FloatField(
        "à la seconde",
        validators=[
            MinValueValidator(0, "Un commentaire se pose dans le film."),
            MaxValueValidator(rules.DURATION_MAX_S, "Un commentaire se pose dans le film."),
        ],
    )
    ends_at_s = models.FloatField("jusqu’à la seconde", null=True, blank=True)  # none: a point
    kind = models.CharField("sorte", max_length=10, choices=MomentKind, default=MomentKind.FACT)
    circle = models.CharField("lu par", max_length=8, choices=MomentCircle, default=MomentCircle.GROUP)
    text = models.TextField("commentaire", max_length=rules.MOMENT_MAX)
    mentioned = models.ManyToManyField(Person, blank=True, related_name="+", verbose_name="personnes mentionnées")
    number = models.PositiveBigIntegerField("rang du dernier changement", default=0, editable=False)
    created_at = models.DateTimeField("écrit le", auto_now_add=True)
    edited_at = models.DateTimeField("modifié le", null=True, blank=True, editable=False)
    settled_at = models.DateTimeField("réglé le", null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField("retiré le", null=True, blank=True, editable=False)
    folded = folded_column("text")

    objects = MomentQuerySet.as_manager()

    class Meta:
        verbose_name = "commentaire à la seconde"
        verbose_name_plural = "commentaires à la seconde"
        ordering = ["at_s", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(at_s__gte=0), name="moment_in_the_film"),
            models.CheckConstraint(
                condition=Q(ends_at_s__isnull=True) | Q(ends_at_s__gt=F("at_s")),
                name="moment_in_order",
                violation_error_message="La fin du passage vient après son début.",
            ),
        ]
        indexes = [models.Index(fields=["film", "at_s"], name="moment_of_film")]

    def __str__(self) -> str:
        return f"{self.timecode} {self.text[:40]}"

    @property
    def timecode(self) -> str:
        return rules.timecode(self.at_s)

    @property
    def passage(self) -> str:
        """The place in the film as people read it: `0:03`, or `0:03 – 0:12`."""
        end = "" if self.ends_at_s is None else f"\u2009–\u2009{rules.timecode(self.ends_at_s)}"
        return self.timecode + end

    @property
    def version(self) -> str:
        """Another one once the comment has changed, or a reply under it. `number` stays here: see `state_text`."""
        return salted_hmac("videos.moment", f"{self.pk}:{self.number}", algorithm="sha256").hexdigest()[:12]

    @property
    def is_private(self) -> bool:
        return self.circle == MomentCircle.PRIVATE


class ReplyQuerySet(models.QuerySet["Reply"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those under the moments that one reads."""
        return self.under(Moment.objects.visible_to(person))

    def under(self, moments: models.QuerySet[Moment]) -> Self:
        """Those under moments that the caller has narrowed to what somebody reads."""
        return self.filter(deleted_at__isnull=True, moment__in=moments.order_by().values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        """One's own, as long as one reads the moment."""
        return self.visible_to(person).filter(author_id=person.pk)

    def restorable_by(self, person: Anyone) -> Self:
        """One's own that one has just removed."""
        moments = Moment.objects.visible_to(person).order_by()
        lately = timezone.now() - rules.RESTORABLE_FOR
        return self.filter(author_id=person.pk, deleted_at__gt=lately, moment__in=moments.values("pk"))


class Reply(models.Model):
    """An answer under a moment, read by the circle of the moment."""

    goes_unnamed = True  # see circo.admin.scoped: part of its moment

    moment = models.ForeignKey(Moment, models.CASCADE, related_name="replies", verbose_name="commentaire")
    author = models.ForeignKey(Person, models.CASCADE, related_name="replies", verbose_name="auteur ou autrice")
    text = models.TextField("réponse", max_length=rules.MOMENT_MAX)
    mentioned = models.ManyToManyField(Person, blank=True, related_name="+", verbose_name="personnes mentionnées")
    created_at = models.DateTimeField("écrite le", auto_now_add=True)
    edited_at = models.DateTimeField("modifiée le", null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField("retirée le", null=True, blank=True, editable=False)
    folded = folded_column("text")

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse"
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]
