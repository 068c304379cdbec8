"""What is written in salons: messages, their files, what they quote, the reactions to them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from circo.attaching.rules import KIND_LABELS
from circo.models import Person
from circo.models.folding import folded_column
from circo.rules import worded
from networks.models.salons import Salon
from networks.salons import rules
from networks.salons.rules import Reaction

if TYPE_CHECKING:
    from circo.access import Anyone


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the salons that one enters."""
        return self.filter(salon__in=Salon.objects.visible_to(person).order_by().values("pk"))

    def editable_by(self, person: Anyone) -> Self:
        """One's own, not removed or hidden, in a salon that is open."""
        writable = Salon.objects.writable_by(person).order_by().values("pk")
        return self.filter(salon__in=writable, author_id=person.pk, removed_at=None, hidden_at=None)

    def restorable_by(self, person: Anyone) -> Self:
        """One's own that one has just removed."""
        lately = timezone.now() - rules.RESTORABLE_FOR
        writable = Salon.objects.writable_by(person).order_by().values("pk")
        return self.filter(salon__in=writable, author_id=person.pk, removed_at__gt=lately)

    def moderated_by(self, person: Anyone) -> Self:
        """Those that one may hide: never one's own."""
        moderated = Salon.objects.moderated_by(person).order_by().values("pk")
        return self.filter(salon__in=moderated).exclude(author_id=person.pk)

    def shown(self) -> Self:
        """Neither removed nor hidden."""
        return self.filter(removed_at=None, hidden_at=None)


class Post(models.Model):
    """One message. `seq` is its place in the salon for ever; `changed_seq`, the number of its last change."""

    salon = models.ForeignKey(Salon, models.CASCADE, related_name="posts", verbose_name="salon")
    author = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="posts", verbose_name="auteur ou autrice"
    )
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="answers", verbose_name="en réponse à"
    )
    seq = models.PositiveBigIntegerField("rang", editable=False)
    changed_seq = models.PositiveBigIntegerField("rang du dernier changement", editable=False)
    # Made by the page: sending again what was perhaps received writes nothing twice.
    client_key = models.UUIDField("clé d’envoi", null=True, blank=True, editable=False)
    text = models.TextField("message", max_length=rules.POST_MAX, blank=True)
    mentioned = models.ManyToManyField(Person, blank=True, related_name="+", verbose_name="personnes mentionnées")
    answer_count = models.PositiveIntegerField("réponses", default=0, editable=False)
    created_at = models.DateTimeField("écrit le", default=timezone.now)
    edited_at = models.DateTimeField("modifié le", null=True, blank=True)
    removed_at = models.DateTimeField("retiré le", null=True, blank=True)
    pinned_at = models.DateTimeField("épinglé le", null=True, blank=True)
    hidden_at = models.DateTimeField("masqué le", null=True, blank=True)
    hidden_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="masqué par"
    )
    hidden_reason = models.CharField("raison", max_length=rules.REASON_MAX, blank=True)
    folded = folded_column("text")

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["salon", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["salon", "seq"], name="post_seq_once"),
            models.UniqueConstraint(fields=["salon", "changed_seq"], name="post_changed_seq_once"),
            models.UniqueConstraint(fields=["author", "client_key"], name="post_sent_once"),
            models.CheckConstraint(condition=Q(changed_seq__gte=F("seq")), name="post_changed_after"),
        ]
        indexes = [
            models.Index(fields=["salon", "pinned_at"], condition=~Q(pinned_at=None), name="post_pinned"),
            models.Index(fields=["removed_at"], condition=~Q(removed_at=None), name="post_removed"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.text[:40]}"

    @property
    def is_shown(self) -> bool:
        return self.removed_at is None and self.hidden_at is None


class PostFileQuerySet(models.QuerySet["PostFile"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the messages that one reads."""
        return self.filter(post__in=Post.objects.visible_to(person).shown().order_by().values("pk"))


class PostFile(models.Model):
    """A document attached to a message, stored under a name of ours."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="files", verbose_name="message")
    kind = models.CharField("sorte", max_length=4, choices=worded(KIND_LABELS))
    name = models.CharField("nom", max_length=rules.FILE_NAME_MAX)
    size_bytes = models.PositiveIntegerField("taille, en octets")

    objects = PostFileQuerySet.as_manager()

    class Meta:
        verbose_name = "document d’un message"
        verbose_name_plural = "documents des messages"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.kind == "jpg"


class Quote(models.Model):
    """What a message quotes, by its kind and its number: each reader sees it under one's own rights, or sealed."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="quotes", verbose_name="message")
    kind = models.CharField("sorte", max_length=20)
    object_id = models.CharField("numéro", max_length=40)

    class Meta:
        verbose_name = "citation"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["post", "kind", "object_id"], name="quote_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class PostReaction(models.Model):
    """One reaction of one person to one message."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="reactions", verbose_name="message")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="personne")
    code = models.CharField("réaction", max_length=10, choices=[(one.value, one.label) for one in Reaction])

    class Meta:
        verbose_name = "réaction"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["post", "person", "code"], name="reaction_once")]

    def __str__(self) -> str:
        return self.code
